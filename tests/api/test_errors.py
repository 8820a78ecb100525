"""One shape of errors, and nothing a sender does is our fault."""

import json
from base64 import b64encode

import pytest
from django.db.utils import InterfaceError, OperationalError
from redis.exceptions import ConnectionError as RedisAway
from rest_framework.test import APIClient

from tests.api.conftest import Api
from tests.world import World

pytestmark = pytest.mark.req("INT-1")

HUGE = 10**40
TEXTS = [
    None,
    True,
    0,
    -1,
    1.5,
    HUGE,
    "",
    " ",
    "\u0000",
    "\u200b",
    "\ud800",
    "x" * 5000,
    "ΐ" * 80,
    "1 " * 50,
    "<script>alert(1)</script>",
    "'; DROP TABLE orgs_person; --",
    "%s%(x)s{0}",
    [],
    {},
    ["x"],
    {"$ne": None},
]
BODIES = [
    "",
    "null",
    "[]",
    "1",
    '"x"',
    "{",
    "{'a': 1}",
    "[" * 100_000,
    '{"a": ' * 50_000,
    "NaN",
    "\ufeff{}",
    '{"a": 1e999}',
]


def shape_of(response) -> set[str]:
    return set(response.json())


def test_every_error_has_the_one_shape(world: World, api: Api) -> None:
    administrator = api(world.a, "administrator")
    answers = {
        401: api().get("/api/v1/o/a/units/"),
        403: api(world.a, "student").get("/api/v1/o/a/people/"),
        404: administrator.get("/api/v1/o/a/units/999999/"),
        400: administrator.post("/api/v1/o/a/units/", {}),
        405: administrator.delete("/api/v1/o/a/units/"),
        415: administrator.generic("POST", "/api/v1/o/a/units/", "<a/>", content_type="text/xml"),
        409: administrator.post("/api/v1/o/a/units/", {"units": [{"kind": "class", "name": "5А"}]}),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert shape_of(answer) == {"code", "message", "fields"}, status
    assert answers[401].headers["WWW-Authenticate"]
    assert list(answers[400].json()["fields"]) == ["units"]


def test_an_address_that_does_not_exist_answers_in_json(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    for path in ("nothing/", "o/a/nothing/", "o/плохой адрес/", "o/a/units/abc/", "o/a/units/-1/", "o/a/units"):
        answer = client.get(f"/api/v1/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
    assert client.get(f"/api/v1/o/a/units/{HUGE}/").status_code == 404


WRITES = [
    ("patch", "", ["name", "short_name", "time_zone", "email", "site", "diary_url", "phone"]),
    ("put", "labels/", ["unit", "teacher"]),
    ("post", "units/", ["units"]),
    ("patch", "units/{unit}/", ["name", "parallel", "letter", "age_group"]),
    ("post", "units/{unit}/members/", ["people", "part", "day", "order_number", "order_date"]),
    ("post", "people/", ["last_name", "first_name", "phone", "email", "birth_date", "roles", "position"]),
    ("patch", "people/{person}/", ["last_name", "patronymic", "phone", "email", "birth_date"]),
    ("put", "people/{person}/roles/", ["roles"]),
    ("post", "people/{person}/parents/", ["parent"]),
    ("post", "administrators/", ["person"]),
    ("post", "handovers/", ["person", "stays"]),
    ("post", "rights/", ["person", "right", "unit"]),
    ("post", "rights/revoke/", ["person", "right", "unit"]),
    ("post", "invitations/", ["units", "role", "days", "max_uses"]),
    ("post", "invitations/send-codes/", ["invitations"]),
    ("post", "units/{unit}/codes/", ["role", "people"]),
]
GOOD = {
    "units": [{"kind": "class", "name": "9А"}],
    "last_name": "Новый",
    "first_name": "Никита",
    "roles": ["teacher"],
    "part": "student",
    "right": "view_statistics",
    "role": "parent",
}


@pytest.mark.parametrize(("method", "path", "fields"), WRITES, ids=[path or "organization" for _m, path, _f in WRITES])
def test_bad_input_is_the_senders_error(world: World, api: Api, method: str, path: str, fields: list[str]) -> None:
    client = api(world.a, "administrator")
    address = client.inside(path.format(unit=world.a.units["5А"].pk, person=world.a.people["waiting_teacher"].pk))
    good = {**GOOD, "person": world.a.people["head"].pk, "people": [world.a.people["classmate"].pk]}
    if path == "invitations/":
        good["units"] = [world.a.units["5А"].pk]
    for field in fields:
        for value in TEXTS:
            body = json.dumps({**good, field: value})
            answer = client.generic(method.upper(), address, body, content_type="application/json")
            assert answer.status_code < 500, (field, value)


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_broken_bodies_are_the_senders_error(world: World, api: Api, body: str) -> None:
    client = api(world.a, "administrator")
    for path in ("/api/v1/o/a/units/", "/api/v1/join/", "/api/v1/join/preview/"):
        answer = client.generic("POST", path, body.encode(), content_type="application/json")
        assert (answer.status_code, shape_of(answer)) == (400, {"code", "message", "fields"}), path


def test_a_body_too_large_is_refused_before_it_is_read(world: World, api: Api) -> None:
    body = b'{"units": "' + b"x" * (3 * 1024 * 1024) + b'"}'
    answer = api(world.a, "administrator").generic("POST", "/api/v1/o/a/units/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "query",
    [
        {"search": "\u0000"},
        {"search": "x" * 300},
        {"role": "нет"},
        {"unit": "abc"},
        {"unit": str(HUGE)},
        {"unit": "-1"},
        {"joined": "может быть"},
        {"cursor": "!!!"},
        {"cursor": b64encode(b"p=%00").decode()},
        {"cursor": b64encode(b"r=x").decode()},
    ],
)
def test_bad_filters_are_the_senders_error(world: World, api: Api, query: dict[str, str]) -> None:
    client = api(world.a, "administrator")
    answer = client.get(client.inside("people/"), query)
    assert answer.status_code in (200, 400)
    if "cursor" not in query:
        assert list(answer.json()["fields"]) == list(query)


@pytest.mark.parametrize("path", ["journal/", "invitations/", "units/", "handovers/", "academic-years/"])
def test_a_forged_cursor_never_reaches_the_database(world: World, api: Api, path: str) -> None:
    client = api(world.a, "administrator")
    for forged in (b"p=abc", b"p=1e999", f"p={HUGE}".encode(), b"o=-5", b"p=2026-99-99"):
        answer = client.get(client.inside(path), {"cursor": b64encode(forged).decode()})
        assert answer.status_code in (200, 400), forged


def test_a_browser_without_the_token_of_its_page_writes_nothing(world: World) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(world.a.user("administrator"), backend="accounts.backends.AuthenticationBackend")
    answer = client.post("/api/v1/o/a/units/", {"units": [{"kind": "class", "name": "9А"}]})
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


def test_a_failure_of_ours_keeps_the_shape(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orgs.api.organization.memberships_of", lambda _user: 1 / 0)
    client = APIClient(raise_request_exception=False)
    client.force_login(world.both, backend="accounts.backends.AuthenticationBackend")
    answer = client.get("/api/v1/organizations/")
    assert (answer.status_code, answer.json()["code"], shape_of(answer)) == (
        500,
        "server_error",
        {"code", "message", "fields"},
    )


@pytest.mark.parametrize("fault", [OperationalError, InterfaceError, RedisAway])
def test_what_comes_back_by_itself_is_told_with_the_time_to_wait(
    world: World, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    """The database or Redis is being restarted: 503, so that programs know that trying again helps."""

    def away(*_args: object) -> None:
        raise fault

    monkeypatch.setattr("orgs.api.organization.memberships_of", away)
    client = APIClient(raise_request_exception=False)
    client.force_login(world.both, backend="accounts.backends.AuthenticationBackend")
    answer = client.get("/api/v1/organizations/")
    assert (answer.status_code, answer.json()["code"], shape_of(answer)) == (
        503,
        "unavailable",
        {"code", "message", "fields"},
    )
    assert answer.headers["Retry-After"] == "5"
