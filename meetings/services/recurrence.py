"""Rules by which events recur (RFC 5545): made and expanded by `dateutil`, by the clock on the wall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, rrule, rrulestr
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from common.errors import DomainError

MOST_OCCURRENCES = 200
LONGEST_SERIES = timedelta(days=366)
MOST_INTERVAL = 52
_WEEKDAYS = (MO, TU, WE, TH, FR, SA, SU)


class Frequency(models.TextChoices):
    """How often."""

    DAILY = "daily", _lazy("every day")
    WEEKLY = "weekly", _lazy("every week")
    MONTHLY = "monthly", _lazy("every month")


_STEPS = {Frequency.DAILY: DAILY, Frequency.WEEKLY: WEEKLY, Frequency.MONTHLY: MONTHLY}


@dataclass(frozen=True, kw_only=True)
class Recurrence:
    """How an event recurs: every `interval` days, weeks (on `weekdays`, 0 is Monday; none: that of the first time) or
    months (on the day of the first time); until a day inclusive, or `count` times."""

    freq: str
    interval: int = 1
    weekdays: Sequence[int] = ()
    until: date | None = None
    count: int | None = None


def occurrences(recurrence: Recurrence, starts_at: datetime, zone: ZoneInfo) -> tuple[list[datetime], str]:
    """Return the times of a series and its rule as calendars are told (`FREQ=…;COUNT=…`, counted from the first time).

    The first time is `starts_at`, or the first weekday after it that is asked for. Raises `DomainError` (400):
    `series_freq_unknown`, `series_interval_out_of_range`, `series_weekday_unknown`, `series_weekdays_unexpected`,
    `series_end_required`, `series_count_out_of_range`, `series_too_many`, `series_too_long`, `series_too_short`.
    """
    _check(recurrence)
    first = starts_at.astimezone(zone).replace(tzinfo=None)
    found: list[datetime] = []
    for moment in _rule(recurrence, first):
        if found and moment - found[0] > LONGEST_SERIES:
            message = _("Events recur for a year at most.")
            raise _refused("series_too_long", "until" if recurrence.count is None else "count", message)
        found.append(moment)
        if len(found) > MOST_OCCURRENCES:
            message = _("At most %(most)s times.") % {"most": MOST_OCCURRENCES}
            raise _refused("series_too_many", "until", message)
    if len(found) < 2:
        raise _refused("series_too_short", "until", _("By this rule it happens only once. Choose a later last day."))
    return [moment.replace(tzinfo=zone) for moment in found], _text(recurrence, len(found))


def _check(recurrence: Recurrence) -> None:
    if recurrence.freq not in Frequency.values:
        raise _refused("series_freq_unknown", "freq", _("Choose how often it happens."))
    if not 1 <= recurrence.interval <= MOST_INTERVAL:
        message = _("From 1 to %(most)s.") % {"most": MOST_INTERVAL}
        raise _refused("series_interval_out_of_range", "interval", message)
    if any(day not in range(7) for day in recurrence.weekdays):
        raise _refused("series_weekday_unknown", "weekdays", _("There is no such day of the week."))
    if recurrence.weekdays and recurrence.freq != Frequency.WEEKLY:
        message = _("Days of the week are chosen for what happens every week.")
        raise _refused("series_weekdays_unexpected", "weekdays", message)
    if (recurrence.until is None) == (recurrence.count is None):
        raise _refused("series_end_required", "until", _("Say either the last day or how many times."))
    if recurrence.count is not None and not 2 <= recurrence.count <= MOST_OCCURRENCES:
        message = _("From 2 to %(most)s times.") % {"most": MOST_OCCURRENCES}
        raise _refused("series_count_out_of_range", "count", message)


def _rule(recurrence: Recurrence, first: datetime) -> rrule:
    return rrule(
        _STEPS[Frequency(recurrence.freq)],
        dtstart=first,
        interval=recurrence.interval,
        byweekday=[_WEEKDAYS[day] for day in sorted(set(recurrence.weekdays))] or None,
        until=datetime.combine(recurrence.until, time.max) if recurrence.until is not None else None,
        count=recurrence.count,
    )


def _text(recurrence: Recurrence, count: int) -> str:
    parts = [f"FREQ={recurrence.freq.upper()}"]
    if recurrence.interval > 1:
        parts.append(f"INTERVAL={recurrence.interval}")
    if recurrence.weekdays:
        parts.append("BYDAY=" + ",".join(str(_WEEKDAYS[day]) for day in sorted(set(recurrence.weekdays))))
    # The number, also where a last day was chosen: it means the same in every zone.
    return ";".join([*parts, f"COUNT={count}"])


def expand(rule: str, starts_at: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return the times that a series' rule gives, in `zone`, as a calendar on a phone would."""
    first = starts_at.astimezone(zone).replace(tzinfo=None)
    return [moment.replace(tzinfo=zone) for moment in rrulestr(rule, dtstart=first)]


def _refused(code: str, field: str, message: str) -> DomainError:
    return DomainError(code, message, fields={field: message}, status=400)
