"""How a file is read and what its columns mean, as the administrator sees it (ORG-8)."""

from __future__ import annotations

from typing import Any

import pytest

from roster.models import KnownHeading, Load
from tests.roster.pages import RosterVisitor, checked, error_text, load_of, row, work_of
from tests.world import School, World
from works.models import State, Work

pytestmark = pytest.mark.req("ORG-8")


@pytest.fixture
def school(world: World) -> School:
    return world.a


@pytest.fixture
def visitor(school: School) -> RosterVisitor:
    return RosterVisitor(school, "administrator")


def said(load: Load, columns: dict[int, str] | None = None, **more: Any) -> dict[str, Any]:
    """The form as the page sends it."""
    place = "|".join((load.sheet, load.encoding, load.delimiter))
    meant = {int(number): name for number, name in load.columns.items()} | (columns or {})
    return {
        "sheet": load.sheet,
        "encoding": load.encoding,
        "delimiter": load.delimiter,
        "heading_row": load.heading_row,
        "shown": place,
        "shown_row": f"{place}|{load.heading_row}",
        **{f"column_{number}": name for number, name in meant.items()},
        **more,
    }


def test_the_first_rows_and_the_columns_are_shown(visitor: RosterVisitor) -> None:
    load = load_of(visitor.school)
    page = visitor.see("load", pk=load.pk)
    assert "Иванов Иван Иванович 5А 01.02.2015" in page
    assert "Под заголовками 2 строки." in page
    assert "A ФИО Иванов Иван Иванович · Петрова Анна Ильинична" in page
    source = visitor.get("load", pk=load.pk).content.decode()
    assert '<option value="full_name" selected>' in source


def test_another_reading_is_shown_and_changes_nothing(visitor: RosterVisitor) -> None:
    load = load_of(visitor.school, "Список класса\nФИО,Класс\nИванов Иван Иванович,5А\n")
    asked = {"encoding": "utf-8", "delimiter": ";", "heading_row": "1", "shown": f"|utf-8|{load.delimiter}"}
    answer = visitor.client.get(
        visitor.url("load", pk=load.pk), asked, headers={"hx-request": "true", "hx-target": "reading"}
    )
    assert answer.status_code in (200, 422)
    assert answer.content.decode().lstrip().startswith('<div id="reading"')
    load.refresh_from_db()
    assert load.delimiter == ","


@pytest.mark.parametrize("row_number", ["0", "1", "2", "999", "x", "9" * 30])
def test_no_row_of_headings_breaks_the_page(visitor: RosterVisitor, row_number: str) -> None:
    load = load_of(visitor.school)
    answer = visitor.get(
        "load", {"heading_row": row_number, "delimiter": "|", "encoding": "x", "sheet": "нет"}, pk=load.pk
    )
    assert answer.status_code in (200, 422)


def test_what_is_said_is_kept_and_checked(visitor: RosterVisitor) -> None:
    load = load_of(visitor.school, "Кто;Где\nИванов Иван Иванович;5А\n")
    answer = visitor.post("load", said(load, {0: "full_name", 1: "unit"}), pk=load.pk)
    assert answer["Location"] == visitor.url("check", pk=load.pk)
    load.refresh_from_db()
    assert load.columns == {"0": "full_name", "1": "unit"}
    assert Work.objects.get().kind == "roster_check"
    assert KnownHeading.objects.count() == 2
    assert "Файл ждёт проверки" in visitor.see("check", pk=load.pk)


def test_what_was_said_once_is_known_the_next_time(visitor: RosterVisitor) -> None:
    load = load_of(visitor.school, "Кто;Где\nИванов Иван Иванович;5А\n")
    visitor.post("load", said(load, {0: "full_name", 1: "unit"}), pk=load.pk)
    again = load_of(visitor.school, "Где;Кто\n5А;Петров Пётр Петрович\n")
    assert again.columns == {"0": "unit", "1": "full_name"}
    assert "как в прошлый раз" in visitor.see("load", pk=again.pk)


def test_without_names_nothing_is_checked(visitor: RosterVisitor) -> None:
    load = load_of(visitor.school)
    answer = visitor.post("load", said(load, {0: ""}), pk=load.pk)
    assert answer.status_code == 422
    assert "в каком столбце имена" in error_text(answer)
    assert 'href="#id_column_0"' in error_text(answer)
    assert not Work.objects.exists()


def test_two_columns_of_the_same_meaning_are_marked(visitor: RosterVisitor) -> None:
    load = load_of(visitor.school)
    answer = visitor.post("load", said(load, {3: "unit"}), pk=load.pk)
    assert answer.status_code == 422
    assert "Два столбца значат одно и то же: Класс" in error_text(answer)
    assert answer.content.decode().count('aria-invalid="true"') == 2


def test_columns_said_of_another_table_are_not_taken(visitor: RosterVisitor) -> None:
    load = load_of(visitor.school)
    answer = visitor.post("load", said(load, heading_row="2"), pk=load.pk)
    assert answer.status_code in (200, 422)
    assert not Work.objects.exists()


def test_a_file_that_could_not_be_checked_says_why(visitor: RosterVisitor) -> None:
    load = load_of(visitor.school)
    work_of(visitor.school, load, kind="roster_check", state=State.FAILED, error_message="Файл повреждён.")
    assert "Файл не удалось проверить Файл повреждён." in visitor.see("load", pk=load.pk)


def test_a_file_that_is_no_longer_kept_says_so(visitor: RosterVisitor) -> None:
    load = load_of(visitor.school)
    Load.objects.filter(pk=load.pk).update(content=b"")
    answer = visitor.get("load", pk=load.pk)
    assert answer.status_code == 422
    assert "больше не хранится" in answer.content.decode()


def test_a_file_that_was_loaded_has_no_columns_to_choose(visitor: RosterVisitor) -> None:
    load = checked(visitor.school, [row(2, "new")])
    work_of(visitor.school, load)
    assert visitor.get("load", pk=load.pk)["Location"] == visitor.url("check", pk=load.pk)


def test_a_file_is_removed_after_asking(visitor: RosterVisitor) -> None:
    load = load_of(visitor.school)
    assert "Людей в списках это не коснётся" in visitor.see("discard", pk=load.pk)
    assert "Файл убран" in visitor.post_then_look("discard", {"confirmed": "yes"}, pk=load.pk)
    assert not Load.objects.exists()


def test_a_file_that_was_loaded_stays(visitor: RosterVisitor) -> None:
    load = checked(visitor.school, [row(2, "new")])
    work_of(visitor.school, load)
    assert "загружен" in visitor.post_then_look("discard", {"confirmed": "yes"}, pk=load.pk)
    assert Load.objects.exists()


def test_without_headings_people_say_what_the_columns_are(visitor: RosterVisitor) -> None:
    answer = visitor.upload("Иванов Иван Иванович;5А\nПетров Пётр Петрович;5Б\n")
    load = Load.objects.get()
    assert answer["Location"] == visitor.url("load", pk=load.pk)
    page = visitor.see("load", pk=load.pk)
    assert "в каком столбце имена" in page
