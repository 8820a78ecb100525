"""Who opens a WebSocket: the person signed in in that browser. API keys are for HTTP only."""

from collections.abc import Iterable
from hashlib import sha256
from importlib import import_module
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, load_backend
from django.contrib.auth.models import AnonymousUser
from django.http import parse_cookie
from django.utils.crypto import constant_time_compare

from accounts.models import User
from common.live import broadcast_many
from common.sockets import Application, Receive, Scope, Send, header


class SessionUser:
    """Puts `user` and `session_key` into the scope.

    Channels' own wrapper ends the session when its proof was made with an earlier SECRET_KEY, which a restart of the
    site would do to everybody with an open page. This one only reads: two queries, in one visit to the database.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = parse_cookie(header(scope, b"cookie")).get(settings.SESSION_COOKIE_NAME)
        # Quoted cookies may hold any byte, and PostgreSQL refuses some of them.
        user = await database_sync_to_async(signed_in_user)(key) if key and key.isalnum() else None
        found: dict[str, Any] = {"user": user or AnonymousUser(), "session_key": key if user else None}
        await self.application({**scope, **found}, receive, send)


def session_group(session_key: str) -> str:
    """Return the group of the open pages of a session; the name gives nobody the session."""
    return f"session.{sha256(session_key.encode()).hexdigest()[:32]}"


def tell_ended(session_keys: Iterable[str]) -> None:
    """Let the sockets of these sessions close at once, and not only when they ask the next time (ACC-7)."""
    broadcast_many([(session_group(key), {"type": "session.ended"}) for key in session_keys])


def signed_in_user(session_key: str) -> User | None:
    """Return the active user whose session `session_key` is, if it is still valid; writes nothing. Two queries."""
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    path = session.get(BACKEND_SESSION_KEY)
    if path not in settings.AUTHENTICATION_BACKENDS:
        return None
    user = load_backend(path).get_user(session[SESSION_KEY])
    if not isinstance(user, User):
        return None
    proofs = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    given = session.get(HASH_SESSION_KEY, "")
    return user if any(constant_time_compare(given, proof) for proof in proofs) else None
