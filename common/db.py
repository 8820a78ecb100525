"""The small seam where only one of the two databases can do something."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


def same_organization(table: str, column: str, target: str) -> Operation:
    """A migration operation: on PostgreSQL, `table.column` may only point at a row of `target` with the same
    `organization_id` (the second wall behind the selectors, ACC-4). `target` needs a unique (organization_id, id).
    """
    name = f"{table}_{column}_same_org"
    return on_postgresql(
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY (organization_id, "{column}") '
        f'REFERENCES "{target}" (organization_id, id) DEFERRABLE INITIALLY IMMEDIATE',
        f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"',
    )


def on_postgresql(forwards: str, backwards: str) -> Operation:
    """A migration operation that runs SQL on PostgreSQL and does nothing elsewhere."""
    return RunSqlOn("postgresql", forwards, backwards)


def on_sqlite(forwards: str, backwards: str) -> Operation:
    """A migration operation that runs SQL on SQLite and does nothing elsewhere."""
    return RunSqlOn("sqlite", forwards, backwards)


class RunSqlOn(Operation):
    """SQL for one of the two databases.

    Not `RunPython`: that renders all models of the project anew before it runs, and there are a hundred of these.
    """

    reduces_to_sql = True

    def __init__(self, vendor: str, forwards: str, backwards: str) -> None:
        self.vendor = vendor
        self.forwards = forwards
        self.backwards = backwards

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing Django knows of changes."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        self._run(schema_editor, self.forwards)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        self._run(schema_editor, self.backwards)

    def _run(self, schema_editor: BaseDatabaseSchemaEditor, sql: str) -> None:
        if schema_editor.connection.vendor == self.vendor:
            schema_editor.execute(sql, params=None)

    def describe(self) -> str:
        return f"SQL on {self.vendor}"
