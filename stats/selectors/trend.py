"""Weeks side by side (STAT-6)."""

from datetime import date

from orgs.models import Unit
from stats.periods import WEEK, monday_of
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
    """Return the `weeks` weeks up to that of `until`, the earliest first; the last one may be unfinished."""
    last = monday_of(until)
    return [Point(last - WEEK * back, dict.fromkeys(TREND_FIGURES)) for back in range(weeks - 1, -1, -1)]
