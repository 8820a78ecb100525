"""Documents over the API: the register, one document, its versions, publishing (DOC-1)."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import CursorPagination
from common.errors import require
from documents.api.shapes import (
    Annulling,
    DocumentDetail,
    DocumentFields,
    DraftChanges,
    HowToSend,
    ListedDocument,
    NewDocument,
    NewVersion,
    Publishing,
    RegisterQuery,
)
from documents.models import Document
from documents.permissions import can_manage_documents
from documents.selectors.documents import (
    RegisterFilter,
    documents_visible_to,
    filter_register,
    find_document,
    with_reading,
)
from documents.selectors.versions import find_version, versions_visible_to
from documents.services.documents import DocumentData, change_document, create_document, remove_draft
from documents.services.publishing import ReadingTerms, annul, publish, usual_terms
from documents.services.versions import add_version, replace_draft_file
from files import formats
from files.models import FileKind
from files.serving import respond
from orgs.api.base import MemberViewSet
from orgs.api.circles import circles_of

READABLE = [found.content_type for found in formats.ALL if found.kind in (FileKind.DOCUMENT, FileKind.PICTURE)]


class LatestFirst(CursorPagination):
    """Documents by their date."""

    ordering = ("-issued_on", "-id")


class DocumentView(MemberViewSet):
    """Base of everything below `/o/<slug>/documents/`."""

    serializer_class = DocumentDetail

    def get_document(self, pk: int) -> Document:
        document = find_document(self.actor, pk)
        if document is None:
            raise Http404
        return document

    def get_managed(self, pk: int) -> Document:
        """Return a document to be changed: 404 when it is not visible, 403 for its readers."""
        document = self.get_document(pk)
        require(can_manage_documents(self.actor))
        return document

    def answer_detail(self, pk: int, *, status: int = 200) -> Response:
        document = self.get_document(pk)
        circles = None
        if can_manage_documents(self.actor):
            circles = list(document.audiences.select_related("unit").order_by("pk"))
        versions = list(versions_visible_to(self.actor, document))
        return self.answer(DocumentDetail, document, status=status, versions=versions, circles=circles)


class DocumentViewSet(DocumentView):
    """`/o/<slug>/documents/`."""

    pagination_class = LatestFirst

    def get_queryset(self) -> QuerySet[Document]:
        return with_reading(self.actor, documents_visible_to(self.actor))

    @extend_schema(
        operation_id="documents_list",
        tags=["documents"],
        parameters=[RegisterQuery],
        responses=ListedDocument(many=True),
    )
    def list(self, request: Request, slug: str) -> Response:
        """Documents I may read by their date; who issues documents sees drafts as well (DOC-1)."""
        query = self.read_query(RegisterQuery)
        wanted = RegisterFilter(text=query.pop("q"), **query)
        return self.page(ListedDocument, filter_register(self.get_queryset(), wanted))

    @extend_schema(
        operation_id="documents_create", tags=["documents"], request=NewDocument, responses={201: DocumentDetail}
    )
    def create(self, request: Request, slug: str) -> Response:
        """Register a draft with its first version. 409 `document_number_taken`: numbers of a kind begin anew each
        year, and none is given twice."""
        require(can_manage_documents(self.actor))
        data = self.read(NewDocument)
        file_id = data.pop("file")
        document = create_document(actor=self.actor, data=_data_of(data), file_id=file_id)
        return self.answer_detail(document.pk, status=201)

    @extend_schema(operation_id="documents_get", tags=["documents"], responses=DocumentDetail)
    def retrieve(self, request: Request, slug: str, pk: int) -> Response:
        """One document with its versions."""
        return self.answer_detail(pk)

    @extend_schema(
        operation_id="documents_change", tags=["documents"], request=DocumentFields(partial=True),
        responses=DocumentDetail,
    )  # fmt: skip
    def partial_update(self, request: Request, slug: str, pk: int) -> Response:
        """Correct what is registered and who may read it; of a published document the journal keeps what changed."""
        document = self.get_managed(pk)
        known: dict[str, Any] = {name: getattr(document, name) for name in ("kind", "number", "issued_on", "title")}
        rules = document.audiences.order_by("pk").values_list("audience", "unit_id")
        known["circles"] = [{"audience": audience, "unit": unit} for audience, unit in rules]
        change_document(
            actor=self.actor, document=document, data=_data_of({**known, **self.read(DocumentFields, partial=True)})
        )
        return self.answer_detail(pk)

    @extend_schema(operation_id="documents_publish", tags=["documents"], request=Publishing, responses=DocumentDetail)
    def publish(self, request: Request, slug: str, pk: int) -> Response:
        """Publish the draft version, and ask people to confirm that they have read it (CHAN-4)."""
        document = self.get_managed(pk)
        data = self.read(Publishing)
        terms = _terms_of(data["reading"]) if "reading" in data else usual_terms(document)
        publish(actor=self.actor, document=document, reading=terms)
        return self.answer_detail(pk)

    @extend_schema(operation_id="documents_annul", tags=["documents"], request=Annulling, responses=DocumentDetail)
    def annul(self, request: Request, slug: str, pk: int) -> Response:
        """Annul a published document: it stays in the register, nobody is asked to read it any more."""
        document = self.get_managed(pk)
        annul(actor=self.actor, document=document, reason=self.read(Annulling)["reason"])
        return self.answer_detail(pk)


def _data_of(data: dict[str, Any]) -> DocumentData:
    return DocumentData(**{**data, "circles": circles_of(data["circles"])})


def _terms_of(data: dict[str, Any] | None) -> ReadingTerms | None:
    if data is None:
        return None
    circles = circles_of(data["circles"]) if data["circles"] is not None else None
    return ReadingTerms(**{**data, "circles": circles})


class VersionView(DocumentView):
    """`/o/<slug>/documents/<pk>/versions/` and the draft of the next one."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """A browser that opens a file asks for anything but JSON."""
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(
        operation_id="documents_version_add", tags=["documents"], request=NewVersion, responses={201: DocumentDetail}
    )
    def create(self, request: Request, slug: str, pk: int) -> Response:
        """Bring the next version as a draft. 409 `document_version_waiting`: there is one already."""
        document = self.get_managed(pk)
        data = self.read(NewVersion)
        add_version(actor=self.actor, document=document, file_id=data["file"], note=data["note"])
        return self.answer_detail(pk, status=201)

    @extend_schema(
        operation_id="documents_draft_change", tags=["documents"], request=DraftChanges, responses=DocumentDetail
    )
    def change_draft(self, request: Request, slug: str, pk: int) -> Response:
        """Put another file in place of the draft's, or say anew what has changed."""
        document = self.get_managed(pk)
        data = self.read(DraftChanges)
        replace_draft_file(actor=self.actor, document=document, file_id=data.get("file"), note=data.get("note"))
        return self.answer_detail(pk)

    @extend_schema(
        operation_id="documents_draft_remove",
        tags=["documents"],
        responses={204: OpenApiResponse(description="Removed")},
    )
    def remove_draft(self, request: Request, slug: str, pk: int) -> Response:
        """Remove the draft of the next version with its file; of a document that was never published, all of it."""
        remove_draft(actor=self.actor, document=self.get_managed(pk))
        return Response(status=204)

    @extend_schema(
        operation_id="documents_version_file",
        tags=["documents"],
        parameters=[HowToSend],
        responses={
            **{(200, content_type): OpenApiTypes.BINARY for content_type in READABLE},
            **{(206, content_type): OpenApiTypes.BINARY for content_type in READABLE},
            304: OpenApiResponse(description="The browser has it (If-None-Match)"),
            416: OpenApiResponse(description="No such part (Range)"),
        },
    )
    def file(self, request: Request, slug: str, pk: int, number: int) -> HttpResponseBase:
        """The bytes of one version, whole or in part (`Range`)."""
        version = find_version(self.actor, self.get_document(pk), number)
        if version is None:
            raise Http404
        return respond(version.file, request=request, **self.read_query(HowToSend))
