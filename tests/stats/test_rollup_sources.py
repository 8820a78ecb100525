"""Each source is counted on its own day, for the person, the unit and the organization (STAT-3, STAT-4)."""

from __future__ import annotations

from datetime import datetime

import pytest

from stats.services.rollup import roll_up
from tests.stats import cast
from tests.stats.cast import at, org_day, person_day, unit_day
from tests.world import School, World

pytestmark = pytest.mark.req("STAT-3", "STAT-4")

DAY = "2026-03-02"


@pytest.fixture
def a(world: World) -> School:
    return world.a


def noon(school: School) -> datetime:
    return at(school, f"{DAY} 12:00")


def count(school: School) -> None:
    roll_up([school.organization.pk], at(school, "2026-03-03 09:00"))


def test_presence(a: School) -> None:
    cast.person(a, "Новая", "teacher")
    cast.came(a, "Новая", noon(a))
    count(a)
    assert person_day(a, "Новая", DAY) == {"is_staff": True, "came": True}
    assert org_day(a, DAY)["staff_active"] == 1


def test_all(a: School) -> None:
    cast.settled(a)
    m = noon(a)
    cast.came(a, "teacher", m)
    x = cast.wrote(a, "teacher", m)
    cast.wrote(a, "parent", m, cast.personal_chat(a, "parent", "teacher"))
    cast.wrote(a, "parent", m, cast.unit_chat(a))
    cast.wrote(a, "parent", m, cast.free_chat(a, "parent"))
    cast.wrote(a, "teacher", at(a, f"{DAY} 12:10"), cast.personal_chat(a, "parent", "teacher"))
    p = cast.posted(a, "teacher", m)
    cast.posted(a, "teacher", m, "5А")
    cast.commented(a, "parent", m, p)
    cast.reacted(a, "parent", m, p)
    cast.viewed(a, "parent", m, p)
    r = cast.given_out(a, m)
    cast.confirmed(a, "parent", m, r)
    q = cast.asked(a, m)
    cast.voted(a, "parent", m, q)
    cast.uploaded(a, "parent", m)
    e = cast.held(a, m, broadcast=True)
    cast.took_part(a, "parent", e, answered=m, attended=True, opened=m)
    i = cast.invited(a, "leader", m)
    cast.joined(a, "parent", m, i)
    cast.noted(a, "leader", m)
    count(a)
    print(person_day(a, "teacher", DAY))
    print(person_day(a, "parent", DAY))
    print(person_day(a, "leader", DAY))
    print(org_day(a, DAY))
    print(unit_day(a, "5А", DAY))
    from stats.models import Period, StaffAnswer, RollupState

    print(list(Period.objects.values_list()))
    print(list(StaffAnswer.objects.values_list()))
    print(list(RollupState.objects.values()))
