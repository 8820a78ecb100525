"""Every row of every table as JSON, the same from SQLite and from PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder

from common.exact_json import ExactEncoder

# So many rows stand in one piece of a backup.
PIECE = 5000
# The notes of what has to be counted are written by triggers when rows come in; what the backup holds replaces them.
LAST = "stats.change"


def all_models() -> list[type[models.Model]]:
    """Return the models that have a table, also those between many and many; `LAST` at the end."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped
    ]
    return sorted(found, key=lambda model: (model._meta.label_lower == LAST, model._meta.label_lower))


def file_fields(model: type[models.Model]) -> list[models.FileField]:
    """Return the columns of `model` that name files of the store."""
    return [field for field in model._meta.concrete_fields if isinstance(field, models.FileField)]


def migrations() -> list[str]:
    """Return what has been applied to the database: «orgs.0001_initial_tables»."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def pieces(model: type[models.Model]) -> Iterator[tuple[int, bytes]]:
    """Yield (number of rows, lines of JSON): one row a line, a list of its columns in the order of the model."""
    names = [field.attname for field in model._meta.concrete_fields]
    lines: list[str] = []
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=2000):
        lines.append(json.dumps(row, cls=ExactEncoder, ensure_ascii=False))
        if len(lines) == PIECE:
            yield len(lines), "\n".join(lines).encode()
            lines = []
    if lines:
        yield len(lines), "\n".join(lines).encode()


def insert(model: type[models.Model], piece: bytes) -> int:
    """Write the rows of a piece into the table of `model`; return how many."""
    fields = model._meta.concrete_fields
    rows = []
    for line in piece.decode().split("\n"):
        values = zip(fields, json.loads(line), strict=True)
        rows.append(model(**{field.attname: _python(field, value) for field, value in values}))
    model._base_manager.bulk_create(rows, batch_size=1000)
    return len(rows)


def _python(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(field, models.ForeignKey):
        return field.target_field.to_python(value)
    return value if isinstance(field, models.FileField) else field.to_python(value)


def empty(model: type[models.Model]) -> None:
    """Remove the rows of a table that migrations or triggers have written."""
    model._base_manager.all()._raw_delete(connection.alias)


def continue_numbering() -> None:
    """Let every table go on after its greatest number: rows came with theirs. SQLite does so by itself."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in all_models():
            table, column = model._meta.db_table, model._meta.pk.column
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', column])
            [sequence] = cursor.fetchone()
            if sequence:
                # Names come from the models. Never backwards: a number that was given once is not given again.
                cursor.execute(
                    f'SELECT setval(%s, GREATEST((SELECT MAX("{column}") FROM "{table}"), '  # noqa: S608
                    f"(SELECT last_value FROM {sequence})))",
                    [sequence],
                )


def defer_constraints() -> None:
    """Let rows point at rows that come later; checked at the end of the transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
