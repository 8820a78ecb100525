"""Links: made, listed, changed, sent (INV-1 … INV-5, INV-8)."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from common.errors import require
from invitations import permissions, services
from invitations.addresses import join_url
from invitations.api.serializers import (
    CodesToSend,
    Days,
    DeliverySerializer,
    InvitationDetailSerializer,
    InvitationQuery,
    InvitationSerializer,
    NewCodes,
    NewLinks,
    Recipients,
    SentCodes,
    StateCounts,
    Terms,
)
from invitations.models import Invitation
from invitations.qr import qr_svg
from invitations.selectors import invitations_visible_to, state_counts, with_list_columns
from invitations.services.sending import reference_of
from orgs.api.base import MemberViewSet, NewestFirst, referred_all
from orgs.api.fields import Count
from orgs.models import Role
from orgs.selectors.people import people_visible_to
from orgs.selectors.units import units_invitable_by, units_visible_to
from outbox.selectors import delivery_of


class InvitationViewSet(MemberViewSet):
    """`/o/<slug>/invitations/`."""

    serializer_class = InvitationSerializer
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Invitation]:
        return invitations_visible_to(self.actor)

    def get_link(self, pk: int) -> Invitation:
        """Return a visible link that the actor may change; 404 or 403."""
        link = get_object_or_404(with_list_columns(self.get_queryset()).select_related("organization"), pk=pk)
        require(permissions.can_change_invitation(self.actor, link))
        return link

    def answer_link(self, pk: int) -> Response:
        link = with_list_columns(Invitation.objects.filter(pk=pk)).get()
        return self.answer(InvitationDetailSerializer, link)

    @extend_schema(operation_id="invitations_list", tags=["invitations"], parameters=[InvitationQuery])
    def list(self, request: Request, slug: str) -> Response:
        """Links into the units I may invite into, and my own; the newest first. Expired and annulled ones stay."""
        require(permissions.can_invite_somebody(self.actor))
        query = self.read_query(InvitationQuery)
        links = self.get_queryset()
        if state := query.pop("state", None):
            links = links.in_state(state, timezone.now())  # type: ignore[attr-defined]
        return self.page(InvitationSerializer, with_list_columns(links.filter(**query)))

    @extend_schema(operation_id="invitations_counts", tags=["invitations"], responses=StateCounts)
    @action(detail=False, pagination_class=None)
    def counts(self, request: Request, slug: str) -> Response:
        """How many of the links I see are in each state."""
        require(permissions.can_invite_somebody(self.actor))
        return self.answer(StateCounts, state_counts(self.get_queryset()))

    @extend_schema(
        operation_id="invitations_create",
        tags=["invitations"],
        request=NewLinks,
        responses={201: InvitationSerializer(many=True)},
        filters=False,
    )
    def create(self, request: Request, slug: str) -> Response:
        """Make one link for each of the units (INV-1)."""
        require(permissions.can_invite_somebody(self.actor))
        data = self.read(NewLinks)
        units = referred_all(units_visible_to(self.actor), data["units"], "units")
        terms = services.LinkTerms(days=data["days"], max_uses=data["max_uses"])
        links = services.create_links(actor=self.actor, units=units, role=data["role"], terms=terms)
        return self.answer_links(links)

    def answer_links(self, links: Sequence[Invitation], **context: Any) -> Response:
        found = {
            link.pk: link for link in with_list_columns(Invitation.objects.filter(pk__in=[link.pk for link in links]))
        }
        return self.answer(InvitationSerializer, [found[link.pk] for link in links], status=201, **context)

    @extend_schema(operation_id="invitations_get", tags=["invitations"], responses=InvitationDetailSerializer)
    def retrieve(self, request: Request, slug: str, pk: int) -> Response:
        """One link and who joined by it (INV-3)."""
        link = get_object_or_404(with_list_columns(self.get_queryset()), pk=pk)
        return self.answer(InvitationDetailSerializer, link)

    @extend_schema(
        operation_id="invitations_qr", tags=["invitations"], responses={(200, "image/svg+xml"): OpenApiTypes.STR}
    )
    @action(detail=True)
    def qr(self, request: Request, slug: str, pk: int) -> HttpResponse:
        """The link as a QR code (SVG), for those who may change it (INV-5)."""
        picture = qr_svg(join_url(self.get_link(pk)))
        headers = {"Cache-Control": "private, no-store", "Content-Security-Policy": "sandbox; default-src 'none'"}
        return HttpResponse(picture, content_type="image/svg+xml", headers=headers)

    @extend_schema(
        operation_id="invitations_renew", tags=["invitations"], request=Terms, responses=InvitationDetailSerializer
    )
    @action(detail=True, methods=["post"])
    def renew(self, request: Request, slug: str, pk: int) -> Response:
        """A new token, lifetime and counter; every copy of the old one stops working (INV-3)."""
        link = self.get_link(pk)
        services.renew(actor=self.actor, invitation=link, terms=services.LinkTerms(**self.read(Terms)))
        return self.answer_link(pk)

    @extend_schema(
        operation_id="invitations_extend", tags=["invitations"], request=Days, responses=InvitationDetailSerializer
    )
    @action(detail=True, methods=["post"])
    def extend(self, request: Request, slug: str, pk: int) -> Response:
        """Let the same link live longer (INV-3)."""
        services.extend(actor=self.actor, invitation=self.get_link(pk), days=self.read(Days)["days"])
        return self.answer_link(pk)

    @extend_schema(
        operation_id="invitations_revoke", tags=["invitations"], request=None, responses=InvitationDetailSerializer
    )
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, slug: str, pk: int) -> Response:
        """Annul a link (INV-4)."""
        services.revoke(actor=self.actor, invitation=self.get_link(pk))
        return self.answer_link(pk)

    @extend_schema(operation_id="invitations_revoke_all", tags=["invitations"], request=None, responses=Count)
    @action(detail=False, methods=["post"], url_path="revoke-all")
    def revoke_all(self, request: Request, slug: str) -> Response:
        """Annul every link of the organization that could still let somebody in (INV-4)."""
        require(permissions.can_revoke_all(self.actor))
        return self.answer(Count, {"count": services.revoke_unclaimed(actor=self.actor)})

    @extend_schema(operation_id="invitations_send", tags=["invitations"], request=Recipients, responses=Count)
    @action(detail=True, methods=["post"])
    def send(self, request: Request, slug: str, pk: int) -> Response:
        """Send the link by e-mail and SMS; `count` is how many messages are new (INV-5)."""
        link = self.get_link(pk)
        recipients = [services.Recipient(**row) for row in self.read(Recipients)["recipients"]]
        return self.answer(
            Count, {"count": services.send_link(actor=self.actor, invitation=link, recipients=recipients)}
        )

    @extend_schema(
        operation_id="invitations_send_codes", tags=["invitations"], request=CodesToSend, responses=SentCodes
    )
    @action(detail=False, methods=["post"], url_path="send-codes")
    def send_codes(self, request: Request, slug: str) -> Response:
        """Send personal codes to the addresses the roster knows (INV-5)."""
        require(permissions.can_invite_somebody(self.actor))
        visible = self.get_queryset().select_related("unit", "person", "student", "organization")
        links = referred_all(visible, self.read(CodesToSend)["invitations"], "invitations")
        for link in links:
            require(permissions.can_change_invitation(self.actor, link))
        count, unreached = services.send_codes(actor=self.actor, invitations=links)
        return self.answer(SentCodes, {"count": count, "unreached": unreached})

    @extend_schema(
        operation_id="invitations_deliveries",
        tags=["invitations"],
        responses=DeliverySerializer(many=True),
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def deliveries(self, request: Request, slug: str, pk: int) -> Response:
        """Where the messages with this link stand, for those who may change it (INV-5)."""
        reference = reference_of(self.get_link(pk))
        return self.answer(DeliverySerializer, delivery_of([reference])[reference])

    @extend_schema(
        operation_id="unit_codes",
        tags=["invitations"],
        request=NewCodes,
        responses={201: InvitationSerializer(many=True)},
        filters=False,
    )
    def unit_codes(self, request: Request, slug: str, unit: int) -> Response:
        """One working personal code for each student of the unit, for each family, or for the staff named (INV-5).

        Codes that still work are found again, so asking twice gives the same ones.
        """
        place = get_object_or_404(units_visible_to(self.actor), pk=unit)
        require(units_invitable_by(self.actor).filter(pk=place.pk).exists())
        data = self.read(NewCodes)
        require(permissions.can_invite(self.actor, place, data["role"]))
        people = referred_all(people_visible_to(self.actor), data["people"], "people") if "people" in data else None
        if data["role"] != Role.TEACHER:
            links = services.ensure_codes(actor=self.actor, unit=place, role=data["role"], people=people)
        elif people:
            links = services.create_staff_codes(actor=self.actor, unit=place, people=people)
        else:
            raise ValidationError({"people": [_("Choose for whom.")]})
        return self.answer_links(links)

    @extend_schema(
        operation_id="people_family_link", tags=["invitations"], request=None, responses={201: InvitationSerializer}
    )
    def family_link(self, request: Request, slug: str, person: int) -> Response:
        """The link by which parents of this child join (INV-8): for the child, its parents and those who may invite."""
        child = get_object_or_404(people_visible_to(self.actor).select_related("organization"), pk=person)
        link = services.create_family_link(actor=self.actor, child=child)
        # Whoever may ask for a family's link may hold it, also when somebody else made it before.
        row = with_list_columns(Invitation.objects.filter(pk=link.pk)).get()
        return self.answer(InvitationSerializer, row, status=201, opens=True)
