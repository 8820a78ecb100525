"""The world of every test, and the means to look at it as somebody."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from channels.layers import channel_layers
from django.conf import settings
from django.contrib.auth import user_logged_in
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from common import live as live_updates
from orgs.models import Person
from stats.middleware import PRESENT
from tests.world import World, build_world

REAL_SEND = live_updates._send


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


@pytest.fixture(autouse=True)
def broadcasts(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """What was told to open pages, (group, message) in that order, instead of a channel layer."""
    told: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(live_updates, "_send", lambda group, message: told.append((group, message)))
    yield told
    for group, message in told:
        assert re.fullmatch(r"[a-zA-Z0-9_.-]{1,99}", group), f"no name for a group: {group}"
        assert message == json.loads(json.dumps(message)), "only what JSON can hold arrives as it was sent"
        assert "type" in message


@pytest.fixture(autouse=True)
def kept_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets give their database connection back after each visit; a test's own holds the test's transaction."""
    monkeypatch.setattr("channels.db.close_old_connections", lambda: None)


@pytest.fixture
def live(broadcasts: list[tuple[str, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Broadcasts really go through the channel layer (Redis when there is one), for tests of sockets."""
    monkeypatch.setattr(live_updates, "_send", REAL_SEND)
    yield
    live_updates._finish()
    live_updates._forget()
    channel_layers.backends.clear()


@pytest.fixture(autouse=True)
def here_today() -> Iterator[None]:
    """Browsers of tests have been here today: what a page costs is counted without the first request of a day, which
    tests/stats/test_presence.py is about. Whoever signs in at the door comes for the first time.
    """
    user_logged_in.connect(_remember_today)
    yield
    user_logged_in.disconnect(_remember_today)


@pytest.fixture(autouse=True)
def rules_accepted() -> Iterator[None]:
    """Whoever a test puts into a browser has accepted the rules of use; tests/accounts/test_rules.py is about others,
    and whoever signs in at the door accepts them there.
    """
    user_logged_in.connect(_accept_rules)
    yield
    user_logged_in.disconnect(_accept_rules)


def _accept_rules(request: HttpRequest, user: User, **_more: Any) -> None:
    if "REQUEST_METHOD" not in request.META and user.rules_version == "":
        User.objects.filter(pk=user.pk).update(rules_version=settings.RULES_VERSION)


def _remember_today(request: HttpRequest, user: User, **_more: Any) -> None:
    if "REQUEST_METHOD" in request.META:
        return  # a real sign-in; `force_login` comes by no request
    people = Person.objects.filter(user=user).select_related("organization")
    now = timezone.now()
    request.session[PRESENT] = {
        str(person.pk): timezone.localdate(now, person.organization.zone).isoformat() for person in people
    }


@pytest.fixture
def browse() -> Callable[[User | None], Client]:
    """`browse(user)` is a browser in which `user` is signed in (None: a stranger)."""

    def as_user(user: User | None) -> Client:
        client = Client(headers={"accept-language": "en"})
        if user is not None:
            client.force_login(user, backend="accounts.backends.AuthenticationBackend")
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
