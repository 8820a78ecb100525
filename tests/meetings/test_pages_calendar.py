"""The calendar as people see it: month, week, list, whatever stands in the address, whoever looks."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from meetings.models import Event, EventAudience, EventKind
from meetings.selectors.events import events_between
from meetings.services import answering
from meetings.services.planning import Recurrence, cancel
from meetings.views.days import day_from, month_of, week_of
from orgs.models import Audience, Organization
from tests.meetings.cast import broadcast_in, event_in, seen, series_in
from tests.meetings.pages import EventVisitor, queries_of, words
from tests.world import School, World

# A Wednesday, noon in Moscow.
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
VIEWS = ("month", "week", "list")


@pytest.fixture
def school(world: World) -> School:
    return world.a


def on(day: int, hour: int = 15, month: int = 11) -> datetime:
    """Three in the afternoon in UTC is six in the evening in Moscow."""
    return datetime(2026, month, day, hour, 0, tzinfo=UTC)


def table_of(page: str) -> str:
    found = re.search(r"<table class=\"month.*?</table>", page, re.S)
    assert found
    return found[0]


@pytest.mark.req("CHAN-6")
@time_machine.travel(NOW, tick=False)
def test_a_month_is_a_table_of_weeks_from_monday_with_today_marked(school: School) -> None:
    event_in(school, title="Собрание в среду", starts_at=on(25))
    page = EventVisitor(school, "parent").get("calendar")
    table = table_of(page.content.decode())
    assert len(re.findall(r"<tr>", table)) == 1 + 6
    days = re.findall(r'class="month-number">(\d+)<', table)
    assert days[:7] == ["26", "27", "28", "29", "30", "31", "1"]
    assert days[-1] == "6"
    assert len(re.findall('aria-current="date"', table)) == 1
    assert 'aria-label="Сегодня, среда, 25 ноября: 1 событие"' in table
    text = words(page)
    assert "Ноябрь 2026" in text
    assert "18:00 Собрание в среду" in text
    assert "понедельник" in text
    assert "Сегодня, среда, 25 ноября" in text


@pytest.mark.req("CHAN-6")
@time_machine.travel(NOW, tick=False)
def test_a_full_day_shows_how_many_more_and_all_of_them_below(school: School) -> None:
    for hour in range(6, 12):
        event_in(school, title=f"Урок {hour}", starts_at=on(27, hour))
    visitor = EventVisitor(school, "leader")
    page = visitor.get("calendar")
    table = re.sub(r"<[^>]+>", " ", table_of(page.content.decode()))
    assert "Урок 7" in table
    assert "Урок 8" not in table
    assert re.search(r"ещё\s+4", table)
    assert "Урок 11" not in words(page)
    assert "Урок 11" in visitor.see("calendar", {"date": "2026-11-27"})


@time_machine.travel(NOW, tick=False)
def test_arrows_lead_to_the_neighbours_and_keep_the_filters(school: School) -> None:
    visitor = EventVisitor(school, "leader")
    page = visitor.get("calendar", {"kind": "meeting", "date": "2026-01-31"}).content.decode()
    assert "kind=meeting&amp;date=2025-12-01" in page
    assert "kind=meeting&amp;date=2026-02-01" in page
    page = visitor.get("calendar", {"view": "week", "date": "2026-11-30"}).content.decode()
    assert "date=2026-11-23" in page
    assert "date=2026-12-07" in page
    assert "30 ноября – 6 декабря 2026" in page


@pytest.mark.parametrize("view", ["month", "week", "list", "year"])
@pytest.mark.parametrize(
    "text",
    [
        "9999-99-99",
        "9999-12-31",
        "0001-01-01",
        "1999-12-31",
        "2101-01-01",
        "x",
        "2026-W10",
        "２０２６-11-25",
        "\x00",
        "—",
    ],
)
def test_nonsense_in_the_address_means_today(school: School, view: str, text: str) -> None:
    visitor = EventVisitor(school, "parent")
    address = {"view": view, "date": text, "who": text, "kind": text, "time": text, "page": text, "q": text}
    assert visitor.get("calendar", address).status_code == 200


def test_the_ends_of_the_calendar_have_no_arrow_beyond() -> None:
    first, last = day_from("2000-01-01", NOW.date()), day_from("2100-12-31", NOW.date())
    assert month_of(first).previous is None
    assert month_of(last).following is None
    assert week_of(first).previous is None
    assert week_of(last).following is None
    assert len(month_of(last).days()) % 7 == 0
    assert day_from("2100-12-31", NOW.date()).year == 2100


@pytest.mark.parametrize("day", ["2000-01-01", "2100-12-31"])
def test_the_last_days_of_the_calendar_open(school: School, day: str) -> None:
    for view in VIEWS:
        assert EventVisitor(school, "head").get("calendar", {"view": view, "date": day}).status_code == 200


@pytest.mark.req("CHAN-6")
@time_machine.travel(NOW, tick=False)
def test_a_week_has_seven_days_with_times(school: School) -> None:
    event_in(school, title="Собрание", starts_at=on(26), ends_at=on(26, 16))
    page = EventVisitor(school, "student").get("calendar", {"view": "week"})
    assert page.content.decode().count('class="week-day') == 7
    assert "18:00–19:00 Собрание" in words(page)
    assert "23–29 ноября 2026" in words(page)
    assert "На этой неделе событий нет" in EventVisitor(school, "teacher").see("calendar", {"view": "week"})


@pytest.mark.req("CHAN-6")
@time_machine.travel(NOW, tick=False)
def test_the_list_stands_by_days_and_the_past_behind_a_chip(school: School) -> None:
    event_in(school, title="Скоро", starts_at=on(26))
    old = event_in(school, title="Давно", starts_at=on(25, 6))
    Event.objects.filter(pk=old.pk).update(starts_at=on(1), ends_at=on(1, 16))
    visitor = EventVisitor(school, "parent")
    page = visitor.see("calendar", {"view": "list"})
    assert "Завтра, четверг, 26 ноября" in page
    assert "Скоро" in page
    assert "Давно" not in page
    past = visitor.see("calendar", {"view": "list", "time": "past"})
    assert "Давно" in past
    assert "Скоро" not in past
    assert "1 событие" in past


@time_machine.travel(NOW, tick=False)
def test_the_list_is_searched_whatever_the_case(school: School) -> None:
    event_in(school, title="Ёлка в зале", place="Актовый зал", starts_at=on(26))
    event_in(school, title="Совет", place="Кабинет 5", starts_at=on(26))
    visitor = EventVisitor(school, "leader")
    assert (
        "Совет"
        not in visitor.see("calendar", {"view": "list", "q": "елка АКТОВЫЙ"}).partition("Предстоящие события")[2]
    )
    assert "Таких событий нет" in visitor.see("calendar", {"view": "list", "q": "нет такого"})


@pytest.mark.req("CHAN-6")
@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("view", VIEWS)
def test_who_sees_what(world: World, school: School, view: str) -> None:
    a, b = school.units["5А"].pk, school.units["5Б"].pk
    day = {"starts_at": on(26)}
    event_in(school, title="Для родителей", circles=[(Audience.PARENTS, a)], **day)
    event_in(school, title="Для детей", circles=[(Audience.STUDENTS, a)], **day)
    event_in(school, "teacher", title="Соседний класс", circles=[(Audience.STUDENTS, b)], **day)
    event_in(school, "head", title="Педсовет", circles=[(Audience.STAFF, None)], **day)
    event_in(world.b, "head", title="Чужая школа", circles=[(Audience.EVERYONE, None)], **day)
    whom = {
        "parent": {"Для родителей", "Для детей"},
        "student": {"Для детей"},
        "leader": {"Для родителей", "Для детей", "Педсовет"},
        "teacher": {"Соседний класс", "Педсовет"},
        "head": {"Для родителей", "Для детей", "Соседний класс", "Педсовет"},
    }
    every = {"Для родителей", "Для детей", "Соседний класс", "Педсовет", "Чужая школа"}
    for name, titles in whom.items():
        page = EventVisitor(school, name).see("calendar", {"view": view, "date": "2026-11-26"})
        assert {title for title in every if title in page} == titles, name


@time_machine.travel(NOW, tick=False)
def test_mine_are_those_i_am_invited_to_or_organize(school: School) -> None:
    a = school.units["5А"].pk
    event_in(school, title="Для детей", circles=[(Audience.STUDENTS, a)], starts_at=on(26))
    event_in(school, title="Для родителей", circles=[(Audience.PARENTS, a)], starts_at=on(26))
    broadcast_in(school, title="Эфир", circles=[(Audience.PARENTS, a)], starts_at=on(26))
    list_of = {"view": "list", "who": "mine"}
    assert "Для детей" not in EventVisitor(school, "parent").see("calendar", list_of)
    assert "Для родителей" in EventVisitor(school, "parent").see("calendar", list_of)
    assert "Для детей" in EventVisitor(school, "leader").see("calendar", list_of)
    assert "Таких событий нет" in EventVisitor(school, "head").see("calendar", list_of)
    only = EventVisitor(school, "parent").see("calendar", {"view": "list", "kind": EventKind.BROADCAST})
    assert "Эфир" in only
    assert "Для родителей" not in only


@time_machine.travel(NOW, tick=False)
def test_cancelled_events_stay_and_answers_are_seen(school: School) -> None:
    gone = event_in(school, title="Отменённое", starts_at=on(26))
    cancel(actor=school.actor("leader"), event=gone, reason="Карантин")
    mine = event_in(school, title="Моё", starts_at=on(27))
    answering.answer(actor=school.actor("parent"), event=seen(school, "parent", mine), answer="yes")
    page = EventVisitor(school, "parent").see("calendar", {"view": "list"})
    assert "отменено" in page
    assert "приду" in page
    assert "Отменённое , отменено" in EventVisitor(school, "parent").see("calendar")


@time_machine.travel(NOW, tick=False)
def test_what_lasts_several_days_stands_on_each_of_them(school: School) -> None:
    event_in(school, title="Слёт", starts_at=on(26, 6), ends_at=on(28, 9))
    visitor = EventVisitor(school, "parent")
    table = table_of(visitor.get("calendar").content.decode())
    assert table.count('title="Слёт"') == 3
    assert "до 12:00" in visitor.see("calendar", {"date": "2026-11-28"})


@pytest.mark.parametrize(
    ("zone", "day", "clock"),
    [("Europe/Kaliningrad", "2026-11-26", "20:30"), ("Asia/Vladivostok", "2026-11-27", "04:30")],
)
@time_machine.travel(NOW, tick=False)
def test_days_and_times_are_those_of_the_organization(school: School, zone: str, day: str, clock: str) -> None:
    Organization.objects.filter(pk=school.organization.pk).update(time_zone=zone)
    event = event_in(school, title="Собрание", starts_at=datetime(2026, 11, 26, 18, 30, tzinfo=UTC))
    visitor = EventVisitor(school, "parent")
    for view in ("month", "list"):
        assert f"{clock}" in visitor.see("calendar", {"view": view, "date": day}), view
    assert f"{clock}–" in visitor.see("event", event_id=event.pk)
    table = table_of(visitor.get("calendar").content.decode())
    cell = next(part for part in table.split("<td") if f"date={day}" in part)
    assert "Собрание" in cell


def many_events(school: School, count: int) -> None:
    """So many events for the parents of 5А in the next days."""
    unit = school.units["5А"]
    start = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)
    rows = Event.objects.bulk_create(
        Event(
            organization=school.organization,
            title=f"Событие {number}",
            organizer=school.people["leader"],
            starts_at=start + timedelta(minutes=number),
            ends_at=start + timedelta(minutes=number + 45),
        )
        for number in range(count)
    )
    EventAudience.objects.bulk_create(
        EventAudience(organization=school.organization, event=row, audience=Audience.PARENTS, unit=unit) for row in rows
    )


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", ["parent", "administrator"])
def test_the_calendar_asks_the_same_for_any_number_of_events(school: School, view: str, name: str) -> None:
    visitor = EventVisitor(school, name)
    many_events(school, 3)
    few = queries_of(visitor, "calendar", {"view": view, "date": "2026-11-26"})
    many_events(school, 300)
    assert queries_of(visitor, "calendar", {"view": view, "date": "2026-11-26"}) == few <= 8


def test_staff_may_plan_and_the_head_sees_results(school: School) -> None:
    assert "Новое событие" in EventVisitor(school, "teacher").see("calendar")
    assert "Итоги" not in EventVisitor(school, "teacher").see("calendar")
    assert "Итоги" in EventVisitor(school, "head").see("calendar")
    page = EventVisitor(school, "parent").see("calendar", {"view": "list"})
    assert "Новое событие" not in page
    assert "Когда вас пригласят" in page
    assert "Запланируйте событие" in EventVisitor(school, "teacher").see("calendar", {"view": "list"})


def test_a_series_stands_on_each_of_its_days(school: School) -> None:
    with time_machine.travel(NOW, tick=False):
        series_in(school, Recurrence(freq="weekly", count=4), title="Кружок", starts_at=on(2, month=12))
        bounds = on(1, month=12), on(31, month=12)
        assert events_between(school.actor("parent"), *bounds).count() == 4
        page = EventVisitor(school, "parent").get("calendar", {"date": "2026-12-01"}).content.decode()
    assert table_of(page).count('title="Кружок"') == 4


def test_a_guest_is_asked_to_sign_in(school: School) -> None:
    answer = Client().get(EventVisitor(school, "parent").url("calendar"))
    assert answer.status_code == 302
    assert "/signin/" in answer.url  # type: ignore[attr-defined]
