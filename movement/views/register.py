"""The register of movement: who came, moved, left, came back; how many by unit; the file of it (ORG-5)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.errors import require
from common.spreadsheets import xlsx_response
from common.text import clean
from movement.permissions import can_manage_people, can_report_movement
from movement.selectors.notices import count_waiting
from movement.selectors.register import (
    KINDS,
    STAFF,
    STUDENTS,
    RegisterFilter,
    filled,
    lines_of,
    totals_of,
)
from movement.selectors.wording import kind_name
from movement.sheets import movement_columns, movement_rows, table_csv, table_xlsx
from orgs.actor import Actor
from orgs.forms.base import ids_of
from orgs.models import AcademicYear
from orgs.pages import member_page
from orgs.selectors.organizations import today_in
from orgs.selectors.units import units_visible_to
from orgs.views.tools import page_of, render_results

MOST_EXPORTED = 20_000
PERIODS = ("month", "quarter", "year", "all")


@require_safe
@member_page
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the movement of a period, fifty a page, and how many came and left in each unit."""
    require(can_report_movement(actor))
    wanted, period = _filter_of(request, actor)
    page = page_of(request, lines_of(actor, wanted))
    totals = totals_of(actor, wanted)
    context = {
        "page_obj": page,
        "lines": [(line, kind_name(line.kind, wanted.who)) for line in filled(actor, page.object_list)],
        "totals": totals,
        "came": sum(total.came for total in totals),
        "left": sum(total.left for total in totals),
        "wanted": wanted,
        "period": period,
        "q": wanted.text,
        "filters": _filters(actor, wanted, period),
        "units": units_visible_to(actor).active().teaching() if wanted.who == STUDENTS else [],
        "more_open": bool(request.GET.get("unit") or request.GET.get("order") or period == ""),
        "is_filtered": any(request.GET.get(name) for name in ("q", "kind", "unit", "order", "since", "until")),
        "can_move": can_manage_people(actor),
        "waiting": count_waiting(actor),
    }
    return render_results(request, "movement/home.html", "movement/_lines.html", context)


def _filter_of(request: HttpRequest, actor: Actor) -> tuple[RegisterFilter, str]:
    get = request.GET
    typed = (_day(get.get("since")), _day(get.get("until")))
    period = get.get("period", "month") if get.get("period", "month") in PERIODS else "month"
    since, until = typed if any(typed) else _days_of(actor, period)
    units = ids_of([get.get("unit", "")])
    wanted = RegisterFilter(
        who=STAFF if get.get("who") == STAFF else STUDENTS,
        text=get.get("q", ""),
        kind=get.get("kind", "") if get.get("kind") in KINDS else "",
        unit_id=units[0] if units else None,
        since=since,
        until=until,
        order=clean(get.get("order", ""))[:40],
    )
    return wanted, "" if any(typed) else period


def _days_of(actor: Actor, period: str) -> tuple[date | None, date | None]:
    """The days of a period up to today and beyond: an order may be of tomorrow."""
    today = today_in(actor.organization)
    if period == "all":
        return None, None
    if period == "year":
        year = AcademicYear.objects.filter(organization=actor.organization, is_current=True).first()
        return (year.starts_on if year is not None else today - timedelta(days=365)), None
    return today - timedelta(days=30 if period == "month" else 91), None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _filters(actor: Actor, wanted: RegisterFilter, period: str) -> list[dict[str, Any]]:
    who = [(STUDENTS, capfirst(str(actor.words["students"]))), (STAFF, _("Staff"))]
    periods = [
        ("month", _("30 days")),
        ("quarter", _("3 months")),
        ("year", _("This school year")),
        ("all", _("All the time")),
    ]
    kinds = [(kind, capfirst(kind_name(kind, wanted.who))) for kind in KINDS]
    return [
        _chips("who", _("Who"), who, wanted.who),
        _chips("period", _("Period"), periods, period),
        _chips("kind", _("What"), kinds, wanted.kind),
    ]


def _chips(name: str, label: str, options: list[tuple[str, str]], chosen: str) -> dict[str, Any]:
    chips = [{"value": value, "title": title, "is_active": value == chosen} for value, title in options]
    return {"name": name, "label": label, "chips": chips}


@require_safe
@member_page
def export(request: HttpRequest, actor: Actor, ending: str) -> HttpResponse:
    """The register as a table, narrowed as the page was: a spreadsheet, or CSV for other programs."""
    require(can_report_movement(actor))
    wanted, _period = _filter_of(request, actor)
    lines = filled(actor, lines_of(actor, wanted)[:MOST_EXPORTED])
    return table_response(
        actor, _("Register of movement"), movement_columns(), movement_rows(lines, actor.words), ending
    )


def table_response(
    actor: Actor, title: str, columns: list[tuple[str, int]], rows: list[list[Any]], ending: str
) -> HttpResponse:
    """Answer with a table to be kept, as the address ends: `xlsx` or `csv`; anything else is 404."""
    if ending not in ("xlsx", "csv"):
        raise Http404
    if ending == "xlsx":
        return xlsx_response(table_xlsx(actor.organization, title, columns, rows), title)
    response = HttpResponse(table_csv(columns, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{title}.csv") or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
