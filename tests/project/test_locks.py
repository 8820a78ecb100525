"""The locks pin every package by its hash and name no registry."""

import re
import tomllib

import pytest

from tests.project.source import ROOT

LOCKS = ["requirements.txt", "requirements-dev.txt"]
PIN = re.compile(
    r"^([a-z0-9][a-z0-9._-]*)==(\S+)(?: ; [^\\]+)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)
# The user asks for these by name.
ASKED_FOR = {
    "django", "djangorestframework", "psycopg2-binary", "celery", "redis", "django-guardian",
}  # fmt: skip


def pins(lock: str) -> dict[str, str]:
    return {name: version for name, version, _hashes in PIN.findall((ROOT / lock).read_text(encoding="utf-8"))}


def wanted(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!~; ]", line, maxsplit=1)[0].lower().replace("_", "-") for line in requirements}


@pytest.fixture
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_registry(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^-", text, re.MULTILINE), "an option of pip"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert len(pins(lock)) == len(re.findall(r"^[a-z0-9].*==", text, re.MULTILINE)) > 30


def test_locks_hold_what_the_project_asks_for(project: dict) -> None:
    assert wanted(project["dependencies"]) <= set(pins("requirements.txt"))
    assert wanted(project["optional-dependencies"]["dev"]) <= set(pins("requirements-dev.txt"))
    assert wanted(project["dependencies"]) >= ASKED_FOR


def test_both_locks_agree() -> None:
    run, dev = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {name: dev.get(name) for name in run} == run


def test_django_would_not_prefer_another_driver() -> None:
    assert not {"psycopg", "psycopg-binary", "psycopg-c"} & set(pins("requirements-dev.txt"))
