"""Who comes and who was there, what came of events, and the spreadsheets of both."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from meetings.models import Answer, Event, Participation
from meetings.services import answering, attending, broadcasting
from orgs.models import Audience, Person
from tests.meetings.cast import broadcast_in, crowd, event_in, fresh, places_in, seen, soon
from tests.meetings.pages import EventVisitor, queries_of
from tests.world import School


def soon_begins(school: School, **more: Any) -> Event:
    """An event that begins in half an hour: who came can be noted."""
    return event_in(school, starts_at=soon(minutes=30), **more)


def over(event: Event, days: int = 3) -> Event:
    """The event as if it had been so many days ago."""
    ago = timezone.now() - timedelta(days=days)
    Event.objects.filter(pk=event.pk).update(starts_at=ago, ends_at=ago + timedelta(hours=1), registration_until=None)
    return fresh(event)


def noted(event: Event) -> dict[str, bool | None]:
    rows = Participation.objects.filter(event=event).select_related("person")
    return {row.person.last_name: row.attended for row in rows if row.attended is not None}


def cells(visitor: EventVisitor, name: str, query: str = "", **values: Any) -> list[list[Any]]:
    """What stands in the spreadsheet of a page."""
    response = visitor.client.get(f"{visitor.url(name, **values)}{query}")
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    sheet = load_workbook(BytesIO(response.content)).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.mark.req("CHAN-6")
def test_who_comes_waits_declined_and_says_nothing(school: School) -> None:
    event = places_in(school, 1)
    for name, answer in (("student", "yes"), ("parent", "yes")):
        answering.answer(actor=school.actor(name), event=seen(school, name, event), answer=answer)
    leader = EventVisitor(school, "leader")
    page = leader.see("participants", event_id=event.pk)
    assert "Ёжиков Пётр Ильич" in page
    assert "Ёжикова" not in page
    assert "Придут 1" in page
    assert "Ждут места 1" in page
    waiting = leader.see("participants", {"group": "waiting"}, event_id=event.pk)
    assert "1 ЁР Ёжикова Роза Павловна" in waiting
    silent = leader.see("participants", {"group": "silent"}, event_id=event.pk)
    assert "Зайцев Захар Львович" in silent
    assert "Ёжиков" not in silent
    assert "Пока никто" in leader.see("participants", {"group": "declined"}, event_id=event.pk)
    assert "Зайцева" in leader.see("participants", {"group": "silent", "q": "ЗОЯ"}, event_id=event.pk)
    assert "Никто не найден" in leader.see("participants", {"q": "\x00нет"}, event_id=event.pk)
    for nonsense in ({"group": "x"}, {"page": "10000000000000000000000"}, {"group": "\x00"}):
        assert leader.get("participants", nonsense, event_id=event.pk).status_code == 200


@pytest.mark.req("CHAN-5")
def test_who_was_there_is_noted_with_boxes(school: School) -> None:
    event = soon_begins(school)
    leader = EventVisitor(school, "leader")
    page = leader.see("attendance", event_id=event.pk)
    assert "Отмечены: 0 из 4" in page
    people = {person.last_name: person.pk for person in Person.objects.filter(organization=school.organization)}
    shown = [people[name] for name in ("Ёжиков", "Ёжикова", "Зайцева", "Зайцев")]
    leader.post("attendance", {"shown": shown, "present": shown[:2]}, event_id=event.pk)
    assert noted(event) == {"Ёжиков": True, "Ёжикова": True}
    # A box that is emptied takes the note back; nobody is called absent by that.
    leader.post("attendance", {"shown": shown, "present": shown[:1]}, event_id=event.pk)
    assert noted(event) == {"Ёжиков": True}
    page = leader.post_then_look(
        "attendance", {"shown": shown, "present": shown[:1], "rest": "absent"}, event_id=event.pk
    )
    assert noted(event) == {"Ёжиков": True, "Ёжикова": False, "Зайцева": False, "Зайцев": False}
    assert "Отмечен 1 человек." in page
    assert "не было: 3" in page


def test_a_filtered_list_notes_only_who_is_shown(school: School) -> None:
    event = soon_begins(school)
    leader = EventVisitor(school, "leader")
    person = school.people["student"].pk
    url = leader.url("attendance", event_id=event.pk)
    answer = leader.client.post(f"{url}?q=пётр", {"shown": [person], "present": [person], "rest": "absent"})
    assert answer["Location"] == f"{url}?q=%D0%BF%D1%91%D1%82%D1%80"
    assert noted(event) == {"Ёжиков": True}


@pytest.mark.req("CHAN-5")
def test_all_who_were_going_to_come_are_noted_at_once(school: School) -> None:
    event = soon_begins(school)
    for name in ("student", "parent"):
        answering.answer(actor=school.actor(name), event=seen(school, name, event), answer="yes")
    attending.mark(actor=school.actor("leader"), event=event, present=[], absent=[school.people["parent"].pk])
    leader = EventVisitor(school, "leader")
    assert "Отметить всех, кто собирался (1)" in leader.see("attendance", event_id=event.pk)
    page = leader.post_then_look("attendance", {"do": "going"}, event_id=event.pk)
    assert "Отмечен 1 человек." in page
    # Who was noted as absent before stays so.
    assert noted(event) == {"Ёжиков": True, "Ёжикова": False}
    assert "Отметить всех" not in leader.see("attendance", event_id=event.pk)


def test_the_list_is_narrowed_to_a_class(school: School) -> None:
    event = soon_begins(school, by="head", circles=[(Audience.EVERYONE, None)])
    head = EventVisitor(school, "head")
    unit = str(school.units["5Б"].pk)
    page = head.see("attendance", {"unit": unit}, event_id=event.pk)
    assert "Белкин Борис" in page
    assert "Обоева Ольга" in page
    assert "Ёжиков" not in page
    for nonsense in ("x", "0", "9" * 30):
        assert "Ёжиков" in head.see("attendance", {"unit": nonsense}, event_id=event.pk)
    assert "Никто не найден" in head.see("attendance", {"q": "нет такого"}, event_id=event.pk)


def test_too_early_nobody_is_noted(school: School) -> None:
    event = event_in(school)
    leader = EventVisitor(school, "leader")
    assert "за час до начала" in leader.see("attendance", event_id=event.pk)
    ids = {"shown": [school.people["student"].pk], "present": [school.people["student"].pk]}
    leader.post("attendance", ids, event_id=event.pk)
    assert noted(event) == {}


@pytest.mark.parametrize("who", [["x"], ["0"], ["9" * 30], [str(2**63)], ["-1"]])
def test_numbers_of_nobody_note_nobody(school: School, who: list[str]) -> None:
    event = soon_begins(school)
    stranger = str(school.people["teacher"].pk)
    for ids in (who, [stranger]):
        answer = EventVisitor(school, "leader").post("attendance", {"shown": ids, "present": ids}, event_id=event.pk)
        assert answer.status_code == 302
    assert noted(event) == {}


def test_the_people_of_an_event_are_for_who_notes_them(school: School) -> None:
    event = soon_begins(school)
    for page in ("participants", "participants_export", "attendance"):
        for name, status in {"leader": 200, "head": 200, "parent": 403, "student": 403, "teacher": 404}.items():
            assert EventVisitor(school, name).get(page, event_id=event.pk).status_code == status, (page, name)


@pytest.mark.parametrize("page", ["participants", "attendance", "participants_export"])
def test_pages_of_people_ask_the_same_for_any_number_of_them(school: School, page: str) -> None:
    event = soon_begins(school)
    leader = EventVisitor(school, "leader")
    few = queries_of(leader, page, event_id=event.pk)
    people = crowd(school, 120)
    Participation.objects.bulk_create(
        Participation(
            organization=school.organization, event=event, person=person, answer=Answer.YES, answered_at=timezone.now()
        )
        for person in people
    )
    Event.objects.filter(pk=event.pk).update(going_count=120)
    assert queries_of(leader, page, event_id=event.pk) <= few + 1 <= 14


@pytest.mark.req("CHAN-6")
def test_participants_are_read_back_from_the_spreadsheet(school: School) -> None:
    Person.objects.filter(pk=school.people["student"].pk).update(last_name="=HYPERLINK(1)")
    event = soon_begins(school, title="=1+1")
    answering.answer(actor=school.actor("student"), event=seen(school, "student", event), answer="yes")
    attending.mark(
        actor=school.actor("leader"), event=event, present=[school.people["student"].pk],
        absent=[school.people["parent"].pk],
    )  # fmt: skip
    rows = cells(EventVisitor(school, "leader"), "participants_export", event_id=event.pk)
    assert rows[1][0] == "=1+1"
    assert rows[3] == ["№", "Фамилия, имя, отчество", "Ответ", "Присутствие"]
    people = {row[1]: row[2:] for row in rows[4:]}
    assert people["=HYPERLINK(1) Пётр Ильич"] == ["придёт", "да"]
    assert people["Ёжикова Роза Павловна"] == ["нет ответа", "нет"]


def test_what_people_typed_is_no_formula(school: School) -> None:
    event = soon_begins(school, title='=cmd|"/c calc"!A1')
    visitor = EventVisitor(school, "leader")
    response = visitor.get("participants_export", event_id=event.pk)
    sheet = load_workbook(BytesIO(response.content)).active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} <= {"s", "n"}


@pytest.mark.req("CHAN-5")
def test_the_head_sees_what_came_of_events(school: School) -> None:
    event = soon_begins(school, title="Субботник")
    answering.answer(actor=school.actor("student"), event=seen(school, "student", event), answer="yes")
    attending.mark(actor=school.actor("leader"), event=event, present=[school.people["student"].pk], absent=[])
    over(event)
    broadcast = broadcast_in(school, title="Эфир")
    broadcasting.go_on_air(actor=school.actor("leader"), event=broadcast)
    broadcasting.open_broadcast(actor=school.actor("parent"), event=seen(school, "parent", broadcast))
    Participation.objects.filter(event=broadcast).update(watched_seconds=600)
    broadcasting.end(actor=school.actor("leader"), event=fresh(broadcast))
    over(broadcast, days=20)
    event_in(school, title="Ещё будет")
    head = EventVisitor(school, "head")
    page = head.see("results")
    assert "2 события" in page
    assert "Субботник" in page
    assert "Ещё будет" not in page
    week = head.see("results", {"period": "week"})
    assert "Субботник" in week
    assert "Эфир" not in week
    only = head.see("results", {"kind": "broadcast"})
    assert "Эфир" in only
    assert "Субботник" not in only
    assert "Таких событий нет" in head.see("results", {"kind": "seminar"})
    rows = {row[2]: row for row in cells(head, "results_export") if row[2]}
    assert rows["Субботник"][4:8] == [4, 1, 1, 0]
    assert rows["Эфир"][4] == 4
    assert rows["Эфир"][8:10] == [1, 10]
    assert "Субботник" not in {row[2] for row in cells(head, "results_export", "?kind=broadcast")}
    for nonsense in ({"period": "x"}, {"kind": "\x00"}, {"page": "x"}):
        assert head.get("results", nonsense).status_code == 200


def test_results_teach_when_there_are_none(school: School) -> None:
    assert "Прошедших событий ещё нет" in EventVisitor(school, "head").see("results")


def test_the_results_ask_the_same_for_any_number_of_events(school: School) -> None:
    head = EventVisitor(school, "head")
    over(soon_begins(school))
    few = queries_of(head, "results")
    few_in_the_table = queries_of(head, "results_export")
    for _number in range(8):
        over(soon_begins(school))
    assert queries_of(head, "results") == few <= 12
    assert queries_of(head, "results_export") == few_in_the_table <= 11


@pytest.mark.req("CHAN-5")
def test_what_came_of_it_is_written_kept_and_taken_back(school: School) -> None:
    event = soon_begins(school)
    leader = EventVisitor(school, "leader")
    assert "Решили ехать" in leader.post_then_look("result", {"result": "Решили ехать"}, event_id=event.pk)
    assert "Решили ехать" in leader.get("result", event_id=event.pk).content.decode()
    refused = leader.post("result", {"result": "я" * 2001}, event_id=event.pk)
    assert refused.status_code == 422
    assert "я" * 2001 in refused.content.decode()
    leader.post("result", {"result": ""}, event_id=event.pk)
    assert fresh(event).result == ""
    early = event_in(school)
    assert leader.post("result", {"result": "Итог"}, event_id=early.pk).status_code == 422
