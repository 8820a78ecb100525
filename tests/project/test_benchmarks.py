"""The benchmarks still start: what they stand on is asked once, nothing is timed."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.db.models import NOT_PROVIDED

from benchmarks import everything
from benchmarks.joining import make_session
from benchmarks.request import Ask, Stack
from tests.world import World

FOLDER = Path(everything.__file__).parent
NAMES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("name", NAMES)
def test_each_can_be_imported(name: str) -> None:
    import_module(f"benchmarks.{name}")


_INSERT = re.compile(r"INSERT INTO (\w+) \(([^)]*)\)")


@pytest.mark.parametrize("name", NAMES)
def test_rows_written_by_hand_fill_every_column_that_needs_it(name: str) -> None:
    """A column that was added later makes the next run of a benchmark fail: found here instead."""
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    missing = {}
    for table, columns in _INSERT.findall((FOLDER / f"{name}.py").read_text()):
        if table in models and "{" not in columns:
            fields = models[table]._meta.concrete_fields
            needed = {field.column for field in fields if not (field.null or field.primary_key or has_default(field))}
            if left := needed - set(re.findall(r"\w+", columns)):
                missing[table] = left
    assert missing == {}


def has_default(field: Any) -> bool:
    """Whether the database itself fills the column."""
    return field.has_db_default() if hasattr(field, "has_db_default") else field.db_default is not NOT_PROVIDED


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """The end of a request closes the connection, and with it the transaction of the test (Django's client does so)."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_a_request_is_measured(world: World, kept_connection: None) -> None:
    session = make_session(str(world.a.user("parent").phone))
    cost = Stack().cost([Ask(session, f"/o/{world.a.slug}/")] * 3, warm=1)
    assert cost.statements > 5
    assert cost.kilobytes > 1
    with pytest.raises(RuntimeError, match="404"):
        Stack().answer(Ask(session, "/o/nowhere/"))


def test_the_tables_stand_between_their_marks(tmp_path: Path, monkeypatch: Any) -> None:
    page = tmp_path / "performance.md"
    page.write_text("before\n<!-- measured -->\nold\n<!-- /measured -->\nafter\n")
    monkeypatch.setattr(everything, "DOC", page)
    everything.write(["| new |"])
    assert page.read_text() == "before\n<!-- measured -->\n| new |\n<!-- /measured -->\nafter\n"
