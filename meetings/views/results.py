"""What came of past events, for the head: invited, coming, came, opened, for how long (CHAN-5)."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from common.errors import require
from common.spreadsheets import xlsx_response
from meetings.models import Event, EventKind
from meetings.permissions import can_see_all_events
from meetings.selectors.events import past_events
from meetings.selectors.summaries import summary_of
from meetings.sheets import results_xlsx
from meetings.views.tools import chips_of, kind_options, one_of
from meetings.views.wording import spoken_when, state_badge
from orgs.actor import Actor
from orgs.pages import member_page
from orgs.views.tools import page_of, render_results

# The spreadsheet of more would take longer than a page may.
MOST_EXPORTED = 2000
PERIODS = ("week", "month", "year")


@member_page
def results(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show past events with their figures: period, kind, fifty a page."""
    require(can_see_all_events(actor))
    page = page_of(request, _found(request, actor))
    events = list(page.object_list)
    figures = summary_of(events)
    context = {
        "page_obj": page,
        "rows": [_row(event, figures[event.pk], actor) for event in events],
        "periods": chips_of(_periods(), one_of(request, "period", PERIODS)),
        "kinds": chips_of(kind_options(), one_of(request, "kind", EventKind.values)),
        "is_filtered": bool(one_of(request, "period", PERIODS) or one_of(request, "kind", EventKind.values)),
    }
    return render_results(request, "events/results.html", "events/_results.html", context)


def _found(request: HttpRequest, actor: Actor) -> QuerySet[Event]:
    events = past_events(actor).filter(cancelled_at=None).defer("text", "html", "search_text")
    since = _since(one_of(request, "period", PERIODS), actor)
    if since is not None:
        events = events.filter(starts_at__gte=since)
    if kind := one_of(request, "kind", EventKind.values):
        events = events.filter(kind=kind)
    return events


def _periods() -> list[tuple[str, str]]:
    return [
        ("", _("All the time")),
        ("week", _("7 days")),
        ("month", _("30 days")),
        ("year", _("Since 1 September")),
    ]


def _since(period: str, actor: Actor) -> datetime | None:
    """The beginning of the period by the organization's clock."""
    today = timezone.localdate(timezone=actor.organization.zone)
    september = today.replace(month=9, day=1)
    first = {
        "week": today - timedelta(days=7),
        "month": today - timedelta(days=30),
        "year": september if september <= today else september.replace(year=today.year - 1),
    }.get(period)
    return datetime.combine(first, time.min, actor.organization.zone) if first is not None else None


def _row(event: Event, figures: Any, actor: Actor) -> dict[str, Any]:
    return {
        "event": event,
        "figures": figures,
        "kind": capfirst(str(EventKind(event.kind).label)),
        "when": spoken_when(event, actor.organization.zone),
        "state": state_badge(event) if event.is_broadcast else None,
        "was_noted": bool(figures.came or figures.absent),
    }


@member_page
def results_export(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The same as a spreadsheet, narrowed as the page was."""
    require(can_see_all_events(actor))
    events = list(_found(request, actor)[:MOST_EXPORTED])
    content = results_xlsx(actor.organization, events, summary_of(events))
    return xlsx_response(content, _("Results of events"))
