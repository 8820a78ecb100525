"""Long work over the API: how far it is, calling it off, undoing it."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import require
from orgs.api.base import MemberViewSet, NewestFirst
from works.api.shapes import Obstacles, WorkShape
from works.models import Work
from works.permissions import can_steer
from works.selectors import works_visible_to
from works.services import running, undoing


class WorkViewSet(MemberViewSet):
    """`/o/<slug>/works/`."""

    serializer_class = WorkShape
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Work]:
        return works_visible_to(self.actor)

    @extend_schema(operation_id="works_list", summary="Long works, the newest first")
    def list(self, request: Request, slug: str) -> Response:
        return self.page(WorkShape, self.get_queryset())

    @extend_schema(operation_id="works_retrieve", summary="One long work: how far it is, what came of it")
    def retrieve(self, request: Request, slug: str, pk: int) -> Response:
        return self.answer(WorkShape, self._work(pk))

    @extend_schema(operation_id="works_cancel", summary="Call a long work off", request=None)
    def cancel(self, request: Request, slug: str, pk: int) -> Response:
        work = self._steered(pk)
        running.call_off(work=work)
        return self.answer(WorkShape, self._work(pk))

    @extend_schema(operation_id="works_obstacles", summary="What prevents the undoing", responses=Obstacles)
    def obstacles(self, request: Request, slug: str, pk: int) -> Response:
        return self.answer(Obstacles, {"obstacles": undoing.obstacles(self._work(pk))})

    @extend_schema(operation_id="works_undo", summary="Put back everything a work has made and changed", request=None)
    def undo(self, request: Request, slug: str, pk: int) -> Response:
        """A small work is undone when the answer comes; a large one is `undoing`: ask for it until it is not."""
        undoing.undo(actor=self.actor, work=self._steered(pk))
        return self.answer(WorkShape, self._work(pk))

    def _work(self, pk: int) -> Work:
        return get_object_or_404(self.get_queryset(), pk=pk)

    def _steered(self, pk: int) -> Work:
        work = self._work(pk)
        require(can_steer(self.actor, work))
        return work
