"""The door: phone, code, next page."""

import json
import re

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import serializers
from django.test import Client
from django.utils import timezone

from accounts.models import User
from outbox.models import Message
from tests.accounts.door import OTHER_PHONE, PHONE, ask_for_code, is_signed_in, last_code, sign_in, type_code, wrong

pytestmark = [pytest.mark.django_db, pytest.mark.req("ACC-1")]


@pytest.mark.parametrize("typed", ["8 (912) 345-67-89", "9123456789", "+7 912 345 67 89", "7-912-345-67-89"])
def test_a_person_signs_in_with_a_phone_typed_in_any_way(client, user, typed):
    answer = ask_for_code(client, typed)
    assert answer.status_code == 302
    assert answer.url == "/signin/code/"
    answer = type_code(client, last_code())
    assert answer.url == "/"
    assert is_signed_in(client)
    user.refresh_from_db()
    assert user.is_confirmed


def test_the_code_may_hold_spaces(client, user):
    ask_for_code(client)
    code = last_code()
    type_code(client, f" {code[:3]} {code[3:]} ")
    assert is_signed_in(client)


@pytest.mark.parametrize("typed", ["12345", "позвоните мне", "+7 000 000-00-00", ""])
def test_a_bad_number_keeps_what_was_typed(client, typed):
    answer = ask_for_code(client, typed)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert f'value="{typed}"' in page or not typed
    assert "+7 912 345-67-89" in page if typed else "Введите номер телефона" in page
    assert not Message.objects.exists()


def test_the_fields_help_a_phone(client, user):
    page = client.get("/signin/").content.decode()
    assert 'type="tel"' in page
    assert 'autocomplete="tel"' in page
    ask_for_code(client)
    page = client.get("/signin/code/").content.decode()
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page


@pytest.mark.req("ACC-4")
def test_an_unknown_number_reveals_nothing_and_costs_no_sms(user):
    known, unknown = Client(), Client()
    first = ask_for_code(known, PHONE)
    second = ask_for_code(unknown, OTHER_PHONE)
    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert Message.objects.count() == 1
    assert not User.objects.filter(phone=OTHER_PHONE).exists()

    def page(client: Client, phone: str) -> str:
        text = client.get("/signin/code/").content.decode()
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|X-CSRFToken[^}]*', "", text).replace(phone, "")

    assert page(known, "+7 912 345-67-89") == page(unknown, "+7 916 123-45-67")
    assert type_code(unknown, "000000").status_code == type_code(known, wrong(last_code())).status_code == 200


def test_an_unknown_number_costs_the_same_work(user, django_assert_num_queries, django_capture_on_commit_callbacks):
    """Beside the savepoint, one query differs: nothing that a stranger could measure over a network."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts, jobs = [], []
    for phone in (PHONE, OTHER_PHONE):
        with (
            CaptureQueriesContext(
                connection,
            ) as queries,
            django_capture_on_commit_callbacks() as callbacks,
        ):
            ask_for_code(Client(), phone)
        counts.append(sum("INSERT" in query["sql"] for query in queries))
        jobs.append(len(callbacks))
    assert counts[0] == counts[1]
    assert jobs[0] == jobs[1] == 1


def test_resending_to_an_unknown_number_looks_the_same_too(user):
    for phone, sent in ((PHONE, 2), (OTHER_PHONE, 0)):
        client = Client()
        ask_for_code(client, phone)
        answer = client.post("/signin/code/", {"action": "resend"})
        assert answer.status_code == 200
        assert "Новый код уже в пути" in answer.content.decode()
        assert Message.objects.filter(recipient=phone).count() == sent


def test_a_closed_account_gets_no_code(client, user):
    User.objects.update(is_active=False)
    assert ask_for_code(client).url == "/signin/code/"
    assert not Message.objects.exists()


def test_an_account_closed_in_the_middle_does_not_get_in(client, user):
    ask_for_code(client)
    User.objects.update(is_active=False)
    answer = type_code(client, last_code())
    assert answer.url == "/signin/closed/"
    assert client.get(answer.url).status_code == 403
    assert not is_signed_in(client)


@pytest.mark.req("INV-1")
def test_an_invited_unknown_number_becomes_a_user(client):
    session = client.session
    session["may_join"] = "anything"
    session.save()
    ask_for_code(client, OTHER_PHONE)
    user = User.objects.get(phone=OTHER_PHONE)
    assert not user.is_confirmed
    assert not user.has_usable_password()
    type_code(client, last_code(OTHER_PHONE))
    user.refresh_from_db()
    assert user.is_confirmed
    assert is_signed_in(client)
    assert client.session["may_join"] == "anything"


def test_next_leads_on_but_never_away(client, user):
    answer = client.post("/signin/?next=/account/", {"phone": PHONE})
    assert answer.url == "/signin/code/?next=%2Faccount%2F"
    answer = client.post(answer.url, {"code": last_code()})
    assert answer.url == "/account/"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_next_to_a_stranger_is_forgotten(client, user, target):
    answer = client.post("/signin/", {"phone": PHONE, "next": target})
    assert answer.url == "/signin/code/"
    answer = client.post("/signin/code/", {"code": last_code(), "next": target})
    assert answer.url == "/"


def test_who_is_signed_in_goes_straight_on(client, user):
    client.force_login(user)
    assert client.get("/signin/?next=/account/").url == "/account/"
    assert client.get("/signin/code/").url == "/"


def test_the_code_page_without_a_number_leads_back(client):
    assert client.get("/signin/code/").url == "/signin/"


def test_a_new_code_ends_the_old_one(client, user):
    ask_for_code(client)
    old = last_code()
    client.post("/signin/code/", {"action": "resend"})
    new = last_code()
    if old != new:
        assert "Код не подошёл" in type_code(client, old).content.decode()
    type_code(client, new)
    assert is_signed_in(client)


def test_a_code_is_resent_twice_at_most(client, user):
    ask_for_code(client)
    for _n in range(2):
        client.post("/signin/code/", {"action": "resend"})
    assert "выслать другой код" not in client.get("/signin/code/").content.decode().lower()
    client.post("/signin/code/", {"action": "resend"})
    assert Message.objects.count() == 3


def test_another_number_can_be_typed(client, user):
    ask_for_code(client, OTHER_PHONE)
    assert 'href="/signin/"' in client.get("/signin/code/").content.decode()
    assert client.get("/signin/").status_code == 200
    sign_in(client)
    assert is_signed_in(client)


def test_an_old_code_says_so_and_offers_a_new_one(client, user):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask_for_code(client)
        clock.shift(301)
        answer = type_code(client, last_code())
        assert "Время этого кода вышло" in answer.content.decode()
        assert not is_signed_in(client)


def test_a_code_works_once(client, user):
    sign_in(client)
    code = last_code()
    client.post("/signout/")
    assert type_code(client, code).url == "/signin/"


def test_signing_out_is_one_button(client, user):
    sign_in(client)
    assert client.get("/signout/").status_code == 405
    assert client.post("/signout/").url == "/signin/"
    assert not is_signed_in(client)
    assert client.get("/account/").url == "/signin/?next=/account/"


def test_nothing_is_said_about_signing_in(client, user):
    sign_in(client)
    assert "Анна" in client.get("/account/").content.decode()
    assert 'class="notice ' not in client.get("/account/").content.decode()


def test_the_code_lies_nowhere_in_plain_text(client, user):
    ask_for_code(client)
    code = last_code()
    rows = [*Message.objects.all(), *Session.objects.all(), *User.objects.all()]
    assert rows
    assert code not in serializers.serialize("json", rows)
    for session in Session.objects.all():
        assert code not in json.dumps(session.get_decoded(), ensure_ascii=False)


def test_the_operators_tool_uses_the_same_door(client):
    assert client.get("/admin/login/?next=/admin/").url == "/signin/?next=%2Fadmin%2F"


def test_the_log_tells_of_sign_ins_and_of_codes_that_do_not_fit(caplog, settings) -> None:
    settings.FAILED_CODES_PER_ADDRESS_PER_HOUR = 1
    user, client = User.objects.create(phone=PHONE), Client()
    with caplog.at_level("INFO", logger="security"):
        ask_for_code(client)
        code = last_code()
        type_code(client, wrong(code), "10.0.0.2")
        type_code(client, code, "10.0.0.2")
        type_code(client, code)
    told = [record.getMessage() for record in caplog.records if record.name == "security"]
    assert told == [f"a code did not fit: user {user.pk}", "limit reached: codes", f"signed in: user {user.pk}"]
