"""`docs/regulations.md` tells the truth: what it names exists, and the walks do what it says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

from tests.plugins.requirements import catalogue
from tests.regulations import steps

FOLDER = Path(__file__).parent
TABLE = FOLDER.parents[1] / "docs" / "regulations.md"
_ROW = re.compile(r"^\| [^|]+ \| ([^|]+) \| ([A-Z][^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
_TEST = re.compile(r"^`(test_\w+\.py)` › `(\w+)`$")


def rows() -> list[tuple[str, list[str], str, str]]:
    """Return duty, requirements, page, test of every row that is not a heading."""
    found = _ROW.findall(TABLE.read_text(encoding="utf-8"))
    return [(duty, ids.split(", "), page, test) for duty, ids, page, test in found if ids != "Requirement"]


def walks() -> Iterator[str]:
    return (path.name for path in sorted(FOLDER.glob("test_s?_*.py")))


def steps_of(name: str) -> list[str]:
    """Return the steps that the walk in that file takes, in their order."""
    tree = ast.parse((FOLDER / name).read_text(encoding="utf-8"))
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [
        call.attr
        for call in calls
        if isinstance(call, ast.Attribute) and isinstance(call.value, ast.Name) and call.value.id == "steps"
    ]


def requirements_of(name: str) -> set[str]:
    """Return the ids that the file's walk says it proves."""
    return set(re.findall(r'"([A-Z]+-\d+)"', (FOLDER / name).read_text(encoding="utf-8")))


def test_the_table_speaks_of_all_five_regulations() -> None:
    named = {match[1] for _duty, _ids, _page, test in rows() if (match := _TEST.match(test))}
    assert named == set(walks())
    assert len(rows()) > 100


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0][:60])
def test_what_a_row_names_exists(row: tuple[str, list[str], str, str]) -> None:
    _duty, ids, page, test = row
    assert set(ids) <= set(catalogue())
    if page == "later":
        assert test == "—"
        return
    address = page.strip("`").replace("<slug>", "place").replace("<id>", "1").replace("<token>", "1-abc")
    try:
        resolve(address)
    except Resolver404:
        pytest.fail(f"no page at {address}")
    named = _TEST.match(test)
    assert named, test
    assert callable(getattr(steps, named[2]))
    assert named[2] in steps_of(named[1])
    assert set(ids) <= requirements_of(named[1])


def test_every_step_of_a_walk_stands_in_the_table() -> None:
    preparation = "children_are_enrolled"
    told = {match.groups() for _duty, _ids, _page, test in rows() if (match := _TEST.match(test))}
    assert [
        (name, step) for name in walks() for step in steps_of(name) if step != preparation and (name, step) not in told
    ] == []


def test_no_duty_of_a_later_part_is_claimed() -> None:
    """A requirement is marked by a walk only when a row of its regulation leads to it."""
    for name in walks():
        shown = {one for _duty, ids, _page, test in rows() if name in test for one in ids}
        assert requirements_of(name) - shown - {"REG-7", "ORG-10", "INV-3", "INV-11", "ACC-1", "ACC-4"} == set(), name
