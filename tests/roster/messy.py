"""Files of people with the mess that real ones have, and what must become of each row.

`messy_xlsx(seed, rows)` and `messy_csv(seed, rows, …)` tell the same people with the same mess in two formats. Beside
the mess inside the cells there are titles above, headings in two rows with merged cells, an empty sheet, a hidden one
and one with notes, the headings once more in the middle, an empty row and a total.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

TODAY = date(2026, 11, 21)
# The row of the first student, as the spreadsheet counts.
FIRST_ROW = 6

BOYS = ["Иван", "Пётр", "Артём", "Михаил", "Олег", "Тимур", "Фёдор", "Глеб", "Савелий", "Рустам", "Егор", "Матвей"]
GIRLS = ["Анна", "Алёна", "Вера", "Дарья", "Ева", "Зоя", "Кира", "Лейла", "Мария", "Ольга", "Софья", "Ульяна"]
FATHERS = ["Иль", "Петрович", "Сергеевич", "Андреевич", "Львович", "Олегович", "Тимурович", "Павлович"]
STEMS = ["Белк", "Воробь", "Гусь", "Ежик", "Зайц", "Кузнеч", "Лис", "Медвед", "Совин", "Тетер", "Филин", "Чиж"]
CLASSES = ["1А", "2Б", "5А", "5Б", "7В", "10А", "11"]
MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября"),
    *("октября", "ноября", "декабря"),
)
_LATIN = str.maketrans("АВЕКМНОРСТХаеорсху", "ABEKMHOPCTXaeopcxy")


@dataclass
class Row:
    """One student: the cells as they are typed, and what must be read out of them."""

    cells: dict[str, Any] = field(default_factory=dict)
    number: int = 0
    last_name: str = ""
    first_name: str = ""
    patronymic: str = ""
    unit: str = ""
    birth_date: date | None = None
    phone: str = ""
    email: str = ""
    record_number: str = ""
    parents: list[tuple[str, str]] = field(default_factory=list)
    problems: set[str] = field(default_factory=set)
    remarks: set[str] = field(default_factory=set)

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)


@dataclass(frozen=True)
class MessyFile:
    """A file, and its rows in order."""

    content: bytes
    rows: tuple[Row, ...]

    @property
    def good(self) -> list[Row]:
        return [row for row in self.rows if not row.problems]

    @property
    def bad(self) -> list[Row]:
        return [row for row in self.rows if row.problems]


# --- People -----------------------------------------------------------------------------------------------------------
def _letters(number: int) -> str:
    """A number in letters, so that no two last names are the same."""
    return "".join("абвгдежзик"[int(digit)] for digit in str(number))


def _person(rng: random.Random, number: int) -> tuple[str, str, str]:
    is_boy = rng.random() < 0.5
    last = f"{rng.choice(STEMS)}{_letters(number)}ов" + ("" if is_boy else "а")
    father = rng.choice(FATHERS)
    if is_boy:
        return last, rng.choice(BOYS), f"{father}ич" if father == "Иль" else father
    return last, rng.choice(GIRLS), "Ильинична" if father == "Иль" else f"{father[:-2]}на"


def _name(rng: random.Random, row: Row, number: int) -> None:
    row.last_name, row.first_name, row.patronymic = _person(rng, number)
    last, first, patronymic = row.last_name, row.first_name, row.patronymic
    full = row.full_name
    kind = rng.choice(["plain"] * 6 + ["upper", "lower", "latin", "spaces", "order", "short", "brackets", "zero"])
    typed = {
        "plain": full,
        "upper": full.upper(),
        "lower": full.lower(),
        "latin": f"{last.translate(_LATIN)} {first} {patronymic}",
        "spaces": f"  {last}\u00a0 {first}   {patronymic}\u200b",
        "order": f"{first} {patronymic} {last}",
        "short": f"{last} {first}",
        "brackets": f"{last} (с 2 сентября) {first} {patronymic}",
        "zero": f"{last.replace('о', '0')} {first} {patronymic}",
    }
    row.cells["name"] = typed[kind]
    mended = {"upper": "case_mended", "lower": "case_mended", "latin": "look_alikes", "zero": "look_alikes"}
    mended |= {"order": "order_mended", "brackets": "brackets_dropped"}
    row.remarks |= {mended[kind]} if kind in mended else set()
    if kind == "short":
        row.patronymic = ""


def _unit(rng: random.Random, row: Row) -> None:
    row.unit = rng.choice(CLASSES)
    number, letter = row.unit.rstrip("АБВ"), row.unit[-1] if row.unit[-1].isalpha() else ""
    ways: list[Any] = [row.unit, f"0{row.unit}" if len(number) < 2 else row.unit, f"{row.unit.lower()} класс"]
    if letter:
        ways += [f"{number} «{letter}»", f"{number}-{letter.lower()}", f'{number} "{letter}"', f"{number} {letter}"]
        if letter in "АВ":
            ways.append(f"{number}{letter.translate(_LATIN)}")
    else:
        ways.append(int(number))
    row.cells["unit"] = rng.choice(ways)
    if letter and str(row.cells["unit"]) == f"{number}{letter.translate(_LATIN)}" and letter in "АВ":
        row.remarks.add("unit_latin")


def _birth_date(rng: random.Random, row: Row) -> None:
    day = date(2009, 1, 1) + timedelta(days=rng.randrange(3500))
    row.birth_date = day
    row.cells["birth_date"] = rng.choice(
        [
            day,
            day.strftime("%d.%m.%Y"),
            f"{day.day}.{day.month}.{day:%y}",
            day.isoformat(),
            day.strftime("%d/%m/%Y"),
            f"{day.day} {MONTHS[day.month - 1]} {day.year} г.",
            (day - date(1899, 12, 30)).days,
            day.strftime("%d.%m.%Y г.р."),
        ]
    )


def _phone_ways(digits: str) -> list[Any]:
    a, b, c, d = digits[:3], digits[3:6], digits[6:8], digits[8:]
    return [
        int(f"8{digits}"),
        float(f"7{digits}"),
        f"8 ({a}) {b}-{c}-{d}",
        f"+7{digits}",
        f"+7 {a} {b}-{c}-{d}",
        digits,
        f"8-{a}-{b}-{c}-{d} (моб.)",
        f"'+7 {a} {b} {c} {d}",
    ]


def _contacts(rng: random.Random, row: Row, number: int) -> None:
    if rng.random() < 0.6:
        digits = f"9{number:09}"
        row.phone = f"+7{digits}"
        row.cells["phone"] = rng.choice(_phone_ways(digits))
    else:
        row.cells["phone"] = rng.choice(["", "-", "нет", None])
    if rng.random() < 0.5:
        row.email = f"pupil{number}@example.ru"
        typed, remark = rng.choice(
            [(row.email, ""), (f" {row.email} ", ""), (f"{row.email}.", "email_mended"),
             (f"pupil{number} @ example.ru", "email_mended"), (f"{row.email}; x@example.ru", "first_email")]
        )  # fmt: skip
        row.cells["email"] = typed
        row.remarks |= {remark} if remark else set()
    if rng.random() < 0.7:
        row.record_number = f"Л-{number}"
        row.cells["record_number"] = row.record_number


def _parents(rng: random.Random, row: Row, number: int) -> None:
    for place in range(rng.choice([0, 1, 1, 2])):
        last, first, patronymic = _person(rng, number)
        name = f"{last} {first} {patronymic}"
        digits = f"9{place + 1}{number:08}"
        row.parents.append((name, f"+7{digits}"))
        row.cells[f"parent{place + 1}"] = name
        row.cells[f"parent{place + 1}_phone"] = rng.choice(_phone_ways(digits))


# --- What cannot be taken ---------------------------------------------------------------------------------------------
def _initials(row: Row) -> None:
    row.cells["name"] = f"{row.last_name} {row.first_name[0]}.{row.patronymic[:1] or 'И'}."
    row.remarks -= {"case_mended", "look_alikes", "order_mended", "brackets_dropped"}
    row.problems.add("initials_only")


def _no_name(row: Row) -> None:
    row.cells["name"] = None
    row.remarks -= {"case_mended", "look_alikes", "order_mended", "brackets_dropped"}
    row.problems.add("name_missing")


def _error_cell(row: Row) -> None:
    row.cells["unit"] = "#N/A"
    row.remarks.discard("unit_latin")
    row.problems.add("cell_error")


def _formula(row: Row) -> None:
    row.cells["record_number"] = '="Л-"&A1'
    row.problems.add("formula_without_value")


def _unborn(row: Row) -> None:
    row.cells["birth_date"] = "01.09.2099"
    row.problems.add("birth_date_future")


def _year_only(row: Row) -> None:
    row.cells["birth_date"] = "2014 г."
    row.problems.add("birth_date_incomplete")


def _odd_phone(row: Row) -> None:
    row.cells["phone"] = "2-34-56"
    row.problems.add("phone_invalid")


def _odd_email(row: Row) -> None:
    row.cells["email"] = "нет@"
    row.remarks -= {"email_mended", "first_email"}
    row.problems.add("email_invalid")


def _nameless_parent(row: Row) -> None:
    row.cells["parent2"], row.cells["parent2_phone"] = None, "89001234567"
    row.problems.add("parent_without_name")


# One of a group at most: they spoil the same cell.
SPOILED: Sequence[Sequence[Callable[[Row], None]]] = (
    (_initials, _no_name), (_error_cell,), (_formula,), (_unborn, _year_only), (_odd_phone,), (_odd_email,),
    (_nameless_parent,),
)  # fmt: skip


def messy_rows(seed: int, count: int, bad: float = 0.2) -> list[Row]:
    """Return students with the mess of `seed`; `bad` of them cannot be taken."""
    rng = random.Random(seed)
    rows = []
    for number in range(count):
        row = Row()
        _name(rng, row, number)
        _unit(rng, row)
        _birth_date(rng, row)
        _contacts(rng, row, number)
        _parents(rng, row, number)
        if rng.random() < bad:
            for group in rng.sample(SPOILED, rng.choice([1, 1, 2])):
                rng.choice(group)(row)
        rows.append(row)
    return rows


# --- The files --------------------------------------------------------------------------------------------------------
HEADINGS = {
    "place": "№ п/п",
    "name": "Ф.И.О.\nобучающегося",
    "unit": "Класс",
    "birth_date": "Дата  рождения",
    "phone": "Тел. (моб.)",
    "email": "Эл. почта",
    "record_number": "№ л/д",
    "address": "Адрес проживания",
    "parent1": "Родитель 1",
    "parent1_phone": "",
    "parent2": "Родитель 2",
    "parent2_phone": "",
}
BELOW = {"parent1": "ФИО", "parent1_phone": "Телефон", "parent2": "ФИО", "parent2_phone": "Телефон"}


def messy_xlsx(seed: int, rows: int, bad: float = 0.2) -> MessyFile:
    """Return a workbook as schools send them; `rows` students."""
    people = messy_rows(seed, rows, bad)
    book = Workbook()
    book.active.title = "Пустой"
    notes = book.create_sheet("Справка")
    notes.append(["Заполняйте лист «Список»"])
    sheet = book.create_sheet("Список")
    hidden = book.create_sheet("Служебный")
    hidden.append(["ФИО", "Класс"])
    hidden.append(["Скрытый Сергей", "1А"])
    hidden.sheet_state = "hidden"
    _fill(sheet, people)
    made = io.BytesIO()
    book.save(made)
    return MessyFile(made.getvalue(), tuple(people))


def _fill(sheet: Worksheet, people: list[Row]) -> None:
    sheet.append(["Список обучающихся на 2026/27 учебный год"])
    sheet.merge_cells("A1:L1")
    sheet.append(["Утверждаю: директор ____________"])
    sheet.append([])
    sheet.append(list(HEADINGS.values()))
    sheet.append([BELOW.get(name) for name in HEADINGS])
    for place in range(1, 9):
        sheet.merge_cells(start_row=4, end_row=5, start_column=place, end_column=place)
    for first in (9, 11):
        sheet.merge_cells(start_row=4, end_row=4, start_column=first, end_column=first + 1)
    for place, row in enumerate(people, 1):
        if place == len(people) // 2 + 1 and place > 2:
            sheet.append([])
            sheet.append([BELOW.get(name, heading) for name, heading in HEADINGS.items()])
        row.cells["place"] = "=ROW()-5"
        row.cells["address"] = "г. Ежовск, ул. Лесная, 1"
        sheet.append([row.cells.get(name) for name in HEADINGS])
        row.number = sheet._current_row
    sheet.append(["Итого:", None, len(people)])
    sheet.append([None, "Директор ____________ /Совина С. С./"])


def messy_csv(seed: int, rows: int, *, encoding: str = "utf-8", delimiter: str = ";", bad: float = 0.2) -> MessyFile:
    """Return the same students as CSV; `encoding` as Python calls it, with a mark where it is «-sig»."""
    people = messy_rows(seed, rows, bad)
    made = io.StringIO(newline="")
    writer = csv.writer(made, delimiter=delimiter, lineterminator="\r\n")
    flat = {**HEADINGS, "parent1_phone": "Телефон родителя 1", "parent2_phone": "Телефон родителя 2"}
    writer.writerow(["Список обучающихся"])
    writer.writerow(list(flat.values()))
    for number, row in enumerate(people, 3):
        row.number = number
        writer.writerow([_typed(row.cells.get(name)) for name in flat])
    return MessyFile(made.getvalue().encode(encoding, errors="ignore"), tuple(people))


def _typed(value: Any) -> str:
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    return "" if value is None else str(value)
