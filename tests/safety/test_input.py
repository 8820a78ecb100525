"""Whatever stands in an address or a form, the answer is an answer and never a failure of ours (INT-1).

The names of parameters are those that the page itself asks for: they are overheard, so no page is forgotten.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from accounts.models import User
from tests.matrix import Row
from tests.matrix_things import Things
from tests.test_permission_matrix import ROWS
from tests.world import World

pytestmark = [pytest.mark.req("INT-1", "ACC-4"), pytest.mark.timeout(600)]
Browse = Callable[[User | None], Client]
HOSTILE = {
    "nul": "%00",
    "no utf-8": "%ff%fe%80",
    "half a pair": "%ed%a0%80",
    "long": "a" * 10_000,
    "negative": "-1",
    "huge": "9" * 30,
    "float": "1e309",
    "bad day": "2026-02-30",
    "early day": "0001-01-01",
    "late day": "9999-12-31",
    "list": "1,2,x",
    "path": quote("../../etc/passwd"),
    "quotes": quote("'\"; DROP TABLE x --"),
    "pattern": quote("%_\\(((a+)+)+$"),
    "bidi": quote("\u202e\u200f\ufeff\U000e0001"),
    "digits of others": quote("١٢٣²"),
}
# Says 503 where no worker and no schedule run, as here.
QUIET = {"readyz"}
# Each page gets so many of them, another one in every parameter each time; HOSTILE=all gives every page all of them.
ROUNDS = len(HOSTILE) if os.environ.get("HOSTILE") == "all" else 3


@pytest.fixture
def overheard(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The names that were asked of the parameters of a request."""
    names: set[str] = set()

    def hear(method: str) -> None:
        real = getattr(QueryDict, method, None) or getattr(MultiValueDict, method)

        def listening(self: QueryDict, key: str, *more: object, **named: object) -> object:
            if isinstance(key, str) and key.replace("_", "").replace("-", "").isalnum():
                names.add(key)
            return real(self, key, *more, **named)

        monkeypatch.setattr(QueryDict, method, listening)

    for method in ("get", "getlist", "__getitem__", "__contains__"):
        hear(method)
    return names


def rows(method: str) -> list[Row]:
    """Rows of pages and operations that the administrator may ask."""
    return [row for row in ROWS if row.method == method and row.expected()["administrator"] not in (401, 404)]


def ask(client: Client, method: str, address: str, query: str) -> int:
    """Ask with `query` in the address or, as a form, in the body; nothing of it is kept."""
    with transaction.atomic():
        if method == "GET":
            response = client.get(f"{address}?{query}")
        else:
            response = client.generic(method, address, query, content_type="application/x-www-form-urlencoded")
        if getattr(response, "streaming", False):
            list(response)
        transaction.set_rollback(True)
    return response.status_code


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_fails(world: World, browse: Browse, overheard: set[str], method: str) -> None:
    things, client = Things(world), browse(world.a.user("administrator"))
    client.raise_request_exception = False
    values, failed, turn = list(HOSTILE.values()), [], 0
    for row in rows(method):
        address = reverse(row.route, kwargs=things.fill(row.route))
        if row.route in QUIET or (method == "POST" and address.startswith("/api/")):
            continue  # bodies of the API are JSON: tests/safety/test_api.py
        overheard.clear()
        ask(client, method, address, "")
        names = sorted(overheard - {"csrfmiddlewaretoken"})
        for _round in range(ROUNDS if names else 0):
            turn += 1
            query = "&".join(f"{name}={values[(turn + place) % len(values)]}" for place, name in enumerate(names))
            if ask(client, method, address, query) >= 500:
                failed.append((row.name, query[:300]))
    assert failed == []
