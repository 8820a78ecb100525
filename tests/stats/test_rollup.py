"""The roll-up counts what has changed, once, on the right day, and nothing else (STAT-4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from chats.services.upkeep import remove_old_messages
from orgs.models import Enrolment, Person, RoleAssignment
from stats import tasks
from stats.models import Change, DayWindow, OrgDay, Period, PersonDay, RollupState, StaffAnswer, UnitDay
from stats.services import queue, rollup
from stats.services.rollup import Counted, roll_up
from tests.stats import cast
from tests.stats.cast import all_counted, at, org_day, person_day, unit_day
from tests.world import School, World

pytestmark = pytest.mark.req("STAT-4")


@pytest.fixture
def a(world: World) -> School:
    cast.settled(world.a)
    return world.a


def count(school: School, clock: str = "2026-03-03 09:00") -> Counted:
    return roll_up([school.organization.pk], at(school, clock))


def state_of(school: School) -> RollupState:
    return RollupState.objects.get(organization=school.organization)


def busy_day(school: School, day: str) -> None:
    """A bit of everything on one day."""
    m = at(school, f"{day} 12:00")
    cast.came(school, "student", m)
    cast.wrote(school, "parent", m, cast.personal_chat(school, "parent", "teacher"))
    cast.wrote(school, "teacher", m + timedelta(minutes=5), cast.personal_chat(school, "parent", "teacher"))
    cast.wrote(school, "leader", m, cast.unit_chat(school))
    post = cast.posted(school, "leader", m, "5А")
    cast.viewed(school, "parent", m, post)
    cast.reacted(school, "parent", m, post)
    cast.took_part(school, "parent", cast.held(school, m), answered=m, attended=True)
    cast.invited(school, "head", m)


# --- Repeating ------------------------------------------------------------------------------------------------------
def test_repeating_changes_nothing(a: School) -> None:
    for day in ("2026-02-27", "2026-03-01", "2026-03-02"):
        busy_day(a, day)
    count(a)
    before = all_counted(a)
    assert count(a) == Counted()
    # Also when every day is counted again.
    queue.add((a.organization, date(2026, 2, 27) + timedelta(days=n)) for n in range(5))
    assert count(a).rows == 0
    assert all_counted(a) == before
    assert not DayWindow.objects.exists()
    assert not Change.objects.filter(organization_id=a.organization.pk).exists()


@pytest.mark.postgresql
def test_rows_that_stay_as_they_are_are_not_written(a: School) -> None:
    busy_day(a, "2026-03-02")
    count(a)

    def places() -> list[Any]:
        found = []
        with connection.cursor() as cursor:
            for model in (PersonDay, UnitDay, OrgDay, Period, StaffAnswer):
                cursor.execute(f"SELECT id, ctid, xmin, xmax FROM {model._meta.db_table} ORDER BY id")
                found += cursor.fetchall()
        return found

    before = places()
    queue.add([(a.organization, date(2026, 3, 2)), (a.organization, date(2026, 3, 3))])
    with transaction.atomic():
        count(a)
    assert places() == before


def test_one_more_message_writes_only_the_rows_it_changes(a: School) -> None:
    busy_day(a, "2026-03-02")
    count(a)
    cast.wrote(a, "leader", at(a, "2026-03-02 13:00"), cast.unit_chat(a))
    # The person's, the unit's and the organization's day.
    assert count(a).rows == 3


def test_nothing_to_do_is_told(a: School) -> None:
    count(a)
    assert count(a, "2026-03-03 23:59") == Counted()
    assert count(a, "2026-03-04 00:00") == Counted(organizations=1, days=2, rows=1 + 3)


# --- Days -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("zone", ["Asia/Kamchatka", "Europe/Kaliningrad", "Asia/Kolkata", "America/St_Johns"])
def test_the_two_sides_of_midnight(a: School, zone: str) -> None:
    cast.move_to(a, zone)
    cast.wrote(a, "teacher", at(a, "2026-03-01 23:59:59.999999"))
    cast.wrote(a, "teacher", at(a, "2026-03-02 00:00:00"))
    cast.wrote(a, "teacher", at(a, "2026-03-02 23:59:59"))
    count(a)
    assert org_day(a, "2026-03-01")["messages"] == 1
    assert org_day(a, "2026-03-02")["messages"] == 2
    assert "messages" not in org_day(a, "2026-03-03")


def test_two_schools_have_days_of_their_own(world: World) -> None:
    cast.move_to(world.a, "Asia/Kamchatka")
    cast.move_to(world.b, "Europe/Kaliningrad")
    moment = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    for school in (world.a, world.b):
        cast.settled(school)
        cast.wrote(school, "teacher", moment)
    roll_up(now=moment + timedelta(minutes=1))
    assert org_day(world.a, "2026-03-03")["messages"] == 1
    assert org_day(world.b, "2026-03-02")["messages"] == 1
    assert state_of(world.a).last_day == date(2026, 3, 3)
    assert state_of(world.b).last_day == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("America/New_York", "2026-03-08", 23),
        ("America/New_York", "2026-11-01", 25),
    ],
)
def test_a_day_of_23_or_25_hours_has_all_of_its_hours(a: School, zone: str, day: str, hours: int) -> None:
    cast.move_to(a, zone)
    begins = at(a, f"{day} 00:00").astimezone(UTC)
    cast.wrote_all(a, "teacher", [begins + timedelta(hours=n, minutes=30) for n in range(-1, hours + 1)])
    roll_up([a.organization.pk], begins + timedelta(days=3))
    following = str(date.fromisoformat(day) + timedelta(days=1))
    assert org_day(a, day)["messages"] == hours
    assert org_day(a, following)["messages"] == 1


def test_another_time_zone_moves_everything_to_its_new_day(a: School) -> None:
    cast.wrote(a, "teacher", at(a, "2026-03-01 20:00"))
    cast.came(a, "parent", at(a, "2026-03-02 12:00"))
    count(a)
    assert org_day(a, "2026-03-01")["messages"] == 1
    cast.move_to(a, "Asia/Kamchatka")
    roll_up([a.organization.pk], datetime(2026, 3, 3, 6, tzinfo=UTC))
    # 20:00 in Moscow is 05:00 of the next day in Kamchatka; 1 March is no longer a day of anything.
    assert org_day(a, "2026-03-01") == {}
    assert not PersonDay.objects.filter(day="2026-03-01").exists()
    assert not UnitDay.objects.filter(day="2026-03-01", organization=a.organization).exists()
    assert person_day(a, "teacher", "2026-03-02")["messages"] == 1
    assert person_day(a, "parent", "2026-03-02")["came"]
    assert state_of(a).first_day == date(2026, 3, 2)
    february = Period.objects.filter(organization=a.organization, span="week", starts_on="2026-02-23")
    assert not february.exists()


def test_further_west_tomorrows_rows_vanish(a: School) -> None:
    cast.move_to(a, "Asia/Kamchatka")
    moment = datetime(2026, 3, 2, 13, tzinfo=UTC)
    cast.wrote(a, "teacher", moment)
    roll_up([a.organization.pk], moment)
    assert org_day(a, "2026-03-03")["messages"] == 1
    cast.move_to(a, "Europe/Kaliningrad")
    roll_up([a.organization.pk], moment)
    assert org_day(a, "2026-03-03") == {}
    assert org_day(a, "2026-03-02")["messages"] == 1
    assert state_of(a).last_day == date(2026, 3, 2)


def test_other_quiet_hours_count_everything_anew(a: School) -> None:
    cast.wrote(a, "teacher", at(a, "2026-02-27 22:00"))
    count(a)
    assert "quiet_messages" not in org_day(a, "2026-02-27")
    cast.rules(a, quiet_from=time(21), quiet_until=time(7))
    count(a)
    assert org_day(a, "2026-02-27")["quiet_messages"] == 1
    assert count(a) == Counted()


def test_an_event_to_come_is_counted_when_its_day_comes(a: School) -> None:
    cast.held(a, at(a, "2026-03-10 12:00"))
    count(a)
    assert not OrgDay.objects.filter(organization=a.organization, day__gt="2026-03-03").exists()
    count(a, "2026-03-10 11:59")
    assert "events" not in org_day(a, "2026-03-10")
    count(a, "2026-03-10 12:00")
    assert org_day(a, "2026-03-10")["events"] == 1


# --- Late, old and gone ---------------------------------------------------------------------------------------------
def test_rows_that_come_late_are_counted_on_their_own_day(a: School) -> None:
    busy_day(a, "2026-03-01")
    count(a)
    cast.wrote(a, "head", at(a, "2026-02-28 10:00"))
    count(a)
    assert org_day(a, "2026-02-28")["messages"] == 1
    assert state_of(a).first_day == date(2026, 2, 28)


def test_an_organization_imported_with_years_of_data(a: School) -> None:
    for year in (2024, 2025, 2026):
        cast.wrote(a, "teacher", at(a, f"{year}-03-01 12:00"))
    counted = count(a)
    assert counted.days == (date(2026, 3, 3) - date(2024, 3, 1)).days + 1
    assert OrgDay.objects.filter(organization=a.organization).count() == counted.days
    assert [org_day(a, f"{year}-03-01")["messages"] for year in (2024, 2025, 2026)] == [1, 1, 1]
    assert org_day(a, "2025-07-01")["students_total"] == 3
    # Older ones yet come later.
    cast.wrote(a, "teacher", at(a, "2023-12-31 12:00"))
    count(a)
    assert org_day(a, "2023-12-31")["messages"] == 1
    assert org_day(a, "2024-01-15")["students_total"] == 3


def test_more_days_than_one_transaction_takes_are_counted_in_several(
    a: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rollup, "MOST_WINDOWS", 10)
    cast.wrote(a, "teacher", at(a, "2026-02-01 12:00"))
    cast.wrote(a, "teacher", at(a, "2026-02-20 12:00"))
    assert count(a).days >= 31
    assert org_day(a, "2026-02-01")["messages"] == 1
    assert org_day(a, "2026-02-20")["messages"] == 1
    assert OrgDay.objects.filter(organization=a.organization).count() == 31
    assert count(a) == Counted()


def test_several_organizations_share_the_room_of_a_transaction(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollup, "MOST_WINDOWS", 7)
    for school in (world.a, world.b):
        cast.settled(school)
        cast.wrote(school, "teacher", at(school, "2026-02-20 12:00"))
    roll_up(now=at(world.a, "2026-03-03 09:00"))
    for school in (world.a, world.b):
        assert OrgDay.objects.filter(organization=school.organization).count() == 12
        assert org_day(school, "2026-02-20")["messages"] == 1
        assert state_of(school).last_day == date(2026, 3, 3)
    assert not Change.objects.filter(at__lt=at(world.a, "2026-03-04 00:00")).exists()


def test_more_changes_than_one_transaction_takes_are_all_taken(a: School, monkeypatch: pytest.MonkeyPatch) -> None:
    count(a)
    monkeypatch.setattr(queue, "AT_ONCE", 2)
    for day in range(1, 8):
        cast.wrote(a, "teacher", at(a, f"2026-02-0{day} 12:00"))
    count(a)
    assert [org_day(a, f"2026-02-0{day}")["messages"] for day in range(1, 8)] == [1] * 7
    assert not Change.objects.filter(organization_id=a.organization.pk).exists()


def test_days_stay_when_their_messages_go(a: School, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC)
    old, young = now - timedelta(days=20), now - timedelta(days=1)
    post = cast.posted(a, "leader", old)
    for moment in (old, young):
        cast.wrote(a, "teacher", moment, cast.unit_chat(a))
    roll_up([a.organization.pk], now)
    first, last = (str(moment.astimezone(a.organization.zone).date()) for moment in (old, young))
    before = org_day(a, first), unit_day(a, "5А", first), person_day(a, "teacher", first)
    cast.rules(a, retention_days=10)
    assert remove_old_messages() == 1
    roll_up([a.organization.pk], now)
    assert state_of(a).frozen_before == date.fromisoformat(first) + timedelta(days=1)
    # Not even when something else of that day changes, the zone changes, or everything is to be counted.
    post.delete()
    cast.rules(a, quiet_from=time(21), quiet_until=time(7))
    queue.add([(a.organization, date.fromisoformat(first))])
    roll_up([a.organization.pk], now)
    assert (org_day(a, first), unit_day(a, "5А", first), person_day(a, "teacher", first)) == before
    assert org_day(a, last)["messages"] == 1
    month = Period.objects.get(
        organization=a.organization, span="month", unit=None, starts_on=date.fromisoformat(first).replace(day=1)
    )
    assert month.chats_alive == 1
    assert state_of(a).first_day == date.fromisoformat(first)


def test_days_that_were_never_counted_are_counted_although_messages_are_gone(a: School) -> None:
    now = datetime.now(UTC)
    cast.wrote(a, "teacher", now - timedelta(days=20), cast.unit_chat(a))
    cast.posted(a, "leader", now - timedelta(days=20))
    cast.rules(a, retention_days=10)
    remove_old_messages()
    roll_up([a.organization.pk], now)
    found = org_day(a, str((now - timedelta(days=20)).astimezone(a.organization.zone).date()))
    assert (found["posts"], found.get("messages", 0)) == (1, 0)


def test_changes_of_an_organization_that_is_gone_vanish(a: School) -> None:
    Change.objects.create(organization_id=9_999_999, at=at(a, "2026-03-01 12:00"), source="message")
    roll_up(now=at(a, "2026-03-03 09:00"))
    assert not Change.objects.filter(organization_id=9_999_999).exists()


# --- The roster -----------------------------------------------------------------------------------------------------
TOTALS = ("staff_total", "staff_joined", "students_total", "parents_total", "families_total", "families_joined")


def totals(school: School, day: str) -> list[int]:
    found = org_day(school, day)
    return [found.get(name, 0) for name in TOTALS]


def test_todays_roster_follows_and_closed_days_stay(a: School) -> None:
    count(a, "2026-03-02 09:00")
    assert totals(a, "2026-03-02") == [5, 4, 3, 3, 3, 2]
    cast.person(a, "Новая", "teacher", since="2026-03-02 10:00")
    count(a, "2026-03-02 10:05")
    assert totals(a, "2026-03-02")[0] == 6
    # In the evening, after the last roll-up of the day: known when the day has ended.
    RoleAssignment.objects.filter(person=a.people["head"]).update(until=at(a, "2026-03-02 23:58"))
    count(a, "2026-03-03 00:02")
    assert totals(a, "2026-03-02")[0] == 5
    assert totals(a, "2026-03-03")[0] == 5
    # What is entered later about the past does not rewrite what was known then.
    cast.person(a, "Задним числом", "teacher", since="2026-01-01 00:00")
    count(a, "2026-03-03 09:00")
    assert totals(a, "2026-03-02")[0] == 5
    assert totals(a, "2026-03-03")[0] == 6


def test_missing_days_are_derived_from_intervals(a: School) -> None:
    cast.wrote(a, "teacher", at(a, "2026-02-20 12:00"))
    cast.person(a, "Новая", "teacher", since="2026-02-25 10:00", joined_at=None)
    RoleAssignment.objects.filter(person=a.people["head"]).update(until=at(a, "2026-03-01 12:00"))
    Enrolment.objects.filter(person=a.people["student"]).update(until=date(2026, 2, 27))
    Person.objects.filter(pk=a.people["leader"].pk).update(joined_at=at(a, "2026-02-23 00:00"))
    count(a)
    staff = {f"2026-02-{n}": totals(a, f"2026-02-{n}")[:2] for n in (22, 23, 24, 25, 28)}
    assert staff == {
        "2026-02-22": [5, 3],
        "2026-02-23": [5, 4],
        "2026-02-24": [5, 4],
        "2026-02-25": [6, 4],
        "2026-02-28": [6, 4],
    }
    assert totals(a, "2026-03-01")[:2] == [5, 3]
    assert [unit_day(a, "5А", f"2026-02-{n}")["students_total"] for n in (26, 27, 28)] == [2, 1, 1]


def test_merged_rows_and_unconfirmed_phones_are_not_connected(a: School) -> None:
    merged = a.people["waiting_teacher"]
    Person.objects.filter(pk=merged.pk).update(merged_into=a.people["teacher"])
    type(a.user("leader")).objects.filter(pk=a.user("leader").pk).update(phone_verified_at=None)
    count(a)
    assert totals(a, "2026-03-03")[:2] == [4, 3]


def test_a_family_is_connected_by_one_parent(a: School) -> None:
    second = cast.person(a, "Второй", "parent")
    second.child_links.create(organization=a.organization, child=a.people["student"], since=at(a, "2020-01-01 00:00"))
    count(a)
    # Three students; of two at least one parent has joined.
    assert totals(a, "2026-03-03")[3:] == [4, 3, 2]
    found = unit_day(a, "5А", "2026-03-03")
    assert (found["families_total"], found["families_joined"]) == (2, 1)
    a.people["parent"].child_links.update(until=at(a, "2026-03-03 10:00"))
    count(a, "2026-03-03 10:05")
    assert "families_joined" not in unit_day(a, "5А", "2026-03-03")


def test_the_roles_of_a_day_are_those_held_on_it(a: School) -> None:
    for day in ("2026-02-27", "2026-03-01"):
        cast.came(a, "head", at(a, f"{day} 12:00"))
    RoleAssignment.objects.filter(person=a.people["head"]).update(until=at(a, "2026-02-27 00:00"))
    a.people["head"].roles.create(organization=a.organization, role="parent", since=at(a, "2026-03-01 23:00"))
    count(a)
    assert person_day(a, "head", "2026-02-27") == {"came": True}
    assert person_day(a, "head", "2026-03-01") == {"is_parent": True, "came": True}


def test_a_place_entered_late_counts_the_days_since_then_again(a: School) -> None:
    for day in ("2026-02-26", "2026-02-27", "2026-02-28"):
        cast.came(a, "student", at(a, f"{day} 12:00"))
    count(a)
    assert [unit_day(a, "5А", f"2026-02-{n}").get("students_active", 0) for n in (26, 27, 28)] == [1, 1, 1]
    # On 3 March the office enters that the student left the class on 27 February.
    Enrolment.objects.filter(person=a.people["student"]).update(until=date(2026, 2, 27))
    count(a)
    assert [unit_day(a, "5А", f"2026-02-{n}").get("students_active", 0) for n in (26, 27, 28)] == [1, 0, 0]
    assert org_day(a, "2026-02-28")["students_active"] == 1


def test_units_have_rows_while_they_exist(a: School) -> None:
    unit = a.units["5Б"]
    type(unit).objects.filter(pk=unit.pk).update(
        created_at=at(a, "2026-02-27 10:00"), archived_at=at(a, "2026-03-01 10:00")
    )
    Enrolment.objects.filter(unit=unit).update(since=date(2026, 2, 27), until=date(2026, 3, 1))
    cast.wrote(a, "teacher", at(a, "2026-02-25 12:00"))
    count(a)
    days = UnitDay.objects.filter(unit=unit).order_by("day").values_list("day", flat=True)
    assert [str(day) for day in days] == ["2026-02-27", "2026-02-28"]


# --- Weeks and months -----------------------------------------------------------------------------------------------
def period(school: School, span: str, starts_on: str, unit: str | None = None) -> Period | None:
    place = school.units[unit] if unit else None
    return Period.objects.filter(organization=school.organization, span=span, starts_on=starts_on, unit=place).first()


@pytest.mark.req("STAT-2")
def test_a_person_counts_once_a_week_and_once_a_month(a: School) -> None:
    for day in ("2026-02-27", "2026-03-02", "2026-03-03", "2026-03-04"):
        cast.came(a, "parent", at(a, f"{day} 12:00"))
        cast.wrote(a, "leader", at(a, f"{day} 12:00"), cast.unit_chat(a))
    count(a, "2026-03-05 09:00")
    for span, start in [
        ("week", "2026-02-23"),
        ("week", "2026-03-02"),
        ("month", "2026-02-01"),
        ("month", "2026-03-01"),
    ]:
        for unit in (None, "5А"):
            found = period(a, span, start, unit)
            assert found is not None
            assert (found.people_active, found.parents_active, found.staff_active) == (2, 1, 1)
            assert (found.parents_acted, found.staff_acted, found.chats_alive) == (0, 1, 1)
    assert period(a, "week", "2026-03-02", "5Б") is None


def test_a_week_whose_people_are_gone_has_none(a: School) -> None:
    came = cast.came(a, "parent", at(a, "2026-02-25 12:00"))
    cast.wrote(a, "teacher", at(a, "2026-02-01 12:00"))
    count(a)
    assert period(a, "week", "2026-02-23", "5А") is not None
    came.delete()
    count(a)
    assert period(a, "week", "2026-02-23", "5А") is None
    whole = period(a, "week", "2026-02-23")
    assert whole is not None
    assert whole.people_active == 0


# --- Others and much ------------------------------------------------------------------------------------------------
def test_counting_one_school_leaves_the_other_as_it_is(world: World) -> None:
    for school in (world.a, world.b):
        cast.settled(school)
        busy_day(school, "2026-03-02")
    roll_up(now=at(world.a, "2026-03-03 09:00"))
    before, waiting = (
        all_counted(world.b),
        list(Change.objects.filter(organization_id=world.b.organization.pk).values()),
    )
    busy_day(world.a, "2026-03-01")
    cast.wrote(world.b, "teacher", at(world.b, "2026-03-01 12:00"))
    waiting = list(Change.objects.filter(organization_id=world.b.organization.pk).values())
    roll_up([world.a.organization.pk], at(world.a, "2026-03-03 09:05"))
    assert all_counted(world.b) == before
    assert list(Change.objects.filter(organization_id=world.b.organization.pk).values()) == waiting
    assert len(waiting) > 0


def statements(deed: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        deed()
    return len(queries)


def test_the_number_of_statements_does_not_grow_with_rows_days_or_organizations(world: World) -> None:
    a, b = world.a, world.b
    for school in (a, b):
        cast.settled(school)
        busy_day(school, "2026-02-20")
    now = at(a, "2026-03-03 09:00")
    roll_up(now=now)

    def wrote(school: School, days: int, times: int) -> None:
        for day in range(days):
            begins = at(school, "2026-02-21 08:00") + timedelta(days=day)
            moments = [begins + timedelta(minutes=n) for n in range(times)]
            cast.wrote_all(school, "parent", moments, cast.personal_chat(school, "parent", "teacher"))
            cast.wrote_all(school, "teacher", moments, cast.personal_chat(school, "parent", "teacher"))

    wrote(a, 1, 3)
    one = statements(lambda: roll_up(now=now))
    wrote(a, 9, 40)
    wrote(b, 9, 40)
    assert statements(lambda: roll_up(now=now)) == one
    assert one <= 80


def test_the_job_counts_and_stands_in_the_schedule(a: School, settings: Any) -> None:
    busy_day(a, "2026-03-02")
    assert tasks.roll_up() > 0
    assert org_day(a, "2026-03-02")["messages"] == 3
    jobs_by_clock = {job["task"]: job["schedule"] for job in settings.CELERY_BEAT_SCHEDULE.values()}
    assert jobs_by_clock["stats.tasks.roll_up"] == 300.0


def test_when_it_was_counted_is_remembered(a: School) -> None:
    count(a, "2026-03-03 09:00")
    assert state_of(a).counted_at == at(a, "2026-03-03 09:00")
    cast.came(a, "parent", at(a, "2026-03-03 09:01"))
    count(a, "2026-03-03 10:05")
    assert state_of(a).counted_at == at(a, "2026-03-03 10:05")
