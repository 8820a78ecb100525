"""What guessing and ringing may cost in a day (ACC-1)."""

import logging

import pytest
from django.test import Client

from accounts import limits
from accounts.models import User
from outbox.models import Message
from tests.accounts.door import OTHER_PHONE, PHONE, ask_for_code, is_signed_in, last_code, type_code

pytestmark = [pytest.mark.django_db, pytest.mark.req("ACC-1")]


@pytest.fixture(autouse=True)
def somebody() -> User:
    return User.objects.create(phone=PHONE)


def an_hour_later() -> None:
    """The counters of the hour are gone, those of the day stay."""
    for phone in (PHONE, OTHER_PHONE):
        limits.codes_sent().forget(phone)


@pytest.mark.parametrize("phone", [PHONE, OTHER_PHONE])
def test_a_number_rings_only_so_often_a_day(settings, phone: str) -> None:
    """Known or not: the limit tells nothing."""
    settings.CODES_PER_PHONE_PER_HOUR, settings.CODES_PER_PHONE_PER_DAY = 2, 3
    for _time in range(3):
        assert ask_for_code(Client(), phone).status_code == 302
        an_hour_later()
    answer = ask_for_code(Client(), phone)
    assert answer.status_code == 429
    assert "завтра" in answer.content.decode()


def test_whoever_types_the_code_back_is_not_counted(settings) -> None:
    settings.CODES_PER_PHONE_PER_DAY = 2
    for _time in range(4):
        client = Client()
        assert ask_for_code(client).status_code == 302
        type_code(client, last_code())
        assert is_signed_in(client)


def test_the_day_has_so_many_sms_and_all_hear_the_same(settings, caplog) -> None:
    settings.SMS_CODES_PER_DAY = 5
    with caplog.at_level(logging.WARNING, logger="accounts.budget"):
        for _time in range(4):
            ask_for_code(Client())
        assert len(caplog.records) == 1
        ask_for_code(Client())
        assert len(caplog.records) == 2
    sent = Message.objects.count()
    answers = [ask_for_code(Client(), phone) for phone in (PHONE, OTHER_PHONE)]
    assert [answer.status_code for answer in answers] == [429, 429]
    assert all("ключом доступа" in answer.content.decode() for answer in answers)
    assert Message.objects.count() == sent
    # The other doors stay open.
    assert Client().get("/signin/child/").status_code == 200


def test_numbers_nobody_has_spend_nothing(settings) -> None:
    settings.SMS_CODES_PER_DAY, settings.UNKNOWN_PHONES_PER_ADDRESS_PER_HOUR = 2, 100
    for number in range(4):
        assert ask_for_code(Client(), f"+7916000000{number}").status_code == 302
    assert ask_for_code(Client()).status_code == 302


def test_an_organization_has_a_budget_of_its_own_and_nobody_sees_whose_it_is(settings, caplog, world) -> None:
    settings.SMS_CODES_PER_ORGANIZATION_PER_DAY = 2
    ours, theirs = (str(school.user("teacher").phone) for school in (world.a, world.b))
    for phone in (ours, str(world.a.user("parent").phone)):
        assert ask_for_code(Client(), phone).status_code == 302
    sent = Message.objects.count()
    with caplog.at_level(logging.WARNING, logger="accounts.budget"):
        answers = [ask_for_code(Client(), phone) for phone in (ours, "+79160000001")]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Message.objects.filter(recipient=ours).count() == 1
    assert len(caplog.records) == 1
    # The other organization, and whoever belongs to none, go on.
    for phone in (theirs, PHONE):
        assert ask_for_code(Client(), phone).status_code == 302
    assert Message.objects.count() >= sent + 2


def test_a_code_typed_back_costs_the_organization_nothing(settings, world) -> None:
    settings.SMS_CODES_PER_ORGANIZATION_PER_DAY = 1
    for name in ("teacher", "parent", "student"):
        client, phone = Client(), str(world.a.user(name).phone)
        ask_for_code(client, phone)
        type_code(client, last_code(phone))
        assert is_signed_in(client)
