"""Parallel requests at the door."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.services import ensure_user
from tests.accounts.door import PHONE
from tests.threads import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True), pytest.mark.req("ACC-1")]


def test_one_number_typed_in_many_windows_is_one_user():
    outcomes = at_once([lambda: ensure_user(PHONE)] * 8)
    assert len({outcome.pk for outcome in outcomes}) == 1
    assert User.objects.filter(phone=PHONE).count() == 1


def test_many_windows_ask_for_codes_at_once(settings):
    settings.CODES_PER_PHONE_PER_HOUR = 3
    ensure_user(PHONE)
    outcomes = at_once([lambda: Client().post("/signin/", {"phone": PHONE}).status_code] * 8)
    assert sorted(outcomes) == [302] * 3 + [429] * 5
