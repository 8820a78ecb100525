"""One event as people see it: when, where, who is invited, their answer; the organizer's tools; broadcasts."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from meetings.models import Answer, BroadcastState, Event, EventKind, Participation, Registration
from meetings.services import answering, attending, broadcasting
from meetings.services.planning import Recurrence, cancel
from orgs.models import Audience, Organization
from tests.meetings.cast import broadcast_in, crowd, event_in, fresh, places_in, seen, series_in, soon
from tests.meetings.pages import EventVisitor, queries_of, words
from tests.world import School, World

# A Wednesday, noon in Moscow.
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def say(school: School, name: str, event: Event, answer: str = "yes") -> None:
    answering.answer(actor=school.actor(name), event=seen(school, name, event), answer=answer)


@pytest.mark.req("CHAN-6")
@time_machine.travel(NOW, tick=False)
def test_the_page_says_what_when_where_and_for_whom(school: School) -> None:
    event = event_in(school, starts_at=datetime(2026, 11, 26, 15, 0, tzinfo=UTC))
    page = EventVisitor(school, "parent").get("event", event_id=event.pk)
    text = words(page)
    for line in ("Собрание", "Родительское собрание", "Завтра, четверг, 26 ноября, 18:00–19:30", "Кабинет 12"):
        assert line in text
    assert "5А: родители, ученики" in text
    assert "Ведущая Вера Викторовна" in text
    assert "О <em>поездке</em>" in page.content.decode()


@pytest.mark.req("CHAN-6")
def test_the_answer_is_given_changed_and_kept(school: School) -> None:
    event = event_in(school)
    parent = EventVisitor(school, "parent")
    assert "Придёте?" in parent.see("event", event_id=event.pk)
    page = parent.post_then_look("answer", {"answer": "yes"}, event_id=event.pk)
    assert "Записали: вы придёте." in page
    assert "Ваш ответ приду" in page
    assert fresh(event).going_count == 1
    page = parent.post_then_look("answer", {"answer": "no"}, event_id=event.pk)
    assert "Записали: вы не придёте." in page
    assert "Всё-таки приду" in page
    assert fresh(event).going_count == 0


@pytest.mark.req("CHAN-6")
def test_places_left_and_the_place_in_the_queue_are_said(school: School) -> None:
    event = places_in(school, 2)
    parent = EventVisitor(school, "parent")
    assert "Осталось 2 места из 2." in parent.see("event", event_id=event.pk)
    say(school, "student", event)
    assert "Осталось 1 место из 2." in parent.see("event", event_id=event.pk)
    crowd_of_one = crowd(school, 1)[0]
    Participation.objects.create(
        organization=school.organization,
        event=event,
        person=crowd_of_one,
        answer=Answer.YES,
        answered_at=timezone.now(),
    )
    Event.objects.filter(pk=event.pk).update(going_count=2)
    page = parent.see("event", event_id=event.pk)
    assert "Заняты все 2 места." in page
    assert "Встать в лист ожидания" in page
    page = parent.post_then_look("answer", {"answer": "yes"}, event_id=event.pk)
    assert "Вы в листе ожидания, ваш номер — 1" in page
    assert "в листе ожидания ваш номер — 1" in page
    assert "Как только место освободится, мы сообщим." in page


@pytest.mark.parametrize("count", [1, 2, 5, 11, 21])
def test_places_are_counted_in_russian(school: School, count: int) -> None:
    event = places_in(school, count)
    word = {1: "место", 2: "места", 5: "мест", 11: "мест", 21: "место"}[count]
    assert f"Осталось {count} {word} из {count}." in EventVisitor(school, "parent").see("event", event_id=event.pk)


@time_machine.travel(NOW, tick=False)
def test_until_when_one_may_answer_is_said_and_kept(school: School) -> None:
    event = event_in(school, registration_until=datetime(2026, 11, 26, 17, 0, tzinfo=UTC))
    parent = EventVisitor(school, "parent")
    assert "Ответить можно до: завтра в 20:00." in parent.see("event", event_id=event.pk)
    with time_machine.travel(NOW + timedelta(hours=33), tick=False):
        page = parent.see("event", event_id=event.pk)
        assert "ответы больше не принимаются" in page
        assert "Не приду" not in page
        assert "Ответы больше не принимаются" in parent.post_then_look("answer", {"answer": "yes"}, event_id=event.pk)


def test_a_parent_beside_the_child_reads_but_is_not_asked(school: School) -> None:
    event = event_in(school, circles=[(Audience.STUDENTS, school.units["5А"].pk)])
    parent = EventVisitor(school, "parent")
    page = parent.see("event", event_id=event.pk)
    assert "Приглашён ваш ребёнок; отвечать не нужно." in page
    assert "Придёте?" not in page
    assert parent.post("answer", {"answer": "yes"}, event_id=event.pk).status_code == 403


def test_where_nothing_is_asked_it_says_so(school: School) -> None:
    event = event_in(school, registration=Registration.NONE)
    page = EventVisitor(school, "parent").see("event", event_id=event.pk)
    assert "Отвечать не нужно, просто приходите." in page
    assert "Не приду" not in page


@pytest.mark.parametrize("answer", ["", "maybe", "waiting", "\x00", "да" * 500])
def test_an_answer_nobody_offered_is_refused_kindly(school: School, answer: str) -> None:
    event = event_in(school)
    page = EventVisitor(school, "parent").post_then_look("answer", {"answer": answer}, event_id=event.pk)
    assert "придёте" in page
    assert fresh(event).going_count == 0


@pytest.mark.req("CHAN-6")
def test_a_cancelled_event_says_so_and_why(school: School) -> None:
    event = event_in(school)
    cancel(actor=school.actor("leader"), event=event, reason="Карантин в классе")
    page = EventVisitor(school, "parent").see("event", event_id=event.pk)
    assert "Событие не состоится" in page
    assert "Причина: Карантин в классе" in page
    assert "Придёте?" not in page
    manager = EventVisitor(school, "leader")
    assert "Отменить событие" not in manager.see("event", event_id=event.pk)
    assert manager.get("edit", event_id=event.pk).status_code == 302


@pytest.mark.req("CHAN-6")
@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("recurrence", "said"),
    [
        (Recurrence(freq="weekly", count=3), "Каждый четверг до 10 декабря"),
        (Recurrence(freq="weekly", weekdays=[0, 2], count=4), "Каждый понедельник и каждую среду до 9 декабря"),
        (Recurrence(freq="weekly", interval=2, weekdays=[1, 3], count=4), "Раз в 2 недели: вторник, четверг"),
        (Recurrence(freq="daily", count=3), "Ежедневно до 28 ноября"),
        (Recurrence(freq="daily", interval=5, count=3), "Раз в 5 дней до 6 декабря"),
        (Recurrence(freq="monthly", count=3), "Ежемесячно, 26-го числа до 26 января 2027"),
        (Recurrence(freq="monthly", interval=2, count=2), "Раз в 2 месяца, 26-го числа"),
    ],
)
def test_a_series_is_said_in_words(school: School, recurrence: Recurrence, said: str) -> None:
    events = series_in(school, recurrence, starts_at=datetime(2026, 11, 26, 15, 0, tzinfo=UTC))
    assert said in EventVisitor(school, "parent").see("event", event_id=events[0].pk)


def test_neighbours_of_a_series_are_a_step_away(school: School) -> None:
    first, second, third = series_in(school, Recurrence(freq="daily", count=3))
    parent = EventVisitor(school, "parent")
    page = parent.get("event", event_id=second.pk).content.decode()
    assert parent.url("event", event_id=first.pk) in page
    assert parent.url("event", event_id=third.pk) in page
    assert 'rel="next"' not in parent.get("event", event_id=third.pk).content.decode()


@pytest.mark.parametrize(
    ("name", "tools"),
    [
        ("leader", {"Изменить", "Кто придёт", "Отменить событие", "Объявить в канале", "Запланировать такое же"}),
        ("head", {"Изменить", "Кто придёт", "Отменить событие", "Объявить в канале", "Запланировать такое же"}),
        ("teacher", {"Запланировать такое же"}),
        ("parent", set()),
        ("student", set()),
    ],
)
def test_tools_are_for_whom_they_are(school: School, name: str, tools: set[str]) -> None:
    event = event_in(school, circles=[(Audience.EVERYONE, school.units["5А"].pk), (Audience.STAFF, None)])
    page = EventVisitor(school, name).see("event", event_id=event.pk)
    every = {"Изменить", "Кто придёт", "Отменить событие", "Объявить в канале", "Запланировать такое же"}
    assert {tool for tool in every if tool in page} == tools


def test_the_result_is_for_who_manages_the_event(school: School) -> None:
    event = event_in(school, starts_at=soon(minutes=10))
    attending.set_result(actor=school.actor("leader"), event=event, text="Решили ехать\nв музей")
    for name, is_seen in {"leader": True, "head": True, "parent": False, "student": False}.items():
        assert ("Решили ехать" in EventVisitor(school, name).see("event", event_id=event.pk)) is is_seen, name


@pytest.mark.req("CHAN-5")
def test_a_broadcast_goes_on_air_is_watched_and_ends(school: School) -> None:
    event = broadcast_in(school)
    leader, parent = EventVisitor(school, "leader"), EventVisitor(school, "parent")
    page = parent.get("event", event_id=event.pk)
    assert "запланирована" in words(page)
    assert event.link not in page.content.decode()
    refused = parent.post_then_look("watch", event_id=event.pk)
    assert "сейчас не идёт" in refused
    assert "в эфире" in leader.post_then_look("air_start", event_id=event.pk)
    assert "Трансляция в эфире" in parent.see("event", event_id=event.pk)
    before = parent.get("watch", event_id=event.pk).content.decode()
    assert event.link not in before
    assert fresh(event).opened_count == 0
    opened = parent.client.post(parent.url("watch", event_id=event.pk), follow=True).content.decode()
    assert f'href="{event.link}" target="_blank" rel="noopener noreferrer"' in opened
    assert f"/events/{event.pk}/watched/" in opened
    assert "js/events/watching" in opened
    assert fresh(event).opened_count == 1
    assert "завершена" in leader.post_then_look("air_end", event_id=event.pk)
    assert fresh(event).state == BroadcastState.OVER
    assert "Трансляция закончилась" in parent.see("watch", event_id=event.pk)


def test_a_broadcast_asks_whether_one_watches(school: School) -> None:
    event = broadcast_in(school, starts_at=soon())
    parent = EventVisitor(school, "parent")
    assert "Будете смотреть?" in parent.see("event", event_id=event.pk)
    assert "вы будете смотреть" in parent.post_then_look("answer", {"answer": "yes"}, event_id=event.pk)


def test_only_broadcasts_are_watched_and_only_managers_run_them(school: School) -> None:
    event, broadcast = event_in(school), broadcast_in(school)
    assert EventVisitor(school, "parent").get("watch", event_id=event.pk).status_code == 404
    assert EventVisitor(school, "parent").post("air_start", event_id=broadcast.pk).status_code == 403
    assert "не трансляция" in EventVisitor(school, "leader").post_then_look("air_start", event_id=event.pk)
    for name in ("air_start", "air_end", "answer"):
        assert EventVisitor(school, "leader").get(name, event_id=broadcast.pk).status_code == 405


def test_a_meeting_with_an_address_lets_take_part_from_afar(school: School) -> None:
    event = event_in(school, kind=EventKind.MEETING, link="https://video.example.org/7")
    page = EventVisitor(school, "parent").get("event", event_id=event.pk).content.decode()
    assert 'href="https://video.example.org/7" target="_blank" rel="noopener noreferrer"' in page


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Kaliningrad", "Завтра, четверг, 26 ноября, 20:30–22:00"),
        ("Asia/Vladivostok", "Завтра, пятница, 27 ноября, 04:30–06:00"),
    ],
)
def test_when_is_said_by_the_clock_of_the_organization(school: School, zone: str, said: str) -> None:
    moment = NOW + timedelta(hours=6) if zone == "Asia/Vladivostok" else NOW
    Organization.objects.filter(pk=school.organization.pk).update(time_zone=zone)
    event = event_in(school, starts_at=datetime(2026, 11, 26, 18, 30, tzinfo=UTC))
    with time_machine.travel(moment, tick=False):
        assert said in EventVisitor(school, "parent").see("event", event_id=event.pk)


def test_nobody_else_opens_an_event(world: World, school: School) -> None:
    event = event_in(school)
    pages = ("event", "edit", "cancel", "announce", "attendance", "result", "participants", "watch")
    for page in pages:
        assert EventVisitor(school, "teacher").get(page, event_id=event.pk).status_code == 404, page
        assert EventVisitor(world.b, "administrator").get(page, event_id=event.pk).status_code == 404, page
    for number in (0, 2**63, 10**30):
        assert EventVisitor(school, "head").get("event", event_id=number).status_code == 404


def test_long_words_of_people_are_shown_as_text(school: School) -> None:
    event = event_in(school, title="<script>alert(1)</script>" + "я" * 150, text="<b>нет</b>", place="<i>x</i>")
    page = EventVisitor(school, "parent").get("event", event_id=event.pk).content.decode()
    assert "<script>alert" not in page
    assert "<b>нет</b>" not in page
    assert "<i>x</i>" not in page


@pytest.mark.parametrize("name", ["parent", "leader"])
def test_the_page_asks_the_same_for_any_number_of_people(school: School, name: str) -> None:
    event = places_in(school, 500)
    visitor = EventVisitor(school, name)
    few = queries_of(visitor, "event", event_id=event.pk)
    people = crowd(school, 60)
    Participation.objects.bulk_create(
        Participation(
            organization=school.organization, event=event, person=person, answer=Answer.YES, answered_at=timezone.now()
        )
        for person in people
    )
    Event.objects.filter(pk=event.pk).update(going_count=60)
    assert queries_of(visitor, "event", event_id=event.pk) == few <= 8


def test_watching_without_opening_is_told_to_the_page(school: School) -> None:
    event = broadcast_in(school)
    broadcasting.go_on_air(actor=school.actor("leader"), event=event)
    page = EventVisitor(school, "student").see("watch", event_id=event.pk)
    assert "Когда вы её откроете, это будет учтено" in page
