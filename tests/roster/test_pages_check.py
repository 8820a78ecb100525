"""The dry run as the administrator sees it: rows, what will happen, what must be said first (ORG-8)."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from orgs.models import Person
from roster.models import Load
from tests.orgs.pages import words
from tests.roster.pages import CSV, RosterVisitor, checked, error, error_text, load_of, row, work_of
from tests.world import School, World
from works.models import State, Work
from works.services import running

pytestmark = pytest.mark.req("ORG-8")


@pytest.fixture
def school(world: World) -> School:
    return world.a


@pytest.fixture
def visitor(school: School) -> RosterVisitor:
    return RosterVisitor(school, "administrator")


def change(what: str, old: str, new: str, who: str = "") -> dict[str, str]:
    return {"what": what, "who": who, "old": old, "new": new}


def test_rows_tell_what_they_do(visitor: RosterVisitor) -> None:
    school = visitor.school
    changes = [change("phone", "+79005550101", "+79005550102"), change("unit", "5А", "5Б")]
    new = [
        change("last_name", "", "Иванов"),
        change("role", "", "student"),
        change("unit", "", "5А"),
        change("parent", "", "Иванова Анна Ильинична", "Иванова Анна Ильинична"),
        change("phone", "", "+79005550103", "Иванова Анна Ильинична"),
    ]
    remark = error("A4", "В имени были латинские буквы")
    load = checked(
        school,
        [
            row(2, "changed", "Ёжиков Пётр Ильич", person=school.people["student"], changes=changes),
            row(3, "new", "Иванов Иван Иванович", changes=new, remarks=[remark]),
            row(4, "same", "Зайцева Зоя Захаровна"),
            row(5, "error", "Петров", problems=[error("C5"), error("D5", "Это не телефон")]),
        ],
        units=["5В"],
    )
    page = visitor.see("check", pk=load.pk)
    assert "изменится Телефон: было +7 900 555-01-01 → станет +7 900 555-01-02 Класс: было 5А → станет 5Б" in page
    assert "новая Роль: ученик Родитель: Иванова Анна Ильинична, +7 900 555-01-03 A4 В имени были" in page
    assert "C5 Это не дата: 32.13.2015 D5 Это не телефон" in page
    assert "Будут созданы классы: 5В" in page
    assert "4 Все строки 1 Новые 1 С изменениями 1 Без изменений 1 С ошибками 1 С замечаниями" in page
    source = visitor.get("check", pk=load.pk).content.decode()
    assert f"/people/{school.people['student'].pk}/" in source


def test_filters_stay_in_the_address(visitor: RosterVisitor) -> None:
    load = checked(visitor.school, [row(2, "new", "Ёлкин Пётр"), row(3, "error", "Петров", problems=[error()])])
    assert "Ёлкин" not in visitor.see("check", {"show": "error"}, pk=load.pk)
    assert "Петров" not in visitor.see("check", {"q": "елкин ПЁТР"}, pk=load.pk)
    assert "Таких строк нет" in visitor.see("check", {"q": "(.*"}, pk=load.pk)
    assert "2 строки" in visitor.see("check", {"show": "nonsense", "page": "x"}, pk=load.pk)
    answer = visitor.client.get(
        visitor.url("check", pk=load.pk), {"q": "петров"}, headers={"hx-request": "true", "hx-target": "results"}
    )
    assert answer.content.decode().strip().startswith('<div id="results"')


def test_every_wrong_row_is_shown(visitor: RosterVisitor) -> None:
    rows = [row(number, "error", "Петров", problems=[error(f"C{number}")]) for number in range(2, 182)]
    load = checked(visitor.school, rows)
    cells = [f">C{number}<" for number in range(2, 182)]
    pages = "".join(
        visitor.get("check", {"show": "error", "page": page}, pk=load.pk).content.decode() for page in (1, 2, 3, 4)
    )
    assert all(cell in pages for cell in cells)
    page = visitor.see("check", pk=load.pk)
    assert "180 строк с ошибками не загрузятся" in page
    assert "Загружать нечего" in page


def test_errors_come_as_a_table(visitor: RosterVisitor) -> None:
    wrong = row(5, "error", "=Петров", problems=[error("C5"), error("D5", "Это не телефон")])
    load = checked(visitor.school, [row(2, "new"), wrong])
    sheet = load_workbook(BytesIO(visitor.get("errors", pk=load.pk).content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("Строка файла", "Ячейка", "ФИО", "Класс", "Что не так")
    assert rows[1] == (5, "C5", "=Петров", "5А", "Это не дата: 32.13.2015")
    assert sheet["C2"].data_type == "s"
    assert len(rows) == 3


def test_rows_with_errors_are_left_out_only_when_said(visitor: RosterVisitor) -> None:
    load = checked(visitor.school, [row(2, "new"), row(3, "error", problems=[error()])])
    refused = visitor.post("bring_in", {"order_number": "12-к"}, pk=load.pk)
    assert refused.status_code == 422
    assert "Загрузить без 1 строки с ошибками" in error_text(refused)
    assert "12-к" in refused.content.decode()
    assert not Work.objects.exists()
    answer = visitor.post("bring_in", {"skip_errors": "on", "order_number": "12-к"}, pk=load.pk)
    assert "/works/" in answer["Location"]
    load.refresh_from_db()
    assert (load.skip_errors, load.order_number) == (True, "12-к")


def test_many_who_leave_have_to_be_confirmed(visitor: RosterVisitor) -> None:
    student = visitor.school.people["student"]
    leaver = {"person": student.pk, "name": student.full_name, "unit": "5А"}
    load = checked(
        visitor.school, [row(2, "new")], leaving=40, leaving_of=60, leaving_people=[leaver], removal_over_threshold=True
    )
    Load.objects.filter(pk=load.pk).update(removes_missing=True)
    page = visitor.see("check", pk=load.pk)
    assert "40 человек нет в файле — они выбудут" in page
    assert "Это много: 40 из 60." in page
    assert "и ещё 39" in page
    refused = visitor.post("bring_in", pk=load.pk)
    assert refused.status_code == 422
    assert "Да, 40 человек выбывают" in error_text(refused)
    assert visitor.post("bring_in", {"removal_confirmed": "on"}, pk=load.pk).status_code == 302


def test_asking_for_the_missing_checks_again(visitor: RosterVisitor) -> None:
    load = checked(visitor.school, [row(2, "new")])
    assert "Найти, кого нет в файле" in visitor.see("check", pk=load.pk)
    visitor.post("missing", {"remove": "yes"}, pk=load.pk)
    load.refresh_from_db()
    assert load.removes_missing
    assert Work.objects.get().kind == "roster_check"


def test_a_check_out_of_date_says_so_and_cannot_be_loaded(visitor: RosterVisitor) -> None:
    load = checked(visitor.school, [row(2, "new")])
    Load.objects.filter(pk=load.pk).update(settings_changed_at=timezone.now() + timedelta(seconds=5))
    page = visitor.see("check", pk=load.pk)
    assert "Проверка устарела" in page
    assert "Загрузить 1 строку" not in page
    assert visitor.post("bring_in", pk=load.pk).status_code == 422
    visitor.post("check", pk=load.pk)
    assert Work.objects.get().kind == "roster_check"


def test_what_failed_is_told(visitor: RosterVisitor) -> None:
    load = checked(visitor.school, [row(2, "new")])
    work_of(visitor.school, load, state=State.FAILED, error_message="Список людей изменился.")
    page = visitor.see("check", pk=load.pk)
    assert "Файл не загружен Список людей изменился. Проверить заново" in page


def test_while_it_is_loaded_the_page_is_that_of_the_work(visitor: RosterVisitor) -> None:
    load = checked(visitor.school, [row(2, "new")])
    work = work_of(visitor.school, load, state=State.RUNNING)
    assert visitor.get("check", pk=load.pk)["Location"].endswith(f"/works/{work.pk}/")


def test_a_loaded_file_shows_its_rows_and_the_way_back(visitor: RosterVisitor) -> None:
    load = checked(visitor.school, [row(2, "new", "Иванов Иван")])
    work_of(visitor.school, load)
    page = visitor.see("check", pk=load.pk)
    assert "Этот файл загружен" in page
    assert "Иванов Иван" in page
    assert "Что произойдёт" not in page


def test_the_finished_check_asks_for_the_whole_page(visitor: RosterVisitor) -> None:
    load = load_of(visitor.school)
    work = work_of(visitor.school, load, kind="roster_check", state=State.RUNNING, step="comparing", done=3, total=10)
    url, asks = visitor.url("check", pk=load.pk), {"hx-request": "true", "hx-target": "checking"}
    part = visitor.client.get(url, headers=asks).content.decode()
    assert part.lstrip().startswith('<section id="checking"')
    assert "3 из 10 (30 %)" in part
    work.state = State.DONE
    work.save()
    Load.objects.filter(pk=load.pk).update(checked_at=timezone.now())
    assert visitor.client.get(url, headers=asks)["HX-Refresh"] == "true"


def test_a_corrected_file_keeps_what_was_said_and_is_checked_at_once(visitor: RosterVisitor) -> None:
    load = checked(visitor.school, [row(2, "new")], content="Кто;Где;Лишнее\nИванов И.;5А;x\n")
    load.columns = {"0": "full_name", "1": "unit", "2": ""}
    load.save()
    answer = visitor.upload("Кто;Где;Лишнее\nИванов Иван Иванович;5А;x\n", page="replace", pk=load.pk)
    made = Load.objects.get()
    assert made.pk != load.pk
    assert made.columns == {"0": "full_name", "1": "unit", "2": ""}
    assert answer["Location"] == visitor.url("check", pk=made.pk)
    assert Work.objects.get().parameters == {"load": made.pk}


def test_a_corrected_file_that_is_none_leaves_the_former_one(visitor: RosterVisitor) -> None:
    load = checked(visitor.school, [row(2, "new", "Иванов Иван")])
    answer = visitor.upload(b"%PDF-1.4", "приказ.pdf", page="replace", pk=load.pk)
    assert answer.status_code == 422
    assert "Файл не принят" in words(answer)
    assert "Иванов Иван" in words(answer)
    assert Load.objects.get().pk == load.pk


def test_a_page_of_rows_asks_the_same_for_any_number(visitor: RosterVisitor) -> None:
    people = list(Person.objects.filter(organization=visitor.school.organization)[:5])

    def rows(count: int) -> list[dict[str, Any]]:
        return [row(number, "new", "Иванов", person=people[number % 5]) for number in range(count)]

    few, many = checked(visitor.school, rows(60)), checked(visitor.school, rows(600))
    counted = visitor.queries_of("check", pk=few.pk)
    assert visitor.queries_of("check", pk=many.pk) == counted <= 8


def test_from_the_file_to_the_people_and_back(visitor: RosterVisitor) -> None:
    """The whole way, with the real work."""
    load = load_of(visitor.school, CSV)
    visitor.post("check", pk=load.pk)
    running.run(Work.objects.get().pk)
    page = visitor.see("check", pk=load.pk)
    assert "Новых людей: 2." in page
    assert "Загрузить 2 строки" in page
    assert "Будут созданы классы: 5В" in page
    visitor.post("bring_in", {"order_number": "7", "order_date": "01.09.2026"}, pk=load.pk)
    work = Work.objects.get(kind="roster_import")
    running.run(work.pk)
    work.refresh_from_db()
    assert work.state == State.DONE, work.error_message
    assert Person.objects.filter(last_name="Петрова", organization=visitor.school.organization).exists()
    assert "ученики.csv загружен новых 2" in visitor.see("home")


@pytest.mark.req("ACC-4")
@pytest.mark.parametrize("page", ["load", "check", "discard", "errors"])
def test_a_file_of_the_other_school_does_not_exist(world: World, page: str) -> None:
    load = checked(world.b, [row(2, "new")])
    assert RosterVisitor(world.a, "administrator").get(page, pk=load.pk).status_code == 404
