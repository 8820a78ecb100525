"""The tables of the roster as files."""

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from common.errors import DomainError
from orgs.models import AuditEvent, Part, Person
from orgs.services.people import PersonData, add_person
from orgs.services.structure import enrol
from roster.export.files import csv_of, xlsx_of
from roster.export.tables import TABLES
from roster.services.exporting import export
from tests.world import School, World

pytestmark = pytest.mark.req("ORG-8")


def sheet_of(school: School, table: str) -> list[tuple[Any, ...]]:
    made = export(actor=school.actor("administrator"), table=table, form="xlsx")
    return list(load_workbook(BytesIO(made.content)).active.iter_rows(values_only=True))


def lines_of(school: School, table: str) -> list[list[str]]:
    made = export(actor=school.actor("administrator"), table=table, form="csv")
    return list(csv.reader(StringIO(made.content.decode("utf-8-sig")), delimiter=";"))


def test_students_stand_with_their_parents(world: World) -> None:
    table = [
        dict(zip(lines_of(world.a, "students")[0], line, strict=True)) for line in lines_of(world.a, "students")[1:]
    ]
    found = {line["Фамилия"]: line for line in table}
    assert found["Зайцева"]["Класс"] == "5А"
    assert found["Зайцева"]["Роль"] == "ученик"
    assert found["Зайцева"]["Родитель 1"] == "Зайцев Захар Львович"
    assert "Ведущая" not in found


@pytest.mark.parametrize("table", sorted(TABLES))
def test_both_formats_say_the_same(world: World, table: str) -> None:
    def plain(value: Any) -> str:
        return "" if value is None else value.strftime("%d.%m.%Y") if hasattr(value, "strftime") else str(value)

    Person.objects.filter(pk=world.a.people["student"].pk).update(birth_date="2014-03-01")
    sheet = [[plain(value) for value in row] for row in sheet_of(world.a, table)]
    lines = [[value.removeprefix("'") for value in line] for line in lines_of(world.a, table)]
    assert sheet == lines
    assert len(lines) > 1


@pytest.mark.parametrize("table", sorted(TABLES))
@pytest.mark.req("ACC-4")
def test_nobody_of_the_other_school_is_in_it(world: World, table: str) -> None:
    Person.objects.filter(organization=world.b.organization).update(last_name="Чужих")
    assert "Чужих" not in str(sheet_of(world.a, table))


def test_whoever_has_left_or_was_merged_is_not_in_it(world: World) -> None:
    kept, gone = world.a.people["classmate"], world.a.people["other_student"]
    Person.objects.filter(pk=gone.pk).update(merged_into=kept)
    assert "Белкин" not in str(sheet_of(world.a, "students"))


def test_the_past_is_told_with_its_orders(world: World) -> None:
    rows = lines_of(world.a, "enrolments")
    assert rows[0] == ["ФИО", "Класс", "Учебный год", "Кем", "С", "По", "Номер приказа", "Дата приказа"]
    assert any(row[0] == "Ведущая Вера Викторовна" and row[3] == "классный руководитель" for row in rows)


HOSTILE = ['=HYPERLINK("http://x")', "+7", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_a_formula(text: str) -> None:
    [_heading, line] = csv_of(["A"], [[text]]).decode("utf-8-sig").split("\r\n", 1)
    assert line.lstrip('"')[0] == "'"
    sheet = load_workbook(BytesIO(xlsx_of("Т", ["A"], [[text]]))).active
    cell = sheet["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix or text[0] in "\t\r"


def test_a_file_holds_whatever_a_name_may_hold() -> None:
    text = "«О'Нил & <сын>» \x0b\ud800 😀"
    sheet = load_workbook(BytesIO(xlsx_of("Т & <Т>", ["A"], [[text]]))).active
    assert sheet["A2"].value == "«О'Нил & <сын>»  😀"
    assert sheet.title == "Т & <Т>"


@pytest.mark.parametrize("table", sorted(TABLES))
def test_the_statements_do_not_grow_with_the_rows(world: World, table: str) -> None:
    actor = world.a.actor("administrator")

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            export(actor=actor, table=table, form="csv")
        return sum(query["sql"].startswith("SELECT") for query in caught.captured_queries)

    few = statements()
    people = [
        add_person(organization=world.a.organization, actor=None, data=PersonData("Иванов", f"Иван{n}"), roles=[])
        for n in range(40)
    ]
    enrol(actor=None, people=people, unit=world.a.units["5А"], part=Part.STUDENT)
    assert few == statements() <= 5


@pytest.mark.req("ORG-12")
def test_the_journal_tells_who_took_the_roster_away(world: World) -> None:
    made = export(actor=world.a.actor("administrator"), table="staff", form="csv")
    event = AuditEvent.objects.order_by("-pk")[0]
    assert (event.action, event.details) == ("roster.exported", {"table": "Сотрудники, csv"})
    assert made.name.startswith("Сотрудники 20")
    assert made.name.endswith(".csv")


@pytest.mark.parametrize(("table", "form"), [("x", "csv"), ("staff", "pdf")])
def test_an_unknown_table_is_refused(world: World, table: str, form: str) -> None:
    with pytest.raises(DomainError, match="table_unknown"):
        export(actor=world.a.actor("administrator"), table=table, form=form)
