"""Movement over the API: the register, a preview, carrying out (ORG-5)."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import require
from movement.api.paging import NumberedPages
from movement.api.shapes import MovementFields, MovementLine, MovementPreview, MovementQuery, plan_from
from movement.permissions import can_manage_people, can_report_movement
from movement.selectors.register import RegisterFilter, filled, lines_of
from movement.services.facts import facts_of
from movement.services.moving import move
from movement.services.telling import notes_of, outcome_of, sentence_of
from orgs.api.base import MemberViewSet
from works.api.shapes import WorkShape


class MovementViewSet(MemberViewSet):
    """`/o/<slug>/movement/`."""

    serializer_class = MovementLine
    pagination_class = NumberedPages

    @extend_schema(
        operation_id="movement_list",
        tags=["movement"],
        summary="The register of movement, the latest first",
        parameters=[MovementQuery],
        responses=MovementLine(many=True),
    )
    def list(self, request: Request, slug: str) -> Response:
        require(can_report_movement(self.actor))
        query = self.read_query(MovementQuery)
        wanted = RegisterFilter(text=query.pop("q"), unit_id=query.pop("unit", None), **query)
        rows = self.paginate_queryset(lines_of(self.actor, wanted)) or []
        return self.get_paginated_response(MovementLine(filled(self.actor, rows), many=True).data)

    @extend_schema(
        operation_id="movement_carry_out",
        tags=["movement"],
        summary="Move people: all of them or nobody; the work can be undone for 30 days",
        request=MovementFields,
        responses={201: WorkShape},
    )
    def create(self, request: Request, slug: str) -> Response:
        require(can_manage_people(self.actor))
        work = move(actor=self.actor, plan=plan_from(self.read(MovementFields)))
        return self.answer(WorkShape, work, status=201)

    @extend_schema(
        operation_id="movement_preview",
        tags=["movement"],
        summary="What a movement would do, in words",
        request=MovementFields,
        responses=MovementPreview,
    )
    def preview(self, request: Request, slug: str) -> Response:
        require(can_manage_people(self.actor))
        facts = facts_of(self.actor.organization, plan_from(self.read(MovementFields)))
        return self.answer(MovementPreview, {"sentence": sentence_of(outcome_of(facts)), "notes": notes_of(facts)})
