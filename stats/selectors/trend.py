"""Weeks side by side (STAT-6)."""

from __future__ import annotations

from datetime import date, timedelta

from orgs.models import Unit
from stats.models import Span
from stats.periods import WEEK, Days, PeriodKind, monday_of
from stats.selectors.asking import Asking, asking
from stats.selectors.days_read import DaysRead, read_days
from stats.selectors.facts import Facts, Numbers
from stats.selectors.figures import is_hidden
from stats.selectors.formulas import FORMULAS
from stats.selectors.people_counted import PeriodKey, read_periods
from stats.selectors.values import Point, Viewer

# What a point holds: shares of the roster at the week's end, shares of people active in it, and numbers.
TREND_FIGURES = (
    "staff_joined",
    "students_joined",
    "families_joined",
    "staff_active",
    "students_active",
    "parents_active",
    "messages",
    "posts",
)


def weekly(
    viewer: Viewer, until: date, weeks: int = 12, unit: Unit | None = None, *, without_doubtful: bool = False
) -> list[Point]:
    """Return the `weeks` weeks up to that of `until`, the earliest first; two queries.

    The last one may be unfinished; it is not cut or stretched. Weeks nothing is counted of are empty.
    """
    question = asking(viewer, Days(PeriodKind.DAY, until, until), unit, until)
    mondays = (monday_of(until) - WEEK * (weeks - 1), monday_of(until))
    days = read_days(question.scope, {}, between=(mondays[0], until))
    kept = read_periods(question.scope, [], mondays)
    return points_of(question, days, kept, weeks, without_doubtful=without_doubtful)


def points_of(
    question: Asking, days: DaysRead, kept: dict[PeriodKey, Numbers], weeks: int, *, without_doubtful: bool
) -> list[Point]:
    """Make the points of what was read. No query."""
    last = monday_of(question.now.last)
    mondays = [last - WEEK * back for back in range(weeks - 1, -1, -1)]
    return [_point(question, monday, days, kept, without_doubtful=without_doubtful) for monday in mondays]


def _point(
    question: Asking, monday: date, days: DaysRead, kept: dict[PeriodKey, Numbers], *, without_doubtful: bool
) -> Point:
    last = min(monday + WEEK - timedelta(days=1), question.now.last)
    rows = {day: row for day, row in days.days.items() if monday <= day <= last}
    if not rows:
        return Point(monday, dict.fromkeys(TREND_FIGURES))
    sums = {name: sum(row[name] for row in rows.values()) for name in ("messages", "doubtful_messages", "posts")}
    people = kept.get((Span.WEEK.value, monday), {})
    facts = Facts(rows[max(rows)], sums, people, without_doubtful=without_doubtful)
    return Point(monday, {key: _amount(question.viewer, key, facts) for key in TREND_FIGURES})


def _amount(viewer: Viewer, key: str, facts: Facts) -> float | None:
    part = FORMULAS[key](facts)
    return None if is_hidden(viewer, part) else part.amount
