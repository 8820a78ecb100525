"""The register as a spreadsheet: «Журнал регистрации приказов» (DOC-1)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from openpyxl import Workbook

from common.spreadsheets import BOLD, TITLE, boxed_cell, bytes_of, text_cell
from documents.models import Document, DocumentKind
from documents.selectors.titles import kind_name
from orgs.models import Organization
from readings.selectors.progress import Count


def register_title(kind: str) -> str:
    """Return what the register of `kind` ("" for all) is called, fit for the name of a file."""
    titles = {
        DocumentKind.ORDER: _("Register of orders"),
        DocumentKind.REGULATION: _("Register of regulations"),
        DocumentKind.INSTRUCTION: _("Register of instructions"),
        DocumentKind.RULES: _("Register of rules"),
        DocumentKind.LETTER: _("Register of information letters"),
        DocumentKind.OTHER: _("Register of other documents"),
    }
    return titles[DocumentKind(kind)] if kind else _("Register of documents")


def register_xlsx(
    organization: Organization, documents: Sequence[Document], counts: Mapping[int, Count], title: str
) -> bytes:
    """Return the spreadsheet: a heading, a row for each document in the given order.

    Documents come with `reading_id` (`documents.selectors.documents.with_reading`) and `created_by`. Whatever people
    typed is written as text: a title that begins with «=» stays a title.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Register"))
    columns = _columns()
    for place, (_name, width) in enumerate(columns, start=1):
        sheet.column_dimensions[chr(ord("A") + place - 1)].width = width
    sheet.freeze_panes = "A5"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "4:4"
    sheet.append([text_cell(sheet, organization.name)])
    sheet.append([text_cell(sheet, title, TITLE)])
    today = date_format(timezone.localdate(), "d.m.Y")
    sheet.append([text_cell(sheet, _("As of %(day)s") % {"day": today})])
    sheet.append([boxed_cell(sheet, name, BOLD) for name, _width in columns])
    for number, document in enumerate(documents, start=1):
        values = [number, *_values(document, counts)]
        sheet.append([boxed_cell(sheet, value) for value in values])
    return bytes_of(book)


def _columns() -> list[tuple[str, int]]:
    return [
        ("№", 6),
        (_("Number"), 14),
        (_("Date"), 12),
        (_("Kind"), 18),
        (_("Title"), 60),
        (_("Version"), 9),
        (_("State"), 16),
        (_("Have read"), 16),
        (_("Why it was annulled"), 36),
        (_("Entered by"), 32),
    ]


def _values(document: Document, counts: Mapping[int, Count]) -> list[Any]:
    found = counts.get(document.reading_id)  # type: ignore[attr-defined]
    have_read = (
        _("%(done)s of %(total)s") % {"done": found.confirmed, "total": found.asked} if found is not None else ""
    )
    return [
        document.number,
        document.issued_on,
        capfirst(kind_name(document.kind)),
        document.title,
        document.version or "",
        state_name(document),
        have_read,
        document.annulled_reason,
        document.created_by.full_name if document.created_by is not None else "",
    ]


def state_name(document: Document) -> str:
    """Return the document's state in a word."""
    if document.annulled_at is not None:
        return _("Annulled")
    return _("In force") if document.version else _("Draft")
