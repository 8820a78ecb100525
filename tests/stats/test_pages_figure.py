"""A figure opened: formula, numbers, rows, people; «Напомнить» (STAT-5, STAT-6)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orgs.models import Person
from outbox.models import Message
from stats.catalogue import BY_KEY, FIGURES, NORM_TEMPLATES
from stats.models import Reached
from stats.periods import monday_of
from tests.orgs.pages import crowd
from tests.stats.pages import StatsVisitor, count_school, grant, more_units, today_of, was_here
from tests.world import School, World


@pytest.fixture
def school(world: World) -> School:
    return world.a


@pytest.fixture
def today(school: School) -> date:
    return today_of(school)


@pytest.fixture
def counted(school: School, today: date) -> School:
    count_school(school, today)
    return school


@pytest.mark.req("STAT-5")
def test_a_figure_tells_how_it_is_counted(counted: School) -> None:
    page = StatsVisitor(counted, "head").see("figure", key="families_joined")
    known = BY_KEY["families_joined"]
    for words in (known.formula, known.numerator, known.denominator, known.left_out):
        assert str(words) in page
    assert "Показатели на 10:05" in page
    assert f"{known.numerator} 150" in page
    assert f"{known.denominator} 200" in page
    assert "последний день периода" in page


@pytest.mark.req("STAT-5")
@pytest.mark.parametrize("key", [figure.key for figure in FIGURES])
def test_every_figure_opens(counted: School, key: str) -> None:
    page = StatsVisitor(counted, "head").see("figure", key=key)
    assert str(BY_KEY[key].formula) in page
    assert str(BY_KEY[key].name) in page


def test_what_is_no_figure_is_not_there(world: World, counted: School) -> None:
    visitor = StatsVisitor(counted, "head")
    assert visitor.get("figure", key="nonsense").status_code == 404
    for unit in ("0", "x", "9" * 30, str(world.b.units["5А"].pk)):
        assert visitor.get("figure", {"unit": unit}, key="staff_joined").status_code == 404, unit
        assert visitor.get("remind", {"unit": unit}, key="staff_joined").status_code == 404, unit
    # Not asked of one unit.
    assert visitor.get("figure", {"unit": counted.units["5А"].pk}, key="answer_time").status_code == 404
    # Nobody is reminded of messages.
    assert visitor.get("remind", key="messages").status_code == 404


@pytest.mark.req("STAT-5")
def test_who_is_there_and_who_is_missing(counted: School, today: date) -> None:
    was_here(counted, "leader", today)
    visitor = StatsVisitor(counted, "head")
    there = visitor.see("figure", key="staff_active")
    assert "Ведущая Вера Викторовна" in there
    assert "Учёный Устин" not in there
    missing = _names(visitor.see("figure", {"people": "missing"}, key="staff_active"))
    assert "Учёный Устин Ильич" in missing
    assert "Ведущая Вера" not in missing
    # Back without anything in the address.
    assert 'href="?#people"' in visitor.html("figure", {"people": "missing"}, key="staff_active")
    # By name, whatever they did.
    assert missing.index("Главный") < missing.index("Ждущая") < missing.index("Учёный")


def _names(page: str) -> str:
    """The part of the page that holds names, without the units and their leaders."""
    return page[page.index("Кто за этим стоит") : page.index("Сегодняшний список")]


@pytest.mark.req("STAT-5")
def test_families_stand_under_the_students_name(counted: School) -> None:
    visitor = StatsVisitor(counted, "head")
    unit = {"unit": counted.units["5А"].pk}
    there = visitor.see("figure", unit, key="families_joined")
    assert "Ёжиков Пётр" in there
    assert "Зайцева Зоя" not in there
    assert "Белкин" not in there
    assert "Зайцева Зоя" in visitor.see("figure", {**unit, "people": "missing"}, key="families_joined")


@pytest.mark.req("STAT-5")
def test_nobody_of_the_students_stands_behind_activity(counted: School) -> None:
    page = StatsVisitor(counted, "head").see("figure", key="students_active")
    assert "Ёжиков" not in page
    assert "Кто за этим стоит" not in page


@pytest.mark.req("STAT-5")
def test_without_the_right_to_see_people_there_are_no_names(counted: School, today: date) -> None:
    was_here(counted, "teacher", today)
    grant(counted, "leader")
    visitor = StatsVisitor(counted, "leader")
    for tab in ("", "missing"):
        page = visitor.see("figure", {"people": tab}, key="staff_active")
        assert "Имена видит только администрация организации." in page
        assert "Учёный" not in page
        assert "Ждущая" not in page
        assert "Напомнить" not in page
    assert visitor.get("remind", key="staff_active").status_code == 403
    assert visitor.post("remind", key="staff_active").status_code == 403
    assert not Message.objects.filter(reference__startswith="stats").exists()


@pytest.mark.req("STAT-5")
def test_small_cells_of_a_unit_are_hidden_with_their_numbers(counted: School) -> None:
    grant(counted, "leader")
    page = StatsVisitor(counted, "leader").see("figure", {"unit": counted.units["5А"].pk}, key="staff_joined")
    assert "скрыто" in page
    assert "меньше пяти человек" in page
    assert "50 %" not in page


@pytest.mark.req("STAT-2")
def test_the_same_by_units(counted: School) -> None:
    page = StatsVisitor(counted, "head").see("figure", key="families_joined")
    assert "5А Ведущая Вера Викторовна 80 % 20 из 25" in page
    assert "5Б 80 % 20 из 25" in page
    of_unit = StatsVisitor(counted, "head").see("figure", {"unit": counted.units["5А"].pk}, key="families_joined")
    assert "Подключено семей, 5А" in of_unit
    assert "20 из 25" in of_unit


@pytest.mark.req("STAT-5")
def test_things_behind_a_figure_fifty_a_page(counted: School, today: date) -> None:
    Reached.objects.bulk_create(
        Reached(
            organization=counted.organization, kind="event", thing_id=1000 + number, day=today,
            asked=30, reached=number % 30, is_marked=True,
        )
        for number in range(60)
    )  # fmt: skip
    visitor = StatsVisitor(counted, "head")
    first = visitor.html("figure", key="attendance")
    assert first.count('data-label="Кого касалось"') == 50
    second = visitor.html("figure", {"page": 2}, key="attendance")
    assert second.count('data-label="Кого касалось"') == 10
    assert "51–60" in second


@pytest.mark.req("STAT-6")
def test_reminding_asks_first(counted: School) -> None:
    visitor = StatsVisitor(counted, "head")
    page = visitor.see("remind", key="staff_joined")
    assert "Не хватает 1 педагога" in page
    assert "Дважды за день не напоминаем никому" in page
    assert not Message.objects.exists()


@pytest.mark.req("STAT-6")
def test_reminding_says_whom_it_reached(counted: School) -> None:
    Person.objects.filter(pk=counted.people["waiting_teacher"].pk).update(email="zhdu@example.org")
    visitor = StatsVisitor(counted, "head")
    assert "Напомнили: 1." in visitor.post_then_look("remind", key="staff_joined")
    assert Message.objects.filter(recipient="zhdu@example.org").count() == 1
    again = visitor.post_then_look("remind", key="staff_joined")
    assert "Новых напоминаний нет. Сегодня уже напоминали: 1." in again
    assert Message.objects.filter(recipient="zhdu@example.org").count() == 1


@pytest.mark.req("STAT-6")
def test_whom_nothing_reaches_is_told_of(counted: School) -> None:
    page = StatsVisitor(counted, "head").post_then_look("remind", key="staff_joined")
    assert "Новых напоминаний нет. Не на что отправить (нет ни учётной записи, ни почты): 1." in page


@pytest.mark.req("STAT-6")
def test_the_reminder_is_of_the_period_and_unit_in_the_address(counted: School, today: date) -> None:
    before = monday_of(today) - timedelta(days=7)
    url = f"{StatsVisitor(counted, 'head').url('remind', key='families_joined')}?on={before}&period=week"
    url += f"&unit={counted.units['5А'].pk}"
    visitor = StatsVisitor(counted, "head")
    page = visitor.client.get(url).content.decode()
    assert "Не хватает 1 семьи" in page
    answer = visitor.client.post(url)
    assert answer.status_code == 302
    assert f"unit={counted.units['5А'].pk}" in answer["Location"]
    assert f"on={before}" in answer["Location"]


def test_when_nobody_is_missing_nobody_is_asked(counted: School, today: date) -> None:
    Person.objects.filter(pk=counted.people["waiting_teacher"].pk).delete()
    page = StatsVisitor(counted, "head").see("remind", key="staff_joined")
    assert "За этот период напоминать некому." in page
    assert "Отмена" not in page


@pytest.mark.req("STAT-6")
@pytest.mark.parametrize("key", [figure.key for figure in FIGURES if figure.can_remind])
def test_the_button_stands_where_somebody_can_be_reminded(counted: School, key: str) -> None:
    assert "/remind/" in StatsVisitor(counted, "head").html("figure", key=key)
    assert StatsVisitor(counted, "head").get("remind", key=key).status_code == 200


def test_norms_are_of_figures_with_a_page(counted: School) -> None:
    assert set(NORM_TEMPLATES) <= set(BY_KEY)


@pytest.mark.req("STAT-5")
def test_a_page_of_a_figure_costs_the_same_for_any_number(counted: School) -> None:
    visitor = StatsVisitor(counted, "head")
    few = {key: _statements(visitor, key) for key in ("families_joined", "attendance", "messages")}
    crowd(counted, 60)
    more_units(counted, 8)
    Reached.objects.bulk_create(
        Reached(
            organization=counted.organization, kind="event", thing_id=1000 + number, day=today_of(counted),
            asked=30, reached=3, is_marked=True,
        )
        for number in range(60)
    )  # fmt: skip
    for key, number in few.items():
        assert _statements(visitor, key) <= number + 1 <= 21, key


def _statements(visitor: StatsVisitor, key: str) -> int:
    visitor.get("figure", key=key)
    with CaptureQueriesContext(connection) as queries:
        assert visitor.get("figure", key=key).status_code == 200
    return len(queries)
