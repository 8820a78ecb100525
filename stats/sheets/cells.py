"""Figures as cells of a spreadsheet: numbers stay numbers, and text is never a formula."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl.cell.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from common.spreadsheets import boxed_cell
from stats import wording
from stats.catalogue import Measure
from stats.selectors.values import Value

PERCENT, COUNT, DURATION, DAY = "0.0%", "#,##0", "[h]:mm:ss", "DD.MM.YYYY"
_A_DAY = 86400
_FORMATS = {Measure.SHARE: PERCENT, Measure.COUNT: COUNT, Measure.SECONDS: DURATION}


def cell(sheet: Worksheet, value: Any, number_format: str = "", font: Font | None = None) -> WriteOnlyCell:
    """Return a boxed cell; nothing stands as an empty one."""
    made = boxed_cell(sheet, value, font)
    if number_format and isinstance(value, int | float):
        made.number_format = number_format
    return made


def amount_cell(sheet: Worksheet, measure: Measure, amount: float | None) -> WriteOnlyCell:
    """Return one number of a figure: a per cent as pages cut it, a count, or a length of time."""
    if amount is None:
        return cell(sheet, "—")
    shown = {
        Measure.SHARE: wording.tenths(amount) / 1000,
        Measure.SECONDS: round(amount) / _A_DAY,
    }.get(measure, amount)
    return cell(sheet, shown, _FORMATS[measure])


def value_cells(sheet: Worksheet, value: Value) -> list[WriteOnlyCell]:
    """Return the figure, what it was before, the change, numerator, denominator, norm and whether it is met."""
    if value.is_hidden:
        return [cell(sheet, text) for text in (_("hidden"), "", "", "", "", "", "")]
    measure = value.figure.measure
    met = {True: _("yes"), False: _("no"), None: ""}[value.meets_norm]
    return [
        amount_cell(sheet, measure, value.amount),
        amount_cell(sheet, measure, value.before),
        _change_cell(sheet, value),
        cell(sheet, value.numerator, COUNT),
        cell(sheet, value.denominator, COUNT),
        cell(sheet, value.norm / 100 if value.norm is not None else None, "0%"),
        cell(sheet, met),
    ]


def _change_cell(sheet: Worksheet, value: Value) -> WriteOnlyCell:
    """The difference of the two numbers that are shown, so that everybody can check it."""
    if value.amount is None or value.before is None:
        return cell(sheet, "—")
    measure = value.figure.measure
    if measure == Measure.SHARE:
        points = (wording.tenths(value.amount) - wording.tenths(value.before)) / 10
        return cell(sheet, points, _signed("0.0", pgettext("short: points of a per cent", "p.p.")))
    if measure == Measure.SECONDS:
        # Excel knows no negative times.
        return cell(sheet, round((value.amount - value.before) / 60, 1), _signed("0.0", pgettext("short", "min")))
    return cell(sheet, value.amount - value.before, _signed("#,##0", ""))


def _signed(number: str, unit: str) -> str:
    words = f'"\u00a0{unit}"' if unit else ""
    return f"+{number}{words};-{number}{words};{number}{words}"


def day_cell(sheet: Worksheet, day: date | datetime | None) -> WriteOnlyCell:
    """Return a date as a real one."""
    return boxed_cell(sheet, day, moments=DAY)
