"""The world of every test, and the means to look at it as somebody."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.models import User
from tests.world import World, build_world


@pytest.fixture(scope="session")
def built_world(django_db_setup: None, django_db_blocker: Any) -> World:
    """The two schools, made once per worker; only non-transactional tests may rely on them."""
    with django_db_blocker.unblock():
        return build_world()


@pytest.fixture
def world(built_world: World, db: None) -> World:
    """The two schools; each test has objects of its own, and the database rolls back."""
    return copy.deepcopy(built_world)


@pytest.fixture(scope="session")
def without_the_world(django_db_setup: None, django_db_blocker: Any) -> None:
    """Empty the tables once, when the first test of races comes (pytest-django runs those last)."""
    with django_db_blocker.unblock():
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(autouse=True)
def own_rows_only(request: pytest.FixtureRequest) -> None:
    """Tests of races commit and count rows, so they must not find the shared world's."""
    mark = request.node.get_closest_marker("django_db")
    if mark is not None and mark.kwargs.get("transaction") and connection.vendor == "postgresql":
        request.getfixturevalue("without_the_world")


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Limits on failures live in the cache: no test inherits another's."""
    cache.clear()


@pytest.fixture(autouse=True)
def sent_jobs(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """Jobs that were handed to the broker, instead of a broker."""
    jobs: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr("common.jobs._send", lambda name, arguments: jobs.append((name, arguments)))
    return jobs


@pytest.fixture
def browse() -> Callable[[User | None], Client]:
    """`browse(user)` is a browser in which `user` is signed in (None: a stranger)."""

    def as_user(user: User | None) -> Client:
        client = Client(headers={"accept-language": "en"})
        if user is not None:
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return as_user


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On SQLite, tests of races and of composite keys say why they do not run."""
    if connection.vendor == "postgresql":
        return
    reason = pytest.mark.skip(reason="needs PostgreSQL: SQLite has neither row locks nor composite keys here")
    for item in items:
        if "postgresql" in item.keywords:
            item.add_marker(reason)
