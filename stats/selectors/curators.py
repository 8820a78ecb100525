"""Several organizations side by side, for a curator: sums of each, no persons, no cell of under five (STAT-7)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery, Sum

from common.text import normalise
from orgs.models import Organization, Person
from stats.catalogue import BY_KEY, Measure
from stats.models import Curatorship, OrgDay, Period, PersonDay, Reached, ReachKind, RollupState, Span
from stats.periods import Days, PeriodKind
from stats.selectors.conditions import ACTIVE
from stats.selectors.values import Value, is_small

# What stands side by side, in the order of the table; keys of the catalogue.
COLUMNS = (
    "staff_joined",
    "staff_active",
    "students_joined",
    "families_joined",
    "parents_active",
    "messages",
    "reading_reach",
    "events",
)
_SPANS = {PeriodKind.WEEK: Span.WEEK, PeriodKind.MONTH: Span.MONTH}
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True)
class CuratedRow:
    """One organization with its values by key of `COLUMNS`."""

    organization: Organization
    values: Mapping[str, Value]

    @property
    def figures(self) -> list[Value]:
        """Return the values in the order of `COLUMNS`."""
        return list(self.values.values())


@dataclass(frozen=True)
class SideBySide:
    """All organizations of a curator, by name, and their sums."""

    rows: list[CuratedRow]
    # Of the cells that are shown: a hidden one cannot be found by subtraction.
    totals: Mapping[str, Value]
    # The oldest state among them; empty: of some nothing has been counted yet.
    counted_at: datetime | None


def curatorships_of(user_id: int) -> QuerySet[Curatorship]:
    """Return what the user curates today."""
    return Curatorship.objects.filter(user_id=user_id, until=None)


def curated_count(user_id: int) -> int:
    """Return how many organizations the user curates; one query."""
    return curatorships_of(user_id).count()


def curates(user_id: int) -> bool:
    """Tell whether the user curates anything; one query."""
    return curatorships_of(user_id).exists()


def curated_organization(user_id: int, slug: str) -> Organization | None:
    """Return an organization the user curates today; one query."""
    return Organization.objects.filter(slug=slug, pk__in=curatorships_of(user_id).values("organization_id")).first()


def curated_organizations(user_id: int, text: str = "") -> list[Organization]:
    """Return the organizations the user curates whose name holds every word of `text`, by name as people sort it
    («№ 2» before «№ 10»); one query."""
    found = [row.organization for row in curatorships_of(user_id).select_related("organization")]
    words = normalise(text).split()
    named = ((one, normalise(f"{one.short_name} {one.name}")) for one in found)
    return sorted((one for one, name in named if all(word in name for word in words)), key=_place)


def _place(organization: Organization) -> tuple[list[tuple[int, int, str]], int]:
    parts = _DIGITS.split(normalise(organization.short_name))
    natural = [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part.strip()]
    return natural, organization.pk


def side_by_side(organizations: Collection[Organization], days: Days, *, without_doubtful: bool = False) -> SideBySide:
    """Return the sums of the organizations in the given order: five queries, whatever their number.

    Days are each organization's own. Rosters are those of the last counted day up to the period's end.
    """
    ids = [organization.pk for organization in organizations]
    known = _Sums(_rosters(ids, days), _sums(ids, days), _active(ids, days), _readings(ids, days), without_doubtful)
    rows = [CuratedRow(organization, known.values_of(organization.pk)) for organization in organizations]
    return SideBySide(rows, {key: _total(key, rows) for key in COLUMNS}, _counted_at(ids))


@dataclass(frozen=True)
class _Sums:
    """What the five queries found, by organization."""

    rosters: Mapping[int, Mapping[str, Any]]
    days: Mapping[int, Mapping[str, Any]]
    active: Mapping[int, Mapping[str, Any]]
    readings: Mapping[int, Mapping[str, Any]]
    without_doubtful: bool = field(default=False)

    def values_of(self, pk: int) -> dict[str, Value]:
        """Return the values of one organization; hidden where under five people stand behind them."""
        roster, active, reading = self.rosters.get(pk, {}), self.active.get(pk, {}), self.readings.get(pk, {})
        return {
            "staff_joined": _share("staff_joined", roster.get("staff_joined"), roster.get("staff_total")),
            "staff_active": _share("staff_active", active.get("staff_active"), roster.get("staff_total")),
            "students_joined": _share("students_joined", roster.get("students_joined"), roster.get("students_total")),
            "families_joined": _share("families_joined", roster.get("families_joined"), roster.get("families_total")),
            "parents_active": _share("parents_active", active.get("parents_active"), roster.get("parents_total")),
            "messages": self._messages(pk),
            "reading_reach": _share("reading_reach", reading.get("all_reached"), reading.get("all_asked")),
            "events": _number("events", self.days.get(pk, {}).get("all_events")),
        }

    def _messages(self, pk: int) -> Value:
        sums = self.days.get(pk, {})
        doubtful = sums["all_doubtful_messages"] if sums and self.without_doubtful else 0
        return _number("messages", sums["all_messages"] - doubtful if sums else None)


def _by_organization(rows: Iterable[Mapping[str, Any]]) -> dict[int, Mapping[str, Any]]:
    return {row["organization_id"]: row for row in rows}


def _rosters(ids: Collection[int], days: Days) -> dict[int, Mapping[str, Any]]:
    """The roster of the last day of the period, or of the last that was counted before it."""
    counted = OrgDay.objects.filter(organization_id=OuterRef("pk"), day__lte=days.last)
    latest = Organization.objects.filter(pk__in=ids).values_list(
        Subquery(counted.order_by("-day").values("pk")[:1]), flat=True
    )
    names = [field.name for field in OrgDay._meta.concrete_fields if field.name.endswith(("_total", "_joined"))]
    return _by_organization(OrgDay.objects.filter(pk__in=latest).values("organization_id", *names))


def _sums(ids: Collection[int], days: Days) -> dict[int, Mapping[str, Any]]:
    within = OrgDay.objects.filter(organization_id__in=ids, day__range=(days.first, days.last))
    names = ("messages", "doubtful_messages", "events")
    return _by_organization(within.values("organization_id").annotate(**{f"all_{name}": Sum(name) for name in names}))


def _active(ids: Collection[int], days: Days) -> dict[int, Mapping[str, Any]]:
    """People who came or did something, each once in the period."""
    names = ("organization_id", "staff_active", "parents_active")
    if days.length == 1:
        return _by_organization(OrgDay.objects.filter(organization_id__in=ids, day=days.first).values(*names))
    if span := _SPANS.get(days.kind):
        counted = Period.objects.filter(organization_id__in=ids, span=span, starts_on=days.first, unit=None)
        return _by_organization(counted.values(*names))
    return _by_organization(_distinct(ids, days.first, days.last))


def _distinct(ids: Collection[int], first: date, last: date) -> Iterable[Mapping[str, Any]]:
    """Asked person by person: cheaper than going through all their days, and the same."""
    days = PersonDay.objects.filter(ACTIVE, person=OuterRef("pk"), day__range=(first, last))
    people = Person.objects.filter(organization_id__in=ids).order_by()
    of_staff, of_parents = days.filter(is_staff=True), days.filter(is_parent=True)
    marked = people.annotate(was_staff=Exists(of_staff), was_parent=Exists(of_parents))
    return marked.values("organization_id").annotate(
        staff_active=Count("pk", filter=Q(was_staff=True)), parents_active=Count("pk", filter=Q(was_parent=True))
    )


def _readings(ids: Collection[int], days: Days) -> dict[int, Mapping[str, Any]]:
    within = Reached.objects.filter(organization_id__in=ids, kind=ReachKind.READING, day__range=(days.first, days.last))
    return _by_organization(
        within.values("organization_id").annotate(all_asked=Sum("asked"), all_reached=Sum("reached"))
    )


def _counted_at(ids: Collection[int]) -> datetime | None:
    states = RollupState.objects.filter(organization_id__in=ids, counted_at__isnull=False)
    found = states.aggregate(oldest=Min("counted_at"), count=Count("pk"))
    return found["oldest"] if found["count"] == len(ids) else None


def _share(key: str, part: int | None, whole: int | None) -> Value:
    if not whole:
        return Value(BY_KEY[key], 0, 0)
    # Whoever left in the period was active in it too: no share is above the whole.
    part = min(part or 0, whole)
    if is_small(part, whole):
        return Value(BY_KEY[key], 0, 0, is_hidden=True)
    return Value(BY_KEY[key], part, whole, part / whole)


def _number(key: str, number: int | None) -> Value:
    return Value(BY_KEY[key], number or 0, None, number)


def _total(key: str, rows: Iterable[CuratedRow]) -> Value:
    shown = [row.values[key] for row in rows if not row.values[key].is_hidden]
    if BY_KEY[key].measure == Measure.SHARE:
        return _share(key, sum(value.numerator for value in shown), sum(value.denominator or 0 for value in shown))
    known = [value.numerator for value in shown if value.amount is not None]
    return _number(key, sum(known) if known else None)


def without_norms(values: Iterable[Value]) -> list[Value]:
    """Return the values without norms: those are the organization's own aims, not the curator's."""
    return [replace(value, norm=None) for value in values]
