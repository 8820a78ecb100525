"""API keys and the own account over the API."""

import datetime as dt
import re

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import ApiKey, User
from accounts.services import create_api_key, ensure_user, find_api_key
from accounts.services.rules import accept_rules
from common.errors import DomainError
from tests.accounts.door import OTHER_PHONE, PHONE, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.req("INT-1")]


@pytest.fixture
def user(user: User) -> User:
    """Whoever has keys has accepted the rules of use."""
    accept_rules(user, settings.RULES_VERSION)
    return user


def bearer(raw: str) -> Client:
    return Client(HTTP_AUTHORIZATION=f"Bearer {raw}")


def test_a_key_is_made_on_the_page_and_shown_once(client, user):
    sign_in(client)
    page = client.post("/account/keys/", {"name": "Сайт школы", "read_only": "on"}).content.decode()
    raw = re.search(r'value="(key_[0-9a-f]{8}\.[\w-]{43})"', page)[1]
    assert raw not in client.get("/account/keys/").content.decode()
    me = bearer(raw).get("/api/v1/me/").json()
    assert me["phone"] == PHONE
    assert me["signed_in_by"] == "key"
    assert me["api_key"] == raw.partition(".")[0]
    assert raw.partition(".")[2] not in str(ApiKey.objects.values().get())


def test_a_revoked_key_no_longer_works(client, user):
    key, raw = create_api_key(user, "x")
    sign_in(client)
    client.post(f"/account/keys/{key.pk}/revoke/")
    answer = bearer(raw).get("/api/v1/me/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert set(answer.json()) == {"code", "message", "fields"}


def test_a_key_ends_at_its_time(user):
    _key, raw = create_api_key(user, "x", expires_at=timezone.now() + dt.timedelta(hours=1))
    assert bearer(raw).get("/api/v1/me/").status_code == 200
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2)):
        assert bearer(raw).get("/api/v1/me/").status_code == 401


def test_a_key_of_a_closed_account_does_not_work(user):
    _key, raw = create_api_key(user, "x")
    User.objects.update(is_active=False)
    assert bearer(raw).get("/api/v1/me/").status_code == 401


@pytest.mark.parametrize("raw", ["", "key_00000000.x", "x", "key_00000000", "Ключ.ключ"])
def test_any_other_text_is_no_key(user, raw):
    create_api_key(user, "x")
    assert find_api_key(raw, timezone.now()) is None


def test_a_wrong_secret_is_no_key(user):
    key, _raw = create_api_key(user, "x")
    assert bearer(f"{key.prefix}.wrong").get("/api/v1/me/").status_code == 401


def test_a_reading_key_writes_nothing(user):
    key, raw = create_api_key(user, "x", read_only=True)
    answer = bearer(raw).delete(f"/api/v1/me/keys/{key.pk}/")
    assert answer.status_code == 403
    assert answer.json()["code"] == "read_only_key"


def test_a_key_makes_no_other_keys(user):
    key, raw = create_api_key(user, "x")
    answer = bearer(raw).post("/api/v1/me/keys/", {"name": "y"}, content_type="application/json")
    assert answer.json()["code"] == "session_required"
    assert bearer(raw).delete(f"/api/v1/me/keys/{key.pk}/").status_code == 403


def test_use_is_written_once_an_hour(user, django_assert_num_queries):
    _key, raw = create_api_key(user, "x")
    with django_assert_num_queries(2):
        bearer(raw).get("/api/v1/me/")
    with django_assert_num_queries(1):
        bearer(raw).get("/api/v1/me/")


def test_keys_over_the_api(client, user):
    sign_in(client)
    made = client.post("/api/v1/me/keys/", {"name": "Журнал", "read_only": True}, content_type="application/json")
    assert made.status_code == 201
    assert bearer(made.json()["key"]).get("/api/v1/me/").status_code == 200
    listed = client.get("/api/v1/me/keys/").json()["results"]
    assert [key["name"] for key in listed] == ["Журнал"]
    assert "key" not in listed[0]
    assert client.delete(f"/api/v1/me/keys/{listed[0]['id']}/").status_code == 204
    assert client.get("/api/v1/me/keys/").json()["results"] == []


@pytest.mark.req("ACC-4")
def test_anothers_key_is_not_there(client, user):
    key, _raw = create_api_key(ensure_user(OTHER_PHONE), "x")
    sign_in(client)
    assert client.delete(f"/api/v1/me/keys/{key.pk}/").status_code == 404
    assert client.post(f"/account/keys/{key.pk}/revoke/").status_code == 404


def test_names_and_days_are_checked(client, user):
    with pytest.raises(DomainError):
        create_api_key(user, "  ")
    sign_in(client)
    answer = client.post(
        "/api/v1/me/keys/", {"name": "x", "expires_at": "2020-01-01T00:00:00Z"}, content_type="application/json"
    )
    assert answer.status_code == 400
    assert "expires_at" in answer.json()["fields"]
    page = client.post("/account/keys/", {"name": "x", "expires_on": "2020-01-01"}).content.decode()
    assert "уже прошёл" in page


def test_sessions_over_the_api(client, user):
    other = Client()
    sign_in(client)
    sign_in(other)
    sessions = client.get("/api/v1/me/sessions/").json()["results"]
    assert sorted(session["is_current"] for session in sessions) == [False, True]
    theirs = next(session["id"] for session in sessions if not session["is_current"])
    assert client.delete(f"/api/v1/me/sessions/{theirs}/").status_code == 204
    assert other.get("/api/v1/me/").status_code == 401
    sign_in(other)
    assert client.post("/api/v1/me/sessions/end-others/").status_code == 204
    assert other.get("/api/v1/me/").status_code == 401
    assert client.get("/api/v1/me/").json()["signed_in_by"] == "session"
