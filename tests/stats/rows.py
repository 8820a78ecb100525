"""Rows of the statistics made directly, as a roll-up would have left them; figures are counted from them by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from invitations.models import Invitation
from orgs.models import Person
from stats.models import OrgDay, Period, PersonDay, Reached, StaffAnswer, UnitDay
from stats.periods import Days, PeriodKind, days_of
from stats.selectors.values import Viewer
from tests.world import School

MONDAY = date(2026, 3, 9)
SUNDAY = MONDAY + timedelta(days=6)
WEDNESDAY = MONDAY + timedelta(days=2)
# The week is over.
LATER = MONDAY + timedelta(days=9)
WEEK = days_of(PeriodKind.WEEK, MONDAY)
BEFORE = WEEK.before

_ROLES = {"is_staff": ("administrator", "head", "leader", "teacher"), "is_parent": ("parent", "both")}


def day(number: int) -> date:
    """The day `number` days after the Monday."""
    return MONDAY + timedelta(days=number)


def viewer(school: School, *, sees_people: bool = True) -> Viewer:
    return Viewer(school.organization, sees_people)


def org_day(school: School, on: date, **numbers: int) -> OrgDay:
    return OrgDay.objects.create(organization=school.organization, day=on, **numbers)


def unit_day(school: School, unit: str, on: date, **numbers: int) -> UnitDay:
    return UnitDay.objects.create(organization=school.organization, unit=school.units[unit], day=on, **numbers)


def kept(school: School, span: str, on: date, unit: str | None = None, **numbers: int) -> Period:
    found = school.units[unit] if unit else None
    return Period.objects.create(organization=school.organization, span=span, starts_on=on, unit=found, **numbers)


def person_day(school: School, name: str, on: date, **numbers: Any) -> PersonDay:
    """A day of one of the cast in the usual roles; came unless said otherwise."""
    roles = {role: name in names for role, names in _ROLES.items()} | {"is_student": "student" in name}
    values = {"came": True, **roles, **numbers}
    return PersonDay.objects.create(organization=school.organization, person=school.people[name], day=on, **values)


def answer(school: School, name: str, on: date, seconds: int) -> StaffAnswer:
    number = StaffAnswer.objects.count() + 1
    return StaffAnswer.objects.create(
        organization=school.organization, person=school.people[name], day=on, seconds=seconds, message_id=number
    )


def reached(school: School, kind: str, on: date, part: int, whole: int, **more: Any) -> Reached:
    number = more.pop("thing_id", None) or Reached.objects.count() + 1_000_000
    return Reached.objects.create(
        organization=school.organization, kind=kind, day=on, asked=whole, reached=part, thing_id=number, **more
    )


def invited(school: School, moment: datetime, **more: Any) -> Invitation:
    """A link for parents of 5А, valid for a week."""
    values: dict[str, Any] = {"max_uses": 30, "expires_at": moment + timedelta(days=7), **more}
    return Invitation.objects.create(
        organization=school.organization,
        unit=school.units["5А"],
        role="parent",
        owner=school.people["head"],
        created_at=moment,
        **values,
    )


def history(school: School, first: date, last: date, **numbers: int) -> None:
    """A row for each day of the organization and of its two classes."""
    days = [first + timedelta(days=shift) for shift in range((last - first).days + 1)]
    OrgDay.objects.bulk_create(OrgDay(organization=school.organization, day=one, **numbers) for one in days)
    UnitDay.objects.bulk_create(
        UnitDay(organization=school.organization, day=one, unit=school.units[name])
        for one in days
        for name in ("5А", "5Б")
    )


def more_staff(school: School, number: int) -> list[Person]:
    """Further teachers of the roster, without accounts."""
    people = Person.objects.bulk_create(
        Person(
            organization=school.organization,
            last_name=f"Новый{n:03}",
            first_name="Имя",
            search_name=f"новый{n:03} имя",
        )
        for n in range(number)
    )
    for person in people:
        person.roles.create(organization=school.organization, role="teacher")
    return people


def chosen(first: date, last: date) -> Days:
    return Days(PeriodKind.CUSTOM, first, last)


def statements(deed: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as queries:
        deed()
    return len(queries)
