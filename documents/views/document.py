"""The page of one document, and the bytes of its versions (DOC-1)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from documents.models import Document, DocumentVersion
from documents.permissions import can_change_document, can_manage_documents
from documents.selectors.titles import kind_name, short_name
from documents.selectors.versions import find_version, versions_visible_to
from documents.views.tools import read_document
from files import formats
from files.models import FileKind
from files.serving import respond
from orgs.actor import Actor
from orgs.pages import member_page
from orgs.selectors.circles import circles_in_words
from readings.models import Reading
from readings.selectors.progress import Count, counts_of
from readings.selectors.readings import states_of


@require_safe
@member_page
def detail(request: HttpRequest, actor: Actor, document_id: int) -> HttpResponse:
    """The document's file, its versions, what I must confirm; for the administration who has read it."""
    document = read_document(actor, document_id)
    manages = can_manage_documents(actor)
    versions = list(versions_visible_to(actor, document))
    current = next((version for version in versions if version.number == document.version), None)
    draft = next((version for version in versions if version.published_at is None), None)
    shown = current or draft
    counts = counts_of([version.reading for version in versions if version.reading is not None]) if manages else {}
    context = {
        "document": document,
        "name": short_name(document),
        "kind": capfirst(kind_name(document.kind)),
        "versions": [_row(version, counts) for version in versions],
        "shown": shown,
        "opens": shown is not None and opens_in_browser(shown),
        "draft": draft,
        "reading": _reading(actor, current),
        "count": counts.get(current.reading_id) if current is not None and current.reading_id else None,
        "manages": manages,
        "can_change": can_change_document(actor, document),
        "circles": _circles(actor, document) if manages else [],
    }
    return render(request, "documents/detail.html", context)


def _reading(actor: Actor, current: DocumentVersion | None) -> Reading | None:
    """What was given out with the current version, as the actor stands to it."""
    if current is None or current.reading_id is None:
        return None
    return states_of(actor, {current.reading_id}).get(current.reading_id)


def _row(version: DocumentVersion, counts: dict[int, Count]) -> dict[str, Any]:
    return {
        "version": version,
        "opens": opens_in_browser(version),
        "count": counts.get(version.reading_id) if version.reading_id is not None else None,
    }


def _circles(actor: Actor, document: Document) -> list[str]:
    return circles_in_words(document.audiences.select_related("unit").order_by("pk"), actor.words)


def opens_in_browser(version: DocumentVersion) -> bool:
    """Tell whether a browser shows the version by itself."""
    return version.file.content_type == formats.PDF.content_type or version.file.kind == FileKind.PICTURE


@require_safe
@member_page
def file(request: HttpRequest, actor: Actor, document_id: int, number: int) -> HttpResponseBase:
    """The bytes of one version: shown where the browser can, with `?download=1` always saved."""
    version = find_version(actor, read_document(actor, document_id), number)
    if version is None:
        raise Http404
    return respond(version.file, request=request, download=bool(request.GET.get("download")))
