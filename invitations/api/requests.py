"""Requests to join: the applicant's side, the queue, the rules, the confirmation of staff (INV-6, INV-9)."""

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from common.api import CursorPagination
from common.errors import require
from common.network import client_address
from invitations.api.request_shapes import (
    JoinRulesShape,
    ManyAnswered,
    ManyRequests,
    NewRequest,
    OwnRequest,
    QueuedRequest,
    Reason,
    RequestAcceptance,
    RequestQuery,
    VerificationQuery,
    VerificationShape,
)
from invitations.limits import count_request
from invitations.models import JoinRequest, RequestState
from invitations.permissions import can_change_join_rules, can_decide, can_see_requests, can_verify_staff
from invitations.selectors.matching import matches_of, roster_without_account
from invitations.selectors.requests import (
    RequestFilter,
    filter_requests,
    open_organization,
    people_to_verify,
    requests_of,
    requests_visible_to,
    rules_of,
    units_to_ask_for,
    with_queue_columns,
)
from invitations.services.applying import Application, send_request, withdraw_request
from invitations.services.deciding import Decision, accept, accept_certain, decision_of, reject, reject_many
from invitations.services.rules import change_join_rules
from invitations.services.verification import confirm_again, withdraw_confirmation
from orgs.api.base import MemberViewSet, referred, referred_all
from orgs.models import Part, Person
from orgs.selectors.people import people_visible_to, with_roster_columns
from orgs.selectors.units import units_invitable_by


class OldestFirst(CursorPagination):
    """Who has waited longest comes first."""

    ordering = ("created_at", "id")


class OwnRequestsView(APIView):
    """`/join/requests/`: what I asked for."""

    @extend_schema(operation_id="join_requests_mine", tags=["join"], responses=OwnRequest(many=True))
    def get(self, request: Request) -> Response:
        """My requests to join, the newest first (at most 100)."""
        return Response(OwnRequest(requests_of(_user(request))[:100], many=True).data)

    @extend_schema(operation_id="join_requests_send", tags=["join"], request=NewRequest, responses={201: OwnRequest})
    def post(self, request: Request) -> Response:
        """Ask an organization to let me in. 404 for an organization whose page for joining is closed.

        409: `request_waiting`, `already_member`; 429 `too_many_requests`.
        """
        shape = NewRequest(data=request.data)
        shape.is_valid(raise_exception=True)
        data = dict(shape.validated_data)
        organization = open_organization(data.pop("organization"))
        if organization is None:
            raise Http404
        unit_id = data.pop("unit")
        unit = referred(units_to_ask_for(organization), unit_id, "unit") if unit_id else None
        user = _user(request)
        count_request(user.pk, client_address(request._request))
        sent = send_request(user=user, organization=organization, application=Application(unit=unit, **data))
        return Response(OwnRequest(sent).data, status=201)


class OwnRequestWithdrawView(APIView):
    @extend_schema(operation_id="join_requests_withdraw", tags=["join"], request=None, responses=OwnRequest)
    def post(self, request: Request, pk: int) -> Response:
        """Take my request back while it waits; 409 `request_decided`."""
        found = get_object_or_404(requests_of(_user(request)).select_related("person"), pk=pk)
        withdraw_request(user=_user(request), request=found)
        found.refresh_from_db()
        return Response(OwnRequest(found).data)


def _user(request: Request) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - these views need a sign-in
    return request.user


class RequestViewSet(MemberViewSet):
    """`/o/<slug>/requests/`."""

    serializer_class = QueuedRequest
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[JoinRequest]:
        return with_queue_columns(requests_visible_to(self.actor))

    def get_request(self, pk: int) -> JoinRequest:
        return get_object_or_404(self.get_queryset(), pk=pk)

    def get_decidable(self, pk: int) -> JoinRequest:
        found = self.get_request(pk)
        require(can_decide(self.actor, found.role, found.unit))
        return found

    def answer_request(self, pk: int) -> Response:
        found = with_queue_columns(JoinRequest.objects.filter(pk=pk)).get()
        return self.answer(QueuedRequest, matches_of(self.actor.organization.pk, [found])[0])

    @extend_schema(
        operation_id="requests_list", tags=["requests"], parameters=[RequestQuery], responses=QueuedRequest(many=True)
    )
    def list(self, request: Request, slug: str) -> Response:
        """Requests that I answer, the oldest first, each with what the roster says (INV-6)."""
        require(can_see_requests(self.actor))
        query = self.read_query(RequestQuery)
        wanted = RequestFilter(query["q"], query["state"], query["role"], query.get("unit"))
        rows = self.paginator.paginate_queryset(  # type: ignore[union-attr]
            filter_requests(self.get_queryset(), wanted), request, view=self
        )
        matches = matches_of(self.actor.organization.pk, rows or [])
        data = QueuedRequest(matches, many=True, context=self.get_serializer_context()).data
        return self.paginator.get_paginated_response(data)  # type: ignore[union-attr]

    @extend_schema(operation_id="requests_get", tags=["requests"], responses=QueuedRequest)
    def retrieve(self, request: Request, slug: str, pk: int) -> Response:
        """One request with what the roster says."""
        return self.answer_request(self.get_request(pk).pk)

    @extend_schema(
        operation_id="requests_accept", tags=["requests"], request=RequestAcceptance, responses=QueuedRequest
    )
    def accept(self, request: Request, slug: str, pk: int) -> Response:
        """Let the applicant in. 409: `request_decided`, `already_claimed`; 400: `unit_required`, `child_required`,
        `child_elsewhere`."""
        found = self.get_decidable(pk)
        accept(actor=self.actor, request=found, decision=self._decision(found))
        return self.answer_request(pk)

    def _decision(self, found: JoinRequest) -> Decision:
        data = self.read(RequestAcceptance)
        usual = decision_of(matches_of(self.actor.organization.pk, [found])[0])
        role, unit = data.get("role", usual.role), usual.unit
        if "unit" in data:
            units = units_invitable_by(self.actor).select_related("organization")
            unit = referred(units, data["unit"], "unit") if data["unit"] else None
        person, child = usual.person, usual.child
        if "person" in data:
            people = roster_without_account(self.actor.organization.pk, role)
            person = referred(people, data["person"], "person") if data["person"] else None
        if "child" in data:
            pupils = Person.objects.filter(
                enrolments__unit=unit, enrolments__part=Part.STUDENT, enrolments__until=None
            ).distinct()
            child = referred(pupils, data["child"], "child") if data["child"] else None
        return Decision(role, unit, person, child)

    @extend_schema(operation_id="requests_reject", tags=["requests"], request=Reason, responses=QueuedRequest)
    def reject(self, request: Request, slug: str, pk: int) -> Response:
        """Refuse with a reason that the applicant reads; 409 `request_decided`."""
        found = self.get_decidable(pk)
        reject(actor=self.actor, request=found, reason=self.read(Reason)["reason"])
        return self.answer_request(pk)

    @extend_schema(operation_id="requests_answer_many", tags=["requests"], request=ManyRequests, responses=ManyAnswered)
    def answer_many(self, request: Request, slug: str) -> Response:
        """Accept those whose match is certain, or refuse all for one reason; who was answered meanwhile is left."""
        require(can_see_requests(self.actor))
        data = self.read(ManyRequests)
        chosen = referred_all(self.get_queryset(), data["requests"], "requests")
        waiting = [one for one in chosen if one.state == RequestState.PENDING]
        if data["answer"] == "accept":
            answered, _left = accept_certain(actor=self.actor, requests=waiting)
        else:
            answered = reject_many(actor=self.actor, requests=waiting, reason=data["reason"])
        ids = [one.pk for one in answered]
        return self.answer(ManyAnswered, {"answered": ids, "left": [one.pk for one in chosen if one.pk not in ids]})


class JoinRulesViewSet(MemberViewSet):
    """`/o/<slug>/join-rules/`."""

    serializer_class = JoinRulesShape
    pagination_class = None

    @extend_schema(operation_id="join_rules_get", tags=["requests"], responses=JoinRulesShape)
    def retrieve(self, request: Request, slug: str) -> Response:
        """How the organization takes in those who come by themselves."""
        require(can_change_join_rules(self.actor))
        return self.answer(JoinRulesShape, rules_of(self.actor.organization.pk))

    @extend_schema(
        operation_id="join_rules_change", tags=["requests"], request=JoinRulesShape, responses=JoinRulesShape
    )
    def partial_update(self, request: Request, slug: str) -> Response:
        """Open or close the page for joining; say who of the staff waits for a confirmation, and for how long."""
        require(can_change_join_rules(self.actor))
        return self.answer(JoinRulesShape, change_join_rules(actor=self.actor, rules=self.read(JoinRulesShape)))


class ByPersonName(CursorPagination):
    """People by name."""

    ordering = ("search_name", "id")


class VerificationViewSet(MemberViewSet):
    """`/o/<slug>/verification/`."""

    serializer_class = VerificationShape
    pagination_class = ByPersonName

    def get_queryset(self) -> QuerySet[Person]:
        return with_roster_columns(people_to_verify(self.actor))

    def get_person(self, pk: int) -> Person:
        found = get_object_or_404(people_visible_to(self.actor).select_related("organization"), pk=pk)
        require(can_verify_staff(self.actor))
        return found

    def answer_person(self, pk: int) -> Response:
        return self.answer(VerificationShape, with_roster_columns(Person.objects.filter(pk=pk)).get())

    @extend_schema(
        operation_id="verification_list",
        tags=["requests"],
        parameters=[VerificationQuery],
        responses=VerificationShape(many=True),
    )
    def list(self, request: Request, slug: str) -> Response:
        """Members whose status as staff is confirmed, on review, refused or withdrawn, by name (INV-9)."""
        require(can_verify_staff(self.actor))
        people, query = self.get_queryset(), self.read_query(VerificationQuery)
        if state := query.get("state"):
            people = people.filter(verification=state)
        return self.page(VerificationShape, people)

    @extend_schema(operation_id="verification_withdraw", tags=["requests"], request=Reason, responses=VerificationShape)
    def withdraw(self, request: Request, slug: str, pk: int) -> Response:
        """Take every role of staff away, with a reason; 409: `not_staff`, `own_confirmation`, `last_administrator`."""
        person = self.get_person(pk)
        withdraw_confirmation(actor=self.actor, person=person, reason=self.read(Reason)["reason"])
        return self.answer_person(pk)

    @extend_schema(operation_id="verification_confirm", tags=["requests"], request=None, responses=VerificationShape)
    def confirm(self, request: Request, slug: str, pk: int) -> Response:
        """Give back what the withdrawal took; 409 `nothing_to_give_back`."""
        confirm_again(actor=self.actor, person=self.get_person(pk))
        return self.answer_person(pk)
