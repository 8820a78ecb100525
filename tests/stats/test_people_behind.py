"""The people behind a figure: who is in it and who is missing, of today's roster (STAT-5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from common.errors import DomainError
from orgs.models import Guardianship, Person, RoleAssignment
from stats.catalogue import FIGURES
from stats.periods import Days
from stats.selectors.people import AUTHORS, COUNTED, people_behind
from tests.stats.rows import MONDAY, SUNDAY, WEEK, answer, day, more_staff, person_day, statements
from tests.world import School, World

pytestmark = pytest.mark.req("STAT-5")


def names(
    school: School, figure: str, unit: str | None = None, *, missing: bool = False, days: Days = WEEK
) -> list[str]:
    """The cast's names of those behind a figure, in the order of the list."""
    known = {person.pk: name for name, person in school.people.items()}
    found = school.units[unit] if unit else None
    people = people_behind(school.organization, figure, days, found, missing=missing)
    return [known[person.pk] for person in people]


def test_staff_with_and_without_an_account_by_name(world: World) -> None:
    # Админова, Ведущая, Главный, Ждущая, Учёный
    assert names(world.a, "staff_joined") == ["administrator", "leader", "head", "teacher"]
    assert names(world.a, "staff_joined", missing=True) == ["waiting_teacher"]


def test_an_account_without_a_confirmed_phone_is_none(world: World) -> None:
    User.objects.filter(pk=world.a.user("teacher").pk).update(phone_verified_at=None)
    assert names(world.a, "staff_joined", missing=True) == ["waiting_teacher", "teacher"]
    User.objects.filter(pk=world.a.user("parent").pk).update(phone_verified_at=None)
    assert names(world.a, "families_joined") == ["other_student"]


def test_students_and_families(world: World) -> None:
    assert names(world.a, "students_joined") == ["student"]
    assert names(world.a, "students_joined", missing=True) == ["other_student", "classmate"]
    assert names(world.a, "families_joined") == ["other_student", "student"]
    assert names(world.a, "families_joined", missing=True) == ["classmate"]


def test_of_one_unit(world: World) -> None:
    assert names(world.a, "staff_joined", "5А") == ["leader"]
    assert names(world.a, "staff_joined", "5Б", missing=True) == []
    assert names(world.a, "families_joined", "5А") == ["student"]
    assert names(world.a, "families_joined", "5А", missing=True) == ["classmate"]
    assert names(world.a, "students_joined", "5Б", missing=True) == ["other_student"]
    person_day(world.a, "parent", MONDAY)
    person_day(world.a, "both", MONDAY)
    assert names(world.a, "parents_active", "5А") == ["parent"]
    assert names(world.a, "parents_active", "5А", missing=True) == ["waiting_parent"]
    assert names(world.a, "parents_active", "5Б") == ["both"]


def test_the_staffs_own_unit_is_all_staff(world: World) -> None:
    assert names(world.a, "staff_joined", "staff", missing=True) == ["waiting_teacher"]
    assert len(names(world.a, "staff_joined", "staff")) == 4


def test_who_was_active_and_who_did_something(world: World) -> None:
    person_day(world.a, "teacher", MONDAY)
    person_day(world.a, "leader", SUNDAY, came=False, messages=1)
    person_day(world.a, "head", day(-1), messages=1)
    person_day(world.a, "head", day(7), messages=1)
    person_day(world.a, "administrator", day(3), came=False, attended=1)
    person_day(world.b, "head", MONDAY)
    assert names(world.a, "staff_active") == ["leader", "teacher"]
    assert names(world.a, "staff_active", missing=True) == ["administrator", "head", "waiting_teacher"]
    assert names(world.a, "staff_acted") == ["leader"]
    assert "teacher" in names(world.a, "staff_acted", missing=True)
    assert names(world.b, "staff_active") == ["head"]


def test_a_day_as_a_parent_only_is_none_as_staff(world: World) -> None:
    person_day(world.a, "teacher", MONDAY, is_staff=False, is_parent=True)
    assert names(world.a, "staff_active") == []


@pytest.mark.parametrize("column", ["quiet_messages", "doubtful_messages"])
def test_who_wrote_what(world: World, column: str) -> None:
    person_day(world.a, "teacher", MONDAY, messages=5, **{column: 1})
    person_day(world.a, "leader", MONDAY, messages=5)
    person_day(world.a, "student", MONDAY, messages=5, **{column: 5})
    assert names(world.a, column) == ["teacher"]
    assert names(world.a, column, "5А") == []
    assert names(world.a, column, "5Б") == ["teacher"]


def test_who_answered_parents(world: World) -> None:
    answer(world.a, "teacher", MONDAY, 60)
    answer(world.a, "head", day(7), 60)
    assert names(world.a, "answer_time") == ["teacher"]


def test_who_left_or_was_merged_is_nobodys_row(world: World) -> None:
    school = world.a
    past = timezone.now() - timedelta(hours=1)
    RoleAssignment.objects.filter(person=school.people["teacher"]).update(since=past, until=past)
    Person.objects.filter(pk=school.people["waiting_teacher"].pk).update(merged_into=school.people["leader"])
    person_day(school, "teacher", MONDAY)
    assert names(school, "staff_active") == []
    assert names(school, "staff_active", missing=True) == ["administrator", "leader", "head"]
    Guardianship.objects.filter(parent=school.people["parent"]).update(since=past, until=past)
    assert "student" in names(school, "families_joined", missing=True)
    person_day(school, "parent", MONDAY)
    assert names(school, "parents_active") == ["parent"]  # still a parent of the roster, without a child in the unit
    assert names(school, "parents_active", "5А") == []


def test_both_sides_together_are_the_whole_circle_once(world: World) -> None:
    person_day(world.a, "teacher", MONDAY, messages=1)
    person_day(world.a, "parent", MONDAY)
    person_day(world.a, "parent", day(1))
    sizes = {"staff": 5, "students": 3, "families": 3, "parents": 3}
    for figure in set(COUNTED) - AUTHORS:
        both = names(world.a, figure) + names(world.a, figure, missing=True)
        assert len(both) == len(set(both)) == sizes[figure.split("_")[0]], figure


@pytest.mark.parametrize("figure", [*(one.key for one in FIGURES if one.people is None), "nothing", ""])
def test_figures_of_things_and_of_pupils_activity_have_no_people(world: World, figure: str) -> None:
    with pytest.raises(DomainError) as refused:
        people_behind(world.a.organization, figure, WEEK, missing=False)
    assert (refused.value.code, refused.value.status) == ("figure_without_people", 404)


def test_nobody_is_missing_among_who_wrote_and_no_unit_has_what_is_not_by_unit(world: World) -> None:
    for figure in AUTHORS:
        with pytest.raises(DomainError):
            people_behind(world.a.organization, figure, WEEK, missing=True)
    with pytest.raises(DomainError):
        people_behind(world.a.organization, "staff_acted", WEEK, world.a.units["5А"], missing=False)


def test_one_statement_for_any_number(world: World) -> None:
    assert statements(lambda: list(people_behind(world.a.organization, "staff_active", WEEK, missing=True))) == 1
    more_staff(world.a, 40)
    assert statements(lambda: list(people_behind(world.a.organization, "staff_active", WEEK, missing=True))) == 1
