"""The catalogue of requirements and its report."""

from types import SimpleNamespace

import pytest

from tests.plugins.requirements import catalogue, pytest_collection_modifyitems, report


def test_catalogue_names_every_area() -> None:
    ids = list(catalogue())
    assert len(ids) == len(set(ids)) >= 60
    assert {requirement.split("-")[0] for requirement in ids} == {
        "REG", "ORG", "INV", "CHAT", "CHAN", "STAT", "DOC", "ACC", "SUP", "INT",
    }  # fmt: skip


def test_report_lists_the_proven_and_the_open() -> None:
    lines = report({"INV-3": "A link has a lifetime", "INV-4": "Links expire"}, {"INV-3": ["b.py::two", "a.py::one"]})
    assert lines == [
        "INV-3  A link has a lifetime",
        "    a.py::one",
        "    b.py::two",
        "",
        "No test yet (1):",
        "INV-4  Links expire",
        "",
        "Requirements named by a test: 1 of 2",
    ]


def test_an_unknown_id_fails_the_collection() -> None:
    item = SimpleNamespace(nodeid="tests/x.py::test_it", iter_markers=lambda name: [pytest.mark.req("INV-999").mark])
    with pytest.raises(pytest.UsageError, match=r"tests/x.py::test_it: no such requirement .* INV-999"):
        pytest_collection_modifyitems(SimpleNamespace(getoption=lambda name: False), [item])
