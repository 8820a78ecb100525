"""What stories of the roster find: files of people as schools have them, and what became of the people."""

from base64 import b64encode
from io import BytesIO
from typing import Any

HEADINGS = ("№ п/п", "ФИО ребёнка", "Кл.", "Д/р", "Конт. тел.", "Мама", "Тел. мамы", "Прим.")
BROKEN = ("11", "Журавлёв Ж.", "5А", "32.13.2014", "не звонить", "", "", "")
MENDED = ("11", "Журавлёв Жан Игоревич", "5А", "12.03.2014", "", "", "", "")


def messy_file(*, mended: bool = False, rows: int = 0) -> str:
    """A list of two classes as a secretary keeps it, in base64: a title above the headings, Latin letters in names,
    dates and phones of all kinds; one row that cannot be taken, unless `mended`. `rows` more of them are added."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "Список"
    sheet.append(["Список обучающихся 5-х классов на 2026/2027 учебный год"])
    sheet.merge_cells("A1:H1")
    sheet.append([])
    sheet.append(HEADINGS)
    for line in _people(rows):
        sheet.append(line)
    sheet.append(MENDED if mended else BROKEN)
    saved = BytesIO()
    book.save(saved)
    return b64encode(saved.getvalue()).decode()


def _people(more: int) -> list[tuple[Any, ...]]:
    from datetime import date

    people: list[tuple[Any, ...]] = [
        (
            *("1", "Абрамова Алиса Антоновна", "5А", date(2015, 4, 1)),
            *("8 (900) 555-01-01", "Абрамова Инна Львовна", "89005550102", ""),
        ),
        (
            *("2", "  Борисов   Богдан Олегович", "5 «А»", "02.05.2015", ""),
            *("Борисова Ева Ильинична", "+7 900 555 02 02", ""),
        ),
        ("3", "Bасильева Bера Ивановна", "5-а", "3 июня 2015", "", "", "", "аллергия"),
        ("4", "Гордеев Глеб Маркович", "5Б", "2015-07-04", 89005550404, "Гордеева Анна Петровна", "900-555-04-05", ""),
        ("5", "Гордеева Майя Марковна", "5Б", "04.07.2015", "", "Гордеева Анна Петровна", "900-555-04-05", "сестра"),
        ("6", "Дятлова Дина Сергеевна", "5В", "05.08.2015", "", "", "", ""),
    ]
    for number in range(more):
        name = f"{_NAMES[number % 10]}{_NAMES[number // 10 % 10].lower()}ов {_FIRST[number // 100 % 10]} Петрович"
        people.append((str(number + 12), name, "5А", "01.02.2015", "", "", "", ""))
    return people


_FIRST = ("Иван", "Пётр", "Павел", "Марк", "Лев", "Глеб", "Олег", "Юрий", "Антон", "Егор")
_NAMES = ("Ларион", "Мартын", "Никит", "Осип", "Панкрат", "Родион", "Савель", "Тихон", "Устин", "Филат")


def people_of(slug: str) -> list[str]:
    """The names of those who are on the roster of a school, without its first administrator."""
    from orgs.models import Person

    people = Person.objects.filter(organization__slug=slug, roles__until=None).distinct()
    return sorted(person.full_name for person in people if person.position != "Секретарь")
