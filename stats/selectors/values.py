"""What the selectors of the statistics give back; pages, exports, the API and the letter read nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from orgs.actor import Actor
from orgs.models import Organization, Unit
from orgs.permissions import can_see_people_of_statistics
from stats.catalogue import SMALL_CIRCLE, SMALLEST_CELL, Better, Figure, Measure
from stats.periods import Days


@dataclass(frozen=True)
class Viewer:
    """For whom figures are made: without the right to see persons, cells of under five are hidden (STAT-5)."""

    organization: Organization
    sees_people: bool


def viewer_of(actor: Actor) -> Viewer:
    """Return how `actor` sees the figures of the own organization."""
    return Viewer(actor.organization, can_see_people_of_statistics(actor))


def is_small(part: int, whole: int | None = None) -> bool:
    """Tell whether `part` of `whole` people speaks of so few that it names them (STAT-5).

    That is one to four of any circle, a circle of under five, and all but one to four of a circle no larger than a
    class. Nobody and everybody of a larger circle name no one; of hundreds, the few who are missing are not known.
    """
    if 0 < part < SMALLEST_CELL:
        return True
    if whole is None:
        return False
    return 0 < whole < SMALLEST_CELL or (whole < SMALL_CIRCLE and 0 < whole - part < SMALLEST_CELL)


@dataclass(frozen=True)
class Value:
    """One figure of one period."""

    figure: Figure
    # Of a median: over how many answers or confirmations.
    numerator: int
    # Empty: a count or a median.
    denominator: int | None = None
    # Share from 0 to 1, number, or seconds; empty: nothing to divide by, or nothing happened.
    amount: float | None = None
    # The same of the period before.
    before: float | None = None
    # Per cent, where the organization has switched a norm on.
    norm: int | None = None
    # So few people that the figure would name them to a viewer who may not see persons; numbers are 0 then.
    is_hidden: bool = False

    @property
    def change(self) -> float | None:
        """Return how much it moved: shares in points (0.05 = 5 points), the rest relatively (0.1 = a tenth more)."""
        if self.amount is None or self.before is None or self.is_hidden:
            return None
        if self.figure.measure == Measure.SHARE:
            return self.amount - self.before
        return (self.amount - self.before) / self.before if self.before else None

    @property
    def is_better(self) -> bool | None:
        """Tell whether the change is good; empty without a change or where neither way is good."""
        if not self.change or self.figure.better == Better.NEITHER:
            return None
        return (self.change > 0) == (self.figure.better == Better.HIGHER)

    @property
    def meets_norm(self) -> bool | None:
        """Tell whether the norm is met; empty without a norm or a figure."""
        if self.norm is None or self.amount is None or self.is_hidden or self.denominator is None:
            return None
        # In whole numbers: 29 of 100 are 28.999… per cent of a float.
        return self.numerator * 100 >= self.norm * self.denominator


@dataclass(frozen=True)
class Overview:
    """All figures of one period, of the organization or of one unit."""

    days: Days
    unit: Unit | None
    without_doubtful: bool
    # «на 10:05»; empty: nothing has been counted yet.
    counted_at: datetime | None
    # By key of the catalogue, in its order; of a unit only those that can be asked of one.
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Point:
    """One week of the trend: key → share from 0 to 1, or number; empty where hidden or unknown."""

    monday: date
    amounts: Mapping[str, float | None]


@dataclass(frozen=True)
class HeatCell:
    joined: int
    total: int
    is_hidden: bool = False

    @property
    def share(self) -> float | None:
        return self.joined / self.total if self.total and not self.is_hidden else None


@dataclass(frozen=True)
class HeatRow:
    """One unit of the heat map; cells by key: staff_joined, students_joined, families_joined, parents_active."""

    unit: Unit
    cells: Mapping[str, HeatCell]
    # Nothing was written in its chats and channel for 14 days.
    is_silent: bool


@dataclass(frozen=True)
class Stage:
    """One step of the funnel of invitations made in the period."""

    key: str  # made, delivered, opened, joined, expired, annulled
    amount: int
    # Of those made, 0 to 1; empty when none were made.
    share: float | None
