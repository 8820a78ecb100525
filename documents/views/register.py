"""The register of documents, and the file of it that schools keep (DOC-1)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from common.errors import require
from common.spreadsheets import xlsx_response
from documents.models import Document, DocumentKind
from documents.permissions import can_manage_documents
from documents.selectors.documents import (
    MUST_READ,
    STATES,
    RegisterFilter,
    documents_visible_to,
    filter_register,
    in_order,
    with_reading,
    years_of,
)
from documents.selectors.titles import kind_name, short_name
from documents.sheets import register_title, register_xlsx
from orgs.actor import Actor
from orgs.pages import member_page
from orgs.views.tools import page_of, render_results
from readings.models import Reading
from readings.selectors.progress import Count, counts_of


@member_page
def register(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the documents the actor may read: search, filters, fifty a page; the administration sees who has read."""
    visible = documents_visible_to(actor)
    wanted = _filter_of(request)
    page = page_of(request, in_order(filter_register(with_reading(actor, visible), wanted)))
    manages = can_manage_documents(actor)
    years = years_of(visible)
    context = {
        "page_obj": page,
        "rows": _rows(page.object_list, manages=manages),
        "q": wanted.text,
        "filters": _filters(request, years, manages=manages),
        "is_filtered": wanted != RegisterFilter(),
        "manages": manages,
    }
    return render_results(request, "documents/register.html", "documents/_register.html", context)


def _rows(documents: Any, *, manages: bool) -> list[dict[str, Any]]:
    found = list(documents)
    counts = _counts(found) if manages else {}
    return [
        {
            "document": document,
            "kind": capfirst(kind_name(document.kind)),
            "name": short_name(document),
            "count": counts.get(document.reading_id),
        }
        for document in found
    ]


def _counts(documents: list[Any]) -> dict[int, Count]:
    """How many have confirmed the last published version, by the reading's id."""
    given_out = [document.reading_id for document in documents if document.reading_id is not None]
    return counts_of(list(Reading.objects.filter(pk__in=given_out))) if given_out else {}


def _filter_of(request: HttpRequest) -> RegisterFilter:
    get = request.GET
    year = get.get("year", "")
    return RegisterFilter(
        text=get.get("q", ""),
        kind=get.get("kind", "") if get.get("kind") in DocumentKind.values else "",
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        state=get.get("state", "") if get.get("state") in STATES else "",
        must_read=get.get("read", "") if get.get("read") in MUST_READ else "",
    )


def _filters(request: HttpRequest, years: list[int], *, manages: bool) -> list[dict[str, Any]]:
    kinds = [(value, capfirst(str(label))) for value, label in DocumentKind.choices]
    states = [("published", _("In force")), ("annulled", _("Annulled"))]
    reading = [("me", _("I have to read"))]
    if manages:
        states.insert(0, ("draft", _("Drafts")))
        reading.append(("anybody", _("Being read")))
    wanted = [
        ("kind", _("Kind"), kinds),
        ("state", _("State"), states),
        ("read", _("Required reading"), reading),
        ("year", _("Year"), [(str(year), str(year)) for year in years]),
    ]
    return [
        {"name": name, "label": label, "chips": _chips(options, request.GET.get(name, ""))}
        for name, label, options in wanted
        if len(options) > 1 or name != "year"
    ]


def _chips(options: list[tuple[str, str]], chosen: str) -> list[dict[str, Any]]:
    return [{"value": value, "title": title, "is_active": value == chosen} for value, title in options]


@member_page
def export(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The register as a table to be filed: «Журнал регистрации приказов», narrowed as the page was."""
    require(can_manage_documents(actor))
    wanted = _filter_of(request)
    found = filter_register(with_reading(actor, documents_visible_to(actor)), wanted)
    rows: list[Document] = list(found.select_related("created_by").order_by("issued_on", "number_key", "id"))
    title = register_title(wanted.kind)
    content = register_xlsx(actor.organization, rows, _counts(rows), title)
    return xlsx_response(content, title)
