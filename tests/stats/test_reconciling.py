"""Each night days that are over are counted once more: what differs is found, counted, mended and told (STAT-4)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from orgs.models import Organization, RoleAssignment
from sferum_admin import settings_wiring
from stats import tasks
from stats.models import Change, DayWindow, OrgDay, Period, PersonDay, Reached, RollupState, StaffAnswer, UnitDay
from stats.selectors.health import figures as shown_to_monitoring
from stats.selectors.health import health
from stats.services import reconciling
from stats.services.reconciling import days_to_check, reconcile
from stats.services.rollup import roll_up
from tests.stats import cast
from tests.stats.cast import all_counted, at
from tests.world import School, World

pytestmark = pytest.mark.req("STAT-4")

# In the night of this day the 12th is checked, and of the older ones the 9th, a Monday.
TODAY, YESTERDAY, BETWEEN, OLDER = date(2026, 3, 13), date(2026, 3, 12), date(2026, 3, 11), date(2026, 3, 9)


def night(school: School) -> datetime:
    return at(school, f"{TODAY} 03:10")


def busy(school: School) -> None:
    """Something of everything on the days that are checked, and on one that is not."""
    cast.settled(school)
    for day in (OLDER, BETWEEN, YESTERDAY):
        noon, later = at(school, f"{day} 12:00"), at(school, f"{day} 12:10")
        cast.came(school, "teacher", noon)
        cast.wrote(school, "teacher", noon)
        cast.wrote(school, "leader", noon, cast.unit_chat(school))
        cast.wrote(school, "parent", noon, cast.personal_chat(school, "parent", "leader"))
        cast.wrote(school, "leader", later, cast.personal_chat(school, "parent", "leader"))
        cast.posted(school, "head", noon, "5А")


@pytest.fixture
def counted(world: World) -> World:
    """Both schools, busy and counted."""
    busy(world.a)
    busy(world.b)
    roll_up(now=night(world.a))
    return world


def state_of(school: School) -> RollupState:
    return RollupState.objects.get(organization=school.organization)


def figures(school: School) -> dict[str, Any]:
    return {name: rows for name, rows in all_counted(school).items() if rows}


def rows(model: Any, school: School, day: date = YESTERDAY) -> Any:
    return model.objects.filter(organization=school.organization, day=day)


# --- A good night ---------------------------------------------------------------------------------------------------
def test_in_a_normal_night_nothing_differs_and_nothing_is_touched(counted: World) -> None:
    before = figures(counted.a), figures(counted.b)
    assert {"PersonDay", "UnitDay", "OrgDay", "StaffAnswer", "Period"} <= set(before[0])
    assert reconcile(night(counted.a)) == 0
    assert (figures(counted.a), figures(counted.b)) == before
    assert not DayWindow.objects.exists()
    for school in (counted.a, counted.b):
        state = state_of(school)
        assert (state.checked_day, state.checked_at) == (YESTERDAY, night(counted.a))
        assert (state.difference, state.difference_total) == (0, 0)


def test_what_came_late_is_counted_first(counted: World) -> None:
    cast.wrote(counted.a, "parent", at(counted.a, f"{YESTERDAY} 23:59:59"))
    cast.wrote(counted.b, "parent", at(counted.b, f"{OLDER} 00:00"))
    assert reconcile(night(counted.a)) == 0
    assert cast.person_day(counted.a, "parent", f"{YESTERDAY}")["messages"] == 2
    assert cast.person_day(counted.b, "parent", f"{OLDER}")["messages"] == 2


def test_what_was_deleted_is_counted_first(counted: World) -> None:
    message = cast.wrote(counted.a, "parent", at(counted.a, f"{YESTERDAY} 15:00"))
    roll_up(now=night(counted.a))
    cast.delete_message(message, night(counted.a))
    Reached.objects.all().delete()
    assert reconcile(night(counted.a)) == 0
    assert cast.person_day(counted.a, "parent", f"{YESTERDAY}")["messages"] == 1


def test_what_a_school_knew_then_stays_whoever_comes_and_goes(counted: World) -> None:
    before = cast.org_day(counted.a, f"{YESTERDAY}")
    RoleAssignment.objects.filter(person=counted.a.people["waiting_teacher"]).delete()
    cast.person(counted.a, "Новая", "teacher", joined_at=timezone.now(), since="2026-03-13 01:00")
    assert reconcile(night(counted.a)) == 0
    assert cast.org_day(counted.a, f"{YESTERDAY}")["staff_total"] == before["staff_total"]


def test_an_organization_nobody_has_counted_yet_is_counted_and_checked(world: World) -> None:
    busy(world.a)
    assert not RollupState.objects.exists()
    assert reconcile(night(world.a)) == 0
    assert state_of(world.a).checked_day == YESTERDAY
    assert cast.person_day(world.a, "teacher", f"{YESTERDAY}")["messages"] == 1


# --- A bad one ------------------------------------------------------------------------------------------------------
def test_a_planted_difference_is_found_counted_mended_and_told(
    counted: World, caplog: pytest.LogCaptureFixture
) -> None:
    before = figures(counted.a), figures(counted.b)
    teacher = rows(PersonDay, counted.a).filter(person=counted.a.people["teacher"])
    assert teacher.update(messages=F("messages") + 7, posts=1) == 1
    with caplog.at_level(logging.ERROR):
        assert reconcile(night(counted.a)) == 2
    assert (figures(counted.a), figures(counted.b)) == before
    state = state_of(counted.a)
    assert (state.difference, state.difference_total, state.checked_day) == (2, 2, YESTERDAY)
    assert state_of(counted.b).difference == 0
    [line] = [record.getMessage() for record in caplog.records]
    assert line == f"Statistics: 2 figures of organization {counted.a.organization.pk} on 2026-03-12 differed"
    # The next good night does not make one forget.
    assert reconcile(night(counted.a)) == 0
    state = state_of(counted.a)
    assert (state.difference, state.difference_total) == (0, 2)


def spoil_organization(school: School) -> int:
    return rows(OrgDay, school).update(messages=1000, views=3) and 2


def spoil_unit(school: School) -> int:
    return rows(UnitDay, school).filter(unit=school.units["5А"]).update(posts=5) and 1


def spoil_answer(school: School) -> int:
    return rows(StaffAnswer, school).update(seconds=1) and 1


def lose_answer(school: School) -> int:
    # Who answered, and the seconds.
    return rows(StaffAnswer, school).delete()[0] and 2


def lose_person(school: School) -> int:
    # Staff, came, one message.
    return rows(PersonDay, school).filter(person=school.people["teacher"]).delete()[0] and 3


def invent_person(school: School) -> int:
    row = PersonDay(organization=school.organization, day=YESTERDAY, person=school.people["classmate"])
    row.is_student, row.messages, row.reactions = True, 4, 9
    row.save()
    return 3


def spoil_week(school: School) -> int:
    week = Period.objects.filter(organization=school.organization, span="week", starts_on=OLDER, unit=None)
    return week.update(staff_active=40, chats_alive=50) and 2


@pytest.mark.parametrize(
    "spoil", [spoil_organization, spoil_unit, spoil_answer, lose_answer, lose_person, invent_person, spoil_week]
)
def test_every_kind_of_row_is_compared(counted: World, spoil: Callable[[School], int]) -> None:
    before, other = cast.counted_anew(counted.a), figures(counted.b)
    expected = spoil(counted.a)
    assert expected > 0
    assert reconcile(night(counted.a)) == expected
    assert cast.counted_anew(counted.a) == before
    assert figures(counted.b) == other


def test_both_schools_are_checked(counted: World) -> None:
    for school, more in ((counted.a, 1), (counted.b, 2)):
        rows(OrgDay, school).update(messages=F("messages") + more)
    assert reconcile(night(counted.a)) == 2
    assert [state_of(school).difference for school in (counted.a, counted.b)] == [1, 1]


def test_a_source_nobody_noted_is_found(counted: World) -> None:
    """As if a trigger were missing: the row is there, and no change names it."""
    Change.objects.all().delete()
    cast.wrote(counted.a, "parent", at(counted.a, f"{YESTERDAY} 15:00"))
    Change.objects.all().delete()
    assert reconcile(night(counted.a)) > 0
    assert cast.person_day(counted.a, "parent", f"{YESTERDAY}")["messages"] == 2


# --- Which days -----------------------------------------------------------------------------------------------------
def test_an_older_day_comes_in_its_turn(counted: World) -> None:
    assert days_to_check(TODAY) == (YESTERDAY, OLDER)
    rows(OrgDay, counted.a, OLDER).update(messages=1000)
    rows(OrgDay, counted.a, BETWEEN).update(messages=1000)
    assert reconcile(night(counted.a)) == 1
    assert rows(OrgDay, counted.a, OLDER).get().messages == 4
    # Not this night's.
    assert rows(OrgDay, counted.a, BETWEEN).get().messages == 1000


def test_every_day_of_the_last_35_comes_once_within_34_nights() -> None:
    first = date(2026, 3, 1)
    for offset in range(60):
        day = first + timedelta(days=offset)
        nights = [day + timedelta(days=age) for age in range(2, 36)]
        assert len([night for night in nights if days_to_check(night)[1] == day]) == 1
        assert days_to_check(day + timedelta(days=1))[0] == day
        assert 2 <= (day - days_to_check(day)[1]).days <= 35


@pytest.mark.parametrize("limit", ["first_day", "frozen_before"])
def test_days_that_are_not_to_be_counted_are_left_alone(counted: World, limit: str) -> None:
    RollupState.objects.filter(organization=counted.a.organization).update(**{limit: YESTERDAY})
    rows(OrgDay, counted.a, OLDER).update(messages=1000)
    assert reconcile(night(counted.a)) == 0
    assert rows(OrgDay, counted.a, OLDER).get().messages == 1000


def test_yesterday_is_that_of_the_organization(counted: World) -> None:
    cast.move_to(counted.b, "Asia/Kamchatka")
    late = at(counted.a, f"{YESTERDAY} 22:00")
    assert reconcile(late) == 0
    assert state_of(counted.a).checked_day == BETWEEN
    # There it is seven in the morning already.
    assert state_of(counted.b).checked_day == YESTERDAY


# --- What happens meanwhile -----------------------------------------------------------------------------------------
def disturbed(monkeypatch: pytest.MonkeyPatch, school: School, times: int) -> list[int]:
    """Let somebody write, so often, into the day that is just being counted."""
    count, done = reconciling.count_days, []

    def counting(*arguments: Any) -> int:
        if len(done) < times:
            done.append(1)
            cast.wrote(school, "parent", at(school, f"{YESTERDAY} 16:00"))
        return count(*arguments)

    monkeypatch.setattr(reconciling, "count_days", counting)
    return done


def test_what_is_written_meanwhile_is_no_difference(
    counted: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done = disturbed(monkeypatch, counted.a, times=1)
    with caplog.at_level(logging.WARNING):
        assert reconcile(night(counted.a)) == 0
    assert done
    assert not caplog.records
    state = state_of(counted.a)
    assert (state.difference, state.difference_total, state.checked_day) == (0, 0, YESTERDAY)


def test_too_much_going_on_is_left_to_the_next_night(
    counted: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    disturbed(monkeypatch, counted.a, times=100)
    with caplog.at_level(logging.WARNING):
        assert reconcile(night(counted.a)) == 0
    assert "could not be checked" in caplog.text
    assert state_of(counted.a).checked_at is None
    assert state_of(counted.b).checked_at is not None


def test_each_night_the_reach_follows_the_roster(counted: World) -> None:
    Reached.objects.all().delete()
    Change.objects.all().delete()
    reconcile(night(counted.a))
    assert Reached.objects.filter(organization=counted.a.organization, kind="post").count() == 3


# --- The metric -----------------------------------------------------------------------------------------------------
def test_the_task_runs_each_night_and_tells_the_number(counted: World, monkeypatch: pytest.MonkeyPatch) -> None:
    job = settings_wiring.CELERY_BEAT_SCHEDULE["check the statistics"]
    assert job["task"] == tasks.reconcile.name
    monkeypatch.setattr(timezone, "now", lambda: night(counted.a))
    rows(OrgDay, counted.a).update(messages=1000)
    assert tasks.reconcile() == 1
    assert tasks.reconcile() == 0


def aged(world: World, now: datetime) -> None:
    Organization.objects.update(created_at=now - timedelta(days=30))


def test_health_adds_up_what_has_to_be_zero(counted: World) -> None:
    now = night(counted.a)
    aged(counted, now)
    assert health(now).unchecked == 2
    assert not health(now).is_well
    reconcile(now)
    assert health(now).is_well
    rows(OrgDay, counted.a).update(messages=1000, views=1000)
    reconcile(now)
    found = health(now)
    assert (found.difference, found.difference_total, found.differing, found.unchecked) == (2, 2, 1, 0)
    assert not found.is_well
    reconcile(now)
    assert (health(now).difference, health(now).difference_total, health(now).is_well) == (0, 2, True)
    assert health(now + timedelta(hours=50)).unchecked == 2
    RollupState.objects.filter(organization=counted.b.organization).delete()
    assert (health(now).uncounted, health(now).unchecked, health(now).organizations) == (1, 1, 2)


def metrics() -> dict[str, float]:
    return dict(shown_to_monitoring())


def test_monitoring_reads_the_difference_and_nothing_about_a_school(
    counted: World, django_assert_num_queries: Any
) -> None:
    now = night(counted.a)
    aged(counted, now)
    rows(OrgDay, counted.a).update(messages=1000)
    reconcile(now)
    with django_assert_num_queries(2):
        found = metrics()
    assert found.pop("statistics_checked_seconds_ago") > 0
    assert found.pop("statistics_counted_seconds_ago") > 0
    assert found == {
        "statistics_difference": 1,
        "statistics_difference_total": 1,
        "statistics_organizations": 2,
        "statistics_organizations_differing": 1,
        "statistics_organizations_uncounted": 0,
        "statistics_organizations_unchecked": 2,
    }


def test_before_anything_was_counted_the_metrics_say_so(world: World) -> None:
    aged(world, timezone.now())
    found = metrics()
    assert found["statistics_organizations_uncounted"] == 2
    assert "statistics_counted_seconds_ago" not in found
