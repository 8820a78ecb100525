"""The periods figures are asked for: days of the organization's own calendar, both ends included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

WEEK = timedelta(days=7)


class PeriodKind(StrEnum):
    """What can be chosen; `CUSTOM` has any two ends."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    CUSTOM = "custom"


@dataclass(frozen=True)
class Days:
    """From `first` to `last`, both included."""

    kind: PeriodKind
    first: date
    last: date

    @property
    def length(self) -> int:
        """Return how many days it has."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Days:
        """Return the period before it: the calendar's, or as many days for a chosen one."""
        return days_of(self.kind, self.first - timedelta(days=1), self.length)

    @property
    def after(self) -> Days:
        """Return the period after it."""
        step = self.length if self.kind == PeriodKind.CUSTOM else 1
        return days_of(self.kind, self.last + timedelta(days=step), self.length)

    def up_to(self, day: date) -> Days:
        """Return it cut off after `day`: of a period that has not ended only its past is counted.

        A period that begins later keeps its first day.
        """
        return Days(self.kind, self.first, max(self.first, min(self.last, day)))


def compared(days: Days, today: date) -> tuple[Days, Days]:
    """Return what is counted of `days` up to `today`, and what it is compared with.

    A period that has not ended is compared with as many days of the period before, so that a Wednesday's week is not
    laid beside a whole one; of a shorter month before, with all of it.
    """
    now, before = days.up_to(today), days.before
    if now.length == days.length:
        return now, before
    return now, before.up_to(before.first + timedelta(days=now.length - 1))


def days_of(kind: PeriodKind, day: date, length: int = 1) -> Days:
    """Return the period of `kind` that holds `day`; of a custom one the `length` days that end with it.

    Weeks begin on Monday; the school year on 1 September.
    """
    if kind == PeriodKind.WEEK:
        first = monday_of(day)
        return Days(kind, first, first + WEEK - timedelta(days=1))
    if kind == PeriodKind.MONTH:
        return Days(kind, day.replace(day=1), _last_of_month(day))
    if kind == PeriodKind.QUARTER:
        start = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        return Days(kind, start, _last_of_month(start.replace(month=start.month + 2)))
    if kind == PeriodKind.YEAR:
        start_year = day.year if day.month >= 9 else day.year - 1
        return Days(kind, date(start_year, 9, 1), date(start_year + 1, 8, 31))
    if kind == PeriodKind.CUSTOM:
        return Days(kind, day - timedelta(days=length - 1), day)
    return Days(kind, day, day)


def monday_of(day: date) -> date:
    """Return the Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())


def _last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
