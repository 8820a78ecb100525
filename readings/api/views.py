"""Required reading: what I am asked, confirming, who has read, reminding, signatures on paper (CHAN-4, DOC-1)."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import pagination
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import require
from orgs.api.base import MemberViewSet, NewestFirst
from orgs.api.fields import Count
from orgs.models import Person
from readings import permissions
from readings.api.shapes import (
    AskedQuery,
    AskedReading,
    ConfirmationShape,
    GivenQuery,
    GivenReading,
    LinesQuery,
    NewDeadline,
    ReadingLine,
    ReadingProgress,
)
from readings.models import Reading
from readings.selectors.listing import GivenFilter, RowFilter, filter_given, filter_rows
from readings.selectors.progress import counts_of, progress_of
from readings.selectors.readings import asked_of, done_by, find_to_confirm, readings_visible_to
from readings.selectors.rows import rows_of
from readings.services import giving
from readings.services.confirming import confirm, note_on_paper, remind_now, unnote

TAGS = ["required reading"]


class AskedView(MemberViewSet):
    """`/o/<slug>/readings/`, `…/<id>/confirm/`."""

    serializer_class = AskedReading
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Reading]:
        return asked_of(self.actor)

    @extend_schema(
        operation_id="readings_asked_list", tags=TAGS, parameters=[AskedQuery], responses=AskedReading(many=True)
    )
    def list(self, request: Request, slug: str) -> Response:
        """What I am asked to read now, the latest first, and whether that is done."""
        state = self.read_query(AskedQuery)["state"]
        done = Q(done_by(self.actor, "pk"))
        return self.page(AskedReading, self.get_queryset().filter({"done": done, "waiting": ~done}.get(state, Q())))

    @extend_schema(operation_id="readings_confirm", tags=TAGS, request=None, responses=ConfirmationShape)
    def confirm(self, request: Request, slug: str, pk: int) -> Response:
        """«Ознакомлен(а)»: confirm that I have read it. Twice is once."""
        reading = find_to_confirm(self.actor, pk)
        if reading is None:
            raise Http404
        return self.answer(ConfirmationShape, confirm(actor=self.actor, reading=reading))


class Lines(pagination.PageNumberPagination):
    """Pages of lines by name; `?page=` and `?limit=` up to 200."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page as JSON Schema; DRF's own description speaks an older dialect (`nullable`)."""
        address = {"type": ["string", "null"], "format": "uri", "description": "The address of that page, if any."}
        properties = {"count": {"type": "integer"}, "next": address, "previous": address, "results": schema}
        return {"type": "object", "required": list(properties), "properties": properties}


class GivenView(MemberViewSet):
    """`/o/<slug>/readings/given/`, `…/<id>/` and what hangs on it: for whoever gave it out, and the administration."""

    serializer_class = ReadingProgress
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Reading]:
        return readings_visible_to(self.actor).select_related("organization", "created_by")

    def get_reading(self, pk: int) -> Reading:
        return get_object_or_404(self.get_queryset().prefetch_related("audiences__unit"), pk=pk)

    def get_managed(self, pk: int) -> Reading:
        reading = self.get_reading(pk)
        require(permissions.can_manage_reading(self.actor, reading))
        return reading

    def answer_progress(self, pk: int) -> Response:
        reading = self.get_reading(pk)
        return self.answer(ReadingProgress, reading, progress=progress_of(reading))

    @extend_schema(
        operation_id="readings_given_list", tags=TAGS, parameters=[GivenQuery], responses=GivenReading(many=True)
    )
    def list(self, request: Request, slug: str) -> Response:
        """What was given out to be read, the latest first, with how far it has come."""
        require(permissions.can_follow_readings(self.actor))
        query = self.read_query(GivenQuery)
        rows = filter_given(self.actor, self.get_queryset(), GivenFilter(query["q"], query["state"]))
        found: Any = self.paginator.paginate_queryset(rows, request, view=self)  # type: ignore[union-attr]
        context = {**self.get_serializer_context(), "counts": counts_of(found)}
        return self.paginator.get_paginated_response(GivenReading(found, many=True, context=context).data)  # type: ignore[union-attr]

    @extend_schema(operation_id="readings_progress", tags=TAGS, responses=ReadingProgress)
    def retrieve(self, request: Request, slug: str, pk: int) -> Response:
        """How far one reading has come, by unit."""
        return self.answer_progress(pk)

    @extend_schema(operation_id="readings_change", tags=TAGS, request=NewDeadline, responses=ReadingProgress)
    def partial_update(self, request: Request, slug: str, pk: int) -> Response:
        """Change the last day."""
        reading = self.get_managed(pk)
        giving.change_due(actor=self.actor, reading=reading, due_on=self.read(NewDeadline)["due_on"])
        return self.answer_progress(pk)

    @extend_schema(
        operation_id="readings_people_list", tags=TAGS, parameters=[LinesQuery], responses=ReadingLine(many=True)
    )
    def people(self, request: Request, slug: str, pk: int) -> Response:
        """Who has read it and who has not, by name."""
        reading = self.get_reading(pk)
        query = self.read_query(LinesQuery)
        listing = rows_of(reading, self.actor.words)
        rows: Any = filter_rows(listing.rows, RowFilter(query["q"], query["state"], query["unit"]))
        return self.page(ReadingLine, rows)

    @extend_schema(operation_id="readings_remind", tags=TAGS, request=None, responses=Count)
    def remind(self, request: Request, slug: str, pk: int) -> Response:
        """«Напомнить»: tell everybody who has not confirmed yet, at most once an hour."""
        reading = self.get_managed(pk)
        return self.answer(Count, {"count": remind_now(actor=self.actor, reading=reading)})

    @extend_schema(operation_id="readings_close", tags=TAGS, request=None, responses=ReadingProgress)
    def close(self, request: Request, slug: str, pk: int) -> Response:
        """Ask nobody any more; the answers stay."""
        giving.close(actor=self.actor, reading=self.get_managed(pk))
        return self.answer_progress(pk)

    @extend_schema(operation_id="readings_reopen", tags=TAGS, request=None, responses=ReadingProgress)
    def reopen(self, request: Request, slug: str, pk: int) -> Response:
        """Ask again."""
        giving.reopen(actor=self.actor, reading=self.get_managed(pk))
        return self.answer_progress(pk)

    def get_about_paper(self, pk: int, person: int) -> tuple[Reading, Person]:
        reading = self.get_reading(pk)
        require(permissions.can_note_on_paper(self.actor, reading))
        people = Person.objects.filter(organization=self.actor.organization.pk, merged_into=None)
        return reading, get_object_or_404(people, pk=person)

    @extend_schema(operation_id="readings_paper_note", tags=TAGS, request=None, responses=ConfirmationShape)
    def note(self, request: Request, slug: str, pk: int, person: int) -> Response:
        """Note that somebody signed on paper. Twice is once."""
        reading, signed = self.get_about_paper(pk, person)
        return self.answer(ConfirmationShape, note_on_paper(actor=self.actor, reading=reading, person=signed))

    @extend_schema(
        operation_id="readings_paper_unnote", tags=TAGS, responses={204: OpenApiResponse(description="Taken back")}
    )
    def unnote(self, request: Request, slug: str, pk: int, person: int) -> Response:
        """Take the note about a signature back. Twice is once."""
        reading, signed = self.get_about_paper(pk, person)
        unnote(actor=self.actor, reading=reading, person=signed)
        return Response(status=204)
