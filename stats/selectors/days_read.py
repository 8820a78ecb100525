"""Rows of `OrgDay` or `UnitDay`: sums of periods and single days, all in one statement (STAT-4: no source is read)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Count, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from orgs.models import Organization, Unit
from stats.models import OrgDay, UnitDay
from stats.periods import Days
from stats.selectors.facts import Numbers
from stats.selectors.members import parents_of

_ROSTER = ("staff_total", "staff_joined", "students_total", "students_joined", "families_total", "families_joined")
_WRITTEN = ("messages", "quiet_messages", "doubtful_messages", "posts")
_UNIT = (*_ROSTER, *_WRITTEN)
_ORGANIZATION = (
    *_ROSTER,
    "parents_total",
    *_WRITTEN,
    *("chats_alive", "comments", "reactions", "files", "events", "watched", "joined"),
)
_DAY = "day"


@dataclass(frozen=True)
class Scope:
    """The organization, or one unit of it."""

    organization: Organization
    unit: Unit | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return _UNIT if self.unit else _ORGANIZATION

    def rows(self) -> QuerySet[Any, Any]:
        if self.unit is not None:
            return UnitDay.objects.filter(organization=self.organization, unit=self.unit).order_by()
        return OrgDay.objects.filter(organization=self.organization).order_by()


@dataclass(frozen=True)
class DaysRead:
    # By the label that was asked for; a period of which no day is counted is not there.
    sums: Mapping[str, Numbers]
    # Single days, the earliest first; of a unit with «parents_total».
    days: Mapping[date, Numbers]

    def roster_on(self, day: date) -> Numbers | None:
        """Return the last known day up to `day`, among those that were read."""
        known = [one for one in self.days if one <= day]
        return self.days[max(known)] if known else None


def read_days(
    scope: Scope, sums: Mapping[str, Days], ends: Iterable[date] = (), between: tuple[date, date] | None = None
) -> DaysRead:
    """Read sums of periods, the last known day up to each of `ends`, and all days `between` two; one query."""
    parts = [_summed(scope, label, days) for label, days in sums.items()]
    single = _single(scope, list(ends), between)
    asked = [single, *parts] if single is not None else parts
    rows = asked[0].union(*asked[1:], all=True) if len(asked) > 1 else asked[0]
    found = DaysRead({}, {})
    names = (*scope.columns, "parents_total") if scope.unit else scope.columns
    for label, day, *numbers in sorted(rows, key=lambda row: row[1]):
        kept: dict[Any, Numbers] = found.days if label == _DAY else found.sums  # type: ignore[assignment]
        kept[day if label == _DAY else label] = dict(zip(names, numbers, strict=True))
    return found


def _summed(scope: Scope, label: str, days: Days) -> QuerySet[Any, Any]:
    totals = {f"sum_{name}": Sum(name) for name in scope.columns}
    rows = scope.rows().filter(day__range=(days.first, days.last)).values("organization")
    rows = rows.annotate(label=Value(label, CharField()), at=Max("day"), **totals)
    extra = {"sum_parents": Value(0, IntegerField())} if scope.unit else {}
    return rows.annotate(**extra).values_list("label", "at", *totals, *extra)


def _single(scope: Scope, ends: list[date], between: tuple[date, date] | None) -> QuerySet[Any, Any] | None:
    wanted = Q(pk=None)
    for end in ends:
        latest = scope.rows().filter(day__lte=end).order_by("-day").values("day")[:1]
        wanted |= Q(day=Subquery(latest))
    if between:
        wanted |= Q(day__range=between)
    if not ends and between is None:
        return None
    rows = scope.rows().filter(wanted).annotate(label=Value(_DAY, CharField()), at=F("day"))
    if scope.unit is None:
        return rows.values_list("label", "at", *scope.columns)
    rows = rows.annotate(parents_total=_parents_on_that_day(scope.organization))
    return rows.values_list("label", "at", *scope.columns, "parents_total")


def _parents_on_that_day(organization: Organization) -> Coalesce:
    """Each parent once, also of two children; no table keeps it for units."""
    parents = parents_of(organization, OuterRef("unit"), OuterRef("day"))
    counted = parents.values("organization").annotate(n=Count("parent", distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
