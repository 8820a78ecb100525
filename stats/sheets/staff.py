"""The indicator «Отчёт активности педагогов» as CSV and XLSX, in the usual columns."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from common.spreadsheets import BOLD, TITLE, bytes_of, text_cell
from orgs.models import Organization
from stats.periods import Days
from stats.selectors.report import StaffRow
from stats.sheets.cells import COUNT, DURATION, cell, day_cell
from stats.sheets.report import span_in_numbers

# What spreadsheets take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_BOM = "\ufeff"
_WIDTHS = (6, 38, 26, 26, 16, 12, 12, 12, 12, 14, 14, 16, 18, 18)

Units = Mapping[int, str]


def columns() -> list[str]:
    """Return the heads of the columns."""
    return [
        "№",
        pgettext("of a person", "Full name"),
        _("Position"),
        _("Units of the person"),
        _("On the platform"),
        _("Days of activity"),
        _("Messages"),
        _("of them doubtful"),
        _("Posts"),
        _("Files"),
        _("Confirmations"),
        _("Invitations"),
        _("Median answer time to parents"),
        _("Last seen"),
    ]


def _values(number: int, row: StaffRow, units: Units) -> list[Any]:
    return [
        number,
        row.person.full_name,
        row.person.position,
        units.get(row.person.pk, ""),
        _("yes") if row.has_joined else _("no"),
        row.days_active,
        row.messages,
        row.doubtful_messages,
        row.posts,
        row.files,
        row.confirmations,
        row.invitations,
        row.answer_seconds,
        row.last_seen,
    ]


def staff_csv(rows: Sequence[StaffRow], units: Units) -> bytes:
    """Return the table as Excel opens it by a double click: UTF-8 with a mark, «;», days as 21.11.2026, minutes.

    `units` are the names of each person's units. What people typed never begins as a formula.
    """
    made = StringIO()
    with translation.override(settings.LANGUAGE_CODE):
        writer = csv.writer(made, delimiter=";", lineterminator="\r\n")
        heads = columns()
        heads[12] = _("Median answer time to parents, minutes")
        writer.writerow(heads)
        for number, row in enumerate(rows, start=1):
            *values, seconds, seen = _values(number, row, units)
            minutes = "" if seconds is None else round(seconds / 60)
            writer.writerow([_harmless(value) for value in [*values, minutes, f"{seen:%d.%m.%Y}" if seen else ""]])
    return (_BOM + made.getvalue()).encode()


def _harmless(value: Any) -> Any:
    """Text that begins like a formula gets an apostrophe in front: then it is shown, and not worked out."""
    if not isinstance(value, str):
        return value
    text = value.replace("\x00", "")
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) or text[:1] in _FORMULA else text


def staff_xlsx(organization: Organization, days: Days, rows: Sequence[StaffRow], units: Units, maker: str) -> bytes:
    """Return the table as a workbook: numbers are numbers, times are times, days are days."""
    with timezone.override(organization.zone), translation.override(settings.LANGUAGE_CODE):
        book = Workbook(write_only=True)
        sheet = book.create_sheet(_("Activity of staff"))
        for place, width in enumerate(_WIDTHS, start=1):
            sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.freeze_panes = "C7"
        sheet.print_title_rows = "6:6"
        sheet.append([text_cell(sheet, _("Report on the activity of staff"), TITLE)])
        sheet.append([text_cell(sheet, organization.name)])
        sheet.append([text_cell(sheet, f"{_('Period')}: {span_in_numbers(days)}")])
        sheet.append([text_cell(sheet, f"{_('Made by')}: {maker}, {timezone.localtime():%d.%m.%Y %H:%M}")])
        sheet.append([])
        sheet.append([cell(sheet, name, font=BOLD) for name in columns()])
        for number, row in enumerate(rows, start=1):
            *values, seconds, seen = _values(number, row, units)
            time = None if seconds is None else round(seconds) / 86400
            last = [cell(sheet, time, DURATION), day_cell(sheet, seen)]
            sheet.append([*(cell(sheet, value, COUNT) for value in values), *last])
    return bytes_of(book)
