"""The acknowledgement sheet («Лист ознакомления»): on paper and as a table (CHAN-4, DOC-1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from common.paper import BOLD, INK, REGULAR, SOFT, load_fonts, numbered
from common.spreadsheets import BOLD as XLSX_BOLD
from common.spreadsheets import TITLE, boxed_cell, bytes_of, text_cell
from readings.models import Reading
from readings.selectors.rows import Listing, Row
from readings.words import deadline_day

_MARGIN = 15 * mm
_COLUMNS = (10 * mm, 58 * mm, 52 * mm, 25 * mm, 35 * mm)


@dataclass(frozen=True)
class Sheet:
    """What a sheet tells: of `reading` (with its organization), of everybody in `listing`, or of one group."""

    reading: Reading
    listing: Listing
    group_key: str = ""

    @property
    def rows(self) -> list[Row]:
        """The lines of today."""
        return [row for row in self.listing.rows if not self.group_key or self.group_key in row.keys]

    @property
    def former(self) -> list[Row]:
        """Who confirmed before; they belong to no group any more."""
        return [] if self.group_key else self.listing.former

    @property
    def group_name(self) -> str:
        """The name of the group, or nothing."""
        return next((group.name for group in self.listing.progress.groups if group.key == self.group_key), "")

    def facts(self) -> list[tuple[str, str]]:
        """The heading's lines: a name and a value each."""
        reading, rows = self.reading, self.rows
        done = sum(row.confirmed_at is not None for row in rows)
        found = [
            (_("Document"), reading.title),
            (_("Version"), str(reading.version)),
            (_("Checksum (SHA-256)"), reading.content_hash),
            (_("Given out"), _moment(reading.opened_at) if reading.opened_at else _("not given out yet")),
            (_("Deadline"), deadline_day(reading.due_on)),
            (_("Who is asked"), self.group_name),
            (_("Have confirmed"), _("%(done)s of %(total)s") % {"done": done, "total": len(rows)}),
            (_("Printed"), _moment(timezone.now())),
        ]
        return [(name, value) for name, value in found if value]


def columns() -> list[str]:
    """Return the heads of the columns."""
    return ["№", pgettext("of a person", "Full name"), _("Position or child"), _("Date"), _("Mark")]


def mark_of(row: Row) -> str:
    """Return how it was confirmed; nothing where there is room for a signature."""
    if row.confirmed_at is None:
        return ""
    return _("signature on paper") if row.is_on_paper else _("confirmed on the platform")


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "d.m.Y H:i")


# --- Paper ------------------------------------------------------------------------------------------------------------
def sheet_pdf(sheet: Sheet) -> bytes:
    """Return the sheet as PDF: A4, the table's head on each page, in the organization's clock."""
    load_fonts()
    buffer = BytesIO()
    with timezone.override(sheet.reading.organization.zone), translation.override(settings.LANGUAGE_CODE):
        document = SimpleDocTemplate(
            buffer,
            pagesize=A4,
            leftMargin=_MARGIN,
            rightMargin=_MARGIN,
            topMargin=_MARGIN,
            bottomMargin=20 * mm,
            title=f"{_('Acknowledgement sheet')}: {sheet.reading.title}",
            creator="",
            lang=settings.LANGUAGE_CODE,
        )
        document.build(_story(sheet), canvasmaker=numbered(sheet.reading.title, _MARGIN))
    return buffer.getvalue()


def _style(name: str, size: float, **more: Any) -> ParagraphStyle:
    values = {"fontName": REGULAR, "fontSize": size, "leading": size * 1.25, "textColor": INK, **more}
    return ParagraphStyle(name, **values)


def _story(sheet: Sheet) -> list[Flowable]:
    plain, small = _style("plain", 9.5), _style("small", 8.5, textColor=SOFT)
    title = _style("title", 16, fontName=BOLD, alignment=TA_CENTER, spaceBefore=4 * mm, spaceAfter=4 * mm)
    place = _style("place", 11, alignment=TA_CENTER)
    story: list[Flowable] = [
        _words(sheet.reading.organization.name, place),
        _words(_("Acknowledgement sheet"), title),
        *(_fact(name, value) for name, value in sheet.facts()),
        Spacer(1, 5 * mm),
        _table(sheet.rows, plain),
    ]
    if sheet.former:
        story += [
            _words(_("Confirmed before and asked no more"), _style("former", 11, fontName=BOLD, spaceBefore=6 * mm)),
            Spacer(1, 2 * mm),
            _table(sheet.former, plain),
        ]
    story += [Spacer(1, 10 * mm), _words(f"{_('Responsible:')} {'_' * 34}  /{'_' * 30}/", plain)]
    if not sheet.rows:
        story.insert(-2, _words(_("Nobody is asked today."), small))
    return story


def _words(text: str, style: ParagraphStyle) -> Paragraph:
    # A paragraph reads markup: a name with «<» must stay a name.
    return Paragraph(escape(text), style)


def _fact(name: str, value: str) -> Paragraph:
    size = 8.5 if len(value) == 64 else 9.5
    text = f'{escape(name)}: <font face="{BOLD}" size="{size}">{escape(value)}</font>'
    return Paragraph(text, _style("fact", 9.5, spaceAfter=1 * mm))


def _table(rows: Sequence[Row], style: ParagraphStyle) -> LongTable:
    head = [_words(name, _style("head", 9, fontName=BOLD, alignment=TA_CENTER)) for name in columns()]
    lines = [
        [str(number), *(_words(text, style) for text in (row.name, row.about, _day(row), mark_of(row)))]
        for number, row in enumerate(rows, start=1)
    ]
    table = LongTable([head, *lines], colWidths=_COLUMNS, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, SOFT),
                ("FONT", (0, 0), (0, -1), REGULAR, 9.5),
                ("ALIGN", (0, 0), (0, -1), "CENTER"),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("TOPPADDING", (0, 0), (-1, -1), 3),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
            ]
        )
    )
    return table


def _day(row: Row) -> str:
    return date_format(timezone.localtime(row.confirmed_at), "d.m.Y") if row.confirmed_at else ""


# --- Table ------------------------------------------------------------------------------------------------------------
_WIDTHS = (6, 38, 46, 18, 28)


def sheet_xlsx(sheet: Sheet) -> bytes:
    """Return the sheet as a spreadsheet: moments are real dates by the organization's clock, names are text."""
    with timezone.override(sheet.reading.organization.zone), translation.override(settings.LANGUAGE_CODE):
        facts = [(_("Organization"), sheet.reading.organization.name), *sheet.facts()]
        book = Workbook(write_only=True)
        page = book.create_sheet(_("Acknowledgement sheet"))
        _prepare(page, head_row=len(facts) + 3)
        page.append([text_cell(page, _("Acknowledgement sheet"), TITLE)])
        for name, value in facts:
            page.append([text_cell(page, f"{name}: {value}")])
        page.append([])
        page.append([boxed_cell(page, name, XLSX_BOLD) for name in columns()])
        _append_rows(page, sheet.rows)
        if sheet.former:
            page.append([])
            page.append([text_cell(page, _("Confirmed before and asked no more"), XLSX_BOLD)])
            _append_rows(page, sheet.former)
    return bytes_of(book)


def _prepare(page: Worksheet, head_row: int) -> None:
    for letter, width in zip("ABCDE", _WIDTHS, strict=True):
        page.column_dimensions[letter].width = width
    page.freeze_panes = f"A{head_row + 1}"
    page.print_title_rows = f"{head_row}:{head_row}"
    page.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddFooter.right.text = "&P / &N"


def _append_rows(page: Worksheet, rows: Sequence[Row]) -> None:
    for number, row in enumerate(rows, start=1):
        moment = timezone.localtime(row.confirmed_at).replace(tzinfo=None) if row.confirmed_at else None
        values = (number, row.name, row.about, moment, mark_of(row))
        page.append([boxed_cell(page, value, moments="DD.MM.YYYY HH:MM") for value in values])
