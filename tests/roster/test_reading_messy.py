"""Real mess: each row of a messy file becomes what it must, whatever the format (ORG-8)."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from orgs.models import Part, Role
from orgs.vocabulary import Vocabulary
from roster.reading.columns import guess_columns, missing_columns
from roster.reading.rows import Context, records_of
from roster.reading.tables import Table, read_table
from roster.records import BadRow, RosterRecord
from tests.roster.messy import TODAY, MessyFile, Row, messy_csv, messy_xlsx

pytestmark = pytest.mark.req("ORG-8")

CONTEXT = Context(Vocabulary("school", {}), TODAY)


def read(content: bytes) -> tuple[Table, list[RosterRecord | BadRow]]:
    table = read_table(content, file_name="список.xlsx")
    columns = guess_columns(table.headings, {})
    assert not missing_columns(columns)
    return table, records_of(table, columns, CONTEXT)


def compare(file: MessyFile, records: list[RosterRecord | BadRow]) -> None:
    assert [record.number for record in records] == [row.number for row in file.rows]
    for row, record in zip(file.rows, records, strict=True):
        if isinstance(record, BadRow):
            assert {problem.code for problem in record.problems} == row.problems, row
        else:
            assert not row.problems, (row, record)
            compare_row(row, record)


def compare_row(row: Row, record: RosterRecord) -> None:
    assert record.name.full == row.full_name, row
    assert (record.unit, record.part) == (row.unit, Part.STUDENT), row
    assert record.roles == {Role.STUDENT}
    assert record.birth_date == row.birth_date, row
    assert (record.phone, record.email, record.record_number) == (row.phone, row.email, row.record_number), row
    assert [(parent.name.full, parent.phone) for parent in record.parents] == row.parents, row
    assert {remark.code for remark in record.remarks} == row.remarks, (row, record)


@pytest.mark.parametrize("seed", range(6))
def test_a_messy_workbook(seed: int) -> None:
    file = messy_xlsx(seed, 60)
    table, records = read(file.content)
    assert (table.sheet, table.sheets, table.heading_row) == ("Список", ("Пустой", "Справка", "Список"), 5)
    compare(file, records)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_a_messy_csv(encoding: str, delimiter: str) -> None:
    file = messy_csv(7, 40, encoding=encoding, delimiter=delimiter)
    table, records = read(file.content)
    names = {"utf-8-sig": "utf-8", "cp1251": "windows-1251"}
    assert (table.encoding, table.delimiter, table.heading_row) == (names.get(encoding, encoding), delimiter, 2)
    compare(file, records)


def test_each_kind_of_mess_is_there() -> None:
    """Otherwise the tests above prove less than they say."""
    rows = messy_xlsx(1, 400).rows
    problems = {code for row in rows for code in row.problems}
    remarks = {code for row in rows for code in row.remarks}
    assert problems == {
        *("initials_only", "name_missing", "cell_error", "formula_without_value", "birth_date_future"),
        *("birth_date_incomplete", "phone_invalid", "email_invalid", "parent_without_name"),
    }
    assert remarks == {
        *("case_mended", "look_alikes", "order_mended", "brackets_dropped", "unit_latin", "email_mended"),
        "first_email",
    }


def test_problems_name_their_cells_in_russian() -> None:
    file = messy_xlsx(3, 200)
    with translation.override("ru"):
        _table, records = read(file.content)
    told = [problem for record in records if isinstance(record, BadRow) for problem in record.problems]
    assert told
    for problem in told:
        assert problem.message.endswith(".")
        assert any("а" <= letter <= "я" for letter in problem.message)
    columns = {problem.code: problem.cell.rstrip("0123456789") for problem in told}
    assert columns["initials_only"] == columns["name_missing"] == "B"
    assert (columns["cell_error"], columns["formula_without_value"], columns["email_invalid"]) == ("C", "G", "F")
    assert columns["parent_without_name"] == "L"
    row = next(record for record in records if isinstance(record, BadRow))
    assert all(problem.cell.endswith(str(row.number)) for problem in row.problems)


def test_the_same_seed_makes_the_same_people() -> None:
    assert messy_xlsx(5, 20).rows == messy_xlsx(5, 20).rows
    assert date(2026, 11, 21) == TODAY
