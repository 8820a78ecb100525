"""The pages of required reading: what each person sees and can do (CHAN-4, DOC-1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from orgs.actor import actor_of
from orgs.models import Audience, Person
from orgs.selectors.organizations import today_in
from readings.home import attention
from readings.models import Confirmation, ParentsConfirm, Reading
from readings.services import confirming, giving
from tests.readings.cast import data_of, given, second_parent
from tests.readings.test_progress import crowd
from tests.world import School, World

pytestmark = pytest.mark.req("CHAN-4", "DOC-1")


class Reader:
    """A browser of one of the cast on these pages."""

    def __init__(self, school: School, name: str) -> None:
        self.school, self.client = school, Client(headers={"accept-language": "ru"})
        backend = "accounts.backends.AuthenticationBackend"
        self.client.force_login(school.user(name), backend=backend)

    def url(self, name: str, **values: Any) -> str:
        return reverse(f"readings:{name}", kwargs={"slug": self.school.slug, **values})

    def get(self, name: str, data: dict[str, Any] | None = None, **values: Any) -> HttpResponse:
        return self.client.get(self.url(name, **values), data)

    def post(self, name: str, data: dict[str, Any] | None = None, **values: Any) -> HttpResponse:
        return self.client.post(self.url(name, **values), data or {}, follow=True)


def text(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def test_a_parent_reads_and_confirms(school: School) -> None:
    reading = given(school, due_in=1)
    parent = Reader(school, "parent")
    shown = text(parent.get("mine"))
    assert "Приказ № 12" in shown
    assert "до завтра" in shown
    assert "/o/a/documents/12/" in shown
    assert "Кто ознакомлен" not in shown
    after = text(parent.post("confirm", reading_id=reading.pk))
    assert "Спасибо, вы ознакомились" in after
    assert "Сейчас знакомиться не с чем" in after
    assert Confirmation.objects.count() == 1


def test_the_button_goes_back_to_the_page_it_stands_on_and_nowhere_else(school: School) -> None:
    reading, parent = given(school), Reader(school, "parent")
    url = parent.url("confirm", reading_id=reading.pk)
    assert parent.client.post(url, {"next": "/o/a/chats/"}).headers["Location"] == "/o/a/chats/"
    assert parent.client.post(url, {"next": "https://evil.example/"}).headers["Location"] == "/o/a/readings/"


def test_with_htmx_the_block_changes_in_place(school: School) -> None:
    reading, parent = given(school), Reader(school, "parent")
    headers = {"HX-Request": "true", "HX-Target": f"reading-{reading.pk}"}
    url = parent.url("confirm", reading_id=reading.pk)
    shown = text(parent.client.post(url, headers=headers))
    assert shown.startswith("<section")
    assert "Вы ознакомились сегодня в" in shown
    second = given(school)
    giving.close(actor=None, reading=second)
    headers["HX-Target"] = f"reading-{second.pk}"
    shown = text(parent.client.post(parent.url("confirm", reading_id=second.pk), headers=headers))
    assert "Знакомиться с этим больше не нужно." in shown


def test_the_other_parent_is_told_that_one_is_enough(school: School) -> None:
    father = second_parent(school)
    reading = given(school, parents=ParentsConfirm.FAMILY)
    confirming.note_on_paper(actor=school.actor("administrator"), reading=reading, person=father)
    parent = Reader(school, "parent")
    assert "Сейчас знакомиться не с чем" in text(parent.get("mine"))


def test_the_register_tells_how_far_each_has_come(school: School) -> None:
    reading = given(school, due_in=5)
    given(school, title="Правила экскурсии")
    confirming.confirm(actor=school.actor("parent"), reading=reading)
    head = Reader(school, "head")
    shown = text(head.get("given"))
    assert "1 из 3" in shown
    assert "Правила экскурсии" in shown
    assert "Приказ № 12" not in text(head.get("given", {"q": "ЭКСКУРСИИ"}))
    assert "Ничего не нашлось" in text(head.get("given", {"state": "closed"}))
    Reading.objects.filter(pk=reading.pk).update(due_on=today_in(school.organization) - timedelta(days=1))
    shown = text(head.get("given", {"state": "overdue"}))
    assert "Приказ № 12" in shown
    assert "Правила" not in shown.split('id="results"')[1].split("</main>")[0]
    assert "Пока ничего не дано" in text(Reader(school, "teacher").get("given"))


@pytest.mark.parametrize("bad", [{"q": "\x00ё" * 500}, {"state": "nonsense"}, {"page": "9" * 30}, {"unit": "-1"}])
def test_nonsense_in_the_address_is_no_error(school: School, bad: dict[str, str]) -> None:
    reading, head = given(school), Reader(school, "head")
    assert head.get("given", bad).status_code == 200
    for name in ("detail", "sheet_pdf", "sheet_xlsx"):
        assert head.get(name, bad, reading_id=reading.pk).status_code == 200
    assert head.get("detail", reading_id=10**25).status_code == 404
    assert head.post("note", reading_id=reading.pk, person_id=10**25).status_code == 404


def test_one_reading_by_unit_and_by_person(school: School) -> None:
    reading = given(school, (Audience.EVERYONE, None))
    confirming.confirm(actor=school.actor("parent"), reading=reading)
    head = Reader(school, "head")
    shown = text(head.get("detail", reading_id=reading.pk))
    for words in ("Сотрудники", "5А", "5Б", "Ёжикова Роза Павловна", "Ёжиков Пётр Ильич, 5А", "не подключён(а)"):
        assert words in shown, words
    waiting = text(head.get("detail", {"state": "waiting"}, reading_id=reading.pk))
    assert "Ёжикова Роза" not in waiting
    one = text(head.get("detail", {"unit": str(school.units["5Б"].pk)}, reading_id=reading.pk))
    assert "Обоева Ольга" in one
    assert "Ёжикова Роза" not in one
    assert "Обоева Ольга" in text(head.get("detail", {"q": "обоева"}, reading_id=reading.pk))


def test_reminding_closing_and_undoing(school: School) -> None:
    reading, head = given(school), Reader(school, "head")
    assert "Напоминание отправлено: 2 человека." in text(head.post("remind", reading_id=reading.pk))
    assert "уже отправлено меньше часа назад" in text(head.post("remind", reading_id=reading.pk))
    shown = text(head.post("close", reading_id=reading.pk))
    assert head.url("reopen", reading_id=reading.pk) in shown
    assert "Знакомиться с этим больше не нужно." in text(head.post("remind", reading_id=reading.pk))
    assert "снова открыто" in text(head.post("reopen", reading_id=reading.pk))
    new = giving.renew(actor=school.actor("head"), reading=reading, data=data_of())
    assert head.url("detail", reading_id=new.pk) in text(head.get("detail", reading_id=reading.pk))
    assert "Уже есть более новая версия." in text(head.post("reopen", reading_id=reading.pk))


def test_a_signature_on_paper_is_noted_and_undone(school: School) -> None:
    reading, head = given(school), Reader(school, "head")
    about = {"reading_id": reading.pk, "person_id": school.people["waiting_parent"].pk}
    shown = text(head.post("note", **about))
    assert "Отмечено: Зайцев Захар Львович — подпись на бумаге." in shown
    assert head.url("unnote", **about) in shown
    assert "отметка: Главный Глеб Георгиевич" in shown
    assert "Отметка снята" in text(head.post("unnote", **about))
    assert not Confirmation.objects.exists()
    stranger = {**about, "person_id": school.people["teacher"].pk}
    assert "Этому человеку знакомиться не нужно." in text(head.post("note", **stranger))
    confirming.confirm(actor=school.actor("parent"), reading=reading)
    own = {**about, "person_id": school.people["parent"].pk}
    assert "подтвердил ознакомление сам" in text(head.post("unnote", **own))


def test_the_deadline_is_changed_and_nothing_typed_is_lost(school: School) -> None:
    reading, head = given(school, due_in=5), Reader(school, "head")
    past = head.post("deadline", {"due_on": "2020-01-01"}, reading_id=reading.pk)
    assert past.status_code == 422
    assert "Этот день уже прошёл" in text(past)
    assert "2020-01-01" in text(past)
    assert head.post("deadline", {"due_on": "скоро"}, reading_id=reading.pk).status_code == 422
    day = today_in(school.organization) + timedelta(days=9)
    assert "Срок изменён." in text(head.post("deadline", {"due_on": day.isoformat()}, reading_id=reading.pk))
    assert Reading.objects.get().due_on == day


def test_sheets_are_files_with_names(school: School) -> None:
    reading, head = given(school), Reader(school, "head")
    pdf, xlsx = (head.get(name, reading_id=reading.pk) for name in ("sheet_pdf", "sheet_xlsx"))
    assert pdf.content.startswith(b"%PDF")
    assert xlsx.content.startswith(b"PK")
    assert pdf.headers["Content-Disposition"].startswith("inline")
    assert xlsx.headers["Content-Disposition"].startswith("attachment")


def test_home_tells_what_waits(school: School) -> None:
    parent = school.actor("parent")
    assert attention(parent) == []
    reading = given(school)
    [entry] = attention(parent)
    assert (entry.url, entry.level) == ("/o/a/documents/12/", "info")
    given(school, title="Срочное", due_in=1)
    with CaptureQueriesContext(connection) as captured:
        [entry] = attention(parent)
    assert len(captured) == 1
    assert (entry.count, entry.url, entry.level) == (2, "/o/a/readings/", "warn")
    assert entry.text.startswith("Срочное — до завтра")
    confirming.confirm(actor=parent, reading=reading)
    assert attention(parent)[0].count == 1


def test_pages_cost_the_same_for_300_people_and_20_readings(school: School) -> None:
    head, parent = Reader(school, "head"), Reader(school, "parent")
    readings = [given(school, (Audience.EVERYONE, None)) for _number in range(2)]
    places = [(head, "given", {}), (head, "detail", {"reading_id": readings[0].pk}), (parent, "mine", {})]
    counts = []
    for more in (3, 300):
        crowd(school, more)
        for number in range(0 if more == 3 else 18):
            given(school, (Audience.EVERYONE, None), title=f"Приказ {number}")
        found = []
        for reader, name, values in places:
            reader.get(name, **values)
            with CaptureQueriesContext(connection) as captured:
                assert reader.get(name, **values).status_code == 200
            found.append(len(captured))
        counts.append(found)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 20


def test_another_school_sees_nothing(world: World) -> None:
    reading = given(world.a)
    stranger = Reader(world.b, "administrator")
    for name in ("detail", "sheet_pdf", "sheet_xlsx", "deadline"):
        assert stranger.get(name, reading_id=reading.pk).status_code == 404
    for name in ("confirm", "remind", "close", "reopen"):
        assert stranger.post(name, reading_id=reading.pk).status_code == 404
    assert "Приказ № 12" not in text(stranger.get("given"))
    other = given(world.b)
    about = {"reading_id": other.pk, "person_id": world.a.people["parent"].pk}
    assert stranger.post("note", **about).status_code == 404
    both = Person.objects.get(pk=world.a.people["both"].pk)
    confirming.confirm(actor=actor_of(both), reading=reading)
    assert Confirmation.objects.get().reading == reading


def test_moments_stand_in_the_school_clock(school: School) -> None:
    reading = given(school)
    confirming.confirm(actor=school.actor("parent"), reading=reading)
    moment = timezone.now().astimezone(school.organization.zone)
    Confirmation.objects.update(confirmed_at=moment)
    assert f"сегодня в {moment:%H:%M}" in text(Reader(school, "parent").get("mine"))
