"""The small seam where only one of the two databases can do something."""

from collections.abc import Callable
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def same_organization(table: str, column: str, target: str) -> migrations.RunPython:
    """A migration operation: on PostgreSQL, `table.column` may only point at a row of `target` with the same
    `organization_id` (the second wall behind the selectors, ACC-4). `target` needs a unique (organization_id, id).
    """
    name = f"{table}_{column}_same_org"
    return on_postgresql(
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY (organization_id, "{column}") '
        f'REFERENCES "{target}" (organization_id, id) DEFERRABLE INITIALLY IMMEDIATE',
        f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"',
    )


def on_postgresql(forwards: str, backwards: str) -> migrations.RunPython:
    """A migration operation that runs SQL on PostgreSQL and does nothing elsewhere."""
    return _on("postgresql", forwards, backwards)


def on_sqlite(forwards: str, backwards: str) -> migrations.RunPython:
    """A migration operation that runs SQL on SQLite and does nothing elsewhere."""
    return _on("sqlite", forwards, backwards)


def _on(vendor: str, forwards: str, backwards: str) -> migrations.RunPython:
    def run(sql: str) -> Callable[[Any, BaseDatabaseSchemaEditor], None]:
        def operation(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
            if schema_editor.connection.vendor == vendor:
                schema_editor.execute(sql, params=None)

        return operation

    return migrations.RunPython(run(forwards), run(backwards))
