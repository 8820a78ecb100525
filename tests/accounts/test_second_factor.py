"""Second factor and passkeys, by choice."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from outbox.models import Message
from tests.accounts.door import is_signed_in, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.req("ACC-1")]


def app_code(secret: str) -> str:
    cache.delete_pattern("*") if hasattr(cache, "delete_pattern") else cache.clear()  # a code is good for one use
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def switch_on(client: Client, capture) -> str:
    """Switch the second step on as a person would; return the key that the app now holds."""
    page = client.get("/account/security/app/").content.decode()
    secret = re.search(r"<code[^>]*>([A-Z2-7]{32})</code>", page)[1]
    with capture(execute=True):
        answer = client.post("/account/security/app/", {"code": app_code(secret)})
    assert answer.url == "/account/security/codes/"
    return secret


def test_a_person_with_only_a_phone_is_not_locked_out_of_safety(client, user):
    sign_in(client)
    for path in ("", "app/", "passkeys/add/"):
        assert client.get(f"/account/security/{path}").status_code == 200, path


def test_the_app_asks_at_the_next_sign_in(client, user, django_capture_on_commit_callbacks):
    sign_in(client)
    secret = switch_on(client, django_capture_on_commit_callbacks)
    assert Message.objects.filter(template="security_notice").count() == 1
    page = client.get("/account/security/codes/").content.decode()
    assert len(re.findall(r"<code>\d{8}</code>", page)) == 10

    later = Client()
    assert sign_in(later, next="/account/").url == "/signin/second/"
    assert not is_signed_in(later)
    assert later.get("/signin/second/").status_code == 200
    assert "Не подошло" in later.post("/signin/second/", {"code": "000000"}).content.decode()
    assert later.post("/signin/second/", {"code": app_code(secret)}).url == "/account/"
    assert is_signed_in(later)


def test_a_spare_code_works_once(client, user, django_capture_on_commit_callbacks):
    sign_in(client)
    switch_on(client, django_capture_on_commit_callbacks)
    page = client.get("/account/security/codes/").content.decode()
    spare = re.search(r"<code>(\d{8})</code>", page)[1]
    for expected in (True, False):
        later = Client()
        sign_in(later)
        later.post("/signin/second/", {"code": spare})
        assert is_signed_in(later) is expected


def test_switching_off_asks_for_a_code_first(client, user, django_capture_on_commit_callbacks):
    sign_in(client)
    secret = switch_on(client, django_capture_on_commit_callbacks)
    later = Client()
    sign_in(later)
    later.post("/signin/second/", {"code": app_code(secret)})
    answer = later.get("/account/security/app/off/")
    assert answer.url == "/account/confirm/code/?next=%2Faccount%2Fsecurity%2Fapp%2Foff%2F"
    assert later.get(answer.url).status_code == 200
    assert later.post(answer.url, {"code": app_code(secret)}).url == "/account/security/app/off/"
    assert later.post("/account/security/app/off/").url == "/account/security/"
    assert not Authenticator.objects.exists()


def test_the_keys_of_the_app_are_encrypted(client, user, django_capture_on_commit_callbacks):
    sign_in(client)
    secret = switch_on(client, django_capture_on_commit_callbacks)
    stored = [str(row.data) for row in Authenticator.objects.all()]
    assert len(stored) == 2
    assert not any(secret in text for text in stored)


def test_a_passkey_can_be_offered_at_the_door(client):
    page = client.get("/signin/").content.decode()
    assert 'id="passkey_login"' in page
    answer = client.get("/signin/passkey/", HTTP_ACCEPT="application/json")
    assert answer.json()["request_options"]["publicKey"]["challenge"]
    assert client.post("/signin/passkey/", {"credential": "{}"}).url == "/signin/"


def test_scripts_stand_in_files(client, user):
    """The policy forbids inline scripts; data blocks are fine."""
    sign_in(client)
    for path in ("/signin/", "/account/security/passkeys/add/"):
        page = Client().get(path).content.decode() if path == "/signin/" else client.get(path).content.decode()
        for tag in re.findall(r"<script[^>]*>", page):
            assert "src=" in tag or 'type="application/json"' in tag


def passkey_of(user) -> Authenticator:
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Мой телефон", "credential": {}}
    )


def test_a_passkey_alone_does_not_close_the_door_by_sms(client, user):
    """Who loses the device comes in by SMS and removes the passkey."""
    key = passkey_of(user)
    sign_in(client)
    assert is_signed_in(client)
    assert "Мой телефон" in client.get("/account/security/").content.decode()
    assert client.post(f"/account/security/passkeys/{key.pk}/", {"name": "Телефон"}).status_code == 302
    assert "Телефон" in client.get(f"/account/security/passkeys/{key.pk}/remove/").content.decode()
    client.post(f"/account/security/passkeys/{key.pk}/remove/")
    assert not Authenticator.objects.filter(pk=key.pk).exists()


def test_after_a_while_safety_asks_for_the_passkey(client, user, settings):
    key = passkey_of(user)
    sign_in(client)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    answer = client.get(f"/account/security/passkeys/{key.pk}/remove/")
    assert answer.url.startswith("/account/confirm/passkey/")


def test_safety_of_a_stranger_is_not_there(client, user):
    from accounts.services import ensure_user

    key = passkey_of(ensure_user("+79160000001"))
    sign_in(client)
    assert client.post(f"/account/security/passkeys/{key.pk}/remove/").status_code == 404
