"""The benchmarks still start: what they stand on is asked once, nothing is timed."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from benchmarks import everything
from benchmarks.joining import make_session
from benchmarks.request import Ask, Stack
from tests.world import World

NAMES = sorted(path.stem for path in Path(everything.__file__).parent.glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("name", NAMES)
def test_each_can_be_imported(name: str) -> None:
    import_module(f"benchmarks.{name}")


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
