"""The register of movement: who came, moved, left and came back, and how many (ORG-5)."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from movement.selectors.register import (
    CAME,
    LEFT,
    MOVED,
    RETURNED,
    STAFF,
    Line,
    RegisterFilter,
    filled,
    lines_of,
    totals_of,
)
from movement.services.plan import What
from orgs.models import Enrolment
from orgs.services.structure import end_enrolment
from tests.movement.cast import MovementVisitor
from tests.movement.test_moving import go, today, undo
from tests.orgs.pages import crowd
from tests.world import School, World

pytestmark = pytest.mark.req("ORG-5")


@pytest.fixture
def school(world: World) -> School:
    return world.a


def told(school: School, by: str = "administrator", **wanted: Any) -> list[tuple[str, str, str, str, str]]:
    actor = school.actor(by)
    return [shown(line) for line in filled(actor, lines_of(actor, RegisterFilter(**wanted))[:100])]


def shown(line: Line) -> tuple[str, str, str, str, str]:
    return (line.kind, line.person.last_name, line.unit_from, line.unit_to, line.order_number)


def long_ago(school: School) -> None:
    """Everybody of the cast came a month ago."""
    Enrolment.objects.filter(organization=school.organization).update(since=today(school) - timedelta(days=40))


def test_a_transfer_is_one_line_with_both_ends(school: School) -> None:
    long_ago(school)
    go(school, What.TRANSFER, "student", unit_id=school.units["5Б"].pk)
    assert told(school, since=today(school)) == [(MOVED, "Ёжиков", "5А", "5Б", "15")]


def test_leaving_and_coming_back_with_their_orders(school: School) -> None:
    long_ago(school)
    go(school, What.LEAVE, "student", day=today(school) - timedelta(days=2))
    assert told(school, since=today(school) - timedelta(days=5)) == [(LEFT, "Ёжиков", "5А", "", "15")]
    go(school, What.RETURN, "student", unit_id=school.units["5Б"].pk, day=today(school))
    assert told(school, since=today(school) - timedelta(days=5)) == [
        (RETURNED, "Ёжиков", "", "5Б", "15"),
        (LEFT, "Ёжиков", "5А", "", "15"),
    ]


def test_what_was_undone_is_not_in_it(school: School) -> None:
    long_ago(school)
    undo(school, go(school, What.LEAVE, "student"))
    assert told(school, since=today(school)) == []


def test_what_was_done_elsewhere_is_in_it(school: School) -> None:
    long_ago(school)
    enrolment = Enrolment.objects.get(person=school.people["student"], until=None)
    end_enrolment(actor=school.actor("administrator"), enrolment=enrolment)
    assert told(school, since=today(school)) == [(LEFT, "Ёжиков", "5А", "", "")]


def test_it_is_narrowed_by_name_kind_unit_order_and_period(school: School) -> None:
    go(school, What.TRANSFER, "student", "classmate", unit_id=school.units["5Б"].pk)
    assert {row[1] for row in told(school, text="ежик")} == {"Ёжиков"}
    assert {row[0] for row in told(school, kind=CAME)} == {CAME}
    assert [row[0] for row in told(school, kind=LEFT)] == []
    assert len(told(school, order="15")) == 2
    assert told(school, order="16") == []
    assert len(told(school, unit_id=school.units["5А"].pk, kind=MOVED)) == 2
    assert told(school, until=today(school) - timedelta(days=1)) == []


def test_staff_come_and_go_in_their_own_list(school: School) -> None:
    long_ago(school)
    go(school, What.LEAVE, "teacher")
    lines = told(school, who=STAFF, since=today(school))
    assert {(kind, name, source) for kind, name, source, _to, _order in lines} == {
        (LEFT, "Учёный", "5Б"),
        (LEFT, "Учёный", school.units["staff"].name),
    }
    assert {order for *_row, order in lines} == {"15"}


def test_how_many_came_and_left_in_each_unit(school: School) -> None:
    long_ago(school)
    go(school, What.TRANSFER, "student", unit_id=school.units["5Б"].pk)
    go(school, What.LEAVE, "other_student")
    totals = totals_of(school.actor("head"), RegisterFilter(since=today(school)))
    assert [(total.unit.name, total.came, total.left) for total in totals] == [("5А", 0, 1), ("5Б", 1, 1)]


def test_nobody_else_reads_it(world: World) -> None:
    assert told(world.a, by="head") != []
    assert told(world.a, by="leader") == []
    names = {row[1] for row in told(world.b)}
    go(world.a, What.LEAVE, "student")
    assert {row[1] for row in told(world.b)} == names


@pytest.mark.parametrize("count", [3, 300])
def test_a_page_takes_as_many_queries_whatever_the_rows(
    school: School, count: int, django_assert_max_num_queries: Any
) -> None:
    crowd(school, count)
    actor = school.actor("administrator")
    with django_assert_max_num_queries(3):
        lines = filled(actor, lines_of(actor, RegisterFilter())[:50])
    assert len(lines) == min(50, count + 3)


def test_the_page_and_its_file_tell_the_same(school: School) -> None:
    go(school, What.TRANSFER, "student", unit_id=school.units["5Б"].pk)
    head = MovementVisitor(school, "head")
    page = head.see("home")
    assert "Ёжиков Пётр Ильич" in page
    assert "Переведён" in page
    assert "№ 15" in page
    assert "прибыло: 4, выбыло: 1" in page
    assert "Сообщить о движении" in page
    book = load_workbook(BytesIO(head.get("export", ending="xlsx").content))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=4)]
    assert ("Ёжиков Пётр Ильич", "переведён", "5А", "5Б", "15") in {
        (row[2], row[3], row[5], row[6], row[7]) for row in rows
    }
    text = head.get("export", ending="csv").content.decode("utf-8-sig")
    assert "Ёжиков Пётр Ильич;переведён" in text


def test_an_empty_period_teaches(school: School) -> None:
    Enrolment.objects.filter(organization=school.organization).update(since=today(school) - timedelta(days=400))
    assert "За это время никто не прибыл" in MovementVisitor(school, "administrator").see("home")


def test_a_name_that_looks_like_a_formula_stays_a_name(school: School) -> None:
    person = school.people["student"]
    type(person).objects.filter(pk=person.pk).update(last_name="=1+1")
    text = MovementVisitor(school, "head").get("export", ending="csv").content.decode("utf-8-sig")
    assert "'=1+1" in text
