"""One's own name, e-mail and phone: a new address counts once a code sent to it was typed back (ACC-2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services import ensure_user
from accounts.services.contacts import change_phone
from common.errors import DomainError
from outbox.models import Message
from outbox.rendering import open_secret
from tests.accounts.door import OTHER_PHONE, PHONE, sign_in, wrong
from tests.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.req("ACC-2")]
NEW = "+79261112233"


def _code(recipient: str) -> str:
    return open_secret(Message.objects.filter(recipient=recipient, template="contact_code").latest("pk"))


def _change(client: Client, what: str, value: str) -> None:
    assert client.post("/account/profile/", {"what": what, what: value})["Location"] == "/account/profile/code/"


def test_the_name_is_changed(client: Client, user: User) -> None:
    sign_in(client)
    assert client.post("/account/profile/", {"what": "name", "display_name": "Анна  Новая"}).status_code == 302
    user.refresh_from_db()
    assert user.display_name == "Анна Новая"


def test_an_email_counts_once_its_code_was_typed(client: Client, user: User) -> None:
    sign_in(client)
    _change(client, "email", "Anna@Mail.ru")
    user.refresh_from_db()
    assert user.email == ""
    code = _code("anna@mail.ru")
    assert client.post("/account/profile/code/", {"code": wrong(code)}).status_code == 422
    assert client.post("/account/profile/code/", {"code": code})["Location"] == "/account/profile/"
    user.refresh_from_db()
    assert user.email == "anna@mail.ru"
    assert client.post("/account/profile/code/", {"code": code})["Location"] == "/account/profile/"
    client.post("/account/profile/", {"what": "email", "email": ""})
    user.refresh_from_db()
    assert user.email == ""


def test_a_phone_is_changed_the_old_one_told_and_free(client: Client, user: User) -> None:
    sign_in(client)
    _change(client, "phone", "8 926 111-22-33")
    assert client.post("/account/profile/code/", {"code": _code(NEW)}).status_code == 302
    user.refresh_from_db()
    assert user.phone == NEW
    assert Message.objects.filter(recipient=PHONE, template="security_notice").count() == 1
    assert client.get("/account/").status_code == 200, "still signed in here"
    assert ensure_user(PHONE) != user


def test_a_number_of_somebody_else_is_refused_only_after_its_code(client: Client, user: User) -> None:
    """Who asks learns from the code alone whether somebody has the number: it came to the number itself."""
    ensure_user(OTHER_PHONE)
    sign_in(client)
    _change(client, "phone", OTHER_PHONE)
    answer = client.post("/account/profile/code/", {"code": _code(OTHER_PHONE)})
    assert answer.status_code == 422
    assert "уже входит кто-то другой" in answer.content.decode()
    user.refresh_from_db()
    assert user.phone == PHONE


def test_a_phone_needs_a_sign_in_of_the_last_minutes(client: Client, user: User) -> None:
    sign_in(client)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 1000
    session.save()
    assert 'name="phone"' not in client.get("/account/profile/").content.decode()
    assert client.post("/account/profile/", {"what": "phone", "phone": NEW}).status_code == 403
    assert not Message.objects.filter(recipient=NEW).exists()


def test_codes_are_limited_and_end(client: Client, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(client)
    _change(client, "email", "anna@mail.ru")
    code = _code("anna@mail.ru")
    for _ in range(5):
        assert client.post("/account/profile/code/", {"code": wrong(code)}).status_code == 422
    assert client.post("/account/profile/code/", {"code": code}).status_code == 422
    user.refresh_from_db()
    assert user.email == ""
    answers = [client.post("/account/profile/", {"what": "email", "email": f"a{n}@mail.ru"}) for n in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    later = timezone.now() + timedelta(minutes=6)
    monkeypatch.setattr("accounts.contact_change.timezone.now", lambda: later)
    assert client.post("/account/profile/code/", {"code": _code("a4@mail.ru")})["Location"] == "/account/profile/"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_who_want_the_same_number() -> None:
    users = [ensure_user(PHONE), ensure_user(OTHER_PHONE)]

    def take(user: User) -> str:
        try:
            change_phone(user, NEW)
        except DomainError as error:
            return error.code
        return "taken"

    outcomes = at_once([lambda user=user: take(user) for user in users])
    assert sorted(outcomes) == ["phone_taken", "taken"]
    assert User.objects.filter(phone=NEW).count() == 1
