"""Reports made by hand, for tests of what is drawn of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from orgs.models import Enrolment, Guardianship, Organization, Person, RoleAssignment, Unit
from orgs.vocabulary import vocabulary_of
from stats.catalogue import BY_KEY, FIGURES, Measure
from stats.periods import PeriodKind, days_of
from stats.selectors.things import Thing
from stats.selectors.trend import TREND_FIGURES
from stats.selectors.units import UnitRow
from stats.selectors.values import Overview, Point, Value
from stats.sheets.report import Report
from tests.world import School

MONDAY = date(2026, 11, 16)
WEEK = days_of(PeriodKind.WEEK, MONDAY)
# 10:05 in Moscow.
COUNTED = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)


def value(key: str, numerator: int = 0, denominator: int | None = None, **more: Any) -> Value:
    """One figure: the amount of a share follows from both numbers."""
    amount = numerator / denominator if denominator else more.pop("amount", None)
    return Value(BY_KEY[key], numerator, denominator, amount, **more)


def values(**known: Value) -> dict[str, Value]:
    """All figures of the catalogue: the given ones, the rest as if nothing had happened."""
    empty = {one.key: Value(one, 0, 0 if one.measure == Measure.SHARE else None) for one in FIGURES}
    return {**empty, **known}


def report(school: School, known: dict[str, Value] | None = None, **more: Any) -> Report:
    """A report of the school's week, made by its head on Monday at 10:30; of the figures in `known`, else of all."""
    made = Report(
        organization=school.organization,
        words=vocabulary_of(school.organization),
        maker="Главный Глеб Георгиевич, директор",
        made_at=COUNTED + timedelta(minutes=25),
        head="Главный Глеб Георгиевич",
        overview=Overview(WEEK, None, False, COUNTED, known if known is not None else values()),
        trend=[],
        units=[],
        things={},
    )
    return replace(made, **more)


def trend() -> list[Point]:
    """Twelve weeks in which more and more of the staff came; the first one is unknown."""
    weeks = range(11, -1, -1)
    rows = [Point(MONDAY - timedelta(weeks=back), {**dict.fromkeys(TREND_FIGURES), "messages": 100 - back,
                                                   "staff_active": (100 - back) / 100}) for back in weeks]  # fmt: skip
    return [Point(rows[0].monday, dict.fromkeys(TREND_FIGURES)), *rows[1:]]


def unit_row(unit: Unit, **known: Value) -> UnitRow:
    return UnitRow(unit, (), {key: one for key, one in values(**known).items() if BY_KEY[key].by_unit}, False)


def thing(title: str, asked: int, reached: int, **more: Any) -> Thing:
    return Thing("reading", 1, date(2026, 11, 17), title, "", asked, reached, **more)


def settled(school: School, since: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
    """Everybody of the school has been there, and connected, for long; the world of the tests is made now."""
    of_school = {"organization": school.organization}
    RoleAssignment.objects.filter(**of_school).update(since=since)
    Guardianship.objects.filter(**of_school).update(since=since)
    Enrolment.objects.filter(**of_school).update(since=since.date())
    Person.objects.filter(**of_school, user__isnull=False).update(joined_at=since)
    Organization.objects.filter(pk=school.organization.pk).update(created_at=since)
