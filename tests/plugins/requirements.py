"""Which test proves which requirement.

`@pytest.mark.req("INV-3")` names ids of `docs/requirements.md`; an unknown one fails the collection, so that a
misspelt id can't pretend to prove anything. `pytest --requirements` prints the report instead of running tests.
"""

import re
from collections import defaultdict
from pathlib import Path

import pytest

CATALOGUE = Path(__file__).resolve().parents[2] / "docs" / "requirements.md"
_LINE = re.compile(r"^- \*\*([A-Z]+-\d+)\*\* (.+)$", re.MULTILINE)


def catalogue() -> dict[str, str]:
    """Return the requirements as {id: sentence}, in the catalogue's order."""
    return dict(_LINE.findall(CATALOGUE.read_text(encoding="utf-8")))


def report(titles: dict[str, str], proofs: dict[str, list[str]]) -> list[str]:
    """Return the report's lines: first the ids with their tests, then the ids without any."""
    proven = [requirement for requirement in titles if proofs.get(requirement)]
    open_ones = [requirement for requirement in titles if not proofs.get(requirement)]
    lines = []
    for requirement in proven:
        lines.append(f"{requirement}  {titles[requirement]}")
        lines.extend(f"    {name}" for name in sorted(proofs[requirement]))
    lines.append("")
    lines.append(f"No test yet ({len(open_ones)}):")
    lines.extend(f"{requirement}  {titles[requirement]}" for requirement in open_ones)
    lines.append("")
    lines.append(f"Requirements named by a test: {len(proven)} of {len(titles)}")
    return lines


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--requirements", action="store_true", help="print which tests prove which requirement")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    titles = catalogue()
    proofs: dict[str, list[str]] = defaultdict(list)
    for item in items:
        name = item.nodeid.split("[")[0]
        for mark in item.iter_markers("req"):
            unknown = [requirement for requirement in mark.args if requirement not in titles]
            if unknown:
                raise pytest.UsageError(f"{name}: no such requirement in docs/requirements.md: {', '.join(unknown)}")
            for requirement in mark.args:
                if name not in proofs[requirement]:
                    proofs[requirement].append(name)
    if config.getoption("--requirements"):
        config.stash[_REPORT] = report(titles, proofs)
        items.clear()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash.get(_REPORT, []):
        terminalreporter.write_line(line)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    # The report runs no test on purpose; pytest's own code for that (5) would look like a failure.
    if _REPORT in session.config.stash and session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK


_REPORT = pytest.StashKey[list[str]]()
