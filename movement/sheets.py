"""The registers as tables to be filed (ORG-5, ORG-11)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook

from common.spreadsheets import BOLD, TITLE, boxed_cell, bytes_of, text_cell
from movement.selectors.consents import NONE, Family
from movement.selectors.register import Line
from movement.selectors.wording import kind_name, state_name
from orgs.models import Organization
from orgs.vocabulary import Vocabulary

Column = tuple[str, int]


def movement_columns() -> list[Column]:
    """Return the columns of the register of movement with their widths."""
    return [
        ("№", 6),
        (_("Date"), 12),
        (pgettext("of a person", "Name"), 36),
        (_("What"), 18),
        (_("As whom"), 22),
        (_("Where from"), 18),
        (_("Where to"), 18),
        (_("Order"), 14),
        (_("Date of the order"), 14),
    ]


def movement_rows(lines: Iterable[Line], words: Vocabulary) -> list[list[Any]]:
    """Return the rows of the register of movement."""
    return [
        [
            number,
            line.day,
            line.person.full_name,
            kind_name(line.kind),
            str(words.part(line.part)),
            line.unit_from,
            line.unit_to,
            line.order_number,
            line.order_date or "",
        ]
        for number, line in enumerate(lines, start=1)
    ]


def consent_columns() -> list[Column]:
    """Return the columns of the register of consents with their widths."""
    return [
        ("№", 6),
        (_("Child"), 36),
        (_("Unit"), 18),
        (_("Parent"), 36),
        (_("Decision"), 18),
        (_("Signed on"), 14),
        (_("Document"), 18),
        (_("How to reach them"), 36),
        (_("Phone"), 18),
        (_("Holds for the family"), 20),
    ]


def consent_rows(families: Iterable[Family]) -> list[list[Any]]:
    """Return the rows of the register of consents, one a parent; a child without parents stands once."""
    rows: list[list[Any]] = []
    for family in families:
        entries = [(line.parent.full_name, line.consent, line.phone) for line in family.parents]
        if family.paper is not None or not entries:
            entries.append(("", family.paper, ""))
        for name, consent, phone in entries:
            units = ", ".join(unit.name for unit in family.units)
            rows.append(
                [
                    len(rows) + 1,
                    family.child.full_name,
                    units,
                    name,
                    state_name(consent.decision if consent else NONE),
                    consent.signed_on if consent else "",
                    consent.document_number if consent else "",
                    consent.channel if consent else "",
                    phone,
                    state_name(family.state),
                ]
            )
    return rows


def table_xlsx(
    organization: Organization, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]
) -> bytes:
    """Return a spreadsheet: the organization, `title`, a head, a row for each of `rows`. What people typed is text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:30])
    for place, (_name, width) in enumerate(columns):
        sheet.column_dimensions[chr(ord("A") + place)].width = width
    sheet.freeze_panes = "A4"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "3:3"
    sheet.append([text_cell(sheet, organization.name)])
    sheet.append([text_cell(sheet, title, TITLE)])
    sheet.append([boxed_cell(sheet, name, BOLD) for name, _width in columns])
    for row in rows:
        sheet.append([boxed_cell(sheet, value) for value in row])
    return bytes_of(book)


def table_csv(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return the same as CSV that spreadsheets open in Russian; what looks like a formula is marked as text."""
    made = StringIO()
    writer = csv.writer(made, delimiter=";", lineterminator="\r\n")
    writer.writerow([name for name, _width in columns])
    for row in rows:
        writer.writerow([_plain(value) for value in row])
    return made.getvalue().encode("utf-8-sig")


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return date_format(value, "d.m.Y")
    text = str(value)
    # A phone is no formula, but only an apostrophe makes every spreadsheet believe it.
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
