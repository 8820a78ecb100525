"""Questions of every request, put together once in a process and then only asked.

Building an ORM query and turning it into SQL takes several times what PostgreSQL needs for the answer (who acts: 1.1 ms
against 0.2 ms), and is the larger part of an ordinary request. Worth it where each request asks; elsewhere a plain
queryset reads better. What is kept is the text of the statement, never an answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Generic, NoReturn, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Aggregate, Count, QuerySet
from django.db.models import Value as Constant
from django.utils import timezone

Row = TypeVar("Row")
Value = int | str | datetime

# What «now» is while a query is put together: a moment of a century in which nothing happens here, so that it, and
# what is reckoned from it (a month ago), is found again among the values of the statement.
_THEN = datetime(1800, 1, 1, tzinfo=UTC)
_CENTURIES = range(1700, 1900)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
# What a column of ids holds; addresses may name any number.
_MOST = 2**63 - 1
_is_preparing: ContextVar[bool] = ContextVar("is_preparing", default=False)


def now() -> datetime:
    """Return the present moment: for selectors whose query may be prepared (it stands for the moment of asking)."""
    return _THEN if _is_preparing.get() else timezone.now()


@dataclass(frozen=True)
class Plan:
    """A statement with its places, and how its rows become objects."""

    compiler: Any
    iterable: Any
    sql: str
    # For each place of the SQL: the name of the value that stands there, or None and the constant.
    places: tuple[tuple[str | None, Any], ...]

    def ask(self, values: Mapping[str, Value]) -> list[Any]:
        """Run the statement with `values` in its places; one query, none for a number that no row can have."""
        if any(isinstance(value, int) and abs(value) > _MOST for value in values.values()):
            return []
        connection = connections[DEFAULT_DB_ALIAS]
        moment = timezone.now()
        params = tuple(self._value(connection, name, constant, values, moment) for name, constant in self.places)
        compiler = copy(self.compiler)
        compiler.connection = connection  # this thread's, not that of whoever asked first
        compiler.as_sql = lambda *args, **options: (self.sql, params)
        query = SimpleNamespace(get_compiler=lambda *args, **options: compiler)
        return list(self.iterable(SimpleNamespace(db=DEFAULT_DB_ALIAS, query=query, _known_related_objects={})))

    @staticmethod
    def _value(connection: Any, name: str | None, constant: Any, values: Mapping[str, Value], moment: datetime) -> Any:
        if name is None and not isinstance(constant, timedelta):
            return constant
        value = moment + constant if name is None else values[name]
        return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def make_plan(found: QuerySet[Any, Any], examples: Mapping[str, Value], *, all_needed: bool) -> Plan | None:
    """Return the plan of `found`, in which `examples` stand for values; None for a query that can find nothing.

    Raises `ValueError` when an example is hidden inside another value, when one has no place although `all_needed`,
    and when the query depends on the moment otherwise than by `now()`.
    """
    queryset: Any = found
    if queryset._prefetch_related_lookups:
        raise ValueError("a prepared query prefetches nothing")
    compiler: Any = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    adapt = compiler.connection.ops.adapt_datetimefield_value
    names = {adapt(value) if isinstance(value, datetime) else value: name for name, value in examples.items()}
    if len(names) < len(examples) or (all_needed and not set(names) <= set(params)):
        raise ValueError(f"each of {', '.join(examples)} needs a place of its own in the query")
    places = tuple(_place(param, names) for param in params)
    _refuse_hidden(names, [sql, *(constant for name, constant in places if name is None)])
    return Plan(compiler, queryset._iterable_class, sql, places)


def _place(param: Any, names: Mapping[Any, str]) -> tuple[str | None, Any]:
    if isinstance(param, int | str | datetime) and param in names:
        return names[param], param
    moment = param
    if isinstance(param, str) and _MOMENT.match(param):  # as SQLite keeps moments
        moment = datetime.fromisoformat(param).replace(tzinfo=UTC)
    if isinstance(moment, datetime):
        if moment.year not in _CENTURIES:
            raise ValueError(f"a prepared query asks common.prepared.now() for the moment, not {param}")
        return None, moment.astimezone(UTC) - _THEN
    return None, param


def _refuse_hidden(names: Mapping[Any, str], constants: list[Any]) -> None:
    """An example inside another value (a key made of two ids) would stay there for ever."""
    for constant in constants:
        for example, name in names.items():
            if len(str(example)) > 4 and str(example) in str(constant):
                raise ValueError(f"{name} is hidden inside {constant!r}")


@contextmanager
def preparing() -> Iterator[None]:
    """Inside, `now()` stands for the moment of asking, and no query may be made."""
    token = _is_preparing.set(True)
    try:
        with connections[DEFAULT_DB_ALIAS].execute_wrapper(_refuse):
            yield
    finally:
        _is_preparing.reset(token)


def _refuse(*_args: Any) -> NoReturn:
    raise ValueError("a query is prepared without asking the database: it may depend on what its shape says only")


class Prepared(Generic[Row]):
    """A query with named places: `users = Prepared(lambda pk: User.objects.filter(pk=pk), pk=-1)`, `users(pk=5)`.

    `build` is called once, with the examples, which must be unmistakable: no two alike, none a constant of the query.
    What it returns must not depend on the moment but by `now()`, nor on a list of ids. Objects, or rows of
    `values_list`.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], **examples: Value) -> None:
        self._build, self._examples = build, examples
        self._plan: Plan | None = None

    def __call__(self, **values: Value) -> list[Row]:
        """Ask with `values` in the places of the examples; one query."""
        if self._plan is None:
            with preparing():
                self._plan = make_plan(self._build(**self._examples), self._examples, all_needed=True)
        return self._plan.ask(values) if self._plan is not None else []


def counting(rows: QuerySet[Any, Any], **counts: Aggregate) -> QuerySet[Any, tuple[int, ...]]:
    """Return a query of one row with `counts` (by default how many `rows` there are), which can be prepared.

    What `aggregate()` gives is an answer; this is a question.
    """
    wanted = counts or {"rows_found": Count("pk")}
    return rows.order_by().annotate(together=Constant(1)).values("together").annotate(**wanted).values_list(*wanted)
