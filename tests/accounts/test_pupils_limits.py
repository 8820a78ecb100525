"""At the door of children too, failures are limited and successes never."""

import pytest
from django.test import Client

from accounts.models import User
from outbox.models import Message
from tests.accounts.door import is_signed_in, wrong
from tests.accounts.pupils import EMAIL, OTHER_EMAIL, ask, mailed_code, sign_in, type_code

pytestmark = [pytest.mark.django_db, pytest.mark.req("INV-7", "INV-11")]


@pytest.fixture
def anna(db) -> User:
    return User.objects.create(phone=None, parent_email=EMAIL, display_name="Анна")


def test_five_wrong_codes_end_the_sign_in_kindly(client, anna):
    ask(client)
    code = mailed_code()
    for _n in range(4):
        assert "Код не подошёл" in type_code(client, wrong(code)).content.decode()
    assert "Ничего не потеряно" in type_code(client, wrong(code)).content.decode()
    assert type_code(client, code).url == "/signin/child/"
    assert not is_signed_in(client)


def test_parallel_guesses_do_not_get_more_tries(client, anna):
    """Each of them brings the session as it was before the others."""
    ask(client)
    code = mailed_code()
    before = dict(client.session.items())
    for _n in range(5):
        type_code(client, wrong(code))
        session = client.session
        session.update(before)
        session.save()
    type_code(client, code)
    assert not is_signed_in(client)


def test_an_address_of_many_wrong_codes_waits(anna, settings):
    settings.FAILED_CODES_PER_ADDRESS_PER_HOUR = 4
    for _n in range(2):
        guesser = Client()
        ask(guesser, address="10.6.6.6")
        for _m in range(2):
            type_code(guesser, wrong(mailed_code()), address="10.6.6.6")
    assert type_code(guesser, mailed_code(), address="10.6.6.6").status_code == 429
    neighbour = Client()
    sign_in(neighbour, address="10.0.0.2")
    assert is_signed_in(neighbour)


@pytest.mark.parametrize("email", [EMAIL, OTHER_EMAIL])
def test_an_e_mail_gets_only_so_many_codes(client, anna, settings, email):
    settings.CODES_PER_PHONE_PER_HOUR = 3
    for _n in range(3):
        assert ask(Client(), email).status_code == 302
    answer = ask(client, email)
    assert answer.status_code == 429
    assert "подождите час" in answer.content.decode().lower()
    assert Message.objects.count() == (3 if email == EMAIL else 0)


def test_codes_that_were_typed_back_do_not_count(anna, settings):
    settings.CODES_PER_PHONE_PER_HOUR = 2
    for _n in range(5):
        client = Client()
        sign_in(client)
        assert is_signed_in(client)


def test_resending_counts_too(client, anna, settings):
    settings.CODES_PER_PHONE_PER_HOUR = 2
    ask(client)
    client.post("/signin/child/code/", {"action": "resend"})
    assert client.post("/signin/child/code/", {"action": "resend"}).status_code == 429
    assert Message.objects.count() == 2


def test_an_address_of_many_unknown_e_mails_waits_whatever_it_types(client, anna, settings):
    settings.UNKNOWN_PHONES_PER_ADDRESS_PER_HOUR = 3
    for number in range(3):
        ask(Client(), f"nobody{number}@mail.ru", address="10.6.6.6")
    for email in (EMAIL, OTHER_EMAIL):
        assert ask(client, email, address="10.6.6.6").status_code == 429
    # The two doors share one count: a change of the door is no new hour.
    assert client.post("/signin/", {"phone": "+79160000001"}, REMOTE_ADDR="10.6.6.6").status_code == 429
    assert ask(client, address="10.0.0.2").status_code == 302
