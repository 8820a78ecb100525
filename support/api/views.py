"""Requests for help over the API: of members and administrators, of the platform's operator (SUP-1)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.models import User
from common.errors import require
from files.serving import respond
from orgs.api.base import MemberViewSet, NewestFirst
from orgs.selectors.organizations import today_in
from support import permissions
from support.api.shapes import (
    HelpAnswer,
    HelpGivingBack,
    HelpPassingOn,
    HelpRequestRow,
    HelpRequestShape,
    HelpRulesShape,
    HelpSeen,
    HelpWords,
    NewHelpRequest,
    OperatorAnswer,
)
from support.deadlines import rules_of
from support.models import HelpRequest
from support.selectors.requests import (
    GROUPS,
    OVERDUE,
    filter_requests,
    find_file,
    find_for_operator,
    find_request,
    operators_requests,
    requests_visible_to,
)
from support.services import answering, asking, operating

_TAG = ["help"]
_OPERATORS_TAG = ["operator: help"]
_GROUP = OpenApiParameter("group", str, enum=[*GROUPS, OVERDUE])
_SEARCH = OpenApiParameter("q", str, description="Words of the request, the asker's name, a number.")
_FILE = {(200, "application/octet-stream"): OpenApiTypes.BINARY}


class HelpRequestViewSet(MemberViewSet):
    """`/o/<slug>/help-requests/`: one's own; for administrators all of the organization."""

    serializer_class = HelpRequestRow
    pagination_class = NewestFirst
    queryset = HelpRequest.objects.none()

    def get_queryset(self) -> QuerySet[HelpRequest]:
        rows = requests_visible_to(self.actor).select_related("organization")
        query, today = self.request.query_params, today_in(self.actor.organization)
        return filter_requests(rows, group=query.get("group", ""), text=query.get("q", ""), today=today).order_by("-id")

    def _shown(self, pk: int, status: int = 200) -> Response:
        found = self._found(pk)
        is_own = permissions.can_reply(self.actor, found)
        names = [self.actor.organization.slug]
        route = "api_help_request_file"
        return self.answer(HelpRequestShape, found, status=status, for_asker=is_own, file_route=route, file_names=names)

    def _found(self, pk: int) -> HelpRequest:
        found = find_request(self.actor, pk)
        if found is None:
            raise Http404
        return found

    @extend_schema(
        operation_id="help_requests_list", tags=_TAG, summary="Requests, the newest first", parameters=[_GROUP, _SEARCH]
    )
    def list(self, request: Request, slug: str) -> Response:
        return self.page(HelpRequestRow, self.get_queryset())

    @extend_schema(
        operation_id="help_requests_create",
        tags=_TAG,
        summary="Write to the administrators, or to the platform's support",
        request=NewHelpRequest,
        responses={201: HelpRequestShape},
    )
    def create(self, request: Request, slug: str) -> Response:
        values = self.read(NewHelpRequest)
        if values["to_operator"]:
            require(permissions.can_turn_to_operator(self.actor))
        # Administrators have nobody above them here but the platform's support.
        values["to_operator"] = values["to_operator"] or permissions.can_answer_requests(self.actor)
        question = asking.Question(**{**values, "attempt": values.get("attempt") or uuid4()})
        return self._shown(asking.ask(actor=self.actor, question=question).pk, 201)

    @extend_schema(
        operation_id="help_requests_retrieve",
        tags=_TAG,
        summary="One request and its thread",
        responses=HelpRequestShape,
    )
    def retrieve(self, request: Request, slug: str, pk: int) -> Response:
        return self._shown(pk)

    @extend_schema(operation_id="help_requests_file", tags=_TAG, summary="A file of the thread", responses=_FILE)
    def file(self, request: Request, slug: str, pk: int, file_id: int) -> HttpResponseBase:
        stored = find_file(self._found(pk), file_id)
        if stored is None:
            raise Http404
        return respond(stored, request=request, preview="preview" in request.query_params)

    @extend_schema(
        operation_id="help_requests_reply",
        tags=_TAG,
        summary="Go on with the own request; a closed one is open again",
        request=HelpWords,
        responses=HelpRequestShape,
    )
    def reply(self, request: Request, slug: str, pk: int) -> Response:
        found = self._found(pk)
        require(permissions.can_reply(self.actor, found))
        asking.reply(actor=self.actor, request=found, **self.read(HelpWords))
        return self._shown(pk)

    @extend_schema(
        operation_id="help_requests_answer",
        tags=_TAG,
        summary="Answer, or ask the asker to specify",
        request=HelpAnswer,
        responses=HelpRequestShape,
    )
    def respond(self, request: Request, slug: str, pk: int) -> Response:
        found = self._answered(pk)
        answering.answer(actor=self.actor, request=found, **self.read(HelpAnswer))
        return self._shown(pk)

    @extend_schema(
        operation_id="help_requests_take",
        tags=_TAG,
        summary="Take a new request into work",
        request=None,
        responses=HelpRequestShape,
    )
    def take(self, request: Request, slug: str, pk: int) -> Response:
        answering.take(actor=self.actor, request=self._answered(pk))
        return self._shown(pk)

    @extend_schema(
        operation_id="help_requests_pass_on",
        tags=_TAG,
        summary="Pass a request on to the platform's support; the asker may when the answer is late",
        request=HelpPassingOn,
        responses=HelpRequestShape,
    )
    def pass_on(self, request: Request, slug: str, pk: int) -> Response:
        found = self._found(pk)
        require(permissions.can_pass_on(self.actor, found))
        answering.pass_on(actor=self.actor, request=found, **self.read(HelpPassingOn))
        return self._shown(pk)

    @extend_schema(
        operation_id="help_requests_close",
        tags=_TAG,
        summary="Close: the question is settled, or needs no answer",
        request=HelpSeen,
        responses=HelpRequestShape,
    )
    def close(self, request: Request, slug: str, pk: int) -> Response:
        found = self._found(pk)
        if permissions.can_reply(self.actor, found):
            asking.settle(actor=self.actor, request=found)
        else:
            require(permissions.can_answer(self.actor, found))
            answering.close(actor=self.actor, request=found, **self.read(HelpSeen))
        return self._shown(pk)

    def _answered(self, pk: int) -> HelpRequest:
        found = self._found(pk)
        require(permissions.can_answer(self.actor, found))
        return found


class HelpRulesViewSet(MemberViewSet):
    """`/o/<slug>/help-rules/`."""

    serializer_class = HelpRulesShape

    @extend_schema(operation_id="help_rules_get", tags=_TAG, summary="How soon the organization answers")
    def retrieve(self, request: Request, slug: str) -> Response:
        return self.answer(HelpRulesShape, rules_of(self.actor.organization))

    @extend_schema(operation_id="help_rules_set", tags=_TAG, summary="Change how soon the organization answers")
    def update(self, request: Request, slug: str) -> Response:
        require(permissions.can_answer_requests(self.actor))
        return self.answer(HelpRulesShape, answering.set_rules(actor=self.actor, **self.read(HelpRulesShape)))


class OperatorRequestViewSet(GenericViewSet[Any]):
    """`/support/requests/`: for the platform's operator, what was passed on and what came from outside."""

    serializer_class = HelpRequestRow
    pagination_class = NewestFirst
    filter_backends = ()
    queryset = HelpRequest.objects.none()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require(permissions.can_see_operators_requests(request.user))

    @extend_schema(
        operation_id="support_requests_list",
        tags=_OPERATORS_TAG,
        summary="What was passed on, the newest first",
        parameters=[_GROUP, _SEARCH],
    )
    def list(self, request: Request) -> Response:
        query = request.query_params
        rows = filter_requests(operators_requests(), group=query.get("group", ""), text=query.get("q", ""))
        page = self.paginate_queryset(rows.order_by("-id"))
        return self.get_paginated_response(HelpRequestRow(page, many=True).data)

    @extend_schema(
        operation_id="support_requests_retrieve", tags=_OPERATORS_TAG, summary="One request", responses=HelpRequestShape
    )
    def retrieve(self, request: Request, pk: int) -> Response:
        context = {"for_asker": False, "file_route": "api_support_request_file", "file_names": []}
        return Response(HelpRequestShape(self._found(pk), context=context).data)

    @extend_schema(
        operation_id="support_requests_file", tags=_OPERATORS_TAG, summary="A file of the thread", responses=_FILE
    )
    def file(self, request: Request, pk: int, file_id: int) -> HttpResponseBase:
        stored = find_file(self._found(pk), file_id)
        if stored is None:
            raise Http404
        return respond(stored, request=request, download=True)

    @extend_schema(
        operation_id="support_requests_answer",
        tags=_OPERATORS_TAG,
        summary="Answer, or ask to specify",
        request=OperatorAnswer,
        responses=HelpRequestRow,
    )
    def respond(self, request: Request, pk: int) -> Response:
        return self._step(pk, OperatorAnswer, operating.answer_as_operator)

    @extend_schema(
        operation_id="support_requests_give_back",
        tags=_OPERATORS_TAG,
        summary="Give back to the administrators; the operator sees it no longer",
        request=HelpGivingBack,
        responses=HelpRequestRow,
    )
    def give_back(self, request: Request, pk: int) -> Response:
        return self._step(pk, HelpGivingBack, operating.give_back)

    @extend_schema(
        operation_id="support_requests_close",
        tags=_OPERATORS_TAG,
        summary="Close without an answer",
        request=HelpSeen,
        responses=HelpRequestRow,
    )
    def close(self, request: Request, pk: int) -> Response:
        return self._step(pk, HelpSeen, operating.close_as_operator)

    def _found(self, pk: int) -> HelpRequest:
        found = find_for_operator(pk)
        if found is None:
            raise Http404
        return found

    def _step(self, pk: int, shape: type[serializers.Serializer[Any]], service: Any) -> Response:
        user = self.request.user
        require(permissions.can_answer_as_operator(user))
        found = self._found(pk)
        body = shape(data=self.request.data)
        body.is_valid(raise_exception=True)
        assert isinstance(user, User)  # noqa: S101 — the permission has seen to it
        return Response(HelpRequestRow(service(operator=user, request=found, **body.validated_data)).data)
