"""People, each once in a period (STAT-2): kept for weeks and months, else counted from the days of people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Case, CharField, IntegerField, Max, Q, Sum, Value, When

from orgs.models import Organization
from stats.models import Period, PersonDay, Span
from stats.periods import Days, PeriodKind, days_of
from stats.selectors.conditions import ACTED, ACTIVE
from stats.selectors.days_read import Scope
from stats.selectors.facts import Numbers

KEYS = ("staff_active", "students_active", "parents_active", "staff_acted", "chats_alive")
_SPANS = {PeriodKind.WEEK: Span.WEEK, PeriodKind.MONTH: Span.MONTH}
PeriodKey = tuple[str, date]


def key_of(days: Days) -> PeriodKey | None:
    """Return the row of `Period` that counts `days`, or None: only whole weeks and months have one."""
    span = _SPANS.get(days.kind)
    return (span.value, days.first) if span and days == days_of(days.kind, days.first) else None


def read_periods(scope: Scope, keys: list[PeriodKey], weeks: tuple[date, date] | None) -> dict[PeriodKey, Numbers]:
    """Read the kept rows of `keys` and of all weeks between two Mondays; one query."""
    wanted = Q(pk=None)
    for span, day in keys:
        wanted |= Q(span=span, starts_on=day)
    if weeks:
        wanted |= Q(span=Span.WEEK, starts_on__range=weeks)
    rows = Period.objects.filter(wanted, organization=scope.organization, unit=scope.unit)
    return {
        (span, day): dict(zip(KEYS, numbers, strict=True))
        for span, day, *numbers in rows.values_list("span", "starts_on", *KEYS)
    }


def count_people(organization: Organization, periods: Mapping[str, Days]) -> dict[str, Numbers]:
    """Count the people of periods that do not overlap, by label; one query over the days of people in them."""
    conditions = {label: Q(day__range=(days.first, days.last)) for label, days in periods.items()}
    within = Q(pk=None)
    for condition in conditions.values():
        within |= condition
    label = Case(
        *(When(condition, then=Value(name)) for name, condition in conditions.items()), output_field=CharField()
    )
    ends = (min(days.first for days in periods.values()), max(days.last for days in periods.values()))
    # First by person, then in all: a sum over people, not a set of them for every column.
    each = (
        PersonDay.objects.filter(within & ACTIVE, organization=organization, day__range=ends)
        .order_by()
        .annotate(label=label)
        .values("label", "person")
        .annotate(
            staff_active=_ever(Q(is_staff=True)),
            students_active=_ever(Q(is_student=True)),
            parents_active=_ever(Q(is_parent=True)),
            staff_acted=_ever(Q(is_staff=True) & ACTED),
        )
    )
    names = KEYS[:4]
    totals = each.aggregate(**{f"{one}_{name}": Sum(name, filter=Q(label=one)) for one in periods for name in names})
    return {one: {name: totals[f"{one}_{name}"] or 0 for name in names} for one in periods}


def _ever(condition: Q) -> Max:
    return Max(Case(When(condition, then=1), default=0, output_field=IntegerField()))
