"""The days of the calendar: which are shown, where the arrows lead, and what happens on each."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from meetings.models import Event

# Beyond these nobody plans, and computing with days cannot run over the calendar's ends.
FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Span:
    """The days that a page shows, from `first` to `last` inclusive, and the days to which the arrows lead."""

    first: date
    last: date
    previous: date | None
    following: date | None

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return the first moment and the one after the last, by the clock of `zone`."""
        return datetime.combine(self.first, time.min, zone), datetime.combine(self.last + DAY, time.min, zone)

    def days(self) -> list[date]:
        """Return all days."""
        return [self.first + DAY * number for number in range((self.last - self.first).days + 1)]

    def weeks(self) -> list[list[date]]:
        """Return the days by seven."""
        days = self.days()
        return [days[start : start + 7] for start in range(0, len(days), 7)]


def day_from(text: str, today: date) -> date:
    """Return the day that an address names, `today` for nonsense and for what nobody plans."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if FIRST <= day <= LAST else today


def month_of(day: date) -> Span:
    """Return the whole weeks around the month of `day`; the arrows lead to the first days of its neighbours."""
    first = day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    before = (first - DAY).replace(day=1)
    return Span(_monday(first), _monday(after - DAY) + DAY * 6, _within(before), _within(after))


def week_of(day: date) -> Span:
    """Return the week of `day`, Monday to Sunday."""
    monday = _monday(day)
    return Span(monday, monday + DAY * 6, _within(day - WEEK), _within(day + WEEK))


def _monday(day: date) -> date:
    return day - DAY * day.weekday()


def _within(day: date) -> date | None:
    return day if FIRST <= day <= LAST else None


def by_day(events: Iterable[Event], span: Span, zone: ZoneInfo) -> dict[date, list[Event]]:
    """Return the events of each day of `span`, in the given order; what lasts several days stands on each of them."""
    found: dict[date, list[Event]] = defaultdict(list)
    for event in events:
        # What ends at midnight does not touch the next day.
        last = min(last_day(event, zone), span.last)
        day = max(event.starts_at.astimezone(zone).date(), span.first)
        while day <= last:
            found[day].append(event)
            day += DAY
    return found


def last_day(event: Event, zone: ZoneInfo) -> date:
    """Return the day on which the event ends by the clock of `zone`."""
    return (event.ends_at - timedelta(microseconds=1)).astimezone(zone).date()
