"""Failures are limited, successes never."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.services import ensure_user
from outbox.models import Message
from tests.accounts.door import PHONE, ask_for_code, is_signed_in, last_code, sign_in, type_code, wrong

pytestmark = [pytest.mark.django_db, pytest.mark.req("ACC-1")]


def test_five_wrong_codes_end_the_sign_in_kindly(client, user):
    ask_for_code(client)
    code = last_code()
    for _n in range(4):
        assert "Код не подошёл" in type_code(client, wrong(code)).content.decode()
    assert "Ничего не потеряно" in type_code(client, wrong(code)).content.decode()
    assert type_code(client, code).url == "/signin/"
    assert not is_signed_in(client)


def test_parallel_guesses_do_not_get_more_tries(client, user):
    """Each of them brings the session as it was before the others."""
    ask_for_code(client)
    code, cookies = last_code(), client.cookies.output()
    before = dict(client.session.items())
    for _n in range(5):
        type_code(client, wrong(code))
        session = client.session
        session.update(before)
        session.save()
    assert cookies
    type_code(client, code)
    assert not is_signed_in(client)


def test_an_address_of_many_wrong_codes_waits(user, settings):
    settings.FAILED_CODES_PER_ADDRESS_PER_HOUR = 4
    for _n in range(2):
        guesser = Client()
        ask_for_code(guesser, address="10.6.6.6")
        for _m in range(2):
            type_code(guesser, wrong(last_code()), address="10.6.6.6")
    answer = type_code(guesser, last_code(), address="10.6.6.6")
    assert answer.status_code == 429
    neighbour = Client()
    sign_in(neighbour, address="10.0.0.2")
    assert is_signed_in(neighbour)


@pytest.mark.parametrize("known", [True, False])
def test_a_number_gets_only_so_many_codes(client, settings, known):
    if known:
        ensure_user(PHONE)
    settings.CODES_PER_PHONE_PER_HOUR = 3
    for _n in range(3):
        assert ask_for_code(Client()).status_code == 302
    answer = ask_for_code(client)
    assert answer.status_code == 429
    assert "подождите час" in answer.content.decode().lower()
    assert f'value="{PHONE}"' in answer.content.decode()
    assert Message.objects.count() == (3 if known else 0)


def test_codes_that_were_typed_back_do_not_count(user, settings):
    settings.CODES_PER_PHONE_PER_HOUR = 2
    for _n in range(5):
        client = Client()
        sign_in(client)
        assert is_signed_in(client)


def test_resending_counts_too(client, user, settings):
    settings.CODES_PER_PHONE_PER_HOUR = 2
    ask_for_code(client)
    client.post("/signin/code/", {"action": "resend"})
    answer = client.post("/signin/code/", {"action": "resend"})
    assert answer.status_code == 429
    assert Message.objects.count() == 2


def test_an_address_of_many_unknown_numbers_waits_whatever_number_it_types(client, user, settings):
    settings.UNKNOWN_PHONES_PER_ADDRESS_PER_HOUR = 3
    for number in range(3):
        ask_for_code(Client(), f"+7916000000{number}", address="10.6.6.6")
    for phone in (PHONE, "+79160000009"):
        assert ask_for_code(client, phone, address="10.6.6.6").status_code == 429
    assert ask_for_code(client, PHONE, address="10.0.0.2").status_code == 302


@pytest.mark.req("INV-11")
def test_forty_people_behind_one_address_join_within_a_minute(settings):
    settings.UNKNOWN_PHONES_PER_ADDRESS_PER_HOUR = 5
    settings.FAILED_CODES_PER_ADDRESS_PER_HOUR = 5
    for number in range(40):
        client, phone = Client(), f"+79160000{number:03d}"
        session = client.session
        session["may_join"] = "x"
        session.save()
        sign_in(client, phone, address="10.0.0.1")
        assert is_signed_in(client), number
    assert User.objects.filter(phone__startswith="+7916").exclude(phone_verified_at=None).count() == 40
