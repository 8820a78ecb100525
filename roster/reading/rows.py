"""Rows of a table become people (ORG-8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from orgs.models import Role
from orgs.vocabulary import Vocabulary
from roster.reading.person import RowReader
from roster.reading.tables import Table
from roster.records import BadRow, RosterRecord


@dataclass(frozen=True)
class Context:
    """In whose words a file is read: those of the organization, its today, the role of a row that names none."""

    words: Vocabulary
    today: date
    default_role: str = Role.STUDENT


def records_of(table: Table, columns: Mapping[int, str], context: Context) -> list[RosterRecord | BadRow]:
    """Return what each row says, in the order of the file; rows without any person (totals, repeated headings, the
    name of a class above its people) are left out. All that is wrong about a row stands in its `BadRow`.

    `columns` says what the columns mean, as `roster.reading.columns.guess_columns` does.
    """
    reader = RowReader(table, columns, context.words, context.today, context.default_role)
    read = (reader.read(number, texts) for number, texts in table.rows)
    return [row for row in read if row is not None]
