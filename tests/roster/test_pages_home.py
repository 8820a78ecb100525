"""Import and export: where a file begins, what came before (ORG-8)."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from orgs.models import Kind, Organization
from roster.models import Load
from roster.services import loads
from tests.orgs.pages import words
from tests.roster.pages import CSV, RosterVisitor, checked, error, error_text, load_of, row, work_of
from tests.world import School, World
from works.models import State

pytestmark = pytest.mark.req("ORG-8")


@pytest.fixture
def school(world: World) -> School:
    return world.a


@pytest.fixture
def visitor(school: School) -> RosterVisitor:
    return RosterVisitor(school, "administrator")


def test_an_empty_page_teaches(visitor: RosterVisitor) -> None:
    page = visitor.see("home")
    assert "Файлов ещё не было" in page
    assert "Скачать образец" in page
    assert "класс (5А, 5 «А», 5-а)" in page


@pytest.mark.req("REG-7")
def test_the_page_speaks_with_the_words_of_the_organization(visitor: RosterVisitor) -> None:
    Organization.objects.filter(pk=visitor.school.organization.pk).update(kind=Kind.KINDERGARTEN)
    page = visitor.see("home")
    assert "группа, дата рождения" in page
    assert "класс" not in page.lower()


def test_a_file_is_taken_and_leads_to_its_columns(visitor: RosterVisitor) -> None:
    response = visitor.upload(CSV)
    load = Load.objects.get()
    assert response.status_code == 302
    assert response["Location"] == visitor.url("load", pk=load.pk)
    assert load.created_by_id == visitor.school.people["administrator"].pk
    assert load.file_name == "ученики.csv"


def test_without_a_file_the_page_says_so(visitor: RosterVisitor) -> None:
    response = visitor.post("upload")
    assert response.status_code == 422
    assert "Сначала выберите файл" in words(response)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "пусто.csv"),
        (b"PK\x03\x04" + b"\x00" * 300, "сломан.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "старый.xls"),
        (b"%PDF-1.4\n%%EOF", "приказ.pdf"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "фото.xlsx"),
        (b"\x00" * 2000, "нули.csv"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_file_is_answered_in_words(visitor: RosterVisitor, content: bytes, name: str) -> None:
    response = visitor.upload(content, name)
    assert response.status_code == 422
    assert "Файл не принят" in error_text(response)
    assert not Load.objects.exists()


def test_a_file_that_is_too_large_is_answered_in_words(visitor: RosterVisitor) -> None:
    response = visitor.upload(b"\xd0\xa4;\n" * (6 << 20), "большой.csv")
    assert response.status_code == 422
    assert "МБ" in error_text(response)


def test_fifty_thousand_rows_are_answered_in_words(visitor: RosterVisitor) -> None:
    lines = "".join(f"Иванов Иван {number};5А\n" for number in range(50_000))
    response = visitor.upload(f"ФИО;Класс\n{lines}", "все.csv")
    assert response.status_code == 422
    assert "строк" in error_text(response)


def test_the_list_tells_how_far_each_file_is(visitor: RosterVisitor) -> None:
    school = visitor.school
    load_of(school, name="первый.csv")
    checked(school, [row(2, "new"), row(3, "error", problems=[error()])])
    work_of(school, load := checked(school, [row(2, "changed")]), outcome={})
    page = visitor.see("home")
    assert "первый.csv не проверен Админова Анна Аркадьевна сегодня" in page
    assert "ученики.csv проверен новых 1 с ошибками 1" in page
    assert "ученики.csv загружен изменений 1" in page
    assert load.pk


def test_what_can_be_undone_offers_it(visitor: RosterVisitor) -> None:
    work = work_of(visitor.school, checked(visitor.school, [row(2, "new")]), undo_until=timezone.now())
    assert "/undo/" not in visitor.get("home").content.decode()
    work.undo_until = timezone.now() + timedelta(days=1)
    work.save()
    assert f"/works/{work.pk}/undo/" in visitor.get("home").content.decode()


def test_work_under_way_is_told(visitor: RosterVisitor) -> None:
    work = work_of(visitor.school, load_of(visitor.school), kind="roster_check", state=State.RUNNING)
    page = visitor.get("home")
    assert "Идёт долгая работа" in words(page)
    assert f"/works/{work.pk}/" in page.content.decode()


def test_the_sample_can_be_loaded_as_it_is(visitor: RosterVisitor) -> None:
    content = visitor.get("sample").content
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:3] == ("ФИО", "Роль", "Класс")
    assert len(rows) == 3
    load = loads.upload(actor=visitor.school.actor("administrator"), file_name="образец.xlsx", content=content)
    assert "" not in load.columns.values()
    assert set(load.columns.values()) >= {"full_name", "role", "unit", "parent1_name", "parent2_email"}


def test_the_list_asks_the_same_for_any_number(visitor: RosterVisitor) -> None:
    for _number in range(3):
        work_of(visitor.school, checked(visitor.school, [row(2, "new")]))
    few = visitor.queries_of("home")
    for _number in range(30):
        work_of(visitor.school, checked(visitor.school, [row(2, "new")]))
    assert visitor.queries_of("home") == few
