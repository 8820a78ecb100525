"""Spreadsheets of events: who comes and came, and what came of events (CHAN-5)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from common.spreadsheets import BOLD, boxed_cell, bytes_of, text_cell
from meetings.models import Answer, Event, EventKind
from meetings.selectors.people import AttendanceRow
from meetings.selectors.summaries import Summary
from orgs.models import Organization


def participants_xlsx(
    organization: Organization, event: Event, when: str, rows: Sequence[AttendanceRow], waiting: Sequence[int]
) -> bytes:
    """Return everybody of the event with the answer and whether they were there; `waiting` are people's ids in the
    order of the queue. Whatever people typed is written as text: a name that begins with «=» stays a name."""
    queue = {person_id: number for number, person_id in enumerate(waiting, start=1)}
    columns = [("№", 6), (_("Name of a person"), 44), (_("Answer"), 28), (_("Was there"), 14)]
    table = [
        [number, row.person.full_name, _answer(row, queue), _attended(row.attended)]
        for number, row in enumerate(rows, start=1)
    ]
    return _book(_("Participants"), [organization.name, event.title, when], columns, table)


def _answer(row: AttendanceRow, queue: Mapping[int, int]) -> str:
    if row.answer == Answer.WAITING:
        return _("on the waiting list, number %(number)s") % {"number": queue.get(row.person.pk, "")}
    names = {str(Answer.YES): _("comes"), str(Answer.NO): _("does not come")}
    return names.get(row.answer, _("has not answered"))


def _attended(attended: bool | None) -> str:
    return {True: _("yes"), False: _("no")}.get(attended, "") if attended is not None else ""


def results_xlsx(organization: Organization, events: Sequence[Event], figures: Mapping[int, Summary]) -> bytes:
    """Return past events with their figures, in the given order; times by the active zone."""
    columns = [
        (_("When"), 18),
        (_("Kind"), 24),
        (_("Event"), 50),
        (_("Organizer"), 36),
        (_("Invited"), 13),
        (_("Said they come"), 13),
        (_("Came"), 13),
        (_("Absent"), 13),
        (_("Opened the broadcast"), 16),
        (_("Minutes on average"), 16),
        (_("What came of it"), 60),
    ]
    table = [_result(event, figures[event.pk]) for event in events]
    today = _("As of %(day)s") % {"day": date_format(timezone.localdate(), "d.m.Y")}
    return _book(_("Results"), [organization.name, _("Results of events"), today], columns, table)


def _result(event: Event, figures: Summary) -> list[Any]:
    was_noted = bool(figures.came or figures.absent)
    return [
        f"{timezone.localtime(event.starts_at):%d.%m.%Y %H:%M}",
        capfirst(str(EventKind(event.kind).label)),
        event.title,
        event.organizer.full_name if event.organizer is not None else "",
        figures.invited,
        figures.going,
        figures.came if was_noted else "",
        figures.absent if was_noted else "",
        figures.opened if event.is_broadcast else "",
        figures.minutes if event.is_broadcast else "",
        event.result,
    ]


def _book(name: str, heading: Sequence[str], columns: Sequence[tuple[str, int]], table: Sequence[list[Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name)
    for place, (_name, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = f"A{len(heading) + 2}"
    for line in heading:
        sheet.append([text_cell(sheet, line, BOLD)])
    sheet.append([boxed_cell(sheet, title, BOLD) for title, _width in columns])
    for values in table:
        sheet.append([boxed_cell(sheet, value) for value in values])
    return bytes_of(book)
