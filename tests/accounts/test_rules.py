"""The rules of use: read by anybody, accepted with their version, asked for again when they change (ACC-5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts import rules
from accounts.models import RulesAcceptance, User
from accounts.services import create_api_key
from accounts.services.rules import accept_rules
from common.errors import DomainError
from tests.accounts.door import PHONE, ask_for_code, last_code, sign_in, type_code
from tests.world import World

pytestmark = [pytest.mark.req("ACC-5"), pytest.mark.django_db]
NEW, NEW_IN_WORDS = "2026-11-01", "Редакция от 1 ноября 2026 г."
Browse = Callable[[User | None], Client]


@pytest.fixture
def old(world: World) -> User:
    """Somebody who accepted an earlier version."""
    return _went_back(world.a.user("parent"), "2020-01-01")


def _went_back(user: User, version: str) -> User:
    User.objects.filter(pk=user.pk).update(rules_version=version)
    user.rules_version = version
    return user


def test_the_version_in_force_has_its_texts() -> None:
    assert settings.RULES_VERSION in rules.versions()
    for version in rules.versions():
        for kind in (rules.RULES, rules.PERSONAL_DATA):
            assert rules.text_of(kind, version).count("<h2>") >= 5
    with pytest.raises(LookupError):
        rules.text_of(rules.RULES, "../2026-11-01")


def test_what_is_open_without_them_exists() -> None:
    """A name that no address has would open nothing, and nobody would notice."""
    from tests.matrix import all_routes

    known = {name.rpartition(":")[2] for name in all_routes()}
    assert known >= rules.OPEN_WITHOUT


@pytest.mark.parametrize("path", ["/rules/", "/rules/personal-data/"])
def test_anybody_reads_them_any_time(path: str, client: Client, browse: Browse, old: User) -> None:
    for visitor in (client, browse(old)):
        page = visitor.get(path)
        assert page.status_code == 200
        assert NEW_IN_WORDS in page.content.decode()
    assert client.get(path, {"version": "1999-01-01"}).status_code == 404


def test_the_first_code_accepts_them(client: Client, user: User) -> None:
    assert user.rules_version == ""
    ask_for_code(client)
    assert 'href="/rules/"' in client.get("/signin/code/").content.decode()
    type_code(client, last_code())
    user.refresh_from_db()
    assert user.rules_version == settings.RULES_VERSION
    assert list(RulesAcceptance.objects.values_list("user", "version")) == [(user.pk, settings.RULES_VERSION)]


def test_a_later_code_accepts_nothing(client: Client, user: User) -> None:
    sign_in(client)
    client.post("/signout/")
    _went_back(user, "2020-01-01")
    sign_in(client, PHONE)
    user.refresh_from_db()
    assert user.rules_version == "2020-01-01"
    assert client.get("/account/").status_code == 302


def test_a_new_version_is_asked_for_once(world: World, browse: Browse, old: User) -> None:
    here = browse(old)
    wanted = f"/o/{world.a.slug}/?tab=1"
    asked = here.get(wanted)
    assert (asked.status_code, asked["Location"]) == (302, "/rules/accept/?next=%2Fo%2Fa%2F%3Ftab%3D1")
    page = here.get(asked["Location"]).content.decode()
    assert f'value="{settings.RULES_VERSION}"' in page
    done = here.post("/rules/accept/", {"version": settings.RULES_VERSION, "next": wanted})
    assert (done.status_code, done["Location"]) == (302, wanted)
    assert here.get(wanted).status_code == 200
    assert RulesAcceptance.objects.filter(user=old).count() == 1


@pytest.mark.parametrize(
    "next_url", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_the_way_on_never_leaves_the_platform(next_url: str, browse: Browse, old: User) -> None:
    here = browse(old)
    assert "evil" not in here.get("/rules/accept/", {"next": next_url}).content.decode()
    done = here.post("/rules/accept/", {"version": settings.RULES_VERSION, "next": next_url})
    assert done["Location"] == "/"
    assert here.get("/rules/accept/", {"next": next_url})["Location"] == "/"


def test_nobody_accepts_what_was_not_shown(browse: Browse, old: User) -> None:
    for version in ("", "2020-01-01", "x" * 500):
        answer = browse(old).post("/rules/accept/", {"version": version})
        assert answer.status_code == 409
    with pytest.raises(DomainError, match="rules_changed"):
        accept_rules(old, "2020-01-01")
    assert not RulesAcceptance.objects.filter(user=old).exists()


def test_a_form_that_was_open_is_taken_in(browse: Browse, old: User) -> None:
    answer = browse(old).post("/account/notifications/", {"digest": "none"})
    assert answer["Location"] == "/account/notifications/"
    old.refresh_from_db()
    assert old.digest == "none"


def test_whoever_never_accepted_does_nothing(browse: Browse, old: User) -> None:
    here = browse(old)
    _went_back(old, "")
    answer = here.post("/account/notifications/", {"digest": "none"})
    assert answer["Location"] == "/rules/accept/?next=%2F"
    old.refresh_from_db()
    assert old.digest == "daily"


def test_a_piece_of_a_page_sends_the_whole_page(world: World, browse: Browse, old: User) -> None:
    answer = browse(old).get(f"/o/{world.a.slug}/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/rules/accept/")


def test_leaving_needs_no_rules(browse: Browse, old: User) -> None:
    assert browse(old).post("/signout/")["Location"] == "/signin/"


def test_the_api_says_it_by_session_and_by_key(client: Client, browse: Browse, old: User) -> None:
    _key, raw = create_api_key(old, "x")
    answers = [browse(old).get("/api/v1/me/"), client.get("/api/v1/me/", headers={"authorization": f"Bearer {raw}"})]
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (403, "rules_not_accepted")


def test_the_api_accepts_them(client: Client, browse: Browse, old: User) -> None:
    shown = client.get("/api/v1/rules/").json()
    assert shown["version"] == settings.RULES_VERSION
    assert "<h2>" in shown["rules"]
    assert "<h2>" in shown["personal_data"]
    _key, raw = create_api_key(old, "x")
    body = {"version": shown["version"]}
    by_key = client.post("/api/v1/rules/accept/", body, "application/json", headers={"authorization": f"Bearer {raw}"})
    assert by_key.json()["code"] == "session_required"
    here = browse(old)
    stale = here.post("/api/v1/rules/accept/", {"version": "1"}, "application/json")
    assert (stale.status_code, stale.json()["code"]) == (409, "rules_changed")
    assert here.post("/api/v1/rules/accept/", body, "application/json").status_code == 200
    assert here.get("/api/v1/me/").status_code == 200


def test_asking_costs_nothing(world: World, browse: Browse, django_assert_max_num_queries: Callable[..., Any]) -> None:
    here = browse(world.a.user("parent"))
    here.get("/account/notifications/")
    with django_assert_max_num_queries(5) as counted:
        here.get("/account/notifications/")
    assert not [query for query in counted if "rulesacceptance" in query["sql"]]


def test_texts_are_shown_as_text() -> None:
    assert "<script" not in rules.text_of(rules.RULES, settings.RULES_VERSION)
