"""The journal as people read it (ORG-12)."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.errors import require
from orgs import permissions
from orgs.actor import Actor
from orgs.audit import Action, title_of
from orgs.forms.base import ids_of
from orgs.journal_sheet import journal_csv
from orgs.models import AcademicYear, Person
from orgs.pages import member_page
from orgs.selectors.journal import (
    MOST_COUNTED,
    JournalFilter,
    actions_of,
    counted,
    doers,
    filter_journal,
    journal_page,
    reachable,
)
from orgs.selectors.organizations import today_in
from orgs.selectors.people import people_visible_to
from orgs.selectors.units import current_year_of, units_visible_to
from orgs.views.tools import PAGE_SIZE, render_results

PLATFORM = "platform"
PERIODS = ("today", "week", "month", "year", "own")
# What is narrowed beside the search and the chips; when one is set, the place where it stands is open.
MORE = ("action", "unit", "by", "order", "period")


@member_page
def journal(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show who did what to whom, when, by which order; newest first, narrowed by whatever stands in the address."""
    require(permissions.can_see_journal(actor))
    wanted = filter_of(request, actor)
    events = filter_journal(actor, wanted)
    page = journal_page(events, PAGE_SIZE, **_key(request))
    count = counted(events)
    found = reachable(actor, page.events)
    context = {
        "page": page,
        "count": count,
        "more_than": f"{MOST_COUNTED:,}".replace(",", "\u00a0") if count > MOST_COUNTED else "",
        "people": found.people,
        "units_there": found.units,
        "is_filtered": wanted != JournalFilter(),
        "told": _told(request, actor, wanted),
        **_choices(request, actor, wanted),
    }
    return render_results(request, "orgs/journal.html", "orgs/fragments/journal.html", context)


@never_cache
@require_safe
@member_page
def journal_file(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The same lines as the page shows, all of them, as a file."""
    require(permissions.can_see_journal(actor))
    return journal_csv(actor, filter_journal(actor, filter_of(request, actor)))


def _key(request: HttpRequest) -> dict[str, int]:
    """Where the page lies: `?page=b120` is what comes before the line 120, `?page=a120` what came after it."""
    text = request.GET.get("page", "")
    ids = ids_of([text[1:]])
    side = {"b": "before", "a": "after"}.get(text[:1])
    return {side: ids[0]} if side and ids else {}


def filter_of(request: HttpRequest, actor: Actor) -> JournalFilter:
    """Return what the address asks for; nonsense narrows nothing."""
    get = request.GET
    person, unit, by = (next(iter(ids_of([get.get(name, "")])), None) for name in ("person", "unit", "by"))
    group, action = get.get("about", ""), get.get("action", "")
    since, until = _days(request, actor)
    return JournalFilter(
        text=get.get("q", "").strip(),
        group=group if actions_of(group) else "",
        action=action if action in Action.values else "",
        person_id=person,
        actor_id=by,
        by_platform=get.get("by") == PLATFORM,
        unit_id=unit,
        since=since,
        until=until,
        order=get.get("order", "").strip(),
    )


def _days(request: HttpRequest, actor: Actor) -> tuple[date | None, date | None]:
    """The first and the last day of the period; an empty end is open."""
    period, today = request.GET.get("period", ""), today_in(actor.organization)
    if period == "own":
        since, until = (_day(request.GET.get(name, "")) for name in ("since", "until"))
        return (until, since) if since and until and until < since else (since, until)
    if period == "year":
        year: AcademicYear = current_year_of(actor.organization)
        return year.starts_on, None
    back = {"today": 0, "week": 6, "month": 29}.get(period)
    return (today - timedelta(days=back), None) if back is not None else (None, None)


def _day(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day is not None and 1900 <= day.year <= 2200 else None


def _choices(request: HttpRequest, actor: Actor, wanted: JournalFilter) -> dict[str, Any]:
    """The filters with their values; one query for the units, one for the staff."""
    period = request.GET.get("period", "")
    period = period if period in PERIODS else ""
    actions = [action for action in Action if not wanted.group or action.value in actions_of(wanted.group)]
    return {
        "q": wanted.text,
        "chips": [{"value": value, "title": title, "is_active": value == wanted.group} for value, title in _groups()],
        "periods": [{"value": value, "title": title, "is_active": value == period} for value, title in _periods()],
        "period": period,
        "since": request.GET.get("since", ""),
        "until": request.GET.get("until", ""),
        "order": wanted.order,
        "actions": sorted(((action.value, capfirst(title_of(action))) for action in actions), key=lambda pair: pair[1]),
        "action": wanted.action,
        "units": list(units_visible_to(actor).select_related("academic_year").order_by("-academic_year__starts_on")),
        "unit_id": wanted.unit_id,
        "doers": list(doers(actor).only("last_name", "first_name", "patronymic")),
        "by": PLATFORM if wanted.by_platform else wanted.actor_id,
        "more_open": any(request.GET.get(name) for name in MORE),
    }


def _told(request: HttpRequest, actor: Actor, wanted: JournalFilter) -> list[dict[str, str]]:
    """The filters that come from other pages, as chips that are taken off one by one."""
    told = []
    if wanted.person_id is not None:
        person: Person | None = people_visible_to(actor).filter(pk=wanted.person_id).first()
        told.append({"name": "person", "title": person.full_name if person else _("a person who is no longer here")})
    if wanted.unit_id is not None and not units_visible_to(actor).filter(pk=wanted.unit_id).exists():
        told.append({"name": "unit", "title": _("a unit that is no longer here")})
    return told


def _groups() -> list[tuple[str, str]]:
    return [
        ("", _("All")),
        ("person", _("People")),
        ("movement", _("Movement")),
        ("unit", _("Structure")),
        ("roster", _("Import")),
        ("invitation", _("Invitations")),
        ("request", _("Requests")),
        ("consent", _("Consents")),
        ("help", pgettext("journal", "Help")),
        ("account", _("Accounts")),
        ("right", _("Rights")),
        ("handover", _("Administrators")),
        ("chat", _("Chats")),
        ("channel", _("Channels")),
        ("event", _("Events")),
        ("reading", _("Required reading")),
        ("document", _("Documents")),
        ("statistics", _("Statistics")),
        ("organization", _("Organization")),
    ]


def _periods() -> list[tuple[str, str]]:
    return [
        ("", _("All the time")),
        ("today", _("Today")),
        ("week", _("7 days")),
        ("month", _("30 days")),
        ("year", _("School year")),
        ("own", _("Own dates")),
    ]
