"""The administrator's duty, rights beyond the roles, the journal."""

from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import require
from orgs import permissions
from orgs.api.administration_shapes import (
    AuditEventSerializer,
    HandoverSerializer,
    JournalQuery,
    NewHandover,
    PersonKey,
    RightKey,
    RightSerializer,
)
from orgs.api.base import ByName, MemberViewSet, NewestFirst, referred
from orgs.api.serializers import PersonSerializer
from orgs.journal_sheet import journal_csv
from orgs.models import AuditEvent, HandoverOffer, Person, Role, Unit
from orgs.selectors.journal import JournalFilter, filter_journal, journal_visible_to
from orgs.selectors.organizations import handovers_visible_to
from orgs.selectors.people import administrators_of, people_visible_to, with_roster_columns
from orgs.selectors.rights import held_rights
from orgs.selectors.units import units_visible_to
from orgs.services import administration as services
from orgs.services.people import end_role


class AdministratorViewSet(MemberViewSet):
    """`/o/<slug>/administrators/`."""

    serializer_class = PersonSerializer
    pagination_class = ByName

    def get_queryset(self) -> QuerySet[Person]:
        return administrators_of(self.actor.organization.pk)

    @extend_schema(operation_id="administrators_list", tags=["administration"])
    def list(self, request: Request, slug: str) -> Response:
        """Who administrates the organization (REG-6)."""
        require(permissions.can_see_people(self.actor))
        return self.page(PersonSerializer, with_roster_columns(self.get_queryset()))

    @extend_schema(
        operation_id="administrators_appoint",
        tags=["administration"],
        request=PersonKey,
        responses={201: PersonSerializer},
    )
    def create(self, request: Request, slug: str) -> Response:
        """Appoint an additional administrator from the staff who have joined (REG-6)."""
        require(permissions.can_change_administrators(self.actor))
        visible = people_visible_to(self.actor).select_related("organization")
        person = referred(visible, self.read(PersonKey)["person"], "person")
        services.appoint_administrator(actor=self.actor, person=person)
        row = with_roster_columns(Person.objects.filter(pk=person.pk)).get()
        return self.answer(PersonSerializer, row, status=201)

    @extend_schema(
        operation_id="administrators_remove",
        tags=["administration"],
        responses={204: OpenApiResponse(description="Removed")},
    )
    def destroy(self, request: Request, slug: str, pk: int) -> Response:
        """Take the administrator's role from somebody; the last one cannot be removed (REG-6)."""
        require(permissions.can_change_administrators(self.actor))
        person = get_object_or_404(self.get_queryset().select_related("organization"), pk=pk)
        end_role(actor=self.actor, person=person, role=Role.ADMINISTRATOR)
        return Response(status=204)


class HandoverViewSet(MemberViewSet):
    """`/o/<slug>/handovers/`."""

    serializer_class = HandoverSerializer
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[HandoverOffer]:
        return handovers_visible_to(self.actor)

    @extend_schema(operation_id="handovers_list", tags=["administration"])
    def list(self, request: Request, slug: str) -> Response:
        """Offers of the administrator's duty that concern me; administrators see all, the newest first."""
        return self.page(HandoverSerializer, self.get_queryset())

    @extend_schema(
        operation_id="handovers_offer",
        tags=["administration"],
        request=NewHandover,
        responses={201: HandoverSerializer},
    )
    def create(self, request: Request, slug: str) -> Response:
        """Offer my administrator's duty to somebody of the staff who has joined (REG-6)."""
        require(permissions.can_change_administrators(self.actor))
        data = self.read(NewHandover)
        visible = people_visible_to(self.actor).select_related("organization", "user")
        person = referred(visible, data["person"], "person")
        offer = services.offer_handover(actor=self.actor, person=person, stays=data["stays"])
        return self.answer(HandoverSerializer, offer, status=201)

    def get_offer(self, pk: int) -> HandoverOffer:
        return get_object_or_404(self.get_queryset(), pk=pk)

    def answer_offer(self, pk: int) -> Response:
        # Without the selector: whoever has just given the duty away still gets the answer.
        offer = HandoverOffer.objects.select_related("from_person", "to_person").get(pk=pk)
        return self.answer(HandoverSerializer, offer)

    @extend_schema(operation_id="handovers_accept", tags=["administration"], request=None)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, slug: str, pk: int) -> Response:
        """Accept the duty that was offered to me."""
        offer = self.get_offer(pk)
        require(permissions.can_answer_handover(self.actor, offer))
        services.accept_handover(actor=self.actor, offer=offer)
        return self.answer_offer(pk)

    @extend_schema(operation_id="handovers_decline", tags=["administration"], request=None)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, slug: str, pk: int) -> Response:
        """Decline the duty that was offered to me."""
        offer = self.get_offer(pk)
        require(permissions.can_answer_handover(self.actor, offer))
        services.decline_handover(actor=self.actor, offer=offer)
        return self.answer_offer(pk)

    @extend_schema(operation_id="handovers_withdraw", tags=["administration"], request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, slug: str, pk: int) -> Response:
        """Take my offer back."""
        offer = self.get_offer(pk)
        require(permissions.can_withdraw_handover(self.actor, offer))
        services.withdraw_handover(actor=self.actor, offer=offer)
        return self.answer_offer(pk)


class RightViewSet(MemberViewSet):
    """`/o/<slug>/rights/`: what is granted beyond the roles (ACC-4)."""

    serializer_class = RightSerializer
    pagination_class = None

    @extend_schema(operation_id="rights_list", tags=["administration"])
    def list(self, request: Request, slug: str) -> Response:
        """Who holds which right beyond the role."""
        require(permissions.can_manage_rights(self.actor))
        return self.answer(RightSerializer, held_rights(self.actor.organization.pk))

    @extend_schema(
        operation_id="rights_grant", tags=["administration"], request=RightKey, responses={201: RightSerializer}
    )
    def create(self, request: Request, slug: str) -> Response:
        """Grant a right on a unit or on the organization to somebody who has joined.

        `view_statistics` is the head's to give (`statistics/access/`), and only here while no head has an account.
        """
        require(permissions.can_manage_rights(self.actor))
        right = self._named()
        require(permissions.can_grant_right(self.actor, right["codename"]))
        services.grant_right(actor=self.actor, **right)
        return self.answer(RightSerializer, right, status=201)

    @extend_schema(
        operation_id="rights_revoke",
        tags=["administration"],
        request=RightKey,
        responses={204: OpenApiResponse(description="Taken back")},
    )
    @action(detail=False, methods=["post"])
    def revoke(self, request: Request, slug: str) -> Response:
        """Take a right back; links that were made by it stop working."""
        require(permissions.can_manage_rights(self.actor))
        right = self._named()
        require(permissions.can_grant_right(self.actor, right["codename"]))
        services.revoke_right(actor=self.actor, **right)
        return Response(status=204)

    def _named(self) -> dict[str, Any]:
        data = self.read(RightKey)
        people = people_visible_to(self.actor).select_related("user")
        unit: Unit | None = referred(units_visible_to(self.actor), data["unit"], "unit") if data["unit"] else None
        return {"person": referred(people, data["person"], "person"), "codename": data["right"], "unit": unit}


class JournalViewSet(MemberViewSet):
    """`/o/<slug>/journal/`."""

    serializer_class = AuditEventSerializer
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[AuditEvent]:
        return journal_visible_to(self.actor)

    @extend_schema(operation_id="journal_list", tags=["administration"], parameters=[JournalQuery])
    def list(self, request: Request, slug: str) -> Response:
        """What was done, by whom, to whom, when, by which order; the newest first (ORG-12)."""
        require(permissions.can_see_journal(self.actor))
        return self.page(AuditEventSerializer, self._found())

    @extend_schema(
        operation_id="journal_csv",
        tags=["administration"],
        parameters=[JournalQuery],
        responses={(200, "text/csv"): OpenApiTypes.STR},
    )
    @action(detail=False, url_path="csv", pagination_class=None)
    def file(self, request: Request, slug: str) -> StreamingHttpResponse:
        """The same lines, all of them, as CSV: UTF-8 with a mark, «;», written while it is read (ORG-12)."""
        require(permissions.can_see_journal(self.actor))
        return journal_csv(self.actor, self._found())

    def _found(self) -> QuerySet[AuditEvent]:
        query = self.read_query(JournalQuery)
        keys = {f"{name}_id": query.get(name) for name in ("person", "actor", "unit")}
        wanted = JournalFilter(
            text=query.get("search", ""),
            group=query.get("group", ""),
            action=query.get("action", ""),
            by_platform=query.get("by_platform", False),
            since=query.get("since"),
            until=query.get("until"),
            order=query.get("order", ""),
            **keys,
        )
        return filter_journal(self.actor, wanted)
