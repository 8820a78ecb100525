"""The mechanism of the permission matrix: rows, the walk over the resolver, one request per cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from tests.world import World

# The columns of the matrix, in the order in which rows write their statuses.
COLUMNS = (
    "anonymous",
    "other",  # the administrator of the other school
    "student",
    "parent",
    "teacher",  # teaches 5Б, not 5А
    "leader",  # leads 5А
    "head",
    "administrator",
    "operator",
)


@dataclass(frozen=True)
class Row:
    """One (method, route) with its statuses in the order of COLUMNS."""

    method: str
    route: str
    statuses: str

    @property
    def name(self) -> str:
        return f"{self.method} {self.route}"

    def expected(self) -> dict[str, int]:
        """The declared status of each column."""
        numbers = [int(number) for number in self.statuses.split()]
        assert len(numbers) == len(COLUMNS), f"{self.name}: {len(numbers)} statuses"
        return dict(zip(COLUMNS, numbers, strict=True))


def user_of(world: World, column: str) -> User | None:
    """The user who looks through this column of the matrix."""
    special = {"anonymous": None, "other": world.b.user("administrator"), "operator": world.operator}
    return special[column] if column in special else world.a.user(column)


def ask(row: Row, address: dict[str, Any], client: Client) -> int:
    """Make the request of one cell, with nothing in its body, and return its status."""
    url = reverse(row.route, kwargs=address)
    if url.startswith("/api/"):
        return client.generic(row.method, url, "", content_type="application/json").status_code
    send = client.get if row.method == "GET" else client.post
    return send(url).status_code


def all_routes() -> set[str]:
    """Names of every route of the resolver; a route without a name is listed by its pattern."""
    return set(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[Any], namespace: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}" if pattern.name else f"{namespace}({pattern.pattern})"
