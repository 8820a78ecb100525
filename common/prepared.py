"""Questions of every request, put together once in a process and then only asked.

Building an ORM query and turning it into SQL takes several times what PostgreSQL needs for the answer (who acts: 1.1 ms
against 0.2 ms), and is the larger part of an ordinary request. Worth it where each request asks; elsewhere a plain
queryset reads better.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

Row = TypeVar("Row")
Value = int | str


@dataclass(frozen=True)
class _Plan:
    compiler: Any
    iterable: Any
    sql: str
    # For each place of the SQL: the name of the value that stands there, or None and the constant.
    places: tuple[tuple[str | None, Any], ...]


class Prepared(Generic[Row]):
    """A query with named places: `users = Prepared(lambda pk: User.objects.filter(pk=pk), pk=-1)`, `users(pk=5)`.

    `build` is called once, with the examples, which must be unmistakable: no two alike, none a constant of the query.
    What it returns must not depend on the moment: no «now», no list of ids. Objects, or rows of `values_list`.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], **examples: Value) -> None:
        self._build, self._examples = build, examples
        self._plan: _Plan | None = None

    def __call__(self, **values: Value) -> list[Row]:
        """Ask with `values` in the places of the examples; one query."""
        plan = self._plan = self._plan or self._compile()
        params = tuple(constant if name is None else values[name] for name, constant in plan.places)
        compiler = copy(plan.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]  # this thread's, not that of whoever asked first
        compiler.as_sql = lambda *args, **options: (plan.sql, params)
        query = SimpleNamespace(get_compiler=lambda *args, **options: compiler)
        return list(plan.iterable(SimpleNamespace(db=DEFAULT_DB_ALIAS, query=query, _known_related_objects={})))

    def _compile(self) -> _Plan:
        queryset: Any = self._build(**self._examples)
        if queryset._prefetch_related_lookups:
            raise ValueError("a prepared query prefetches nothing")
        compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        names = {example: name for name, example in self._examples.items()}
        if len(names) < len(self._examples) or not set(names) <= set(params):
            raise ValueError(f"each of {', '.join(self._examples)} needs a place of its own in the query")
        places = tuple((names.get(param), param) for param in params)
        return _Plan(compiler, queryset._iterable_class, sql, places)
