"""`manage.py rebuild_stats`: one organization dropped and counted anew (STAT-4)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from chats.services.upkeep import remove_old_messages
from stats.models import OrgDay, PersonDay, RollupState, UnitDay
from stats.services.rebuilding import rebuild
from stats.services.rollup import Counted, roll_up
from tests.stats import cast
from tests.stats.cast import all_counted, at, counted_anew, org_day
from tests.world import School, World

pytestmark = pytest.mark.req("STAT-4")


@pytest.fixture
def schools(world: World) -> World:
    """Two schools with the same days, counted."""
    for school in (world.a, world.b):
        cast.settled(school)
        for day in ("2026-02-25", "2026-02-27", "2026-03-01", "2026-03-02"):
            moment = at(school, f"{day} 12:00")
            cast.came(school, "student", moment)
            cast.wrote(school, "parent", moment, cast.personal_chat(school, "parent", "teacher"))
            later = moment + timedelta(minutes=5)
            cast.wrote(school, "teacher", later, cast.personal_chat(school, "parent", "teacher"))
            cast.reacted(school, "parent", moment, cast.posted(school, "leader", moment, "5А"))
    roll_up(now=now_of(world.a))
    return world


def now_of(school: School) -> datetime:
    return at(school, "2026-03-03 09:00")


def spoil(school: School) -> None:
    """Wrong figures under every day."""
    PersonDay.objects.filter(organization=school.organization).update(posts=77)
    UnitDay.objects.filter(organization=school.organization).update(posts=77)
    OrgDay.objects.filter(organization=school.organization).update(posts=77)


def test_everything_is_as_it_was_counted_and_the_other_school_is_untouched(schools: World) -> None:
    a, b = schools.a, schools.b
    before, other = counted_anew(a), all_counted(b)
    spoil(a)
    assert rebuild(a.organization, now=now_of(a)) == 7
    assert counted_anew(a) == before
    assert all_counted(b) == other
    assert roll_up(now=now_of(a)) == Counted()


def test_only_the_days_asked_for_are_counted_anew(schools: World) -> None:
    a, b = schools.a, schools.b
    other = all_counted(b)
    rows = OrgDay.objects.filter(organization=a.organization)
    kept = list(rows.exclude(day__range=("2026-02-27", "2026-03-01")).order_by("pk").values_list())
    spoil(a)
    OrgDay.objects.filter(organization=a.organization).update(posts=77)
    assert rebuild(a.organization, date(2026, 2, 27), date(2026, 3, 1), now=now_of(a)) == 3
    assert org_day(a, "2026-02-27")["posts"] == 1
    assert "posts" not in org_day(a, "2026-02-28")
    # Today is counted whenever something is, the others stay wrong: nobody asked for them.
    assert [org_day(a, day)["posts"] for day in ("2026-02-25", "2026-02-26", "2026-03-02")] == [77] * 3
    assert {row[0] for row in kept} <= set(rows.values_list("pk", flat=True))
    assert all_counted(b) == other


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [(date(2026, 3, 1), None, 3), (None, date(2026, 2, 26), 2), (date(2026, 3, 2), date(2026, 3, 2), 1)],
)
def test_an_open_end_reaches_to_the_first_day_or_today(
    schools: World, first: date | None, last: date | None, days: int
) -> None:
    a = schools.a
    before = counted_anew(a)
    assert rebuild(a.organization, first, last, now=now_of(a)) == days
    assert counted_anew(a) == before


def test_an_organization_never_counted_is_filled(world: World) -> None:
    cast.settled(world.a)
    cast.wrote(world.a, "teacher", at(world.a, "2026-03-01 12:00"))
    assert rebuild(world.a.organization, now=now_of(world.a)) == 3
    assert org_day(world.a, "2026-03-01")["messages"] == 1
    assert not RollupState.objects.filter(organization=world.b.organization).exists()


def test_rows_under_days_nobody_would_count_go(schools: World) -> None:
    a = schools.a
    OrgDay.objects.create(organization=a.organization, day=date(2030, 1, 1), messages=5)
    rebuild(a.organization, now=now_of(a))
    assert not OrgDay.objects.filter(organization=a.organization, day=date(2030, 1, 1)).exists()


def test_days_whose_messages_are_gone_stay(world: World) -> None:
    a, now = world.a, datetime.now(UTC)
    cast.settled(a)
    old = now - timedelta(days=20)
    cast.wrote(a, "teacher", old)
    cast.wrote(a, "teacher", now - timedelta(hours=1))
    roll_up([a.organization.pk], now)
    before = counted_anew(a)
    cast.rules(a, retention_days=10)
    remove_old_messages()
    roll_up([a.organization.pk], now)
    assert rebuild(a.organization, now=now) == 20
    assert counted_anew(a) == before
    assert rebuild(a.organization, last=old.date(), now=now) == 0


def test_a_rebuild_that_is_interrupted_is_finished_by_the_next_roll_up(
    schools: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = schools.a
    before = counted_anew(a)
    monkeypatch.setattr("stats.services.rebuilding.roll_up", lambda *args: None)
    rebuild(a.organization, now=now_of(a))
    assert org_day(a, "2026-03-01") == {}
    roll_up(now=now_of(a))
    assert counted_anew(a) == before


def test_the_command(schools: World) -> None:
    out = StringIO()
    call_command("rebuild_stats", "a", "--from", "2026-02-27", "--to", "2026-03-01", stdout=out)
    assert out.getvalue() == "Days counted anew: 3\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "There is no organization «nowhere»."),
        (["a", "--from", "1 March"], "Not a day: 1 March"),
        (["a", "--from", "2026-03-02", "--to", "2026-03-01"], "The last day is before the first one."),
    ],
)
def test_the_command_refuses_what_makes_no_sense(schools: World, arguments: list[str], told: str) -> None:
    with pytest.raises(CommandError) as error:
        call_command("rebuild_stats", *arguments)
    assert str(error.value) == told
