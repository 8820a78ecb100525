"""Notices of movement over the API (ORG-6)."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import require
from movement.api.shapes import Answer, NoticeFields, NoticeQuery, NoticeShape, notice_data_from
from movement.models import Notice
from movement.permissions import can_decide_on_notice, can_report_movement, can_take_notice_back
from movement.selectors.notices import filter_notices, notices_visible_to
from movement.services import notices
from orgs.api.base import MemberViewSet, NewestFirst


class NoticeViewSet(MemberViewSet):
    """`/o/<slug>/movement/notices/`."""

    serializer_class = NoticeShape
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Notice]:
        return notices_visible_to(self.actor)

    @extend_schema(
        operation_id="notices_list",
        tags=["movement"],
        summary="What was reported, the newest first",
        parameters=[NoticeQuery],
        responses=NoticeShape(many=True),
    )
    def list(self, request: Request, slug: str) -> Response:
        require(can_report_movement(self.actor))
        query = self.read_query(NoticeQuery)
        return self.page(NoticeShape, filter_notices(self.get_queryset(), state=query["state"], text=query["q"]))

    @extend_schema(
        operation_id="notices_send",
        tags=["movement"],
        summary="Report a movement to the administrators",
        request=NoticeFields,
        responses={201: NoticeShape},
    )
    def create(self, request: Request, slug: str) -> Response:
        require(can_report_movement(self.actor))
        notice = notices.send(actor=self.actor, data=notice_data_from(self.read(NoticeFields)))
        return self.answer(NoticeShape, self._notice(notice.pk), status=201)

    @extend_schema(operation_id="notices_retrieve", tags=["movement"], summary="One notice")
    def retrieve(self, request: Request, slug: str, pk: int) -> Response:
        return self.answer(NoticeShape, self._notice(pk))

    @extend_schema(
        operation_id="notices_send_again",
        tags=["movement"],
        summary="Mend a returned notice and send it again",
        request=NoticeFields,
    )
    def send_again(self, request: Request, slug: str, pk: int) -> Response:
        notice = self._notice(pk)
        require(can_take_notice_back(self.actor, notice))
        notices.send_again(actor=self.actor, notice=notice, data=notice_data_from(self.read(NoticeFields)))
        return self.answer(NoticeShape, self._notice(pk))

    @extend_schema(
        operation_id="notices_carry_out", tags=["movement"], summary="Do what a notice asks for", request=None
    )
    def carry_out(self, request: Request, slug: str, pk: int) -> Response:
        notices.carry_out(actor=self.actor, notice=self._decided(pk))
        return self.answer(NoticeShape, self._notice(pk))

    @extend_schema(
        operation_id="notices_mark_done", tags=["movement"], summary="It was done another way", request=Answer
    )
    def mark_done(self, request: Request, slug: str, pk: int) -> Response:
        notice = self._decided(pk)
        notices.mark_done(actor=self.actor, notice=notice, answer=self.read(Answer)["answer"])
        return self.answer(NoticeShape, self._notice(pk))

    @extend_schema(
        operation_id="notices_return",
        tags=["movement"],
        summary="Return a notice with what is to be mended",
        request=Answer,
    )
    def send_back(self, request: Request, slug: str, pk: int) -> Response:
        notice = self._decided(pk)
        notices.send_back(actor=self.actor, notice=notice, answer=self.read(Answer)["answer"])
        return self.answer(NoticeShape, self._notice(pk))

    @extend_schema(operation_id="notices_withdraw", tags=["movement"], summary="Take a notice back", request=None)
    def withdraw(self, request: Request, slug: str, pk: int) -> Response:
        notice = self._notice(pk)
        require(can_take_notice_back(self.actor, notice))
        notices.withdraw(actor=self.actor, notice=notice)
        return self.answer(NoticeShape, self._notice(pk))

    def _notice(self, pk: int) -> Notice:
        return get_object_or_404(self.get_queryset(), pk=pk)

    def _decided(self, pk: int) -> Notice:
        notice = self._notice(pk)
        require(can_decide_on_notice(self.actor, notice))
        return notice
