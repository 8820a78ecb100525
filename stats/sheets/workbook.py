"""The statistics of a period as a workbook: a summary, and a sheet for each figure with its formula (STAT-6)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from common.spreadsheets import BOLD, TITLE, bytes_of, text_cell
from stats.catalogue import Measure
from stats.selectors.things import Thing
from stats.selectors.trend import TREND_FIGURES
from stats.selectors.values import Value
from stats.sheets.cells import COUNT, amount_cell, cell, day_cell, value_cells
from stats.sheets.report import Report

# What Excel takes for the name of a sheet.
LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_SUMMARY_WIDTHS = (42, 14, 14, 16, 14, 14, 10, 12)
_FIGURE_WIDTHS = (34, 44, 16, 16, 14, 16, 12)


def workbook(report: Report) -> bytes:
    """Return the file; times by the organization's clock, words in the platform's language."""
    with timezone.override(report.organization.zone), translation.override(settings.LANGUAGE_CODE):
        book = Workbook(write_only=True)
        names = SheetNames()
        _write_summary(_sheet(book, names.take(_("Summary")), _SUMMARY_WIDTHS), report)
        for value in report.values:
            _write_figure(_sheet(book, names.take(str(value.figure.name)), _FIGURE_WIDTHS), report, value)
        return bytes_of(book)


class SheetNames:
    """Gives each sheet a name that no other has, cut to what fits."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def take(self, title: str) -> str:
        """Return a free name like `title`."""
        name = (_FORBIDDEN.sub(" ", title).strip(" '") or "1")[:LONGEST_NAME].strip(" '")
        number = 1
        while name.casefold() in self.taken:
            number += 1
            end = f" {number}"
            name = name[: LONGEST_NAME - len(end)].removesuffix(f" {number - 1}").rstrip() + end
        self.taken.add(name.casefold())
        return name


def _sheet(book: Workbook, name: str, widths: Sequence[int]) -> Worksheet:
    sheet = book.create_sheet(name)
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.orientation = Worksheet.ORIENTATION_LANDSCAPE
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.right.text = "&P / &N"
    return sheet


def _heads() -> list[str]:
    return [
        _("Figure"),
        _("Value"),
        _("Before"),
        pgettext("statistics", "Change"),
        _("Numerator"),
        _("Denominator"),
        _("Norm"),
        _("Norm is met"),
    ]


def _append_head(sheet: Worksheet, heads: Sequence[str]) -> None:
    sheet.append([cell(sheet, name, font=BOLD) for name in heads])


def _append_title(sheet: Worksheet, title: str) -> None:
    sheet.append([])
    sheet.append([text_cell(sheet, title, BOLD)])


# --- The summary ------------------------------------------------------------------------------------------------------
def _write_summary(sheet: Worksheet, report: Report) -> None:
    facts = report.facts()
    sheet.freeze_panes = f"B{len(facts) + 4}"
    sheet.print_title_rows = f"{len(facts) + 3}:{len(facts) + 3}"
    sheet.append([text_cell(sheet, _("Use of the platform"), TITLE)])
    for name, fact in facts:
        sheet.append([text_cell(sheet, f"{name}: {fact}")])
    sheet.append([])
    _append_head(sheet, _heads())
    for title, values in report.by_group():
        sheet.append([cell(sheet, title, font=BOLD)])
        for value in values:
            sheet.append([cell(sheet, str(value.figure.name)), *value_cells(sheet, value)])
    if any(value.is_hidden for value in report.values):
        sheet.append([])
        sheet.append([text_cell(sheet, _("Hidden: so few people that the number would name them."))])


# --- One figure -------------------------------------------------------------------------------------------------------
def _write_figure(sheet: Worksheet, report: Report, value: Value) -> None:
    figure = value.figure
    sheet.append([text_cell(sheet, str(figure.name), TITLE)])
    explained = [
        (_("Formula"), figure.formula),
        (_("Numerator"), figure.numerator),
        (_("Denominator"), figure.denominator),
        (_("Who is left out"), figure.left_out),
    ]
    for name, text in [*((name, capfirst(str(text))) for name, text in explained if text), *report.facts()]:
        sheet.append([cell(sheet, name), cell(sheet, text)])
    sheet.append([])
    _append_head(sheet, ["", *_heads()[1:]])
    sheet.append([cell(sheet, str(figure.name)), *value_cells(sheet, value)])
    if figure.key in TREND_FIGURES:
        _write_trend(sheet, report, value)
    if figure.by_unit and report.units:
        _write_units(sheet, report, value)
    if report.things.get(figure.key):
        _write_things(sheet, report.things[figure.key])


def _write_trend(sheet: Worksheet, report: Report, value: Value) -> None:
    key, measure = value.figure.key, value.figure.measure
    _append_title(sheet, _("By week"))
    _append_head(sheet, [_("Week from"), _("Value")])
    for point in report.trend:
        sheet.append([day_cell(sheet, point.monday), amount_cell(sheet, measure, point.amounts.get(key))])


def _write_units(sheet: Worksheet, report: Report, value: Value) -> None:
    title = capfirst(str(report.words["units"]))
    _append_title(sheet, title)
    _append_head(sheet, [capfirst(str(report.words["unit"])), _("Value"), _("Numerator"), _("Denominator")])
    for row in report.units:
        found = row.values.get(value.figure.key)
        if found is not None:
            # Without what was before: a class is small, and a norm is the organization's.
            shown, _before, _change, numerator, denominator, *_norm = value_cells(sheet, found)
            sheet.append([cell(sheet, row.unit.name), shown, numerator, denominator])


def _write_things(sheet: Worksheet, things: Sequence[Thing]) -> None:
    _append_title(sheet, _("What stands behind it"))
    heads = [
        pgettext("statistics", "Day"),
        pgettext("statistics", "What"),
        pgettext("statistics", "Asked"),
        pgettext("statistics", "Reached"),
        pgettext("statistics", "Share"),
        _("Median time"),
    ]
    _append_head(sheet, heads)
    for thing in things:
        numbers = [_("hidden"), "", "", ""] if thing.is_hidden else None
        sheet.append(
            [
                day_cell(sheet, thing.day),
                cell(sheet, thing.title),
                *([cell(sheet, text) for text in numbers] if numbers else _numbers_of(sheet, thing)),
            ]
        )


def _numbers_of(sheet: Worksheet, thing: Thing) -> list[object]:
    return [
        cell(sheet, thing.asked, COUNT),
        cell(sheet, thing.reached, COUNT),
        amount_cell(sheet, Measure.SHARE, thing.share),
        amount_cell(sheet, Measure.SECONDS, thing.median_seconds),
    ]
