"""Figures against numbers counted by hand (STAT-2, STAT-3, STAT-5)."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

import pytest
from django.utils import timezone

from orgs.models import Enrolment, Guardianship, Organization
from outbox.models import Message
from stats.models import Norm, RollupState, StatsRules, UnitDay
from stats.periods import PeriodKind, compared, days_of
from stats.selectors.board import board
from stats.selectors.figures import overview
from stats.selectors.funnel import funnel
from stats.selectors.values import Overview, Value
from tests.stats.rows import (
    BEFORE,
    LATER,
    MONDAY,
    SUNDAY,
    WEDNESDAY,
    WEEK,
    answer,
    chosen,
    day,
    history,
    invited,
    kept,
    more_staff,
    org_day,
    person_day,
    reached,
    statements,
    unit_day,
    viewer,
)
from tests.world import School, World

pytestmark = pytest.mark.req("STAT-3")


def figures(school: School, days: Any = WEEK, **more: Any) -> dict[str, Value]:
    return dict(seen(school, days, **more).values)


def seen(school: School, days: Any = WEEK, *, sees_people: bool = True, **more: Any) -> Overview:
    more.setdefault("today", LATER)
    return overview(viewer(school, sees_people=sees_people), days, more.pop("unit", None), **more)


def three(value: Value) -> tuple[int, int | None, float | None]:
    return value.numerator, value.denominator, value.amount


@pytest.fixture
def counted(world: World) -> School:
    """Two whole weeks of school a, and the same days of b with other numbers."""
    history(world.b, BEFORE.first, SUNDAY, messages=1000, doubtful_messages=999, staff_total=999, staff_joined=500)
    school = world.a
    for shift in range(-7, 7):
        org_day(
            school,
            day(shift),
            staff_total=40 + (shift >= 0),
            staff_joined=30 + (shift >= 0),
            students_total=200,
            students_joined=50,
            parents_total=300,
            families_total=200,
            families_joined=100 + 7 + shift,
            messages=10 + shift,
            quiet_messages=2,
            doubtful_messages=1,
            posts=shift >= 0,
            reactions=3,
            comments=2,
            files=4,
            events=shift == 2,
            watched=6,
            joined=shift + 7,
        )
    kept(school, "week", MONDAY, staff_active=31, students_active=40, parents_active=90, staff_acted=20, chats_alive=12)
    kept(school, "week", BEFORE.first, staff_active=20, staff_acted=10, chats_alive=15)
    return school


# --- Of the roster ----------------------------------------------------------------------------------------------------
@pytest.mark.req("STAT-2")
def test_who_is_connected_is_of_the_roster_on_the_last_day(counted: School) -> None:
    found = figures(counted)
    assert three(found["staff_joined"]) == (31, 41, 31 / 41)
    assert found["staff_joined"].before == 30 / 40
    assert three(found["families_joined"]) == (113, 200, 113 / 200)
    assert found["families_joined"].before == 106 / 200
    assert three(found["students_joined"]) == (50, 200, 0.25)


@pytest.mark.req("STAT-2")
def test_people_of_a_week_are_those_kept_for_it(counted: School) -> None:
    found = figures(counted)
    assert three(found["staff_active"]) == (31, 41, 31 / 41)
    assert found["staff_active"].before == 20 / 40
    assert three(found["staff_acted"]) == (20, 41, 20 / 41)
    assert three(found["students_active"]) == (40, 200, 0.2)
    assert three(found["parents_active"]) == (90, 300, 0.3)
    assert three(found["chats_alive"]) == (12, None, 12)
    assert found["chats_alive"].before == 15


def test_numbers_are_the_sums_of_the_days(counted: School) -> None:
    found = figures(counted)
    assert three(found["messages"]) == (sum(range(10, 17)), None, sum(range(10, 17)))
    assert found["messages"].before == sum(range(3, 10))
    assert three(found["quiet_messages"]) == (14, 91, 14 / 91)
    assert three(found["doubtful_messages"]) == (7, 91, 7 / 91)
    assert (found["posts"].amount, found["posts"].before) == (7, 0)
    assert (found["feedback"].amount, found["files"].amount) == (35, 28)
    assert (found["events"].amount, found["broadcast_views"].amount) == (1, 42)
    assert (found["people_joined"].amount, found["people_joined"].before) == (sum(range(7, 14)), sum(range(7)))


@pytest.mark.req("STAT-5")
def test_doubtful_messages_can_be_left_out(counted: School) -> None:
    found = figures(counted, without_doubtful=True)
    assert (found["messages"].amount, found["messages"].before) == (84, 42 - 7)
    assert three(found["quiet_messages"]) == (14, 84, 14 / 84)
    # How many they are stays of all.
    assert three(found["doubtful_messages"]) == (7, 91, 7 / 91)


@pytest.mark.req("STAT-5")
def test_of_quiet_messages_never_more_are_counted_than_are_left(world: World) -> None:
    org_day(world.a, MONDAY, messages=10, quiet_messages=9, doubtful_messages=8)
    assert three(figures(world.a, without_doubtful=True)["quiet_messages"]) == (2, 2, 1.0)


# --- Unfinished, and before there was anything ------------------------------------------------------------------------
@pytest.mark.req("STAT-6")
def test_a_week_that_has_not_ended_is_compared_with_as_many_days(counted: School) -> None:
    for name, shift in [("teacher", -7), ("teacher", -6), ("leader", -5), ("head", -4), ("parent", -7)]:
        person_day(counted, name, day(shift), messages=name == "leader")
    found = figures(counted, today=WEDNESDAY)
    assert found["messages"].amount == 10 + 11 + 12
    assert found["messages"].before == 3 + 4 + 5
    # The week before is kept whole; of its first three days the people are counted: the head came on the fourth.
    assert found["staff_active"].before == 2 / 40
    assert found["staff_acted"].before == 1 / 40
    assert found["parents_active"].before == 1 / 300
    assert found["families_joined"].before == 102 / 200
    assert found["chats_alive"].before is None


@pytest.mark.req("STAT-6")
def test_days_that_were_not_counted_are_compared_with_nothing(world: World) -> None:
    history(world.a, MONDAY - timedelta(days=3), SUNDAY, messages=1, staff_total=50, staff_joined=25)
    found = figures(world.a)
    assert found["messages"].amount == 7
    assert found["messages"].before is None  # three days of seven
    assert found["staff_joined"].before == 0.5  # what stood at their end is known
    assert all(value.before is None for value in figures(world.a, WEEK.before).values())


def test_nothing_counted_is_nothing_said(world: World) -> None:
    found = seen(world.a)
    assert found.counted_at is None
    assert all(value.amount is None and value.before is None for value in found.values.values())


def test_a_day_nobody_wrote_on_is_a_zero(world: World) -> None:
    history(world.a, BEFORE.first, SUNDAY)
    found = figures(world.a)
    assert (found["messages"].amount, found["messages"].change) == (0, None)
    assert found["quiet_messages"].amount is None


def test_figures_say_when_they_were_counted(world: World) -> None:
    moment = timezone.now()
    RollupState.objects.create(organization=world.a.organization, counted_at=moment)
    assert seen(world.a).counted_at == moment
    assert seen(world.b).counted_at is None


# --- People of other periods ------------------------------------------------------------------------------------------
@pytest.mark.req("STAT-2")
@pytest.mark.parametrize("kind", ["day", "quarter", "custom"])
def test_people_of_other_periods_are_counted_once(world: World, kind: str) -> None:
    history(world.a, date(2025, 9, 1), SUNDAY, staff_total=50, parents_total=50, chats_alive=3)
    days = chosen(MONDAY, day(1)) if kind == "custom" else days_of(PeriodKind(kind), MONDAY)
    for name in ("teacher", "leader"):
        person_day(world.a, name, MONDAY, came=False, views=1)
        if kind != "day":
            person_day(world.a, name, day(1), messages=1, confirmations=name == "leader")
    person_day(world.a, "head", MONDAY, came=False, attended=1)  # somebody else noted it
    person_day(world.a, "both", MONDAY, is_staff=True)
    person_day(world.a, "administrator", compared(days, SUNDAY)[1].first)
    person_day(world.b, "teacher", MONDAY)
    found = figures(world.a, days, today=SUNDAY)
    assert three(found["staff_active"])[:2] == (3, 50)
    assert three(found["parents_active"])[:2] == (1, 50)
    assert found["staff_acted"].numerator == (0 if kind == "day" else 2)
    assert found["staff_active"].before == 1 / 50
    assert found["chats_alive"].amount == (3 if kind == "day" else None)


@pytest.mark.req("STAT-2")
def test_a_month_has_a_row_of_its_own(world: World) -> None:
    history(world.a, date(2026, 1, 1), date(2026, 3, 31), staff_total=50)
    kept(world.a, "month", date(2026, 3, 1), staff_active=44)
    kept(world.a, "month", date(2026, 2, 1), staff_active=33)
    kept(world.a, "month", date(2026, 2, 1), "5А", staff_active=1)
    found = figures(world.a, days_of(PeriodKind.MONTH, MONDAY), today=date(2026, 4, 2))["staff_active"]
    assert (found.numerator, found.before) == (44, 33 / 50)


def test_who_left_in_the_period_makes_no_share_above_the_whole(world: World) -> None:
    org_day(world.a, MONDAY, staff_total=10)
    kept(world.a, "week", MONDAY, staff_active=11)
    assert three(figures(world.a)["staff_active"]) == (10, 10, 1.0)


# --- Reach and medians ------------------------------------------------------------------------------------------------
def test_reach_is_over_all_things_of_the_period(counted: School, world: World) -> None:
    for kind, marked in (("reading", False), ("post", False), ("poll", False), ("event", True)):
        reached(counted, kind, MONDAY, 30, 40, is_marked=marked)
        reached(counted, kind, SUNDAY, 10, 60, is_marked=marked)
        reached(counted, kind, day(7), 99, 99, is_marked=marked)
        reached(counted, kind, day(-1), 1, 4, is_marked=marked)
        reached(world.b, kind, MONDAY, 99, 99, is_marked=marked)
    reached(counted, "event", MONDAY, 50, 50)  # they say they come; nobody noted who came
    found = figures(counted)
    for key in ("reading_reach", "post_reach", "poll_turnout", "attendance"):
        assert three(found[key]) == (40, 100, 0.4), key
        assert found[key].before == 0.25, key


@pytest.mark.parametrize("number", [1, 2, 3, 8, 31])
def test_the_median_is_the_one_of_python(world: World, number: int) -> None:
    history(world.a, BEFORE.first, SUNDAY)
    rng = random.Random(number)
    seconds = [rng.choice([0, 60, 61, 3600, rng.randrange(90_000)]) for _ in range(number)]
    for n, waited in enumerate(seconds):
        answer(world.a, "teacher", day(n % 7), waited)
        reached(world.a, "reading", day(n % 7), 9, 9, median_seconds=waited)
    answer(world.a, "teacher", day(-7), 7)
    answer(world.a, "teacher", day(-1), 10)
    answer(world.a, "teacher", day(7), 999_999)
    answer(world.b, "teacher", MONDAY, 999_999)
    reached(world.a, "reading", MONDAY, 0, 9)  # nobody has read it yet
    found = figures(world.a)
    assert three(found["answer_time"]) == (number, None, median(seconds))
    assert found["answer_time"].before == 8.5
    assert three(found["reading_time"]) == (number, None, median(seconds))
    assert found["reading_time"].before is None


# --- Invitations ------------------------------------------------------------------------------------------------------
def test_the_funnel_is_of_the_invitations_made_in_the_period(world: World) -> None:
    zone = world.a.organization.zone
    start = datetime(2026, 3, 9, 0, 0, tzinfo=zone)
    later = timezone.now() + timedelta(days=30)
    history(world.a, BEFORE.first, SUNDAY)
    made = [
        invited(world.a, start, expires_at=later),
        invited(world.a, start, opened_at=start, uses=3, expires_at=later),
        invited(world.a, start + timedelta(days=2), opened_at=start, uses=30),  # used up, then over
        invited(world.a, start + timedelta(days=3), opened_at=start),  # over
        invited(world.a, start + timedelta(days=7, seconds=-1), revoked_at=start + timedelta(days=8)),
    ]
    invited(world.a, start - timedelta(seconds=1))
    invited(world.a, start + timedelta(days=7))
    invited(world.b, start)
    for link, status, template in [
        (made[0], "sent", "invitation"),
        (made[0], "sent", "invitation_reminder"),
        (made[1], "kept", "invitation"),
        (made[2], "failed", "invitation"),
        (made[3], "sent", "invitations_expired"),  # a letter to its owner
    ]:
        Message.objects.create(
            channel="email",
            recipient="a@example.org",
            template=template,
            organization_id=world.a.organization.pk,
            reference=f"invitation:{link.pk}",
            status=status,
            finished_at=start,
        )
    stages = {stage.key: stage.amount for stage in funnel(viewer(world.a), WEEK)}
    assert stages == {"made": 5, "delivered": 2, "opened": 3, "joined": 2, "expired": 1, "annulled": 1}
    found = figures(world.a)
    assert three(found["invitations_delivered"]) == (2, 5, 0.4)
    assert found["invitations_expired"].before == 1.0
    assert {stage.share for stage in funnel(viewer(world.a), WEEK.after.after)} == {None}


# --- Silent units -----------------------------------------------------------------------------------------------------
def test_a_unit_is_silent_after_two_weeks_without_a_word(world: World) -> None:
    school = world.a
    history(school, day(-30), SUNDAY)
    unit_day(school, "staff", SUNDAY)
    # The two weeks that end on this Sunday begin with the Monday of the week before.
    _wrote_on(school, "5А", day(-8), messages=1)
    _wrote_on(school, "5Б", day(-7), posts=1)
    found = figures(school)["silent_units"]
    assert three(found) == (1, 2, 0.5)
    assert found.before == 0.0


def _wrote_on(school: School, unit: str, on: date, **numbers: int) -> None:
    assert UnitDay.objects.filter(unit=school.units[unit], day=on).update(**numbers) == 1


def test_a_new_unit_is_not_silent_yet(world: World) -> None:
    history(world.a, day(-6), SUNDAY)
    assert three(figures(world.a)["silent_units"]) == (0, 2, 0.0)
    history(world.b, day(-7), SUNDAY)
    assert three(figures(world.b)["silent_units"]) == (2, 2, 1.0)


# --- Norms and small cells --------------------------------------------------------------------------------------------
@pytest.mark.req("STAT-5")
@pytest.mark.parametrize(("joined", "met"), [(28, False), (29, True), (30, True)])
def test_a_norm_is_met_at_exactly_its_per_cent(world: World, joined: int, *, met: bool) -> None:
    org_day(world.a, MONDAY, staff_total=100, staff_joined=joined)
    Norm.objects.create(organization=world.a.organization, figure="staff_joined", percent=29, is_on=True)
    Norm.objects.create(organization=world.a.organization, figure="families_joined", percent=29, is_on=False)
    Norm.objects.create(organization=world.b.organization, figure="students_joined", percent=99, is_on=True)
    found = figures(world.a)
    assert (found["staff_joined"].norm, found["staff_joined"].meets_norm) == (29, met)
    assert found["families_joined"].norm is None
    assert found["students_joined"].norm is None


@pytest.mark.req("STAT-5")
@pytest.mark.parametrize(
    ("part", "whole", "hidden"),
    [
        *[(0, 5, False), (1, 9, True), (4, 9, True), (5, 9, True), (5, 10, False), (9, 10, True), (10, 10, False)],
        *[(0, 4, True), (4, 4, True), (0, 0, False)],
        # Of a class everybody knows who is missing; of a whole school nobody does.
        *[(31, 34, True), (41, 45, False)],
    ],
)
def test_cells_of_under_five_people_are_for_those_who_may_see_them(
    world: World, part: int, whole: int, *, hidden: bool
) -> None:
    org_day(world.a, MONDAY, staff_total=whole, staff_joined=part)
    shown = figures(world.a)["staff_joined"]
    assert (shown.numerator, shown.denominator, shown.is_hidden) == (part, whole, False)
    found = figures(world.a, sees_people=False)["staff_joined"]
    assert found.is_hidden == hidden
    if hidden:
        assert (found.numerator, found.denominator, found.amount, found.before) == (0, 0, None, None)


@pytest.mark.req("STAT-5")
def test_a_small_cell_of_the_period_before_is_not_told_by_the_change(world: World) -> None:
    org_day(world.a, BEFORE.first, staff_total=20, staff_joined=2, joined=2, messages=2)
    org_day(world.a, MONDAY, staff_total=20, staff_joined=10, joined=3, messages=3)
    assert figures(world.a)["staff_joined"].before == 0.1
    found = figures(world.a, sees_people=False)
    assert (found["staff_joined"].amount, found["staff_joined"].before) == (0.5, None)
    assert (found["people_joined"].is_hidden, found["people_joined"].denominator) == (True, None)
    assert found["messages"].amount == 3  # messages are no people


@pytest.mark.req("STAT-5")
def test_a_period_that_was_counted_in_part_is_compared_by_its_last_day_only(world: World) -> None:
    org_day(world.a, BEFORE.last, staff_total=20, staff_joined=10, messages=7)
    org_day(world.a, MONDAY, staff_total=20, staff_joined=15, messages=3)
    found = figures(world.a)
    assert found["staff_joined"].before == 0.5
    assert (found["staff_active"].amount, found["staff_active"].before) == (0, None)
    assert (found["messages"].amount, found["messages"].before) == (3, None)


# --- Of one unit ------------------------------------------------------------------------------------------------------
@pytest.mark.req("STAT-2")
def test_a_unit_has_its_own_figures(world: World) -> None:
    school = world.a
    for shift in range(-7, 7):
        numbers = {"staff_total": 1, "students_total": 2, "students_joined": 1, "families_total": 2}
        unit_day(school, "5А", day(shift), **numbers, families_joined=shift >= 0, messages=2, doubtful_messages=1)
        unit_day(school, "5Б", day(shift), messages=100)
        org_day(school, day(shift), messages=102)
    _enrolled_long_ago(school)
    person_day(school, "leader", MONDAY)
    person_day(school, "student", day(1))
    person_day(school, "parent", day(1))
    person_day(school, "parent", day(2))
    person_day(school, "both", day(1))  # a parent of the other class
    person_day(school, "waiting_parent", day(-1), is_parent=True)
    found = seen(school, unit=school.units["5А"])
    assert set(found.values) == {
        *("staff_joined", "students_joined", "families_joined", "staff_active", "students_active", "parents_active"),
        *("messages", "quiet_messages", "doubtful_messages", "posts"),
    }
    values = dict(found.values)
    assert three(values["staff_active"]) == (1, 1, 1.0)
    assert three(values["students_active"]) == (1, 2, 0.5)
    assert three(values["parents_active"]) == (1, 2, 0.5)
    assert values["parents_active"].before == 0.5
    assert three(values["families_joined"]) == (1, 2, 0.5)
    assert (values["families_joined"].before, values["messages"].amount) == (0.0, 14)


def _enrolled_long_ago(school: School) -> None:
    long_ago = date(2020, 9, 1)
    Enrolment.objects.filter(organization=school.organization).update(since=long_ago)
    Guardianship.objects.filter(organization=school.organization).update(since=f"{long_ago}T12:00Z")


# --- Statements -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("days", "today", "number"),
    [(WEEK, LATER, 5), (WEEK, WEDNESDAY, 6), (days_of(PeriodKind.QUARTER, MONDAY), LATER, 5)],
)
def test_all_figures_take_as_many_statements_for_three_rows_as_for_three_hundred(
    world: World, days: Any, today: date, number: int
) -> None:
    history(world.a, MONDAY, day(2))
    assert statements(lambda: figures(world.a, days, today=today)) == number
    history(world.a, day(-300), day(-1))
    person_day(world.a, "teacher", day(-1))
    assert statements(lambda: figures(world.a, days, today=today)) == number


@pytest.mark.req("STAT-1")
def test_the_heads_page_is_read_in_eight_statements(world: World) -> None:
    history(world.a, day(-100), SUNDAY, messages=3)
    more_staff(world.a, 3)
    StatsRules.objects.create(organization=world.a.organization, without_doubtful=True, weekly_letter=False)
    assert statements(lambda: board(viewer(world.a), WEEK, today=WEDNESDAY)) == 8
    found = board(viewer(world.a), WEEK, today=WEDNESDAY)
    assert found.overview.without_doubtful
    assert not found.rules.weekly_letter
    assert [point.monday for point in found.trend][-1] == MONDAY
    assert statements(lambda: board(viewer(world.a), WEEK, world.a.units["5А"], today=WEDNESDAY)) == 4
    assert found.overview == overview(viewer(world.a), WEEK, without_doubtful=True, today=WEDNESDAY)
    assert not board(viewer(world.a), WEEK, without_doubtful=False, today=WEDNESDAY).overview.without_doubtful


def test_without_a_day_the_organizations_own_is_today(world: World, time_machine: Any) -> None:
    time_machine.move_to(datetime(2026, 3, 11, 20, 0, tzinfo=UTC))
    Organization.objects.filter(pk=world.a.organization.pk).update(time_zone="Asia/Kamchatka")
    world.a.organization.refresh_from_db()
    history(world.a, day(-7), SUNDAY, messages=1)
    assert overview(viewer(world.a), WEEK).values["messages"].amount == 4  # Thursday has begun there
