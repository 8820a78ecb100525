"""Mutes, looks into chats, the queue of reports, the registry, the organization's rules (CHAT-9)."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chats import permissions
from chats.api.base import ChatView
from chats.api.chats import LatestFirst
from chats.api.inputs import ListQuery, NewDecision, NewLook, NewMute, ReportsQuery, RulesFields
from chats.api.safety_shapes import MuteShape, RegisteredChat, ReportShape, RulesShape
from chats.api.serializers import ChatDetail
from chats.models import Chat, Report
from chats.selectors.chats import find_chat, members_of
from chats.selectors.people import moderators_by_chat
from chats.selectors.rules import rules_of
from chats.selectors.safety import mutes_in, registry_of, reports_visible_to
from chats.services import safety as services
from chats.services.system import change_rules
from common.errors import DomainError, require
from orgs.api.base import MemberViewSet, NewestFirst, referred
from orgs.models import Person


class MuteView(ChatView):
    """`/o/<slug>/chats/<id>/mutes/`."""

    serializer_class = MuteShape
    pagination_class = None

    def get_moderated(self, pk: int) -> Chat:
        chat = self.get_chat(pk)
        require(permissions.can_moderate(self.actor, chat))
        return chat

    @extend_schema(operation_id="chat_mutes_list", tags=["chat safety"], responses=MuteShape(many=True))
    def list(self, request: Request, slug: str, pk: int) -> Response:
        """Who may only read the chat right now, for its moderators."""
        return self.answer(MuteShape, list(mutes_in(self.get_moderated(pk)).order_by("until", "pk")))

    @extend_schema(operation_id="chat_mutes_set", tags=["chat safety"], request=NewMute, responses={201: MuteShape})
    def create(self, request: Request, slug: str, pk: int) -> Response:
        """Let somebody only read the chat for a time; the chat and the journal get the reason (CHAT-9)."""
        chat = self.get_moderated(pk)
        data = self.read(NewMute)
        person = referred(members_of(chat), data.pop("person"), "person")
        mute = services.mute(actor=self.actor, chat=chat, person=person, **data)
        return self.answer(MuteShape, mute, status=201)

    @extend_schema(
        operation_id="chat_mutes_lift",
        tags=["chat safety"],
        responses={204: OpenApiResponse(description="May write again")},
    )
    def destroy(self, request: Request, slug: str, pk: int, person: int) -> Response:
        """Let somebody write again before the time. Twice is once."""
        chat = self.get_moderated(pk)
        people = Person.objects.filter(organization=self.actor.organization.pk)
        services.unmute(actor=self.actor, chat=chat, person=get_object_or_404(people, pk=person))
        return Response(status=204)


class InspectionView(ChatView):
    """`/o/<slug>/chats/<id>/inspect/`."""

    serializer_class = ChatDetail

    @extend_schema(operation_id="chat_inspect", tags=["chat safety"], request=NewLook, responses={201: ChatDetail})
    def create(self, request: Request, slug: str, pk: int) -> Response:
        """Look into a chat one is not in, for an hour, because of a report or for a reason. The chat reads who looks
        and why, the journal keeps it. Personal messages are opened by a report only (CHAT-9)."""
        if not permissions.can_inspect(self.actor):
            self.get_chat(pk)
            require(False)
        known = find_chat(self.actor, pk)
        if known is not None and known.is_member:  # type: ignore[attr-defined]
            raise DomainError("already_in_chat", _("You are in this chat."))
        data = self.read(NewLook)
        report = self.reported_in(pk, data["report"])
        chat = report.chat if report is not None else self.get_managed(pk)
        services.inspect(actor=self.actor, chat=chat, reason=data["reason"], report=report)
        return self.answer_detail(pk, status=201)

    def reported_in(self, pk: int, report_id: int | None) -> Report | None:
        if report_id is None:
            return None
        return referred(reports_visible_to(self.actor).filter(chat__pk=pk), report_id, "report")


class RulesView(MemberViewSet):
    """`/o/<slug>/chat-rules/`."""

    serializer_class = RulesShape
    pagination_class = None

    @extend_schema(operation_id="chat_rules_get", tags=["chat safety"])
    def retrieve(self, request: Request, slug: str) -> Response:
        """The organization's rules for its chats (CHAT-1, CHAT-3, CHAT-9)."""
        require(permissions.can_manage_chats(self.actor))
        return self.answer(RulesShape, rules_of(self.actor.organization))

    @extend_schema(operation_id="chat_rules_change", tags=["chat safety"], request=RulesFields, responses=RulesShape)
    def partial_update(self, request: Request, slug: str) -> Response:
        """Switch the chats of the structure on and off; say who writes to whom, when it is quiet, what is kept."""
        require(permissions.can_manage_chats(self.actor))
        return self.answer(RulesShape, change_rules(actor=self.actor, rules=self.read(RulesFields)))


class RegistryView(MemberViewSet):
    """`/o/<slug>/chat-registry/`."""

    serializer_class = RegisteredChat
    pagination_class = LatestFirst

    @extend_schema(
        operation_id="chat_registry_list",
        tags=["chat safety"],
        parameters=[ListQuery],
        responses=RegisteredChat(many=True),
    )
    def list(self, request: Request, slug: str) -> Response:
        """Every chat of the organization but the personal ones: who answers for it, whom it is for, how busy it is."""
        require(permissions.can_manage_chats(self.actor))
        query = self.read_query(ListQuery)
        chats = registry_of(self.actor).filter(archived_at__isnull=not query["archived"])
        chats = chats.prefetch_related("audiences__unit")
        found: Any = self.paginator.paginate_queryset(chats, request, view=self)  # type: ignore[union-attr]
        context = {**self.get_serializer_context(), "moderators": moderators_by_chat(found)}
        data = RegisteredChat(found, many=True, context=context).data
        return self.paginator.get_paginated_response(data)  # type: ignore[union-attr]


class ReportView(MemberViewSet):
    """`/o/<slug>/chat-reports/`."""

    serializer_class = ReportShape
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Report]:
        return reports_visible_to(self.actor)

    @extend_schema(
        operation_id="chat_reports_list",
        tags=["chat safety"],
        parameters=[ReportsQuery],
        responses=ReportShape(many=True),
    )
    def list(self, request: Request, slug: str) -> Response:
        """Reports I may decide, the newest first: of the chats I moderate; the administration sees all (CHAT-9)."""
        reports = self.get_queryset()
        state = self.read_query(ReportsQuery).get("state")
        if state is not None:
            reports = reports.filter(decision="") if state == "open" else reports.exclude(decision="")
        return self.page(ReportShape, reports)

    @extend_schema(operation_id="chat_reports_decide", tags=["chat safety"], request=NewDecision, responses=ReportShape)
    def decide(self, request: Request, slug: str, pk: int) -> Response:
        """Decide a report: leave the message, remove it, warn or mute its author. 409 `report_decided`."""
        report = get_object_or_404(self.get_queryset(), pk=pk)
        services.decide(actor=self.actor, report=report, verdict=services.Verdict(**self.read(NewDecision)))
        return self.answer(ReportShape, self.get_queryset().get(pk=pk))
