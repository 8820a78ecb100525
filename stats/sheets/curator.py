"""The curator's table as a spreadsheet: organizations side by side, no persons (STAT-7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from common.spreadsheets import BOLD, boxed_cell, bytes_of, text_cell
from stats import wording
from stats.catalogue import BY_KEY, Measure
from stats.periods import Days
from stats.selectors.curators import COLUMNS, SideBySide
from stats.selectors.values import Value

_PERCENT = "0.0%"


def curator_xlsx(table: SideBySide, days: Days, who: str, made_on: str) -> bytes:
    """Return the table with the totals, and a sheet of formulas. `who` made it, on the day `made_on`."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Organizations"))
    heading = [
        _("Statistics of the organizations"),
        capfirst(wording.period(days)),
        _("Made on %(day)s by %(who)s") % {"day": made_on, "who": who},
        _("Where fewer than five people stand behind a number, it is hidden; totals are those of the numbers shown."),
    ]
    names = [str(BY_KEY[key].name) for key in COLUMNS]
    sheet.column_dimensions["A"].width = 48
    for place in range(2, len(names) * 2 + 2):
        sheet.column_dimensions[get_column_letter(place)].width = 16
    for line in heading:
        sheet.append([text_cell(sheet, line, BOLD)])
    sheet.append([boxed_cell(sheet, title, BOLD) for title in _titles()])
    for row in table.rows:
        sheet.append([boxed_cell(sheet, row.organization.short_name), *_cells(sheet, row.values)])
    sheet.append([boxed_cell(sheet, _("Total"), BOLD), *_cells(sheet, table.totals)])
    _formulas(book)
    return bytes_of(book)


def _titles() -> list[str]:
    titles = [_("Organization")]
    for key in COLUMNS:
        figure = BY_KEY[key]
        titles.append(str(figure.name))
        if figure.measure == Measure.SHARE:
            titles.append(_("%(figure)s: number of all") % {"figure": figure.name})
    return titles


def _cells(sheet: Worksheet, values: Mapping[str, Value]) -> list[Any]:
    cells: list[Any] = []
    for key in COLUMNS:
        value = values[key]
        is_share = value.figure.measure == Measure.SHARE
        cell = boxed_cell(sheet, _("hidden") if value.is_hidden else value.amount)
        if is_share and isinstance(cell.value, float):
            cell.number_format = _PERCENT
        cells.append(cell)
        if is_share:
            is_known = bool(value.denominator) and not value.is_hidden
            text = _("%(part)s of %(whole)s") % {"part": value.numerator, "whole": value.denominator}
            cells.append(boxed_cell(sheet, text if is_known else ""))
    return cells


def _formulas(book: Workbook) -> None:
    sheet = book.create_sheet(_("Formulas"))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 32, 110
    for key in COLUMNS:
        figure = BY_KEY[key]
        sheet.append([boxed_cell(sheet, str(figure.name), BOLD), boxed_cell(sheet, str(figure.formula))])
