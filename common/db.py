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


def index_for_wall(table: str, column: str, *, is_rare: bool = False) -> Operation:
    """A migration operation: on PostgreSQL, an index for the wall of `same_organization` on a table of many rows.

    Whoever removes a row of the target makes PostgreSQL look for rows that point at it, once for each. With an index of
    each column alone it may take that of the organization, and reads the whole table every time. `is_rare`: the column
    is nearly always empty.
    """
    name = f"{table}_{column}_wall"[:63]
    some = f' WHERE "{column}" IS NOT NULL' if is_rare else ""
    return on_postgresql(
        f'CREATE INDEX "{name}" ON "{table}" ("{column}", organization_id){some}', f'DROP INDEX "{name}"'
    )


def one_wall_is_enough() -> Operation:
    """A migration operation: on PostgreSQL, drop foreign keys of one column where a `same_organization` of the same
    column stands beside it.

    It says the same and more (organization_id is never empty there), and every row would be looked up twice, when it is
    written and for each row of the target that is removed.
    """
    return on_postgresql(_DROP_DOUBLES, "SELECT 1")


_DROP_DOUBLES = """
DO $$
DECLARE one record;
BEGIN
  FOR one IN
    SELECT single.conrelid::regclass AS relation, single.conname AS name
    FROM pg_constraint single
    JOIN pg_constraint wall ON wall.conrelid = single.conrelid AND wall.confrelid = single.confrelid
    JOIN pg_attribute organization ON organization.attrelid = wall.conrelid AND organization.attnum = wall.conkey[1]
    WHERE single.contype = 'f' AND wall.contype = 'f' AND array_length(single.conkey, 1) = 1
      AND array_length(wall.conkey, 1) = 2 AND wall.conkey[2] = single.conkey[1]
      AND organization.attname = 'organization_id' AND organization.attnotnull
      AND single.connamespace = current_schema()::regnamespace
  LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.relation, one.name);
  END LOOP;
END $$
"""


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
