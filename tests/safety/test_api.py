"""The whole API with bodies and parameters nobody would think of, by everybody: no failure of ours, and no answer that
the description does not promise (INT-1).

schemathesis makes the cases from the description, the same ones each time; every role sends each of them to addresses
of things that exist. SCHEMATHESIS_EXAMPLES=50 makes it thorough, by hand. One example: a minute and a half.
"""

from __future__ import annotations

import os
import re
import warnings
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from django.db import transaction
from django.urls import resolve, reverse
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import openapi

from accounts.services import create_api_key
from tests.api.client import CheckedClient, description
from tests.matrix_things import Things
from tests.world import CAST, World

pytestmark = [pytest.mark.req("INT-1"), pytest.mark.timeout(600)]
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "1"))
METHODS = {"get", "post", "put", "patch", "delete"}
# A stranger, the administrator of another school, a key that may only read.
OTHERS = ("stranger", "foreign", "key")


# Gives a file as what it is, which is described as bytes; its shape is that of tests/files/test_serving.py.
FILES = {"api_help_request_file"}


@dataclass(frozen=True)
class Sent:
    """One case: what is sent to an operation."""

    route: str
    method: str
    query: dict[str, Any]
    body: Any


@cache
def cases() -> tuple[Sent, ...]:
    """The cases of all operations, made once and always the same."""
    found: list[Sent] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        schema = openapi.from_dict(description())
        for result in schema.get_all_operations():
            operation = result.ok()
            if operation.method.lower() in METHODS:
                found += _cases_of(operation)
    return tuple(sent for sent in found if sent.route not in FILES)


def _cases_of(operation: Any) -> list[Sent]:
    route = resolve(re.sub(r"\{\w+\}", "1", operation.path)).view_name
    made: list[Sent] = []

    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def collect(case: Any) -> None:
        body = case.body if isinstance(case.body, (dict, list, str, int, float, bool, type(None))) else None
        query = {
            name: value for name, value in (case.query or {}).items() if isinstance(value, (str, int, float, list))
        }
        made.append(Sent(route, operation.method.upper(), query, body))

    collect()
    return made


def client_of(world: World, who: str) -> CheckedClient:
    """A client of `who`, which checks each answer against the description."""
    client = CheckedClient()
    client.raise_request_exception = False
    if who == "key":
        _key, raw = create_api_key(world.a.user("administrator"), "only reads", read_only=True)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {raw}")
    elif who != "stranger":
        user = world.b.user("administrator") if who == "foreign" else world.a.user(who)
        client.force_login(user, backend="accounts.backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("who", [*CAST, *OTHERS])
def test_every_operation_answers_as_it_is_described(world: World, who: str) -> None:
    things, client = Things(world), client_of(world, who)
    addresses: dict[str, str] = {}
    wrong: list[str] = []
    assert len(cases()) > 200
    for sent in cases():
        if sent.route not in addresses:
            addresses[sent.route] = reverse(sent.route, kwargs=things.fill(sent.route))
        if problem := _problem(client, addresses[sent.route], sent):
            wrong.append(f"{sent.method} {sent.route} {problem}")
    assert not wrong, "\n".join(wrong)


def _problem(client: CheckedClient, address: str, sent: Sent) -> str:
    with transaction.atomic():
        try:
            if sent.method == "GET":
                response = client.get(address, sent.query)
            else:
                response = getattr(client, sent.method.lower())(address, sent.body, format="json")
            return f"{response.status_code} for {sent.body}" if response.status_code >= 500 else ""
        except Exception as error:
            # The description is broken in one place: the others are looked at all the same.
            return f"{type(error).__name__}: {str(error)[:300]} for {sent.query} {sent.body}"
        finally:
            transaction.set_rollback(True)
