"""Devices with notifications, for the tests of every folder."""

import itertools
from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from accounts.models import PushDevice, User
from accounts.services import register_device
from outbox.push import Subscription
from tests.outbox.push_service import Browser

_numbers = itertools.count(1)
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36"


def subscription(endpoint: str = "") -> Subscription:
    """What a new browser would subscribe with."""
    return Browser().subscribe(endpoint or f"https://fcm.googleapis.com/fcm/send/{next(_numbers)}")


def add_device(user: User, endpoint: str = "", user_agent: str = CHROME) -> PushDevice:
    """A browser in which `user` is signed in and has switched notifications on."""
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session.set_expiry(timezone.now() + timedelta(days=1))
    session.create()
    return register_device(
        user=user,
        session_key=session.session_key or "",
        subscription=subscription(endpoint),
        user_agent=user_agent,
    )
