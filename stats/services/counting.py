"""Counting the days that stand in `DayWindow`: absolute values, so that counting again changes nothing (STAT-4).

The number of statements is the same for one day of one school and for thousands of days of fifty; Python holds no
row. What is stored already is left alone: a row that would stay as it is is not written.
"""

# Names of tables and columns are put together here; values never are.
# ruff: noqa: S608
from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, models
from django.db.backends.utils import CursorWrapper

from stats.models import OrgDay, Period, PersonDay, Span, StaffAnswer, UnitDay
from stats.services import sources, wholes


@dataclass(frozen=True)
class SpanWindow:
    """A week or month to be counted, as days and as moments."""

    organization_id: int
    span: Span
    first: date
    last: date
    starts_at: datetime
    ends_at: datetime
    # Messages of some of its days have been removed because their time was over.
    is_frozen: bool


def count_days(spans: Sequence[SpanWindow], now: datetime) -> int:
    """Count the days of `DayWindow`, and the weeks and months `spans`; return how many rows were written or removed.

    The caller owns the transaction and holds the organizations' states. Events that begin after `now` are not held yet.
    """
    with connection.cursor() as cursor, _scratch(cursor):
        if connection.vendor == "postgresql":
            # Compiling these statements takes longer than running them; sorting millions of rows wants room.
            cursor.execute("SET LOCAL jit = off; SET LOCAL work_mem = '64MB'")
        _fill(cursor, "stats_days", "SELECT * FROM stats_daywindow")
        _fill(cursor, "stats_spoken", sources.SPOKEN.format(minute=_minute("s.created_at")))
        changed = _count_people(cursor)
        _fill(cursor, "stats_roster", sources.ROSTER)
        _fill(cursor, "stats_families", sources.FAMILIES)
        changed += _count_organizations(cursor, now)
        changed += _count_units(cursor)
        changed += _count_answers(cursor)
        return changed + _count_periods(cursor, spans)


def _count_people(cursor: CursorWrapper) -> int:
    _fill(cursor, "stats_acts", sources.ACTS)
    columns = ("is_staff", "is_student", "is_parent", "came", *sources.PERSON_COLUMNS)
    table = Target(PersonDay, ("organization_id", "day", "person_id"), columns)
    return table.write(cursor, sources.PERSON_DAYS) + table.clear(cursor, "stats_acts")


def _count_organizations(cursor: CursorWrapper, now: datetime) -> int:
    at = connection.ops.adapt_datetimefield_value(now)
    return Target(OrgDay, ("organization_id", "day"), wholes.ORG_COLUMNS).write(
        cursor, wholes.ORG_DAYS.format(now="%s"), [at] * wholes.ORG_DAYS.count("{now}")
    )


def _count_units(cursor: CursorWrapper) -> int:
    _fill(cursor, "stats_units", wholes.UNIT_DAYS)
    table = Target(UnitDay, ("organization_id", "day", "unit_id"), wholes.UNIT_COLUMNS)
    return table.write(cursor, "SELECT * FROM stats_units") + table.clear(cursor, "stats_units")


def _count_answers(cursor: CursorWrapper) -> int:
    _fill(cursor, "stats_answers", wholes.ANSWERS.format(seconds=_seconds("created_at", "asked_at")))
    table = Target(StaffAnswer, ("message_id",), ("organization_id", "day", "person_id", "seconds"))
    return table.write(cursor, "SELECT * FROM stats_answers") + table.clear(cursor, "stats_answers")


def _count_periods(cursor: CursorWrapper, spans: Sequence[SpanWindow]) -> int:
    _fill_spans(cursor, spans)
    _fill(cursor, "stats_lived", wholes.LIVED)
    _fill(cursor, "stats_periods", wholes.PERIODS_OF_ALL)
    _add(cursor, "stats_periods", wholes.PERIODS_OF_UNITS)
    key = ("organization_id", "span", "starts_on")
    scope = ("stats_spans", key)
    whole = Target(Period, key, wholes.PERIOD_COLUMNS, "unit_id IS NULL", scope)
    units = Target(Period, (*key, "unit_id"), wholes.PERIOD_COLUMNS, "unit_id IS NOT NULL", scope)
    changed = whole.write(cursor, "SELECT * FROM stats_periods WHERE unit_id IS NULL")
    changed += units.write(cursor, "SELECT * FROM stats_periods WHERE unit_id IS NOT NULL")
    return changed + _clear(
        cursor,
        Period._meta.db_table,
        "SELECT e.id, e.organization_id, e.span, e.starts_on, COALESCE(e.unit_id, 0) AS unit_id FROM stats_spans v "
        "JOIN stats_period e ON e.organization_id = v.organization_id AND e.span = v.span "
        "AND e.starts_on = v.starts_on",
        "stats_periods n ON n.organization_id = e.organization_id AND n.span = e.span AND n.starts_on = e.starts_on "
        "AND COALESCE(n.unit_id, 0) = e.unit_id WHERE n.span IS NULL",
    )


# --- Writing what differs -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Target:
    """A table that is brought to what a SELECT says."""

    model: type[models.Model]
    key: tuple[str, ...]
    columns: tuple[str, ...]
    # Of a key that holds for a part of the table.
    condition: str = ""
    # The scratch table of what is counted, and how rows belong to it.
    scope: tuple[str, tuple[str, ...]] = ("stats_days", ("organization_id", "day"))

    @property
    def table(self) -> str:
        """Return the table's name."""
        return self.model._meta.db_table

    def write(self, cursor: CursorWrapper, select: str, params: Sequence[str | None] = ()) -> int:
        """Put in what `select` gives where it is not there already; return how many rows."""
        names = (*self.key, *self.columns)
        same = self._matches("e", "n", *self.key)
        where = f" WHERE {self.condition}" if self.condition else ""
        only = f" AND e.{self.condition}" if self.condition else ""
        updates = ", ".join(f"{name} = excluded.{name}" for name in self.columns)
        cursor.execute(
            f"INSERT INTO {self.table} ({', '.join(names)}) SELECT {', '.join(f'n.{name}' for name in names)} FROM "
            f"({select}) n LEFT JOIN ({self._stored()}) e ON {same}{only} "
            f"WHERE e.id IS NULL OR {self._tuple('e')} <> {self._tuple('n')} "
            f"ON CONFLICT ({', '.join(self.key)}){where} DO UPDATE SET {updates}",
            list(params),
        )
        return cursor.rowcount

    def _stored(self) -> str:
        """Say which rows are there already: those of what is counted, found by their index, not by reading years."""
        scratch, names = self.scope
        return f"SELECT x.* FROM {scratch} v JOIN {self.table} x ON {self._matches('x', 'v', *names)}"

    def clear(self, cursor: CursorWrapper, counted: str) -> int:
        """Remove the rows of the counted days that the table `counted` does not have; return how many."""
        keys = ", ".join(f"e.{name}" for name in self.key)
        return _clear(
            cursor,
            self.table,
            f"SELECT e.id, {keys} FROM stats_days w "
            f"JOIN {self.table} e ON e.organization_id = w.organization_id AND e.day = w.day",
            f"{counted} n ON {self._matches('n', 'e', *self.key)} WHERE n.{self.key[0]} IS NULL",
        )

    @staticmethod
    def _matches(one: str, other: str, *names: str) -> str:
        return " AND ".join(f"{one}.{name} = {other}.{name}" for name in names)

    def _tuple(self, alias: str) -> str:
        return "(" + ", ".join(f"{alias}.{name}" for name in self.columns) + ")"


def _clear(cursor: CursorWrapper, table: str, stored: str, counted: str) -> int:
    """Remove from `table` what `stored` selects and `counted` does not have; return how many rows.

    Step by step: this very transaction has filled `table`, of which PostgreSQL may think that it is empty (it was when
    looked at last). Joined with it in one statement, years of days were compared each with each, without end.
    """
    _fill(cursor, "stats_stored", stored)
    _fill(cursor, "stats_gone", f"SELECT e.id FROM stats_stored e LEFT JOIN {counted}")
    cursor.execute(f"DELETE FROM {table} WHERE id IN (SELECT id FROM stats_gone)")
    removed = cursor.rowcount
    cursor.execute("DROP TABLE stats_stored")
    cursor.execute("DROP TABLE stats_gone")
    return removed


# --- Scratch tables of this transaction -----------------------------------------------------------------------------
_SCRATCH = (
    "stats_days",
    "stats_spoken",
    "stats_acts",
    "stats_roster",
    "stats_families",
    "stats_units",
    "stats_answers",
    "stats_spans",
    "stats_lived",
    "stats_periods",
)


_ASKED_BY_PERSON = ("stats_roster", "stats_families")


@contextmanager
def _scratch(cursor: CursorWrapper) -> Iterator[None]:
    """Remove the scratch tables at the end; what fails takes them away with its transaction."""
    yield
    for name in _SCRATCH:
        cursor.execute(f"DROP TABLE {name}")


def _fill(cursor: CursorWrapper, name: str, select: str) -> None:
    cursor.execute(f"CREATE TEMPORARY TABLE {name} AS {select}")
    if connection.vendor == "postgresql":
        # A table that was just made has no statistics, and guesses cost more than looking.
        cursor.execute(f"ANALYZE {name}")
    elif name in _ASKED_BY_PERSON:
        # SQLite joins by nested loops: without an index it would read the table once for every guardianship.
        cursor.execute(f"CREATE INDEX {name}_person ON {name} (person_id, day)")


def _add(cursor: CursorWrapper, name: str, select: str) -> None:
    cursor.execute(f"INSERT INTO {name} {select}")


def _fill_spans(cursor: CursorWrapper, spans: Sequence[SpanWindow]) -> None:
    cursor.execute(
        "CREATE TEMPORARY TABLE stats_spans (organization_id BIGINT, span VARCHAR(5), starts_on DATE, ends_on DATE, "
        f"starts_at {_MOMENT[connection.vendor]}, ends_at {_MOMENT[connection.vendor]}, is_frozen INTEGER)"
    )
    ops = connection.ops
    for start in range(0, len(spans), _SPANS_AT_ONCE):
        part = spans[start : start + _SPANS_AT_ONCE]
        values: list[str | int | None] = []
        for span in part:
            values += [span.organization_id, span.span.value]
            values += [ops.adapt_datefield_value(span.first), ops.adapt_datefield_value(span.last)]
            values += [ops.adapt_datetimefield_value(span.starts_at), ops.adapt_datetimefield_value(span.ends_at)]
            values.append(int(span.is_frozen))
        cursor.execute(
            f"INSERT INTO stats_spans VALUES {', '.join(['(%s, %s, %s, %s, %s, %s, %s)'] * len(part))}", values
        )
    if connection.vendor == "postgresql":
        cursor.execute("ANALYZE stats_spans")


_SPANS_AT_ONCE = 2000
_MOMENT = {"postgresql": "timestamptz", "sqlite": "datetime"}


# --- What the two databases say differently -------------------------------------------------------------------------
def _minute(moment: str) -> str:
    if connection.vendor == "postgresql":
        return f"date_trunc('minute', {moment})"
    return f"substr({moment}, 1, 16)"


def _seconds(later: str, earlier: str) -> str:
    if connection.vendor == "postgresql":
        return f"(floor(extract(epoch FROM {later})) - floor(extract(epoch FROM {earlier})))::bigint"
    return f"CAST(strftime('%s', {later}) AS INTEGER) - CAST(strftime('%s', {earlier}) AS INTEGER)"
