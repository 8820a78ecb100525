"""What needs the head's attention, and in which words (STAT-6)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import translation

from orgs.models import Unit, UnitKind
from readings.models import Reading
from stats.catalogue import BY_KEY
from stats.models import Norm
from stats.selectors.attention import Finding, FindingKind, needs_attention, words_of
from stats.selectors.board import board
from tests.stats.rows import (
    LATER,
    MONDAY,
    SUNDAY,
    WEDNESDAY,
    WEEK,
    day,
    history,
    invited,
    kept,
    org_day,
    reached,
    unit_day,
    viewer,
)
from tests.world import School, World

pytestmark = pytest.mark.req("STAT-6")


def found(school: School, *, sees_people: bool = True, **more: Any) -> list[Finding]:
    more.setdefault("today", LATER)
    return needs_attention(viewer(school, sees_people=sees_people), WEEK, **more)


def of_kind(school: School, kind: FindingKind, **more: Any) -> list[Finding]:
    return [finding for finding in found(school, **more) if finding.kind == kind]


def test_where_all_is_well_nothing_is_found(world: World) -> None:
    history(world.a, MONDAY, SUNDAY, staff_total=10, staff_joined=10)
    kept(world.a, "week", MONDAY, staff_active=10)
    assert found(world.a) == []


def test_a_norm_that_is_not_met(world: World) -> None:
    org_day(world.a, SUNDAY, staff_total=400, staff_joined=303)
    norm = Norm.objects.create(organization=world.a.organization, figure="staff_joined", percent=76, is_on=True)
    # 75.75 per cent are not rounded up to the norm.
    assert found(world.a)[0] == Finding(FindingKind.NORM_UNMET, "staff_joined", 75, 76, can_remind=True)
    assert not of_kind(world.a, FindingKind.NORM_UNMET, sees_people=False)[0].can_remind
    Norm.objects.filter(pk=norm.pk).update(is_on=False)
    assert of_kind(world.a, FindingKind.NORM_UNMET) == []


def test_staff_who_did_not_come(world: World) -> None:
    org_day(world.a, SUNDAY, staff_total=10)
    kept(world.a, "week", MONDAY, staff_active=7)
    expected = Finding(FindingKind.STAFF_NOT_ACTIVE, "staff_active", 3, 10, can_remind=True)
    assert of_kind(world.a, FindingKind.STAFF_NOT_ACTIVE) == [expected]
    assert of_kind(world.a, FindingKind.STAFF_NOT_ACTIVE, sees_people=False) == []  # three people
    # The norm says it already.
    Norm.objects.create(organization=world.a.organization, figure="staff_active", percent=75, is_on=True)
    assert [finding.kind for finding in found(world.a)] == [FindingKind.NORM_UNMET]


def test_of_a_week_that_has_just_begun_nobody_is_missed_yet(world: World) -> None:
    org_day(world.a, MONDAY, staff_total=10)
    assert of_kind(world.a, FindingKind.STAFF_NOT_ACTIVE, today=WEDNESDAY) == []
    assert of_kind(world.a, FindingKind.STAFF_NOT_ACTIVE, today=day(4))[0].number == 10


def test_reading_whose_deadline_is_over(world: World) -> None:
    def reading(school: School, due: Any, **more: Any) -> Reading:
        values = {"opened_at": "2026-03-01T09:00Z", **more}
        return Reading.objects.create(
            organization=school.organization, title="Приказ", path="x/", content_hash="0" * 64, due_on=due, **values
        )

    complete = reading(world.a, MONDAY)
    reached(world.a, "reading", MONDAY, 9, 9, thing_id=complete.pk)
    late = reading(world.a, MONDAY)
    reached(world.a, "reading", MONDAY, 8, 9, thing_id=late.pk)
    reading(world.a, SUNDAY)
    for due, more in ((LATER, {}), (None, {}), (MONDAY, {"closed_at": "2026-03-10T09:00Z"})):
        reading(world.a, due, **more)
    reading(world.a, MONDAY, opened_at=None)
    reading(world.b, MONDAY)
    expected = Finding(FindingKind.READINGS_OVERDUE, "reading_reach", 2)
    assert of_kind(world.a, FindingKind.READINGS_OVERDUE) == [expected]


def test_units_where_nothing_is_written(world: World) -> None:
    school = world.a
    history(school, day(-20), SUNDAY)
    [finding] = of_kind(school, FindingKind.SILENT_UNITS)
    assert (finding.figure, finding.number, finding.total, finding.unit) == ("silent_units", 2, 2, None)
    assert finding.unit_kind == UnitKind.CLASS
    Unit.objects.filter(pk=school.units["5Б"].pk).update(kind=UnitKind.GROUP)
    assert of_kind(school, FindingKind.SILENT_UNITS)[0].unit_kind == ""
    unit_day(school, "5Б", LATER, messages=1)
    unit_day(school, "5А", LATER)
    [finding] = [one for one in needs_attention(viewer(school), WEEK.after, today=LATER) if one.unit is not None]
    # One unit is opened by a figure that can be asked of a unit.
    assert (finding.unit, BY_KEY[finding.figure].by_unit) == (school.units["5А"], True)


def test_units_with_few_connected_families(world: World) -> None:
    school = world.a
    unit_day(school, "5А", SUNDAY, families_total=30, families_joined=14)
    unit_day(school, "5Б", SUNDAY, families_total=30, families_joined=5)
    few = of_kind(school, FindingKind.FEW_FAMILIES)
    assert [(one.unit, one.number, one.total) for one in few] == [
        (school.units["5Б"], 5, 30),
        (school.units["5А"], 14, 30),
    ]
    assert all(one.can_remind for one in few)
    Norm.objects.create(organization=school.organization, figure="families_joined", percent=40, is_on=True)
    assert [one.unit for one in of_kind(school, FindingKind.FEW_FAMILIES)] == [school.units["5Б"]]


@pytest.mark.req("STAT-5")
def test_nothing_is_found_in_a_hidden_cell(world: World) -> None:
    unit_day(world.a, "5А", SUNDAY, families_total=30, families_joined=3)
    assert len(of_kind(world.a, FindingKind.FEW_FAMILIES)) == 1
    assert of_kind(world.a, FindingKind.FEW_FAMILIES, sees_people=False) == []


def test_expired_invitations(world: World) -> None:
    moment = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
    invited(world.a, moment)
    invited(world.a, moment, uses=30)
    invited(world.b, moment)
    expected = Finding(FindingKind.INVITATIONS_EXPIRED, "invitations_expired", 1, 2)
    assert of_kind(world.a, FindingKind.INVITATIONS_EXPIRED) == [expected]


def test_the_board_finds_the_same(world: World) -> None:
    history(world.a, day(-20), SUNDAY, staff_total=10)
    assert list(board(viewer(world.a), WEEK, today=LATER).findings) == found(world.a) != []


@pytest.mark.parametrize("number", [1, 2, 5, 21])
def test_findings_are_said_in_russian(world: World, number: int) -> None:
    unit = world.a.units["5А"]
    with translation.override("ru"):
        said = [
            words_of(Finding(FindingKind.NORM_UNMET, "staff_active", 74, 75)),
            words_of(Finding(FindingKind.FEW_FAMILIES, "families_joined", number, 30, unit, "class")),
            words_of(Finding(FindingKind.SILENT_UNITS, "messages", 1, 9, unit, "class")),
            *(
                words_of(Finding(kind, "silent_units", number, 30, unit_kind=unit_kind))
                for kind in FindingKind
                if kind not in (FindingKind.NORM_UNMET, FindingKind.FEW_FAMILIES)
                for unit_kind in ("class", "group", "circle", "")
            ),
        ]
    assert said[0] == "Активные педагоги: 74 % при норме не менее 75 %."
    assert said[1] == f"5А: подключено семей — {number} из 30."
    assert said[2] == "5А: за 14 дней ничего не написано."
    for sentence in said:
        assert not [letter for letter in sentence if letter.isascii() and letter.isalpha()], sentence
    assert all(str(number) in sentence for sentence in said[3:])


def test_units_are_called_by_their_kind() -> None:
    with translation.override("ru"):
        said = [
            words_of(Finding(FindingKind.SILENT_UNITS, "silent_units", 3, 9, unit_kind=kind))
            for kind in ("class", "group", "circle", "")
        ]
    assert said == [
        "Ничего не написано за 14 дней в 3 классах.",
        "Ничего не написано за 14 дней в 3 группах.",
        "Ничего не написано за 14 дней в 3 кружках.",
        "Ничего не написано за 14 дней: 3 класса, группы или кружка.",
    ]
