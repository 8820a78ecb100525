"""Looking at the pages of the statistics as somebody of the cast, over rows as the roll-up leaves them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from guardian.shortcuts import assign_perm

from orgs.services.structure import class_from_name, create_units
from stats.models import OrgDay, Period, PersonDay, RollupState, Span, UnitDay
from stats.periods import monday_of
from tests.orgs.pages import Visitor, words
from tests.world import School

__all__ = ["StatsVisitor", "count_school", "grant", "more_units", "today_of", "words"]

# Of the whole school; 41 of the staff, 31 of them active.
ROSTER = {
    "staff_total": 41,
    "staff_joined": 38,
    "students_total": 200,
    "students_joined": 120,
    "parents_total": 300,
    "parents_joined": 210,
    "families_total": 200,
    "families_joined": 150,
}
UNIT_ROSTER = {
    "staff_total": 2,
    "staff_joined": 1,
    "students_total": 25,
    "students_joined": 12,
    "families_total": 25,
    "families_joined": 20,
}


class StatsVisitor(Visitor):
    """A browser of one member of the cast, on the pages of the statistics."""

    def url(self, name: str, **values: Any) -> str:
        return reverse(f"stats:{name}", kwargs={"slug": self.school.slug, **values})

    def html(self, name: str, data: dict[str, Any] | None = None, **values: Any) -> str:
        response = self.get(name, data, **values)
        assert response.status_code == 200, response.status_code
        return response.content.decode()


def today_of(school: School) -> date:
    return timezone.localdate(timezone=school.organization.zone)


def count_school(school: School, today: date, *, weeks: int = 3, staff_active: int = 31, **more: int) -> None:
    """Leave the rows of `weeks` weeks up to `today`: what a day holds, and the people of each week."""
    organization, monday = school.organization, monday_of(today)
    first = monday - timedelta(weeks=weeks - 1)
    days = [first + timedelta(days=number) for number in range((today - first).days + 1)]
    written = {"messages": 10, "quiet_messages": 1, "doubtful_messages": 4, "posts": 1, **more}
    OrgDay.objects.bulk_create(OrgDay(organization=organization, day=day, **ROSTER, **written) for day in days)
    UnitDay.objects.bulk_create(
        UnitDay(organization=organization, day=day, unit=unit, **UNIT_ROSTER, **written)
        for day in days
        for name, unit in school.units.items()
        if name != "staff"
    )
    Period.objects.bulk_create(
        Period(
            organization=organization,
            span=Span.WEEK,
            starts_on=start,
            # Each week earlier there was one more of the staff.
            staff_active=staff_active + (monday - start).days // 7,
            staff_acted=20,
            students_active=100,
            parents_active=150,
        )
        for start in (first + timedelta(weeks=number) for number in range(weeks))
    )
    state, _made = RollupState.objects.get_or_create(organization=organization)
    state.counted_at = datetime.combine(today, datetime.min.time(), organization.zone).replace(hour=10, minute=5)
    state.first_day, state.last_day = first, today
    state.save()


def was_here(school: School, name: str, day: date) -> None:
    """Somebody opened the platform on a day."""
    person = school.people[name]
    PersonDay.objects.create(
        organization=school.organization, person=person, day=day, came=True,
        is_staff=name in ("administrator", "head", "leader", "teacher"), is_parent="parent" in name,
    )  # fmt: skip


def more_units(school: School, count: int) -> None:
    """Make `count` more classes with nobody in them."""
    names = [class_from_name(f"Класс {number}") for number in range(count)]
    create_units(organization=school.organization, actor=None, units=names)


def grant(school: School, name: str) -> None:
    """Let somebody of the staff see the figures, without the names."""
    assign_perm("orgs.view_statistics", school.user(name), school.organization)
