"""What can be taken away: the workbook, the sheet for the founder, the report on the activity of staff (STAT-6)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.errors import require
from common.spreadsheets import xlsx_response
from orgs.actor import Actor
from orgs.pages import member_page
from orgs.permissions import can_see_people_of_statistics
from orgs.views.tools import page_of
from stats import wording
from stats.periods import Days
from stats.selectors.report import StaffRow, staff_report
from stats.selectors.staff_units import staff_units_of
from stats.sheets.report import maker_of, report_of, span_in_numbers
from stats.sheets.sheet import sheet_pdf
from stats.sheets.staff import staff_csv, staff_xlsx
from stats.sheets.workbook import workbook as workbook_xlsx
from stats.views.tools import Asked, asked_of, asked_unit, chooser


@never_cache
@require_safe
@member_page
def workbook(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All figures of a period, of the organization or of one unit, as a workbook."""
    asked = asked_of(request, actor)
    unit = asked_unit(request, actor)
    report = report_of(actor, asked.days, unit, without_doubtful=asked.without_doubtful)
    parts = [_("Statistics"), unit.name if unit else "", span_in_numbers(asked.days)]
    return xlsx_response(workbook_xlsx(report), file_name(*parts))


@never_cache
@require_safe
@member_page
def sheet(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The sheet for the founder, to be printed and signed."""
    asked = asked_of(request, actor)
    report = report_of(actor, asked.days, without_doubtful=asked.without_doubtful, with_things=False)
    name = file_name(_("Information about the use of the platform"), span_in_numbers(asked.days))
    return _file(sheet_pdf(report), "application/pdf", f"{name}.pdf", is_attachment=False)


@require_safe
@member_page
def report(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The staff by name with what each did in a period: no order of merit, and of staff only."""
    asked = _asked_about_people(request, actor)
    page = page_of(request, staff_report(actor.organization, asked.days))
    units = staff_units_of(actor.organization, [row.person.pk for row in page.object_list])
    context = {
        **chooser(asked, without_doubtful=False),
        # Doubtful messages stand beside the others here: there is nothing to switch.
        "doubtful_query": "",
        "page_obj": page,
        "rows": [_row(row, units.get(row.person.pk, "")) for row in page.object_list],
        "units_title": capfirst(str(actor.words["units"])),
    }
    return render(request, "stats/staff_report.html", context)


def _row(row: StaffRow, units: str) -> dict[str, object]:
    answered = wording.spell(row.answer_seconds) if row.answer_seconds is not None else ""
    return {"staff": row, "units": units, "messages": wording.number(row.messages), "answer_time": answered}


@never_cache
@require_safe
@member_page
def report_xlsx(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The same as a workbook, all of it."""
    asked = _asked_about_people(request, actor)
    rows, units = _all_rows(actor, asked.days)
    content = staff_xlsx(actor.organization, asked.days, rows, units, maker_of(actor))
    return xlsx_response(content, _report_name(asked.days))


@never_cache
@require_safe
@member_page
def report_csv(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The same as CSV, for programs that read nothing else."""
    asked = _asked_about_people(request, actor)
    content = staff_csv(*_all_rows(actor, asked.days))
    return _file(content, "text/csv; charset=utf-8", f"{_report_name(asked.days)}.csv")


def _asked_about_people(request: HttpRequest, actor: Actor) -> Asked:
    require(can_see_people_of_statistics(actor))
    return asked_of(request, actor)


def _all_rows(actor: Actor, days: Days) -> tuple[list[StaffRow], dict[int, str]]:
    rows = staff_report(actor.organization, days)
    return rows, staff_units_of(actor.organization, [row.person.pk for row in rows])


def _report_name(days: Days) -> str:
    return file_name(_("Report on the activity of staff"), span_in_numbers(days))


def file_name(*parts: str) -> str:
    """Return the parts as a name every system accepts."""
    title = " — ".join(part for part in parts if part)
    return "".join(char if char.isalnum() or char in " -—–№.,()«»" else "_" for char in title)


def _file(content: bytes, content_type: str, name: str, *, is_attachment: bool = True) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(is_attachment, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
