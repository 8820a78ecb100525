"""The pages of movement and of notices as people see them (ORG-5, ORG-6)."""

from __future__ import annotations

import pytest

from movement.models import Notice, NoticeState
from movement.services.plan import What
from tests.movement.cast import MovementVisitor, notice_of
from tests.movement.test_moving import go, units_of
from tests.orgs.pages import Visitor, words
from tests.world import School, World

pytestmark = pytest.mark.req("ORG-5", "ORG-6")


@pytest.fixture
def school(world: World) -> School:
    return world.a


@pytest.fixture
def administrator(school: School) -> MovementVisitor:
    return MovementVisitor(school, "administrator")


@pytest.fixture
def head(school: School) -> MovementVisitor:
    return MovementVisitor(school, "head")


def two(school: School) -> list[int]:
    return [school.people["student"].pk, school.people["classmate"].pk]


def test_the_list_of_people_leads_here_with_those_ticked(school: School, administrator: MovementVisitor) -> None:
    assert "Движение…" in Visitor(school, "administrator").see("people")
    answer = administrator.post("move", {"ids": two(school), "action": "", "unit": ""})
    assert answer.status_code == 302
    page = words(administrator.client.get(answer["Location"]))
    assert "Ёжиков Пётр Ильич" in page
    assert "Зайцева Зоя" in page
    assert "Откуда" in page, "who is placed is transferred"


def test_it_is_seen_in_one_sentence_done_and_undone(school: School, administrator: MovementVisitor) -> None:
    form = {"what": "transfer", "ids": two(school), "unit": school.units["5Б"].pk, "part": "student"}
    form |= {"day": "", "order_number": "15", "order_date": "20.11.2026"}
    page = administrator.post("move", form)
    assert "Перевод: 2 человека из 5А в 5Б с" in words(page)
    assert "приказ № 15 от 20.11.2026" in words(page)
    assert units_of(school.people["student"]) == ["5А"], "nothing has happened yet"
    answer = administrator.client.post(administrator.url("move"), {**form, "confirmed": "yes"}, follow=True)
    assert "Перевод: 2 человека" in words(answer)
    assert units_of(school.people["student"]) == ["5Б"]
    undo = f"/o/{school.slug}/works/"
    assert undo in answer.content.decode()
    work = answer.content.decode().partition(undo)[2].partition("/")[0]
    administrator.client.post(f"{undo}{work}/undo/")
    assert units_of(school.people["student"]) == ["5А"]


def test_what_is_refused_stands_where_it_belongs_and_nothing_typed_is_lost(
    school: School, administrator: MovementVisitor
) -> None:
    form = {"what": "transfer", "ids": two(school), "unit": school.units["5А"].pk, "part": "student"}
    page = administrator.post("move", {**form, "order_number": "15"})
    assert page.status_code == 422
    assert "Уже там:" in words(page)
    assert 'value="15"' in page.content.decode()
    page = administrator.post("move", {**form, "unit": school.units["5Б"].pk, "day": "2020-01-01"})
    assert "До этого дня больше года" in words(page)
    assert "Сначала выберите людей" in words(administrator.post("move", {"what": "leave", "day": ""}))


def test_leaving_tells_about_the_parents(school: School, administrator: MovementVisitor) -> None:
    page = words(administrator.post("move", {"what": "leave", "ids": [school.people["student"].pk]}))
    assert "Выбытие: Ёжиков Пётр Ильич с" in page
    assert "Ёжикова Роза Павловна" in page
    assert "Без приказа" in page


def test_who_left_is_found_and_offered_to_come_back(school: School, administrator: MovementVisitor) -> None:
    go(school, What.LEAVE, "student")
    found = administrator.see("move", {"q": "ежик"})
    assert "Ёжиков Пётр Ильич выбывший" in found
    page = administrator.get("move", {"ids": school.people["student"].pk})
    assert "Пусто — туда же, откуда выбыли" in words(page)


def test_the_head_reports_and_the_administrator_clicks(
    school: School, head: MovementVisitor, administrator: MovementVisitor
) -> None:
    form = {"kind": "dismiss", "ids": [school.people["teacher"].pk], "order_number": "21", "remark": "По собственному"}
    told = head.post_then_look("notice_new", form)
    assert "Администраторам сообщено" in told
    assert "Провести" not in told
    home = Visitor(school, "administrator").see("home")
    assert "Ждёт 1 сообщение о движении" in home
    page = administrator.see("notices", {"state": "sent"})
    assert "Выбытие: Учёный Устин Ильич" in page
    assert "По собственному" in page
    notice = Notice.objects.get()
    told = administrator.post_then_look("notice_carry_out", pk=notice.pk)
    assert "проведено" in told
    assert "проведено" in head.see("notices")
    again = administrator.client.post(administrator.url("notice_carry_out", pk=notice.pk), follow=True)
    assert "решение уже приняли" in words(again)


def test_a_returned_one_is_mended(school: School, head: MovementVisitor, administrator: MovementVisitor) -> None:
    notice = notice_of(school)
    assert administrator.post("notice_return", {"answer": ""}, pk=notice.pk).status_code == 422
    administrator.post_then_look("notice_return", {"answer": "С какого дня?"}, pk=notice.pk)
    page = head.see("notice_change", pk=notice.pk)
    assert "С какого дня?" in page
    assert "Ёжиков Пётр Ильич" in page
    form = {"kind": "transfer", "ids": [school.people["student"].pk], "unit": school.units["5Б"].pk}
    head.post_then_look("notice_change", {**form, "remark": "С понедельника"}, pk=notice.pk)
    notice.refresh_from_db()
    assert (notice.state, notice.remark) == (NoticeState.SENT, "С понедельника")


def test_somebody_new_is_reported_with_a_name(school: School, head: MovementVisitor) -> None:
    page = head.post("notice_new", {"kind": "hire", "last_name": "Новикова"})
    assert page.status_code == 422
    form = {"kind": "hire", "last_name": "Новикова", "first_name": "Нина", "position": "учитель химии"}
    told = head.post_then_look("notice_new", form)
    assert "Приём на работу: Новикова Нина" in told
    assert "учитель химии" in told


def test_done_another_way_and_withdrawn(school: School, head: MovementVisitor, administrator: MovementVisitor) -> None:
    first, second = notice_of(school), notice_of(school)
    administrator.post_then_look("notice_done", {"answer": "Сделано раньше"}, pk=first.pk)
    assert "Сделано раньше" in head.see("notice", pk=first.pk)
    assert "отозвано" in head.post_then_look("notice_withdraw", pk=second.pk)


def test_an_empty_list_teaches(head: MovementVisitor) -> None:
    assert "Сообщений пока не было" in head.see("notices")
