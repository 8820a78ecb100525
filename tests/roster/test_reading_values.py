"""Names, dates, phones, addresses, roles and classes in the forms that people use (ORG-8)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.phones import normalise_phone
from orgs.models import Role
from orgs.vocabulary import Vocabulary
from roster.reading.notes import Notes
from roster.reading.values.contacts import email_of, phone_of, phones_in
from roster.reading.values.dates import birth_date_of
from roster.reading.values.names import name_of, name_of_parts
from roster.reading.values.roles import RoleWords
from roster.reading.values.units import UnitNames

pytestmark = pytest.mark.req("ORG-8")

TODAY = date(2026, 11, 21)
SCHOOL = UnitNames(has_classes=True)
WORDS = Vocabulary("school", {"student": "Юнга", "teacher": "Наставник"})


def codes(notes: Notes) -> tuple[list[str], list[str]]:
    return [one.code for one in notes.problems], [one.code for one in notes.remarks]


NAMES = [
    ("Иванов Пётр Ильич", ("Иванов", "Пётр", "Ильич"), ""),
    ("ИВАНОВ ПЁТР ИЛЬИЧ", ("Иванов", "Пётр", "Ильич"), "case_mended"),
    ("иванов пётр", ("Иванов", "Пётр", ""), "case_mended"),
    ("САЛТЫКОВ-ЩЕДРИН МИХАИЛ", ("Салтыков-Щедрин", "Михаил", ""), "case_mended"),
    ("Салтыков - Щедрин Михаил Евграфович", ("Салтыков-Щедрин", "Михаил", "Евграфович"), ""),
    ("Салтыков–Щедрин Михаил", ("Салтыков-Щедрин", "Михаил", ""), ""),
    ("Алиев Мамед Гасан оглы", ("Алиев", "Мамед", "Гасан оглы"), ""),
    ("АЛИЕВА ЛЕЙЛА ГАСАН КЫЗЫ", ("Алиева", "Лейла", "Гасан кызы"), "case_mended"),
    ("Алиева Лейла Гасан-кызы", ("Алиева", "Лейла", "Гасан-кызы"), ""),
    ("Пётр Ильич Иванов", ("Иванов", "Пётр", "Ильич"), "order_mended"),
    ("Пётр Иванов", ("Иванов", "Пётр", ""), "order_mended"),
    ("Анна Мария Ивановна", ("Анна", "Мария", "Ивановна"), ""),
    ("Гарсия Лопес Мария Ивановна", ("Гарсия Лопес", "Мария", "Ивановна"), ""),
    ("Ким Ир Сен", ("Ким", "Ир", "Сен"), ""),
    ("Рабинович Анна", ("Рабинович", "Анна", ""), ""),
    ("Абрамович Роман Аркадьевич", ("Абрамович", "Роман", "Аркадьевич"), ""),
    ("фон Берг Иван Карлович", ("фон Берг", "Иван", "Карлович"), ""),
    ("О'Коннор Шон", ("О'Коннор", "Шон", ""), ""),
    ("John Smith", ("John", "Smith", ""), ""),
    ("Smith Иван", ("Smith", "Иван", ""), ""),
    ("Ивaнов Пeтр", ("Иванов", "Петр", ""), "look_alikes"),
    ("Cмирнов AHTOH", ("Смирнов", "Антон", ""), "look_alikes case_mended"),
    ("Смирнова AHHA Павловна", ("Смирнова", "Анна", "Павловна"), "look_alikes case_mended"),
    ("3айцев 0лег", ("Зайцев", "Олег", ""), "look_alikes"),
    ("Иванова (Петрова) Мария Ивановна", ("Иванова", "Мария", "Ивановна"), "brackets_dropped"),
    ("Иванов, Пётр", ("Иванов", "Пётр", ""), ""),
    ("Ёлкин Артём", ("Ёлкин", "Артём", ""), ""),
]


@pytest.mark.parametrize(("text", "parts", "remarks"), NAMES, ids=[name[0] for name in NAMES])
def test_names(text: str, parts: tuple[str, str, str], remarks: str) -> None:
    notes = Notes(7)
    name = name_of(text, notes, 1)
    assert name is not None
    assert (name.last_name, name.first_name, name.patronymic) == parts
    assert codes(notes) == ([], remarks.split())
    assert {remark.cell for remark in notes.remarks} <= {"B7"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Иванов И.И.", "initials_only"),
        ("Иванов И. И.", "initials_only"),
        ("И.И. Иванов", "initials_only"),
        ("Иванов П", "initials_only"),
        ("Иванов", "first_name_missing"),
        ("Мария Ивановна", "last_name_missing"),
        ("Иванов Пётр 2014", "name_odd"),
        ("ООО «Ромашка»", "name_odd"),
        ("—", "name_odd"),
        ("Иванов Пётрs", "name_mixed"),
        ("Иванов " + "П" * 100, "name_too_long"),
        ("(уехал)", "name_missing"),
    ],
)
def test_what_is_no_whole_name(text: str, code: str) -> None:
    notes = Notes(7)
    assert name_of(text, notes, 1) is None
    assert codes(notes)[0] == [code]
    assert notes.problems[0].cell == "B7"


@pytest.mark.parametrize(
    ("texts", "parts", "problem"),
    [
        (("ИВАНОВ", "пётр", ""), "Иванов Пётр", ""),
        (("Иванов Пётр Ильич", "", ""), "Иванов Пётр Ильич", ""),
        (("Гасан Заде", "Али", "Вели оглы"), "Гасан Заде Али Вели оглы", ""),
        (("Иванов", "", "Ильич"), None, "first_name_missing"),
        (("", "Пётр", "Ильич"), None, "last_name_missing"),
        (("Иванов", "П.", "И."), None, "initials_only"),
        (("Иванов1", "Пётр", ""), None, "name_odd"),
    ],
)
def test_names_in_three_columns(texts: tuple[str, str, str], parts: str | None, problem: str) -> None:
    notes = Notes(7)
    name = name_of_parts(texts, notes, (0, 1, 2))
    assert (name.full if name else None) == parts
    assert codes(notes)[0] == ([problem] if problem else [])


@pytest.mark.parametrize(
    "text",
    [
        *("01.09.2014", "1.9.2014", "1.9.14", "01. 09. 2014", "01/09/2014", "1-9-2014", "2014-09-01", "2014.9.1"),
        *("1 сентября 2014 г.", "1 СЕНТЯБРЯ 2014 года", "1 сент. 2014", "41883", "01092014", "20140901"),
        *("2014-09-01 00:00:00", "01.09.2014 0:00", "01.09.2014 г.р.", "01.09.2014г.", "О1.О9.2О14", "1,9,2014"),
    ],
)
def test_dates(text: str) -> None:
    notes = Notes(7)
    assert birth_date_of(text, notes, 3, TODAY) == date(2014, 9, 1)
    assert codes(notes) == ([], [])


def test_two_digits_of_a_year_are_the_nearest_past() -> None:
    assert birth_date_of("01.09.26", Notes(1), 0, TODAY) == date(2026, 9, 1)
    assert birth_date_of("01.09.77", Notes(1), 0, TODAY) == date(1977, 9, 1)


def test_a_month_before_the_day_is_told() -> None:
    notes = Notes(7)
    assert birth_date_of("09/25/2014", notes, 3, TODAY) == date(2014, 9, 25)
    assert codes(notes) == ([], ["date_order"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("31.02.2014", "birth_date_unclear"),
        ("сентябрь", "birth_date_unclear"),
        ("12", "birth_date_unclear"),
        ("99999", "birth_date_unclear"),
        ("2014 г.", "birth_date_incomplete"),
        ("01.12.2026", "birth_date_future"),
        ("01.09.1914", "birth_date_too_old"),
        ("01.01.0014", "birth_date_too_old"),
    ],
)
def test_dates_that_cannot_be(text: str, code: str) -> None:
    notes = Notes(7)
    assert birth_date_of(text, notes, 3, TODAY) is None
    assert codes(notes)[0] == [code]


@given(st.dates(min_value=date(1930, 1, 1), max_value=TODAY))
def test_any_day_comes_back(day: date) -> None:
    for text in (day.isoformat(), day.strftime("%d.%m.%Y"), str((day - date(1899, 12, 30)).days)):
        notes = Notes(1)
        assert birth_date_of(text, notes, 0, TODAY) == day
        assert codes(notes) == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        *("8 (900) 123-45-67", "89001234567", "89001234567.0", "9001234567", "+7 900 123 45 67", "7 900 123-45-67"),
        *("+7(900)1234567", "8-900-123-45-67", "+7 900 123-45-67 (мама)", "тел. 8 900 123 45 67", "8,9001234567E+10"),
        *("+7\u00a0900\u00a0123‑45‑67", "8.900.123.45.67", "не звонить вечером, 89001234567"),
    ],
)
def test_phones(text: str) -> None:
    notes = Notes(7)
    assert phone_of(text, notes, 4) == "+79001234567"
    assert codes(notes) == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        *("8 900 123-45-67, 8 900 123-45-68", "89001234567; 89001234568", "89001234567/89001234568"),
        *("89001234567\n9001234568", "89001234567 89001234568", "мама 89001234567 папа 89001234568"),
        "8 900 123 45 67 и 8 900 123 45 68",
    ],
)
def test_of_several_phones_the_first_is_taken(text: str) -> None:
    notes = Notes(7)
    assert phone_of(text, notes, 4) == "+79001234567"
    assert codes(notes) == ([], ["first_phone"])
    assert phones_in(text) == ["+79001234567", "+79001234568"]


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("8 495 123-45-67", "+74951234567"),
        ("+375 29 123-45-67", "+375291234567"),
        ("+7 (8452) 12-34-56", "+78452123456"),
    ],
)
def test_other_phones(text: str, phone: str) -> None:
    assert phone_of(text, Notes(1), 0) == phone


@pytest.mark.parametrize(
    ("text", "code"),
    [("2-34-56", "phone_invalid"), ("8900123456", "phone_invalid"), ("позвонить маме", "phone_invalid"),
     ("8.90012E+10", "phone_rounded"), ("8,9E+10", "phone_rounded"), ("890012345678", "phone_invalid")],
)  # fmt: skip
def test_what_is_no_phone(text: str, code: str) -> None:
    notes = Notes(7)
    assert phone_of(text, notes, 4) == ""
    assert codes(notes)[0] == [code]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9 - 1))
def test_the_quick_way_is_the_thorough_one(number: int) -> None:
    """Every number that is taken without a look is one that signing in would take, too."""
    assert phone_of(f"8 9{number:09}", Notes(1), 0) == normalise_phone(f"8 9{number:09}")


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("anna@example.ru", ""),
        ("anna@example.ru.", "email_mended"),
        ("anna @ example.ru", "email_mended"),
        ("<anna@example.ru>", "email_mended"),
        ("mailto:anna@example.ru", "email_mended"),
        ("аnna@еxаmple.ru", "email_mended"),
        ("anna@example.ru; peter@example.ru", "first_email"),
        ("anna@example.ru\npeter@example.ru", "first_email"),
    ],
)
def test_addresses(text: str, remark: str) -> None:
    notes = Notes(7)
    assert email_of(text, notes, 5) == "anna@example.ru"
    assert codes(notes) == ([], [remark] if remark else [])


@pytest.mark.parametrize(
    "text", ["anna", "anna@", "@example.ru", "anna@example", "a" * 250 + "@example.ru", "анна@пример"]
)
def test_what_is_no_address(text: str) -> None:
    notes = Notes(7)
    assert email_of(text, notes, 5) == ""
    assert codes(notes)[0] == ["email_invalid"]


@pytest.mark.parametrize(
    "text",
    [
        *("5А", "5 А", "5а", "5-а", "5 – А", "05А", "5 «А»", '5 "А"', '5"А"', "5 'А'", "5/А", "5_А", "5.А", "5А."),
        *("5 А класс", "5 «а» кл.", "Класс 5А", "5-й А", "5й А", "5-й «А» класс", " 5А "),
    ],
)
def test_classes(text: str) -> None:
    notes = Notes(7)
    assert SCHOOL.read(text, notes, 2) == "5А"
    assert codes(notes) == ([], [])


@pytest.mark.parametrize(
    ("text", "name", "remark"),
    [
        ("5A", "5А", "unit_latin"),
        ("5 b", "5В", "unit_latin"),
        ("5 B", "5В", "unit_latin"),
        ("5G", "5G", ""),
        ("5", "5", ""),
        ("5.0", "5", ""),
        ("11 класс", "11", ""),
        ("10Б", "10Б", ""),
        ("5А, 5Б", "5А", "several_units"),
        ("Шахматы", "Шахматы", ""),
        ("Хор, старший", "Хор, старший", ""),
        ("13А", "13А", ""),
    ],
)
def test_classes_and_others(text: str, name: str, remark: str) -> None:
    notes = Notes(7)
    assert SCHOOL.read(text, notes, 2) == name
    assert codes(notes) == ([], [remark] if remark else [])


def test_groups_keep_their_names() -> None:
    kindergarten = UnitNames(has_classes=False)
    for name in ("Группа «Солнышко»", "5А", "1 младшая", "Старшая №2"):
        assert kindergarten.read(name, Notes(1), 0) == name
    notes = Notes(1)
    assert kindergarten.read("Г" * 101, notes, 0) == ""
    assert codes(notes)[0] == ["unit_too_long"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Список обучающихся 5А класса", "5А"),
        ("Список 5 «А» класса на 01.09.2026", "5А"),
        ("Класс: 5Б", "5Б"),
        ("Список (5-б кл.)", "5Б"),
        ("10 класс", "10"),
        ("5А", "5А"),
        ("Школа № 5", ""),
        ("Лист1", ""),
        ("Список обучающихся 5-х классов на 2026/2027 учебный год", ""),
        ("Приказ от 1 сентября", ""),
    ],
)
def test_a_title_may_name_the_class(title: str, name: str) -> None:
    assert SCHOOL.of_titles((title,)) == name


@pytest.mark.parametrize(
    ("text", "roles", "leads"),
    [
        ("ученик", {Role.STUDENT}, False),
        ("Обучающаяся", {Role.STUDENT}, False),
        ("воспитанник", {Role.STUDENT}, False),
        ("юнга", {Role.STUDENT}, False),
        ("Наставник", {Role.TEACHER}, False),
        ("учитель математики", {Role.TEACHER}, False),
        ("Педагог доп. образования", {Role.TEACHER}, False),
        ("воспитатель", {Role.TEACHER}, False),
        ("классный руководитель", {Role.TEACHER}, True),
        ("кл. рук.", {Role.TEACHER}, True),
        ("учитель / кл. руководитель", {Role.TEACHER}, True),
        ("директор", {Role.HEAD}, False),
        ("Заведующая", {Role.HEAD}, False),
        ("Заместитель директора по УВР", {Role.TEACHER}, False),
        ("родитель", {Role.PARENT}, False),
        ("мама", {Role.PARENT}, False),
        ("учитель, родитель", {Role.TEACHER, Role.PARENT}, False),
        ("учитель и родитель", {Role.TEACHER, Role.PARENT}, False),
        ("teacher", {Role.TEACHER}, False),
    ],
)
def test_roles(text: str, roles: set[str], leads: bool) -> None:
    notes = Notes(7)
    said = RoleWords(WORDS).read(text, notes, 6)
    assert (said.roles, said.leads) == (roles, leads)
    assert codes(notes) == ([], [])


@pytest.mark.parametrize(
    ("text", "problems", "remarks", "roles"),
    [
        ("космонавт", ["role_unknown"], [], set()),
        ("учитель, космонавт", ["role_unknown"], [], set()),
        ("выбыл", ["has_left"], [], set()),
        ("администратор", [], ["role_administrator"], set()),
        ("администратор, учитель", [], ["role_administrator"], {Role.TEACHER}),
    ],
)
def test_other_roles(text: str, problems: list[str], remarks: list[str], roles: set[str]) -> None:
    reader = RoleWords(WORDS)
    for number in (7, 8):  # what was understood once is told of each row
        notes = Notes(number)
        assert reader.read(text, notes, 6).roles == roles
        assert codes(notes) == (problems, remarks)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_no_text_is_too_odd(text: str) -> None:
    for read in (
        lambda notes: name_of(text, notes, 0),
        lambda notes: birth_date_of(text, notes, 0, TODAY),
        lambda notes: phone_of(text, notes, 0),
        lambda notes: email_of(text, notes, 0),
        lambda notes: SCHOOL.read(text, notes, 0),
        lambda notes: RoleWords(WORDS).read(text, notes, 0),
    ):
        read(Notes(1))
