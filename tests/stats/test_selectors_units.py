"""Units side by side, weeks side by side (STAT-2, STAT-6)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from orgs.models import Enrolment, Guardianship, Unit
from stats.selectors.figures import overview
from stats.selectors.trend import TREND_FIGURES, weekly
from stats.selectors.units import UnitRow, heat_map, units_with_figures
from stats.selectors.values import HeatRow
from tests.stats.rows import (
    LATER,
    MONDAY,
    SUNDAY,
    WEDNESDAY,
    WEEK,
    day,
    history,
    kept,
    org_day,
    person_day,
    statements,
    unit_day,
    viewer,
)
from tests.world import School, World

pytestmark = pytest.mark.req("STAT-2")


@pytest.fixture
def school(world: World) -> School:
    """Two classes over a week; families since long ago."""
    Enrolment.objects.update(since=date(2020, 9, 1))
    Guardianship.objects.update(since="2020-09-01T12:00Z")
    for shift in range(-7, 7):
        numbers = {"staff_total": 3, "staff_joined": 2, "students_total": 30, "families_total": 30}
        unit_day(world.a, "5А", day(shift), **numbers, families_joined=20 + shift, messages=2, quiet_messages=1)
        unit_day(world.a, "5Б", day(shift), **numbers, families_joined=2, doubtful_messages=3, messages=9, posts=1)
        unit_day(world.b, "5А", day(shift), students_total=99, messages=99)
        unit_day(world.a, "staff", day(shift), staff_total=50)
    return world.a


def heat(school: School, **more: Any) -> dict[str, HeatRow]:
    more.setdefault("today", LATER)
    found = heat_map(viewer(school, sees_people=more.pop("sees_people", True)), more.pop("days", WEEK), **more)
    return {row.unit.name: row for row in found}


def table(school: School, *, sees_people: bool = True, **more: Any) -> dict[str, UnitRow]:
    found = units_with_figures(viewer(school, sees_people=sees_people), WEEK, today=LATER, **more)
    return {row.unit.name: row for row in found}


def test_the_map_is_of_the_last_day(school: School) -> None:
    found = heat(school)
    assert list(found) == ["5А", "5Б"]
    cells = found["5А"].cells
    assert (cells["families_joined"].joined, cells["families_joined"].total) == (26, 30)
    assert cells["staff_joined"].share == 2 / 3
    assert heat(school, today=WEDNESDAY)["5А"].cells["families_joined"].joined == 22


def test_active_parents_of_a_unit_are_of_its_own_parents_each_once(school: School) -> None:
    for shift in (0, 1):
        person_day(school, "parent", day(shift))
    person_day(school, "both", MONDAY)
    person_day(school, "waiting_parent", day(-1), is_parent=True)
    cells = {name: row.cells["parents_active"] for name, row in heat(school).items()}
    assert [(cells[name].joined, cells[name].total) for name in cells] == [(1, 2), (1, 1)]
    values = overview(viewer(school), WEEK, school.units["5А"], today=LATER).values["parents_active"]
    assert (values.numerator, values.denominator) == (1, 2)


def test_a_parent_of_two_pupils_of_a_class_is_one_parent(school: School) -> None:
    Guardianship.objects.create(
        organization=school.organization,
        parent=school.people["parent"],
        child=school.people["classmate"],
        since="2020-09-01T12:00Z",
    )
    person_day(school, "parent", MONDAY)
    cell = heat(school)["5А"].cells["parents_active"]
    assert (cell.joined, cell.total) == (1, 2)


def test_who_belonged_on_the_last_day_counts(school: School) -> None:
    person_day(school, "parent", MONDAY)
    Guardianship.objects.filter(parent=school.people["parent"]).update(until="2026-03-11T09:00Z")
    assert heat(school)["5А"].cells["parents_active"].total == 1
    assert heat(school, today=day(1))["5А"].cells["parents_active"].total == 2
    Enrolment.objects.filter(person=school.people["classmate"]).update(until=SUNDAY)
    assert heat(school)["5А"].cells["parents_active"].total == 0


@pytest.mark.req("STAT-5")
def test_small_cells_are_hidden_from_who_may_not_see_persons(school: School) -> None:
    cells = heat(school, sees_people=False)["5А"].cells
    assert [key for key, cell in cells.items() if cell.is_hidden] == [
        "staff_joined",
        "families_joined",
        "parents_active",
    ]
    assert (cells["staff_joined"].joined, cells["staff_joined"].total, cells["staff_joined"].share) == (0, 0, None)
    assert (cells["students_joined"].joined, cells["students_joined"].total) == (0, 30)
    values = table(school, sees_people=False)["5А"].values
    assert values["staff_joined"].is_hidden
    assert not values["messages"].is_hidden


def test_silence_and_the_archive(school: School) -> None:
    history_of_5v(school)
    found = heat(school)
    assert {name: row.is_silent for name, row in found.items()} == {"5А": False, "5Б": False, "5В": True}


def history_of_5v(school: School) -> None:
    """A class that said nothing for two weeks and is in the archive now; on those days it was there."""
    unit = Unit.objects.get(pk=school.units["5Б"].pk)
    unit.pk, unit.name, unit.sort_key, unit.archived_at = None, "5В", unit.sort_key + "в", "2026-03-16T09:00Z"
    unit.save()
    school.units["5В"] = unit
    for shift in (-7, 6):
        unit_day(school, "5В", day(shift))


def test_the_table_has_what_the_unit_itself_has(school: School) -> None:
    person_day(school, "leader", MONDAY)
    person_day(school, "student", day(1))
    person_day(school, "parent", day(1))
    for without in (False, True):
        rows = table(school, without_doubtful=without)
        for name, row in rows.items():
            own = overview(viewer(school), WEEK, school.units[name], today=LATER, without_doubtful=without).values
            assert list(row.values) == list(own)
            for key, value in own.items():
                mine = row.values[key]
                assert (mine.numerator, mine.denominator, mine.amount) == (
                    value.numerator,
                    value.denominator,
                    value.amount,
                ), (name, key)
                assert mine.before is None
    assert rows["5Б"].values["messages"].amount == 7 * 6


def test_leaders_are_names_for_who_may_see_them(school: School) -> None:
    assert table(school)["5А"].leaders == (school.people["leader"].full_name,)
    assert table(school)["5Б"].leaders == ()
    assert table(school, sees_people=False)["5А"].leaders == ()


def test_units_take_as_many_statements_for_two_as_for_twenty(school: School) -> None:
    seer = viewer(school)
    asked = (lambda: heat_map(seer, WEEK, today=LATER), lambda: units_with_figures(seer, WEEK, today=LATER))
    assert [statements(deed) for deed in asked] == [2, 5]
    for number in range(20):
        unit = Unit.objects.get(pk=school.units["5Б"].pk)
        unit.pk, unit.name, unit.sort_key = None, f"7-{number}", f"7-{number}"
        unit.save()
        school.units[unit.name] = unit
        unit_day(school, unit.name, SUNDAY)
    assert [statements(deed) for deed in asked] == [2, 5]
    assert len(heat(school)) == 22


# --- Weeks ------------------------------------------------------------------------------------------------------------
@pytest.mark.req("STAT-6")
def test_twelve_weeks_up_to_that_of_the_day(world: World) -> None:
    history(world.a, day(-7), WEDNESDAY, staff_total=20, messages=3, doubtful_messages=1)
    history(world.b, day(-70), WEDNESDAY, staff_total=999, messages=3000)
    kept(world.a, "week", MONDAY, staff_active=5)
    kept(world.a, "week", day(-7), staff_active=20)
    kept(world.a, "month", MONDAY.replace(day=1), staff_active=19)
    kept(world.a, "week", MONDAY, "5А", staff_active=1)
    found = weekly(viewer(world.a), WEDNESDAY)
    assert [point.monday for point in found] == [day(-7 * back) for back in range(11, -1, -1)]
    assert found[-1].amounts["staff_active"] == 0.25
    assert found[-2].amounts["staff_active"] == 1.0
    assert [point.amounts["messages"] for point in found[-3:]] == [None, 21, 9]
    assert weekly(viewer(world.a), WEDNESDAY, 1, without_doubtful=True)[0].amounts["messages"] == 6
    assert set(found[0].amounts) == set(TREND_FIGURES)


@pytest.mark.req("STAT-5")
def test_the_trend_hides_small_cells_too(world: World) -> None:
    org_day(world.a, MONDAY, staff_total=20, staff_joined=3, students_total=20, students_joined=20)
    [point] = weekly(viewer(world.a, sees_people=False), SUNDAY, 1)
    assert (point.amounts["staff_joined"], point.amounts["students_joined"]) == (None, 1.0)
    [point] = weekly(viewer(world.a), SUNDAY, 1)
    assert point.amounts["staff_joined"] == 0.15


@pytest.mark.req("STAT-6")
def test_a_units_weeks(school: School) -> None:
    kept(school, "week", MONDAY, "5А", parents_active=1)
    kept(school, "week", MONDAY, parents_active=100)
    found = weekly(viewer(school), SUNDAY, 2, school.units["5А"])
    assert [point.amounts["messages"] for point in found] == [14, 14]
    assert found[1].amounts["parents_active"] == 0.5
    assert found[1].amounts["families_joined"] == 26 / 30


def test_weeks_take_two_statements(world: World) -> None:
    assert statements(lambda: weekly(viewer(world.a), SUNDAY)) == 2
    history(world.a, day(-300), SUNDAY)
    assert statements(lambda: weekly(viewer(world.a), SUNDAY, 12, world.a.units["5А"])) == 2
