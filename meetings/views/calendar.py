"""The calendar: a month, a week, or a list of what comes and what has been (CHAN-6)."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from common.text import normalise
from meetings.models import Event, EventKind
from meetings.permissions import can_create_events, can_see_all_events
from meetings.selectors.events import events_between, is_over, past_events, upcoming_events
from meetings.views import days
from meetings.views.tools import chips_of, kind_options, one_of
from meetings.views.wording import (
    answer_badge,
    day_title,
    near_day,
    short_weekdays,
    state_badge,
    weekday_names,
)
from orgs.actor import Actor
from orgs.pages import member_page
from orgs.views.tools import page_of, render_results

VIEWS = ("month", "week", "list")
MOST_IN_A_DAY = 3
# What a line of the calendar does not show.
_UNSEEN = ("text", "html", "search_text", "result")


@member_page
def calendar(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show what the actor may see: `?view=` month, week or list, around the day `?date=`; nonsense means today."""
    view = one_of(request, "view", VIEWS, "month")
    context = {
        "view": view,
        "views": [("month", _("Month")), ("week", _("Week")), ("list", _("List"))],
        "mine": chips_of([("mine", _("Mine only"))], one_of(request, "who", ("mine",))),
        "kinds": chips_of(kind_options(), one_of(request, "kind", EventKind.values)),
        "is_filtered": any(request.GET.get(name) for name in ("who", "kind", "q")),
        "can_create": can_create_events(actor),
        "sees_results": can_see_all_events(actor),
        "today": timezone.localdate(),
    }
    show = {"month": _month, "week": _week, "list": _list}[view]
    return show(request, actor, context)


def _narrowed(request: HttpRequest, actor: Actor, events: QuerySet[Event]) -> QuerySet[Event]:
    """The events as the chips narrow them; mine is what I am invited to or organize myself."""
    events = events.defer(*_UNSEEN)
    if one_of(request, "who", ("mine",)):
        events = events.filter(Q(is_invited=True) | Q(organizer=actor.person.pk))
    if kind := one_of(request, "kind", EventKind.values):
        events = events.filter(kind=kind)
    return events


def line_of(event: Event, now: datetime) -> dict[str, Any]:
    """Return one event as a line of the calendar shows it."""
    starts, ends = timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)
    return {
        "event": event,
        "starts": f"{starts:%H:%M}",
        "ends": f"{ends:%H:%M}" if starts.date() == ends.date() else "",
        "until": "" if starts.date() == ends.date() else _("until %(time)s") % {"time": date_format(ends, "j E, H:i")},
        "state": state_badge(event, now),
        "answer": answer_badge(getattr(event, "answer", ""), is_broadcast=event.is_broadcast),
        "kind": capfirst(str(EventKind(event.kind).label)),
        "is_over": is_over(event, now),
    }


def _line_on(day: date, event: Event, now: datetime) -> dict[str, Any]:
    """A line on one of the days the event touches: after the first one it has no beginning."""
    line = line_of(event, now)
    if timezone.localtime(event.starts_at).date() != day:
        goes_on = days.last_day(event, timezone.get_current_timezone()) != day
        line["starts"] = "" if goes_on else _("until %(time)s") % {"time": f"{timezone.localtime(event.ends_at):%H:%M}"}
        line["ends"] = line["until"] = ""
    return line


def _day(day: date, events: list[Event], now: datetime, actor: Actor) -> dict[str, Any]:
    zone = actor.organization.zone
    return {
        "date": day,
        "lines": [_line_on(day, event, now) for event in events],
        "count": len(events),
        "name": day_title(day, zone),
        "near": near_day(day, zone),
        "is_today": day == timezone.localdate(),
    }


def _month(request: HttpRequest, actor: Actor, context: dict[str, Any]) -> HttpResponse:
    zone, now, today = actor.organization.zone, timezone.now(), context["today"]
    chosen = days.day_from(request.GET.get("date", ""), today)
    span = days.month_of(chosen)
    found = days.by_day(_narrowed(request, actor, events_between(actor, *span.bounds(zone))), span, zone)

    def cell(day: date) -> dict[str, Any]:
        events = found.get(day, [])
        # Of a full day one line less is shown, for «ещё 2» takes its place.
        most = MOST_IN_A_DAY if len(events) <= MOST_IN_A_DAY else MOST_IN_A_DAY - 1
        made = _day(day, events[:most], now, actor)
        left_out = len(events) - most
        own = {"is_other": day.month != chosen.month, "is_chosen": day == chosen, "left_out": max(0, left_out)}
        return {**made, **own, "count": len(events)}

    context |= {
        "title": capfirst(date_format(chosen, "F Y")),
        "span": span,
        "weeks": [[cell(day) for day in week] for week in span.weeks()],
        "weekdays": list(zip(short_weekdays(), weekday_names(), strict=True)),
        "chosen": _day(chosen, found.get(chosen, []), now, actor),
        "is_now": (chosen.year, chosen.month) == (today.year, today.month) and chosen == today,
    }
    return render_results(request, "events/calendar.html", "events/_month.html", context)


def _week(request: HttpRequest, actor: Actor, context: dict[str, Any]) -> HttpResponse:
    zone, now = actor.organization.zone, timezone.now()
    chosen = days.day_from(request.GET.get("date", ""), context["today"])
    span = days.week_of(chosen)
    found = days.by_day(_narrowed(request, actor, events_between(actor, *span.bounds(zone))), span, zone)
    context |= {
        "title": _week_title(span),
        "span": span,
        "days": [_day(day, found.get(day, []), now, actor) for day in span.days()],
        "weekdays": short_weekdays(),
        "is_now": context["today"] in span.days(),
        "is_empty": not found,
    }
    return render_results(request, "events/calendar.html", "events/_week.html", context)


def _week_title(span: days.Span) -> str:
    """«16–22 ноября 2026», «30 ноября – 6 декабря 2026»."""
    last = date_format(span.last, "j E Y")
    if span.first.month == span.last.month:
        return f"{span.first.day}–{last}"
    first = date_format(span.first, "j E" if span.first.year == span.last.year else "j E Y")
    return f"{first} – {last}"


def _list(request: HttpRequest, actor: Actor, context: dict[str, Any]) -> HttpResponse:
    is_past = bool(one_of(request, "time", ("past",)))
    events = _narrowed(request, actor, past_events(actor) if is_past else upcoming_events(actor))
    text = request.GET.get("q", "")
    for word in normalise(text).split():
        events = events.filter(search_text__contains=word)
    page = page_of(request, events)
    context |= {
        "title": _("Past events") if is_past else _("Coming events"),
        "times": chips_of([("", _("Coming")), ("past", _("Past"))], "past" if is_past else ""),
        "is_past": is_past,
        "page_obj": page,
        "groups": _groups(actor, page.object_list),
        "q": text,
    }
    return render_results(request, "events/calendar.html", "events/_list.html", context)


def _groups(actor: Actor, events: Any) -> list[dict[str, Any]]:
    """The events under the headings of their first days, in the given order."""
    zone, now = actor.organization.zone, timezone.now()
    groups: list[dict[str, Any]] = []
    for event in events:
        day = timezone.localtime(event.starts_at).date()
        if not groups or groups[-1]["date"] != day:
            groups.append({"date": day, "name": day_title(day, zone), "lines": []})
        groups[-1]["lines"].append(line_of(event, now))
    return groups
