"""Keys are changed without anybody noticing: what the earlier key made holds for as long as it is named (ACC-7).

Links and codes: tests/invitations/test_tokens.py; the outbox: tests/outbox/test_urgent.py; sockets:
tests/accounts/test_sockets.py; calendars: tests/meetings/test_calendar.py; applications:
tests/registration/test_applications.py.
"""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.adapter import MfaAdapter
from accounts.models import User
from tests.world import World

pytestmark = pytest.mark.req("ACC-7")
Browse = Callable[[User | None], Client]
NEW = "another key, which is long enough for anybody who counts"


def test_nobody_is_signed_out(world: World, browse: Browse, settings) -> None:
    client = browse(world.a.user("teacher"))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [settings.SECRET_KEY]
    assert client.get("/o/a/").status_code == 200
    # With that visit the session has gone over to the new key: the old one can be dropped.
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get("/o/a/").status_code == 200


def test_without_the_earlier_key_everybody_signs_in_anew(world: World, browse: Browse, settings) -> None:
    client = browse(world.a.user("teacher"))
    settings.SECRET_KEY = NEW
    assert client.get("/o/a/").status_code == 302


def test_second_factors_outlive_the_key(settings) -> None:
    sealed = MfaAdapter().encrypt("the seed of an app")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [settings.SECRET_KEY]
    assert MfaAdapter().decrypt(sealed) == "the seed of an app"
    settings.SECRET_KEY_FALLBACKS = []
    assert MfaAdapter().decrypt(sealed) == ""
