"""The indicator «Отчёт активности педагогов»: page, CSV and XLSX (STAT-5, STAT-6)."""

import csv
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from orgs.models import Enrolment, Part, Person, Role, RoleAssignment
from stats.models import PersonDay, StaffAnswer
from stats.selectors.report import StaffRow
from stats.sheets.staff import staff_csv
from tests.world import School, World

pytestmark = [pytest.mark.req("STAT-6"), pytest.mark.req("STAT-5")]
ADDRESS = "/o/a/statistics/staff"
WEEK = "?period=week&on=2026-03-04"
DAY = date(2026, 3, 4)


@pytest.fixture
def school(world: World) -> School:
    """The leader of 5А was active on two days of the week and answered a parent in 90 minutes."""
    school, leader = world.a, world.a.people["leader"]
    for day, numbers in (
        (DAY, {"messages": 12, "doubtful_messages": 3, "files": 2}),
        (DAY + timedelta(days=1), {"messages": 1, "posts": 1, "confirmations": 4, "invitations": 5}),
        (DAY + timedelta(days=30), {"messages": 100}),
    ):
        PersonDay.objects.create(
            organization=school.organization, day=day, person=leader, is_staff=True, came=True, **numbers
        )
    StaffAnswer.objects.create(organization=school.organization, day=DAY, person=leader, message_id=1, seconds=5400)
    Person.objects.filter(pk=leader.pk).update(position="учитель математики")
    return school


@pytest.fixture
def client(school: School, browse: Callable[[Any], Client]) -> Client:
    return browse(school.user("head"))


def lines(client: Client, query: str = WEEK) -> list[list[str]]:
    answer = client.get(f"{ADDRESS}.csv{query}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_the_table_has_the_usual_columns_by_name(school: School, client: Client) -> None:
    heads, *rows = lines(client)
    assert heads == [
        "№",
        "ФИО",
        "Должность",
        "Подразделения",
        "На платформе",
        "Дней активности",
        "Сообщения",
        "из них сомнительных",
        "Записи",
        "Файлы",
        "Подтверждения",
        "Приглашения",
        "Время ответа родителям (медиана), мин",
        "Последнее посещение",
    ]
    assert [row[:2] for row in rows] == [
        ["1", "Админова Анна Аркадьевна"],
        ["2", "Ведущая Вера Викторовна"],
        ["3", "Главный Глеб Георгиевич"],
        ["4", "Ждущая Жанна Жоресовна"],
        ["5", "Учёный Устин Ильич"],
    ]
    assert rows[1][2:] == [
        *("учитель математики", "5А", "да", "2", "13", "3", "1", "2", "4", "5", "90", "03.04.2026"),
    ]
    assert rows[3][4:] == ["нет", "0", "0", "0", "0", "0", "0", "0", "", ""]


def test_the_workbook_holds_numbers_times_and_days(client: Client) -> None:
    answer = client.get(f"{ADDRESS}.xlsx{WEEK}")
    sheet = load_workbook(BytesIO(answer.content)).active
    words = [row[0].value for row in sheet.iter_rows(max_row=4)]
    assert words[:3] == ["Отчёт активности педагогов", "Средняя школа № 1", "Период: 02.03.2026 – 08.03.2026"]
    assert str(words[3]).startswith("Составил(а): Главный Глеб Георгиевич, ")
    [line] = [[cell.value for cell in row] for row in sheet.iter_rows() if row[1].value == "Ведущая Вера Викторовна"]
    assert line[3:12] == ["5А", "да", 2, 13, 3, 1, 2, 4, 5]
    assert line[12] == timedelta(minutes=90)
    assert line[13].date() == date(2026, 4, 3)
    assert sheet.freeze_panes == "C7"


def test_the_page_shows_the_same_without_places(school: School, client: Client) -> None:
    page = client.get(f"{ADDRESS}/{WEEK}").content.decode()
    names = ["Админова", "Ведущая", "Главный", "Ждущая", "Учёный"]
    table = page[page.index("<tbody>") :]
    places = [table.index(f"{name} ") for name in names]
    assert places == sorted(places)
    assert f"{ADDRESS}.csv?period=week&amp;on=2026-03-02" in page
    assert "учитель математики" in page
    assert "stats-doubtful" not in page


def test_fifty_on_a_page(school: School, client: Client) -> None:
    people = Person.objects.bulk_create(
        Person(organization=school.organization, last_name="Много", first_name=f"{n:03}", search_name=f"много {n:03}")
        for n in range(60)
    )
    RoleAssignment.objects.bulk_create(
        RoleAssignment(organization=school.organization, person=person, role=Role.TEACHER) for person in people
    )
    first = client.get(f"{ADDRESS}/{WEEK}")
    assert [len(first.context["rows"]), first.context["page_obj"].paginator.count] == [50, 65]
    assert len(client.get(f"{ADDRESS}/{WEEK}&page=2").context["rows"]) == 15
    assert len(lines(client)) == 66


def test_statements_do_not_grow_with_the_staff(school: School, client: Client) -> None:
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as captured:
            client.get(f"{ADDRESS}.xlsx{WEEK}")
        counts.append(len(captured))
        person = Person.objects.create(
            organization=school.organization, last_name="Новый", first_name="Нил", search_name="новый нил"
        )
        RoleAssignment.objects.create(organization=school.organization, person=person, role=Role.TEACHER)
        unit = school.units["5Б"]
        Enrolment.objects.create(
            organization=school.organization, person=person, unit=unit, part=Part.LEADER, since=DAY
        )
    assert counts[0] == counts[1]


def test_units_are_named_once_and_only_those_of_today(school: School, client: Client) -> None:
    leader = school.people["leader"]
    for name, part, until in (("5А", Part.TEACHER, None), ("5Б", Part.TEACHER, None), ("5Б", Part.LEADER, DAY)):
        Enrolment.objects.create(
            organization=school.organization, person=leader, unit=school.units[name], part=part, since=DAY, until=until
        )
    assert lines(client)[2][3] == "5А, 5Б"


def test_the_other_school_is_not_in_it(world: World, school: School, client: Client) -> None:
    Person.objects.filter(pk=world.b.people["teacher"].pk).update(last_name="Чужой", search_name="чужой")
    assert not [row for row in lines(client) if "Чужой" in row[1]]


@pytest.mark.parametrize("route", ["/", ".csv", ".xlsx"])
def test_names_are_for_those_who_may_see_people(school: School, browse: Callable[[Any], Client], route: str) -> None:
    assert browse(school.user("administrator")).get(ADDRESS + route).status_code == 200
    for name in ("leader", "parent", "student"):
        assert browse(school.user(name)).get(ADDRESS + route).status_code == 403


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\t=1", "'\t=1"),
        (" =1", "' =1"),
        ("Анна-Мария; «Ё»", "Анна-Мария; «Ё»"),
    ],
)
@pytest.mark.parametrize("field", ["last_name", "position", "units"])
def test_what_people_typed_is_no_formula(field: str, typed: str, shown: str) -> None:
    values = {"last_name": "Иванова", "position": "учитель", **({field: typed} if field != "units" else {})}
    person = Person(pk=7, first_name="", patronymic="", **values)
    row = StaffRow(person, True, *[0] * 8, None, None)
    table = staff_csv([row], {7: typed if field == "units" else "5А"}).decode("utf-8-sig")
    line = list(csv.reader(StringIO(table, newline=""), delimiter=";"))[1]
    assert line[{"last_name": 1, "position": 2, "units": 3}[field]] == shown
