"""Headings are understood, and the rows below them become people (ORG-8)."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.errors import DomainError
from orgs.models import Part, Role
from orgs.vocabulary import Vocabulary
from roster.fields import FIELDS, heading_of
from roster.reading.columns import guess_columns, heading_key, missing_columns
from roster.reading.rows import Context, records_of
from roster.reading.tables import read_table
from roster.records import BadRow, RosterRecord
from tests.roster.books import book_of, saved, xlsx

pytestmark = pytest.mark.req("ORG-8", "INT-3")

TODAY = date(2026, 11, 21)
SCHOOL = Vocabulary("school", {})


def read(*rows: Any, words: Vocabulary = SCHOOL, **columns: str) -> list[RosterRecord | BadRow]:
    return read_file(xlsx(*rows), words)


def read_file(content: bytes, words: Vocabulary = SCHOOL) -> list[RosterRecord | BadRow]:
    table = read_table(content, file_name="a.xlsx")
    return records_of(table, guess_columns(table.headings, {}), Context(words, TODAY))


def one(*rows: Any, words: Vocabulary = SCHOOL) -> RosterRecord:
    (record,) = read(*rows, words=words)
    assert isinstance(record, RosterRecord), record
    return record


def bad(*rows: Any) -> list[tuple[str, str]]:
    (record,) = read(*rows)
    assert isinstance(record, BadRow), record
    return [(problem.code, problem.cell) for problem in record.problems]


# --- Headings ---------------------------------------------------------------------------------------------------------
HEADINGS = {
    "full_name": "ФИО|Ф.И.О.|ф и о|ФИО ученика|ФИО обучающегося|Фамилия, имя, отчество|Фамилия Имя|Ученик|ФИО ребёнка|"
    "Полное имя|ФИО (полностью)|Сотрудник|Фамилия И.О.|Ф. И. О. педагога",
    "last_name": "Фамилия|ФАМИЛИЯ|Фамилия ученика|Фaмилия",
    "first_name": "Имя|Имя ученика",
    "patronymic": "Отчество|Отчество (при наличии)",
    "birth_date": "Дата рождения|Дата  рожд.|Д.р.|ДР|д/р|Дата рождения ребенка|Дата\nрождения",
    "unit": "Класс|Кл.|Группа|Объединение|Наименование группы|Kлacc|Класс/группа|Кружок|Детское объединение|№ класса",
    "parallel": "Параллель",
    "letter": "Литера|Литера класса|Буква",
    "phone": "Телефон|Мобильный|Сот. тел.|Мобильный телефон|Тел.|Контактный телефон|Моб. тел.|№ телефона|"
    "Номер телефона",
    "email": "E-mail|Email|Эл. почта|Электронная почта|Адрес электронной почты|Почта|e-mail адрес|Электронный адрес",
    "role": "Роль|Статус|Категория",
    "position": "Должность|Занимаемая должность",
    "record_number": "№ личного дела|Номер личного дела|Л/д|№ л/д|Табельный номер|Таб. №|Личное дело",
    "platform_id": "Номер на платформе|ID на платформе|Код платформы",
    "leads": "Классное руководство",
    "parent1_name": "Родитель 1|ФИО родителя|Мать|Законный представитель|ФИО законного представителя|Мама|"
    "Родитель (законный представитель)|ФИО матери",
    "parent1_phone": "Телефон родителя|Телефон матери|Сот. тел. мамы|Родитель 1 телефон|Тел. законного представителя",
    "parent1_email": "E-mail родителя|Эл. почта матери|Родитель 1: e-mail",
    "parent2_name": "Родитель 2|ФИО родителя (2)|2-й родитель",
    "parent2_phone": "Телефон родителя 2|Родитель 2, тел.",
    "": "№|№ п/п|Адрес|Домашний адрес|СНИЛС|Пол|Примечание|Классный руководитель|Место работы матери|Дата зачисления|"
    "Почтовый адрес|Степень родства родителя|Группа здоровья|Паспорт|Логин|Столбец7||ФИО классного руководителя",
}


@pytest.mark.parametrize(
    ("heading", "field"), [(heading, field) for field, text in HEADINGS.items() for heading in text.split("|")]
)
def test_headings(heading: str, field: str) -> None:
    assert guess_columns([heading], {}) == {0: field}


@pytest.mark.parametrize("kind", ["school", "kindergarten", "college", "supplementary"])
def test_what_exports_write_is_understood(kind: str) -> None:
    names = [name for name in FIELDS if name not in ("full_name", "parallel", "letter")]
    headings = [heading_of(name, Vocabulary(kind, {"unit": "Стая"})) for name in names]
    assert list(guess_columns(headings, {}).values()) == names
    assert heading_of("unit", Vocabulary("kindergarten", {})) == "Группа"


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        ("ФИО|Телефон|Родитель 1|Телефон|E-mail|Родитель 2|Телефон",
         "full_name|phone|parent1_name|parent1_phone|parent1_email|parent2_name|parent2_phone"),
        ("ФИО|Мать|Телефон матери|Отец|Телефон отца",
         "full_name|parent1_name|parent1_phone|parent2_name|parent2_phone"),
        ("ФИО|ФИО родителя|Телефон родителя|ФИО родителя|Телефон родителя",
         "full_name|parent1_name|parent1_phone|parent2_name|parent2_phone"),
        ("Фамилия|Имя|Фамилия матери|Имя матери|Отчество матери|Фамилия отца|Имя отца",
         "last_name|first_name|parent1_name|parent1_name|parent1_name|parent2_name|parent2_name"),
        ("ФИО|Телефон|Телефон|Класс|Класс", "full_name|phone||unit|"),
    ],
)  # fmt: skip
def test_what_a_heading_means_hangs_on_its_neighbours(headings: str, fields: str) -> None:
    assert list(guess_columns(headings.split("|"), {}).values()) == fields.split("|")


def test_what_was_said_once_is_remembered() -> None:
    known = {heading_key("Наш  Ребёнок!"): "full_name", heading_key("Телефон"): ""}
    assert guess_columns(["НАШ ребенок!", "Телефон", "Класс"], known) == {0: "full_name", 1: "", 2: "unit"}


def test_without_a_name_nothing_can_be_checked() -> None:
    assert missing_columns({0: "unit", 1: "last_name"}) == ["full_name"]
    assert missing_columns({0: "last_name", 1: "first_name"}) == []
    assert missing_columns({0: "full_name"}) == []


# --- Rows -------------------------------------------------------------------------------------------------------------
def test_a_student_with_everything() -> None:
    record = one(
        ["ФИО", "Класс", "Дата рождения", "Телефон", "E-mail", "№ л/д", "Мать", "Телефон матери", "Эл. почта матери"],
        ["Иванов Пётр Ильич", "5 «а»", date(2014, 9, 1), 89001234567, "p@example.ru", 77, "Иванова Анна", "", "a@b.ru"],
    )
    assert (record.number, record.name.full, record.unit, record.part) == (2, "Иванов Пётр Ильич", "5А", Part.STUDENT)
    assert (record.roles, record.birth_date, record.phone) == ({Role.STUDENT}, date(2014, 9, 1), "+79001234567")
    assert (record.email, record.record_number, record.platform_id) == ("p@example.ru", "77", None)
    (parent,) = record.parents
    assert (parent.name.full, parent.phone, parent.email) == ("Иванова Анна", "", "a@b.ru")
    assert record.remarks == ()


@pytest.mark.parametrize(
    ("headings", "cells", "unit", "part", "roles"),
    [
        ("Роль|Класс", "учитель|5А", "5А", Part.TEACHER, {Role.TEACHER}),
        ("Роль|Класс", "классный руководитель|5А", "5А", Part.LEADER, {Role.TEACHER}),
        ("Роль|Класс", "директор|", "", "", {Role.HEAD}),
        ("Должность|Класс", "Учитель физики|7Б", "7Б", Part.TEACHER, {Role.TEACHER}),
        ("Должность", "Директор", "", "", {Role.HEAD}),
        ("Должность", "Завхоз", "", "", {Role.TEACHER}),
        ("Должность|Классное руководство", "учитель|5А", "5А", Part.LEADER, {Role.TEACHER}),
        ("Должность|Классное руководство", "учитель|нет", "", "", {Role.TEACHER}),
        ("Класс|Классное руководство", "5А|да", "5А", Part.LEADER, {Role.TEACHER}),
        ("Параллель|Литера", "5|а", "5А", Part.STUDENT, {Role.STUDENT}),
        ("Класс|Литера", "5|А", "5А", Part.STUDENT, {Role.STUDENT}),
        ("Роль|Класс", "учитель, родитель|5А", "5А", Part.TEACHER, {Role.TEACHER, Role.PARENT}),
    ],
)
def test_roles_and_places(headings: str, cells: str, unit: str, part: str, roles: set[str]) -> None:
    record = one(["ФИО", *headings.split("|")], ["Иванова Анна", *cells.split("|")])
    assert (record.unit, record.part, record.roles) == (unit, part, roles)


def test_a_parent_is_in_no_class() -> None:
    record = one(["ФИО", "Роль", "Класс"], ["Иванова Анна", "родитель", "5А"])
    assert (record.unit, record.part) == ("", "")
    assert [(remark.code, remark.cell) for remark in record.remarks] == [("unit_left_out", "C2")]


def test_an_administrator_is_one_of_the_staff() -> None:
    record = one(["ФИО", "Роль"], ["Иванова Анна", "администратор"])
    assert (record.roles, [remark.code for remark in record.remarks]) == ({Role.TEACHER}, ["role_administrator"])


def test_all_that_is_wrong_is_told_with_its_cells() -> None:
    assert bad(
        ["№", "ФИО", "Класс", "Дата рождения", "Телефон", "E-mail", "Роль", "Родитель", "Тел. родителя"],
        ["1", "Иванов И.", "#Н/Д", "32.13.2014", "нет его", "почта", "кто-то", "Иванова А.", "12"],
    ) == [
        *(("cell_error", "C2"), ("initials_only", "B2"), ("role_unknown", "G2"), ("birth_date_unclear", "D2")),
        *(("phone_invalid", "E2"), ("email_invalid", "F2"), ("phone_invalid", "I2"), ("initials_only", "H2")),
    ]


def test_a_bad_row_says_whose_it_is() -> None:
    (row,) = read(["Фамилия", "Имя", "Класс"], ["Иванов", "И.", "5 а"])
    assert isinstance(row, BadRow)
    assert (row.number, row.name, row.unit) == (2, "Иванов И.", "5А")


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("Номер на платформе", "7а", "platform_id_invalid"),
        ("Номер на платформе", "99999999999999999999", "platform_id_invalid"),
        ("Литера", "А", "parallel_missing"),
        ("№ л/д", "9" * 41, "record_number_too_long"),
        ("Должность", "д" * 151, "position_too_long"),
        ("Класс", "к" * 101, "unit_too_long"),
        ("Телефон родителя", "89001234567", "parent_without_name"),
        ("Статус", "отчислен", "has_left"),
        ("Телефон", "=A1", "formula_without_value"),
    ],
)
def test_cells_that_cannot_be_taken(heading: str, cell: str, code: str) -> None:
    assert bad(["ФИО", heading], ["Иванов Пётр", cell]) == [(code, "B2")]


def test_nothing_is_said_in_many_ways() -> None:
    record = one(
        ["ФИО", "Телефон", "E-mail", "Дата рождения", "Класс", "Мать", "Телефон матери"],
        ["Иванов Пётр", "нет", "-", "—", "н/д", "-", "Не указан"],
    )
    assert (record.phone, record.email, record.birth_date, record.unit, record.parents) == ("", "", None, "", ())


def test_rows_about_nobody_are_left_out() -> None:
    book = book_of(
        ["№", "ФИО", "Класс"],
        [1, "Иванов Пётр", "5А"],
        [],
        ["№", "ФИО", "Класс"],
        [2, "Петров Олег", 2],
        [3, None, "5А"],
        ["Итого", "2 человека"],
        [None, "Классный руководитель", "Совина С. С."],
        ["Директор ________ / Филин Ф. Ф. /"],
    )
    assert [record.number for record in read_file(saved(book))] == [2, 5]


def test_the_head_of_a_short_list_is_somebody() -> None:
    record = one(["Должность", "ФИО"], ["Директор", "Совина Софья"])
    assert (record.name.full, record.roles) == ("Совина Софья", {Role.HEAD})


def test_a_class_above_its_students() -> None:
    people = [["Иванов Пётр"], ["5 «Б» класс"], ["Петров Олег"], ["6В"], ["Совин Ян"]]
    book = book_of(["Список 1А класса"], ["ФИО", "Телефон", "Мать"], *people)
    book.active.merge_cells("A4:C4")
    records = read_file(saved(book))
    assert [getattr(record, "unit", None) for record in records] == ["1А", "5Б", "6В"]
    assert {remark.code for record in records for remark in record.remarks} == {"unit_of_title"}


def test_the_name_of_the_sheet_may_be_the_class() -> None:
    (record,) = read_file(saved(book_of(["ФИО"], ["Иванов Пётр"], title="5А")))
    assert record.unit == "5А"


def test_the_parts_of_a_name_in_columns_of_their_own() -> None:
    record = one(
        ["Имя", "Отчество", "Фамилия", "Имя матери", "Отчество матери", "Фамилия матери"],
        ["Пётр", "Ильич", "Иванов", "Анна", "Львовна", "Иванова"],
    )
    assert record.name.full == "Иванов Пётр Ильич"
    assert [parent.name.full for parent in record.parents] == ["Иванова Анна Львовна"]


@pytest.mark.parametrize(
    ("name", "phone", "parents"),
    [
        ("Иванова Анна, 8 900 123-45-67", "", [("Иванова Анна", "+79001234567")]),
        ("мама: Иванова Анна", "89001234567", [("Иванова Анна", "+79001234567")]),
        ("Иванова Анна (мать)", "", [("Иванова Анна", "")]),
        ("Иванова Анна; Иванов Илья", "", [("Иванова Анна", ""), ("Иванов Илья", "")]),
        ("Иванова Анна\nИванов Илья", "89001234567\n89001234568",
         [("Иванова Анна", "+79001234567"), ("Иванов Илья", "+79001234568")]),
        ("Иванова Анна Львовна 89001234567, Иванов Илья 89001234568", "",
         [("Иванова Анна Львовна", "+79001234567"), ("Иванов Илья", "+79001234568")]),
    ],
)  # fmt: skip
def test_parents_in_one_cell(name: str, phone: str, parents: list[tuple[str, str]]) -> None:
    record = one(["ФИО", "Родитель", "Телефон родителя"], ["Иванов Пётр", name, phone])
    assert [(parent.name.full, parent.phone) for parent in record.parents] == parents


def test_more_than_four_parents_do_not_fit() -> None:
    names = "; ".join(f"Иванова Анна{letter}" for letter in "абвгд")
    assert bad(["ФИО", "Родитель"], ["Иванов Пётр", names]) == [("too_many_parents", "")]


def test_groups_of_a_kindergarten() -> None:
    words = Vocabulary("kindergarten", {})
    record = one(["ФИО", "Группа"], ["Иванов Пётр", "5-а"], words=words)
    assert (record.unit, record.part) == ("5-а", Part.STUDENT)


def test_what_we_wrote_is_taken_as_it_stands() -> None:
    record = one(
        ["Номер на платформе", "Фамилия", "Имя", "Отчество", "Класс", "Телефон", "Родитель 1", "Телефон родителя 1"],
        ["17", "иванов 2-й", "П.", "Cмит", "5 «А»", "'+70000000001", "пётр иванов", "'+70000000002"],
    )
    assert (record.platform_id, record.name.last_name, record.name.first_name) == (17, "иванов 2-й", "П.")
    assert (record.unit, record.phone, record.remarks) == ("5 «А»", "+70000000001", ())
    assert [(parent.name.last_name, parent.phone) for parent in record.parents] == [("пётр", "+70000000002")]


@pytest.mark.parametrize(
    "text", ["5" + " " * 9_000, "классн" * 20_000, "1(" * 50_000, "А-" * 60_000, "a." * 50_000 + "@"]
)
def test_patterns_are_not_kept_busy(text: str) -> None:
    started = time.process_time()
    read_file(f"ФИО;Класс;Телефон;E-mail;Родитель\n{text}\n{';'.join([text] * 5)}\n".encode())
    read_file(f"ФИО;{text};Класс\nИванов Пётр\n".encode())
    assert time.process_time() - started < 2


# --- Whatever comes ---------------------------------------------------------------------------------------------------
def understand(content: bytes) -> None:
    """Read a file to the end: a refusal is fine, a crash is not."""
    try:
        table = read_table(content, file_name="a")
    except DomainError:
        return
    columns = guess_columns(table.headings, {})
    for record in records_of(table, columns, Context(SCHOOL, TODAY)):
        assert record.number > table.heading_row


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_arbitrary_bytes_never_crash(content: bytes) -> None:
    understand(content)
    understand(b"PK\x03\x04" + content)
    understand("ФИО;Класс\n".encode() + content)


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 10_000), new=st.binary(min_size=1, max_size=6), cut=st.booleans())
def test_a_damaged_workbook_never_crashes(place: int, new: bytes, cut: bool) -> None:
    place %= len(WHOLE)
    understand(WHOLE[:place] if cut else WHOLE[:place] + new + WHOLE[place + len(new) :])


WHOLE = xlsx(["ФИО", "Дата рождения"], ["Иванов Пётр", date(2014, 9, 1)], ["Петров Олег", 41883])
CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["ФИО", "Класс", "Телефон", "Родитель 1", "Иванов Пётр", "5А", "=1", "#N/A", "учитель", "1.1.2014"]
    ),
)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(CELLS, max_size=8), max_size=8), sign=st.sampled_from(";,\t"))
def test_any_table_of_texts_never_crashes(rows: list[list[str]], sign: str) -> None:
    lines = [["ФИО", "Класс", "Роль", "Дата рождения", "Телефон", "E-mail", "Родитель 1", "Телефон родителя 1"], *rows]
    understand("\n".join(sign.join(line) for line in lines).encode(errors="replace"))


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.lists(CELLS, min_size=8, max_size=8), min_size=1, max_size=4))
def test_any_cells_below_any_fields_never_crash(rows: list[list[str]]) -> None:
    content = "\n".join(";".join("a" for _cell in row) for row in [rows[0], *rows]).encode()
    table = read_table(content, file_name="a", heading_row=1)
    for first in range(0, len(FIELDS), 8):
        columns = dict(enumerate(list(FIELDS)[first : first + 8]))
        replaced = type(table)(
            *("csv", (), "", "utf-8", ";", 1, table.headings),
            tuple((number, tuple(row)) for number, row in enumerate(rows, 2)),
        )
        assert len(records_of(replaced, columns, Context(SCHOOL, TODAY))) <= len(rows)
