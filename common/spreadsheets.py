"""Spreadsheets to be filed: what people typed stays text, moments are real dates, and a row at a time is written."""

from datetime import date
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOLD, TITLE = Font(bold=True), Font(bold=True, size=14)
_LINE = Side(style="thin")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_WRAPPED = Alignment(wrap_text=True, vertical="top")


def text_cell(sheet: Worksheet, words: str, font: Font | None = None) -> WriteOnlyCell:
    """Return `words` as a cell that is never a formula: a name that begins with «=» is a name, also after somebody
    edits the cell."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", words))
    cell.data_type = "s"
    cell.quotePrefix = words[:1] in ("=", "+", "-", "@")
    if font is not None:
        cell.font = font
    return cell


def boxed_cell(sheet: Worksheet, value: Any, font: Font | None = None, *, moments: str = "DD.MM.YYYY") -> WriteOnlyCell:
    """Return a cell of a table: text as `text_cell` does, a date or a moment written as `moments` says."""
    cell = text_cell(sheet, value, font) if isinstance(value, str) else WriteOnlyCell(sheet, value)
    cell.border, cell.alignment = _BOX, _WRAPPED
    if isinstance(value, date):
        cell.number_format = moments
    return cell


def bytes_of(book: Workbook) -> bytes:
    """Return the file of a book."""
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def xlsx_response(content: bytes, name: str) -> HttpResponse:
    """Answer with a spreadsheet to be kept as a file called `name`."""
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx") or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
