"""Files of the roster and its tables over the API (ORG-8, INT-3)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import CursorPagination, JSONParser
from common.errors import DomainError, require
from common.spreadsheets import CONTENT_TYPE
from orgs.api.base import MemberViewSet, NewestFirst
from roster.api.shapes import (
    RosterLoad,
    RosterLoadChanges,
    RosterLoadDetail,
    RosterRow,
    RosterRowsQuery,
    RosterUpload,
)
from roster.models import Format, Load, LoadRow
from roster.permissions import can_exchange_roster
from roster.reading.tables import MOST_BYTES
from roster.selectors import loads_visible_to, rows_of
from roster.services import loads as services
from roster.services.handing_out import FORMS, hand_out
from roster.views.exporting import file_response
from works.api.shapes import WorkShape

TAGS = ["roster"]
_READING = ("sheet", "encoding", "delimiter", "heading_row")


class InTheOrderOfTheFile(CursorPagination):
    """Rows by their number."""

    ordering = "number"


class LoadViewSet(MemberViewSet):
    """`/o/<slug>/roster/loads/`."""

    serializer_class: Any = RosterLoad
    pagination_class = NewestFirst
    parser_classes = (MultiPartParser, JSONParser)

    def get_queryset(self) -> QuerySet[Load]:
        return loads_visible_to(self.actor)

    @extend_schema(operation_id="roster_loads_list", tags=TAGS, responses=RosterLoad(many=True))
    def list(self, request: Request, slug: str) -> Response:
        """Files that were brought for the roster, the newest first."""
        require(can_exchange_roster(self.actor))
        return self.page(RosterLoad, self.get_queryset())

    @extend_schema(
        operation_id="roster_loads_upload",
        tags=TAGS,
        request={"multipart/form-data": RosterUpload},
        responses={
            201: RosterLoadDetail,
            413: OpenApiResponse(OpenApiTypes.OBJECT, "The body is too large"),
            415: OpenApiResponse(OpenApiTypes.OBJECT, "Not multipart/form-data"),
        },
    )
    def create(self, request: Request, slug: str) -> Response:
        """Bring a file; nothing changes on the roster. How it is read and what its columns mean is found out and can
        be changed. 400: `file_empty`, `file_too_large`, `file_wrong_type`, `file_broken`, `no_headings`."""
        require(can_exchange_roster(self.actor))
        file = self.read(RosterUpload)["file"]
        load = services.upload(actor=self.actor, file_name=file.name, content=file.read(MOST_BYTES + 1))
        return self.answer_load(load.pk, status=201)

    @extend_schema(operation_id="roster_loads_get", tags=TAGS, responses=RosterLoadDetail)
    def retrieve(self, request: Request, slug: str, pk: int) -> Response:
        """One file: how it is read, what its columns mean, what the check has found out in numbers."""
        return self.answer_load(pk)

    @extend_schema(operation_id="roster_loads_change", tags=TAGS, request=RosterLoadChanges, responses=RosterLoadDetail)
    def partial_update(self, request: Request, slug: str, pk: int) -> Response:
        """Say how the file is read, what its columns mean, how it is brought in. 409: `load_brought_in`, `load_busy`;
        400: `column_unknown`, `column_twice`, `sheet_unknown`, `file_unreadable`."""
        load, data = self.get_load(pk), self.read(RosterLoadChanges)
        with transaction.atomic():
            if any(name in data for name in _READING):
                known = {name: getattr(load, name) for name in _READING}
                reading = {name: data.pop(name, known[name]) for name in _READING}
                services.set_reading(actor=self.actor, load=load, **reading)
            if columns := data.pop("columns", None):
                services.set_columns(actor=self.actor, load=load, columns=columns)
            if data:
                services.set_options(actor=self.actor, load=load, **data)
        return self.answer_load(pk)

    @extend_schema(
        operation_id="roster_loads_discard", tags=TAGS, responses={204: OpenApiResponse(description="Thrown away")}
    )
    def destroy(self, request: Request, slug: str, pk: int) -> Response:
        """Throw a file away that was not brought in; nobody on the roster is touched."""
        services.discard(actor=self.actor, load=self.get_load(pk))
        return Response(status=204)

    @extend_schema(operation_id="roster_loads_check", tags=TAGS, request=None, responses={202: WorkShape})
    def check(self, request: Request, slug: str, pk: int) -> Response:
        """Begin the dry run: what each row would do. 409 `work_under_way`, `load_busy`; 400 `columns_missing`."""
        return self.answer(WorkShape, services.check(actor=self.actor, load=self.get_load(pk)), status=202)

    @extend_schema(operation_id="roster_loads_import", tags=TAGS, request=None, responses={202: WorkShape})
    def bring_in(self, request: Request, slug: str, pk: int) -> Response:
        """Begin to bring in what the check has shown: all of it or nothing, undone in one step (`works_undo`).
        409: `not_checked`, `check_outdated`, `load_has_errors`, `removal_with_errors`, `removal_over_threshold`,
        `nothing_to_bring_in`, `load_brought_in`, `work_under_way`."""
        return self.answer(WorkShape, services.bring_in(actor=self.actor, load=self.get_load(pk)), status=202)

    def get_load(self, pk: int) -> Load:
        """Return a file of the actor's organization; 404 for any other and for who may not bring files in."""
        return get_object_or_404(self.get_queryset().defer(None), pk=pk)

    def answer_load(self, pk: int, *, status: int = 200) -> Response:
        load = self.get_load(pk)
        return self.answer(RosterLoadDetail, load, status=status, headings=_headings(load))


def _headings(load: Load) -> tuple[str, ...]:
    if load.format == Format.ONEROSTER:
        return ()
    try:
        return services.table_of(load).headings
    except DomainError:  # it is no longer kept, or cannot be read this way
        return ()


class LoadRowsView(MemberViewSet):
    """`/o/<slug>/roster/loads/<pk>/rows/`."""

    serializer_class: Any = RosterRow
    pagination_class = InTheOrderOfTheFile

    def get_queryset(self) -> QuerySet[LoadRow]:
        load = get_object_or_404(loads_visible_to(self.actor), pk=self.kwargs["pk"])
        query = self.read_query(RosterRowsQuery)
        return rows_of(load, outcome=query.get("outcome", ""), text=query["q"])

    @extend_schema(
        operation_id="roster_loads_rows", tags=TAGS, parameters=[RosterRowsQuery], responses=RosterRow(many=True)
    )
    def list(self, request: Request, slug: str, pk: int) -> Response:
        """What the check said about each row, in the order of the file."""
        return self.page(RosterRow, self.get_queryset())


class ExportView(MemberViewSet):
    """`/o/<slug>/roster/export/<table>/<form>/`."""

    serializer_class: Any = serializers.Serializer
    pagination_class: Any = None

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Whoever wants a table does not ask for JSON."""
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(
        operation_id="roster_export",
        tags=TAGS,
        parameters=[
            OpenApiParameter("table", str, OpenApiParameter.PATH, enum=list(FORMS)),
            OpenApiParameter("form", str, OpenApiParameter.PATH, enum=["xlsx", "csv", "zip"]),
        ],
        responses={
            (200, CONTENT_TYPE): OpenApiTypes.BINARY,
            (200, "text/csv"): OpenApiTypes.BINARY,
            (200, "application/zip"): OpenApiTypes.BINARY,
        },
    )
    def retrieve(self, request: Request, slug: str, table: str, form: str) -> HttpResponseBase:
        """A table of the roster as a file: `oneroster` as zip, every other as xlsx or csv; noted in the journal."""
        require(can_exchange_roster(self.actor))
        return file_response(hand_out(actor=self.actor, table=table, form=form))
