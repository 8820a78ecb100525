"""Every route, method and role: declared, tried, and none forgotten (ACC-4)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from tests.matrix import COLUMNS, Row, all_routes, ask, user_of
from tests.matrix_rows import TABLE
from tests.matrix_things import APPS, Things
from tests.world import World

TABLES = [TABLE, *(module.TABLE for module in APPS)]
ROWS = [Row(*line.split(None, 2)) for table in TABLES for line in table.strip().splitlines()]
# The API's answer to addresses that do not exist, and the operator's admin, which has its own test below.
ELSEWHERE = {"api_nothing"}


@pytest.mark.req("ACC-4")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_role_gets_what_the_matrix_says(world: World, browse: Callable[[User | None], Client], row: Row) -> None:
    address = Things(world).fill(row.route)
    given = {}
    for column in COLUMNS:
        with transaction.atomic():
            given[column] = ask(row, address, browse(user_of(world, column)))
            transaction.set_rollback(True)
    assert given == row.expected()


@pytest.mark.req("ACC-4")
def test_every_route_is_in_the_matrix() -> None:
    routes = {route for route in all_routes() if not route.startswith("admin:")}
    assert routes - {row.route for row in ROWS} - ELSEWHERE == set()
    assert {row.route for row in ROWS} - routes == set()


ADMIN_PAGES = ["admin:index"] + [
    f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
    for model in admin.site._registry
    for page in ("changelist", "add")
]


@pytest.mark.req("ACC-4")
@pytest.mark.parametrize("page", ADMIN_PAGES)
def test_the_operators_tool_opens_for_operators_only(
    world: World, browse: Callable[[User | None], Client], page: str
) -> None:
    try:
        address = reverse(page)
    except NoReverseMatch:
        pytest.fail(f"{page} has no address")
    for column in COLUMNS:
        status = browse(user_of(world, column)).get(address).status_code
        allowed = {200, 403} if column == "operator" else {302, 403}
        assert status in allowed, (column, status)


def test_an_address_of_the_api_that_does_not_exist_answers_in_its_shape(world: World) -> None:
    answer = Client().get("/api/v1/nonsense/")
    assert answer.status_code == 404
    assert set(answer.json()) == {"code", "message", "fields"}


@pytest.mark.req("ACC-4")
@pytest.mark.parametrize("row", [row for row in ROWS if Things.has_numbers(row.route)], ids=lambda row: row.name)
def test_numbers_beyond_the_database_are_simply_not_found(
    world: World, browse: Callable[[User | None], Client], row: Row
) -> None:
    values = Things(world).fill(row.route)
    for number in (0, 2**63, 10**30):
        address = {name: number if isinstance(value, int) else value for name, value in values.items()}
        with transaction.atomic():
            status = ask(row, address, browse(world.a.user("administrator")))
            transaction.set_rollback(True)
        assert status < 500, number
        assert status != 200 or row.route.startswith(("mfa_", "files:logo", "account")), number
