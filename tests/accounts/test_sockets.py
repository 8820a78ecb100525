"""Who a socket belongs to."""

from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import User
from accounts.sockets import SessionUser, signed_in_user
from tests.world import World

Browse = Callable[[User | None], Client]


def key_of(client: Client) -> str:
    return str(client.session.session_key)


def scope_with(*headers: tuple[bytes, bytes]) -> dict[str, Any]:
    """What an application behind `SessionUser` is given."""
    found: dict[str, Any] = {}

    async def application(scope: Any, receive: Any, send: Any) -> None:
        found.update(scope)

    async_to_sync(SessionUser(application))({"type": "websocket", "headers": list(headers)}, None, None)
    return found


def test_the_person_signed_in_is_found_in_two_queries(
    world: World, browse: Browse, django_assert_num_queries: Any
) -> None:
    key = key_of(browse(world.a.user("teacher")))
    with django_assert_num_queries(2):
        scope = scope_with((b"cookie", f"theme=dark; sessionid={key}".encode()))
    assert scope["user"] == world.a.user("teacher")
    assert scope["session_key"] == key


@pytest.mark.parametrize(
    "cookie", ["", "sessionid=", "sessionid=0123456789abcdef0123456789abcdef", 'sessionid="\\000\\000"', "sessionid=x"]
)
def test_whoever_is_not_signed_in_is_nobody(db: None, cookie: str) -> None:
    scope = scope_with((b"cookie", cookie.encode()))
    assert not scope["user"].is_authenticated
    assert scope["session_key"] is None


def test_an_ended_session_opens_nothing(world: World, browse: Browse) -> None:
    client = browse(world.a.user("teacher"))
    key = key_of(client)
    client.logout()
    assert signed_in_user(key) is None


def test_a_disabled_account_opens_nothing(world: World, browse: Browse) -> None:
    user = world.a.user("teacher")
    key = key_of(browse(user))
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert signed_in_user(key) is None


def test_a_forged_proof_opens_nothing(world: World, browse: Browse) -> None:
    client = browse(world.a.user("teacher"))
    session = client.session
    session["_auth_user_hash"] = "0" * 64
    session.save()
    assert signed_in_user(key_of(client)) is None


def test_a_changed_secret_key_signs_nobody_out(world: World, browse: Browse, settings: Any) -> None:
    user = world.a.user("teacher")
    key = key_of(browse(user))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "x" * 50, [settings.SECRET_KEY]
    assert signed_in_user(key) == user
    settings.SECRET_KEY_FALLBACKS = []
    assert signed_in_user(key) is None
    assert Session.objects.filter(session_key=key).exists(), "a socket reads, it never ends a session"


def test_an_api_key_opens_no_socket(world: World) -> None:
    assert not scope_with((b"authorization", b"Api-Key anything"))["user"].is_authenticated
