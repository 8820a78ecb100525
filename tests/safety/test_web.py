"""What every answer carries, and what no request can bring about (ACC-4, ACC-7).

Walks over all rows of the permission matrix: about 1,500 requests, a quarter of a minute on one processor.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from orgs.models import Person, RoleAssignment
from tests.accounts.door import ask_for_code, last_code, type_code
from tests.matrix import Row
from tests.matrix_things import Things
from tests.test_permission_matrix import ROWS
from tests.world import World

pytestmark = [pytest.mark.req("ACC-4", "ACC-7"), pytest.mark.timeout(600)]
Browse = Callable[[User | None], Client]
# Pages that a form of another site may post to: the token stands in the body, which is read only after it was counted.
LATE = {"files:upload", "chats:upload"}
ELSEWHERE = "evil.example"


def answer(client: Client, row: Row, address: str, **more: object) -> HttpResponse:
    """The answer to one row, which leaves nothing behind."""
    kind = "application/json" if address.startswith("/api/") else "application/x-www-form-urlencoded"
    with transaction.atomic():
        response = client.generic(row.method, address, b"", content_type=kind, **more)  # type: ignore[arg-type]
        transaction.set_rollback(True)
    return response


def strict(user: User) -> Client:
    """A browser whose forms are checked as real ones are."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(user, backend="accounts.backends.AuthenticationBackend")
    return client


def test_no_other_site_can_make_anybody_do_anything(world: World) -> None:
    things, client = Things(world), strict(world.a.user("administrator"))
    open_to_others = []
    for row in ROWS:
        if row.method == "GET":
            continue
        response = answer(client, row, reverse(row.route, kwargs=things.fill(row.route)))
        if response.status_code != 403:
            open_to_others.append((row.name, response.status_code))
    # Without anybody signed in: a stranger's session has nothing to be misused.
    assert [name for name, status in open_to_others if name not in FOR_STRANGERS] == []


# Answered before the token is asked for, by «there is no such thing» alone, or meant for programs without a session.
FOR_STRANGERS: set[str] = set()


REQUIRED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


# Vary by nobody: what browsers ask for at the root of the site, pictures of the instructions.
SAME_FOR_ALL = {"service_worker", "manifest", "offline", "favicon", "security_txt", "support:picture"}


def missing(response: HttpResponse) -> list[str]:
    """Headers that the answer should have and has not."""
    wrong = [name for name, value in REQUIRED.items() if response.headers.get(name) != value]
    wrong += [name for name in ("Permissions-Policy", "Content-Security-Policy") if name not in response.headers]
    # Pages whose own address is a secret tell other pages no more than the site they come from.
    if response.headers.get("Referrer-Policy") not in ("same-origin", "no-referrer", "strict-origin"):
        wrong.append("Referrer-Policy")
    policy = response.headers.get("Content-Security-Policy", "")
    # Files have policies of their own; X-Frame-Options, asked for above, keeps those out of frames.
    if "frame-ancestors 'none'" not in policy and not policy.startswith(("sandbox", "default-src 'none'")):
        wrong.append("frame-ancestors")
    if "script-src" in policy and "unsafe" in policy.partition("script-src")[2].partition(";")[0]:
        wrong.append("unsafe scripts")
    if response.content and "Content-Type" not in response.headers:
        wrong.append("Content-Type")
    return wrong


@pytest.mark.parametrize("who", ["administrator", "parent"])
def test_every_answer_carries_its_headers(world: World, browse: Browse, who: str) -> None:
    things, client = Things(world), browse(world.a.user(who))
    wrong = []
    for row in ROWS:
        if row.method != "GET":
            continue
        response = answer(client, row, reverse(row.route, kwargs=things.fill(row.route)))
        lacks = [] if getattr(response, "streaming", False) else missing(response)
        cache = response.headers.get("Cache-Control", "")
        is_personal = (
            row.route not in SAME_FOR_ALL
            and response.status_code == 200
            and "cookie" in response.headers.get("Vary", "").lower()
        )
        if is_personal and not ("private" in cache or "no-store" in cache):
            lacks.append(f"Cache-Control {cache}")
        if row.route.startswith("api_") and response.status_code == 200 and "no-store" not in cache:
            lacks += [] if "immutable" in cache else [f"kept by the browser: {cache}"]
        if lacks:
            wrong.append(f"{row.name}: {', '.join(lacks)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/nothing/", 404),
        ("/api/v1/nothing/", 404),
        ("/static/nothing.js", 404),
        ("/signin", 301),
        ("/o/a/", 302),
        ("/signin/", 200),
        ("/sw.js", 200),
        ("/manifest.webmanifest", 200),
        ("/healthz", 200),
        ("/%00/", 404),
    ],
)
@pytest.mark.django_db
def test_answers_of_no_page_carry_them_too(client: Client, address: str, status: int) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert missing(response) == []


def test_a_host_that_is_not_ours_gets_nothing(client: Client, settings) -> None:
    settings.ALLOWED_HOSTS = ["school.example"]
    response = client.get("/signin/", headers={"host": ELSEWHERE})
    assert response.status_code == 400
    assert ELSEWHERE.encode() not in response.content
    # Nor does a header of a proxy that is not believed lead a redirect away.
    response = client.get("/signin", headers={"host": "school.example", "x-forwarded-host": ELSEWHERE})
    assert ELSEWHERE not in response.headers.get("Location", "")


AWAY = [f"https://{ELSEWHERE}/", f"//{ELSEWHERE}/", f"/\\{ELSEWHERE}/", f"https:{ELSEWHERE}", "javascript:evil()"]
NAMES = ("next", "back", "back_url", "return", "return_to", "url", "to", "redirect", "HTTP_REFERER")


@pytest.mark.parametrize("target", AWAY)
def test_no_address_leads_to_another_site(world: World, browse: Browse, target: str) -> None:
    things, client = Things(world), browse(world.a.user("administrator"))
    query = "&".join(f"{name}={quote(target, safe='')}" for name in NAMES)
    away = []
    for row in ROWS:
        if row.expected()["administrator"] not in (302, 301, 200) or row.route.startswith("api_"):
            continue
        if row.method == "GET" and row.expected()["administrator"] == 200:
            continue
        address = f"{reverse(row.route, kwargs=things.fill(row.route))}?{query}"
        response = answer(client, row, address, headers={"referer": target})
        for name in ("Location", "HX-Redirect", "HX-Location", "Refresh"):
            where = response.headers.get(name, "")
            if urlsplit(where).netloc not in ("", "testserver") or where.startswith(("/\\", "//", "javascript:")):
                away.append((row.name, name, where))
    assert away == []


ATTRACTIVE = {
    **dict.fromkeys(("is_staff", "is_superuser", "is_active", "is_confirmed", "is_public", "confirmed"), True),
    "phone_verified_at": "2026-01-01T00:00:00Z",
    "rules_version": "1",
    "role": "administrator",
    "roles": ["administrator", "head"],
    "verification": "confirmed",
    "read_only": False,
    "user_permissions": [1],
    "groups": [1],
}


@pytest.mark.parametrize("who", ["parent", "teacher", "administrator"])
def test_fields_nobody_asked_for_change_nothing(world: World, who: str) -> None:
    """Mass assignment: a body with every field of a user, a person, a role; also other people's ids and schools."""
    things, client = Things(world), Client()
    user, person = world.a.user(who), world.a.people[who]
    client.force_login(user, backend="accounts.backends.AuthenticationBackend")
    body = ATTRACTIVE | {
        "id": world.b.people["head"].pk,
        "pk": world.b.people["head"].pk,
        "user": world.operator.pk,
        "organization": world.b.organization.pk,
        "organization_id": world.b.organization.pk,
    }

    def state() -> list[object]:
        users = User.objects.filter(pk=user.pk).values("is_staff", "is_superuser", "phone", "phone_verified_at")
        return [
            list(users),
            list(User.objects.filter(is_staff=True).values_list("pk")),
            list(Person.objects.filter(organization=world.b.organization).order_by("pk").values()),
            list(RoleAssignment.objects.filter(person=person, until=None).values_list("role", flat=True)),
            list(Person.objects.filter(pk=person.pk).values("organization_id", "user_id", "verification")),
        ]

    before, changed = state(), []
    for row in ROWS:
        if row.method not in ("POST", "PUT", "PATCH") or "logout" in row.route or row.expected()[who] == 404:
            continue
        address = reverse(row.route, kwargs=things.fill(row.route))
        if not address.startswith("/api/") or row.route in OF_ROLES:
            continue
        with transaction.atomic():
            response = client.generic(row.method, address, _json(body), content_type="application/json")
            after = state()
            transaction.set_rollback(True)
        if response.status_code >= 500 or after != before:
            changed.append((row.name, response.status_code))
    assert changed == []


# What these are for is to change roles; they are given by rules of their own.
OF_ROLES: set[str] = set()


def _json(body: dict[str, object]) -> str:
    import json

    return json.dumps(body)


@pytest.mark.django_db
def test_signing_in_gives_another_session(client: Client) -> None:
    """A session somebody was given before signing in is nobody's afterwards, and so is the token of its forms."""
    User.objects.create(phone="+79123456789")
    client.get("/signin/")
    ask_for_code(client, "+79123456789")
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    type_code(client, last_code())
    after = client.cookies[settings.SESSION_COOKIE_NAME]
    assert after.value != before
    assert after["httponly"]
    assert after["samesite"] == "Lax"
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = before
    assert stolen.get("/account/").status_code == 302


def test_signing_out_empties_the_cache_of_the_browser(world: World, browse: Browse) -> None:
    response = browse(world.a.user("parent")).post(reverse("account_logout"))
    assert response.headers["Clear-Site-Data"] == '"cache"'


def test_a_closed_account_is_out_with_the_next_request(world: World, browse: Browse) -> None:
    client = browse(world.a.user("teacher"))
    assert client.get("/o/a/").status_code == 200
    User.objects.filter(pk=world.a.user("teacher").pk).update(is_active=False)
    assert client.get("/o/a/").status_code == 302
    assert client.get("/api/v1/me/").status_code == 401


def test_a_lost_role_is_lost_with_the_next_request(world: World, browse: Browse) -> None:
    client = browse(world.a.user("teacher"))
    RoleAssignment.objects.filter(person=world.a.people["teacher"]).update(until=timezone.now())
    assert client.get("/o/a/people/").status_code == 404


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "TRACK", "PROPFIND", "EVIL"])
def test_other_methods_do_nothing(world: World, method: str) -> None:
    response = strict(world.a.user("administrator")).generic(method, "/o/a/units/new/")
    assert response.status_code in (403, 405)
