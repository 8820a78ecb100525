"""What pages say about events in words: when, how often, how many places."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from meetings.models import Answer, BroadcastState, Event, Registration
from meetings.selectors.events import is_over
from meetings.words import when

_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def spoken_when(event: Event, zone: tzinfo) -> str:
    """Return when the event is as people say it: «Завтра, вторник, 24 ноября, 18:00–19:30»."""
    words = when(event, zone)
    near = near_day(event.starts_at.astimezone(zone).date(), zone)
    return f"{near}, {words[:1].lower()}{words[1:]}" if near else words


def when_parts(event: Event, zone: tzinfo) -> dict[str, str]:
    """Return the same in two parts, the last of which is not torn apart: the day, and the time."""
    day, _comma, clock = spoken_when(event, zone).rpartition(", ")
    return {"day": day, "time": clock}


def near_day(day: date, zone: tzinfo) -> str:
    """Return «Вчера», «Сегодня» or «Завтра», "" for any other day."""
    names = {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}
    return names.get((day - timezone.localdate(timezone=zone)).days, "")


def day_title(day: date, zone: tzinfo) -> str:
    """Return the heading of a day: «Сегодня, суббота, 21 ноября»."""
    weekday = date_format(day, "l")
    near = near_day(day, zone)
    date_words = date_format(day, "j E" if day.year == timezone.localdate(timezone=zone).year else "j E Y")
    return f"{near}, {weekday.lower()}, {date_words}" if near else f"{capfirst(weekday)}, {date_words}"


def state_badge(event: Event, now: datetime | None = None) -> dict[str, str] | None:
    """Return where the event stands, for `components/state_badge.html`; None for what simply comes."""
    if event.cancelled_at is not None:
        return {"text": pgettext("event", "cancelled"), "tone": "bad", "icon_name": "ban"}
    if event.is_broadcast and event.state != BroadcastState.PLANNED:
        if event.state == BroadcastState.ON_AIR:
            return {"text": pgettext("broadcast", "on air"), "tone": "warn", "icon_name": "broadcast"}
        return {"text": pgettext("broadcast", "over"), "tone": "", "icon_name": "check"}
    moment = now or timezone.now()
    if is_over(event, moment):
        return {"text": pgettext("event", "over"), "tone": "", "icon_name": "check"}
    if event.is_broadcast:
        return {"text": pgettext("broadcast", "planned"), "tone": "info", "icon_name": "clock"}
    if event.starts_at <= moment:
        return {"text": pgettext("event", "goes on"), "tone": "good", "icon_name": "clock"}
    return None


def answer_badge(answer: str, *, is_broadcast: bool = False) -> dict[str, str] | None:
    """Return what the reader answered, for `components/state_badge.html`."""
    yes = _("I watch") if is_broadcast else _("I come")
    no = _("I do not watch") if is_broadcast else _("I do not come")
    return {
        str(Answer.YES): {"text": yes, "tone": "good", "icon_name": "check"},
        str(Answer.NO): {"text": no, "tone": "", "icon_name": "x"},
        str(Answer.WAITING): {"text": _("on the waiting list"), "tone": "warn", "icon_name": "hourglass"},
    }.get(answer)


def places_words(event: Event) -> str:
    """Return how many places are left: «Осталось 3 места из 20»; "" where they are not counted."""
    if event.registration != Registration.PLACES or event.places is None:
        return ""
    left = max(0, event.places - event.going_count)
    if not left:
        return ngettext("The only place is taken.", "All %(all)s places are taken.", event.places) % {
            "all": event.places
        }
    text = ngettext("%(left)s place of %(all)s is left.", "%(left)s places of %(all)s are left.", left)
    return text % {"left": left, "all": event.places}


@dataclass(frozen=True)
class Rule:
    """A rule of a series, taken apart."""

    freq: str
    interval: int
    weekdays: tuple[int, ...]

    @classmethod
    def of(cls, rrule: str) -> "Rule":
        parts = dict(part.split("=", 1) for part in rrule.split(";") if "=" in part)
        days = [_CODES.index(code) for code in parts.get("BYDAY", "").split(",") if code in _CODES]
        return cls(parts.get("FREQ", "").lower(), int(parts.get("INTERVAL", "1")), tuple(days))


def rule_words(rule: Rule, first: date) -> str:
    """Return how often: «каждый понедельник», «раз в 2 недели: вторник, четверг», «каждый месяц, 15-го числа».

    `first` is the day of the first time, which decides where the rule names none."""
    count = {"count": rule.interval}
    if rule.freq == "daily":
        return _("every day") if rule.interval == 1 else _every_days(rule.interval)
    if rule.freq == "monthly":
        often = ngettext("every %(count)s month", "every %(count)s months", rule.interval) % count
        if rule.interval == 1:
            often = _("every month")
        return _("%(often)s, on day %(day)s") % {"often": often, "day": first.day}
    days = rule.weekdays or (first.weekday(),)
    if len(days) == 7 and rule.interval == 1:
        return _("every day")
    if rule.interval == 1:
        return _and([_every_weekday()[day] for day in days])
    often = ngettext("every %(count)s week", "every %(count)s weeks", rule.interval) % count
    return f"{often}: {', '.join(weekday_names()[day] for day in days)}"


def _every_days(interval: int) -> str:
    return ngettext("every %(count)s day", "every %(count)s days", interval) % {"count": interval}


def _and(words: Sequence[str]) -> str:
    if len(words) == 1:
        return words[0]
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def _every_weekday() -> list[str]:
    return [
        _("every Monday"),
        _("every Tuesday"),
        _("every Wednesday"),
        _("every Thursday"),
        _("every Friday"),
        _("every Saturday"),
        _("every Sunday"),
    ]


def weekday_names() -> list[str]:
    """Return «понедельник», «вторник» …"""
    monday = date(2024, 1, 1)
    return [date_format(monday.replace(day=1 + number), "l").lower() for number in range(7)]


def short_weekdays() -> list[str]:
    """Return «Пн», «Вт» …"""
    monday = date(2024, 1, 1)
    return [capfirst(date_format(monday.replace(day=1 + number), "D").lower()) for number in range(7)]


def series_words(event: Event, last: datetime | None, zone: tzinfo) -> str:
    """Return how the event recurs and until when: «каждый понедельник до 25 мая»; "" for one alone."""
    if event.series is None:
        return ""
    often = rule_words(Rule.of(event.series.rrule), event.series.starts_at.astimezone(zone).date())
    if last is None:
        return often
    day = last.astimezone(zone).date()
    until = date_format(day, "j E" if day.year == timezone.localdate(timezone=zone).year else "j E Y")
    return _("%(often)s until %(day)s") % {"often": often, "day": until}


def dates_in_words(times: Sequence[datetime], zone: tzinfo, most: int = 12) -> dict[str, Any]:
    """Return what the preview of a series shows: the first dates in words, how many are left out, and the last one."""
    days = [moment.astimezone(zone) for moment in times]
    shown = days if len(days) <= most else days[: most - 1]
    return {
        "count": len(days),
        "shown": [_date_and_weekday(day) for day in shown],
        "left_out": len(days) - len(shown) - 1 if len(days) > len(shown) else 0,
        "last": _date_and_weekday(days[-1]) if len(days) > len(shown) else "",
    }


def _date_and_weekday(moment: datetime) -> str:
    day = date_format(moment.date(), "j E" if moment.year == timezone.localdate().year else "j E Y")
    return f"{day}, {date_format(moment.date(), 'l').lower()}"
