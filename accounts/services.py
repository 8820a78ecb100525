"""Writes of accounts."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ApiKey, User
from accounts.phones import normalise_phone
from common.errors import DomainError
from common.text import clean

__all__ = ["normalise_phone"]

UNCONFIRMED_FOR = timedelta(days=1)
KEYS_PER_USER = 20
KEY_USE_IS_WRITTEN_EVERY = timedelta(hours=1)


def ensure_user(phone: str, display_name: str = "") -> User:
    """Return the user of `phone`, making an unconfirmed one when there is none.

    `phone` may be typed in any way. Raises `DomainError("phone_invalid")`.
    """
    values = {"display_name": clean(display_name)[:200], "password": _no_password()}
    user, _created = User.objects.get_or_create(phone=normalise_phone(phone), defaults=values)
    return user


def _no_password() -> str:
    user = get_user_model()()
    user.set_unusable_password()
    return user.password


def confirm_phone(user: User, now: datetime | None = None) -> None:
    """Record that a code sent to the user's phone was typed back; the first time counts."""
    if user.phone_verified_at is None:
        user.phone_verified_at = now or timezone.now()
        User.objects.filter(pk=user.pk, phone_verified_at=None).update(phone_verified_at=user.phone_verified_at)


def remove_unconfirmed_users(now: datetime) -> int:
    """Remove users whose code was not typed within a day and whom nobody entered on a roster. Returns how many."""
    stale = User.objects.filter(
        phone_verified_at=None, date_joined__lt=now - UNCONFIRMED_FOR, is_staff=False, persons__isnull=True
    )
    # Ids first: a person may be tied to the user between the two statements, then the second finds nothing to do.
    ids = list(stale.values_list("pk", flat=True)[:1000])
    _total, by_model = User.objects.filter(pk__in=ids, phone_verified_at=None, persons__isnull=True).delete()
    return by_model.get(User._meta.label, 0)


# --- API keys -------------------------------------------------------------------------------------------------------
def create_api_key(
    user: User, name: str, read_only: bool = False, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Make a key that acts as `user` and return it with its full text, which nobody can ever read again (INT-1).

    Raises `DomainError`: `name_missing`, `expired`, `too_many_keys`.
    """
    name = clean(name)
    if not name:
        raise _refusal("name_missing", "name", _("Say what the key is for."))
    if expires_at is not None and expires_at <= timezone.now():
        raise _refusal("expired", "expires_at", _("This day is over. Choose a later one."))
    if ApiKey.objects.filter(user=user, revoked_at=None).count() >= KEYS_PER_USER:
        text = _("You have %(count)s keys already. Revoke one that is no longer needed.") % {"count": KEYS_PER_USER}
        raise DomainError("too_many_keys", text)
    prefix, secret = f"key_{secrets.token_hex(4)}", secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        user=user,
        name=name[:100],
        prefix=prefix,
        key_hash=_hash(secret),
        read_only=read_only,
        expires_at=expires_at,
    )
    return key, f"{prefix}.{secret}"


def find_api_key(raw: str, now: datetime) -> ApiKey | None:
    """Return the working key whose full text is `raw`, with its user; None for any other text."""
    prefix, _dot, secret = raw.partition(".")
    key = ApiKey.objects.select_related("user").filter(prefix=prefix[:12]).first()
    # Compared also when there is no such key: the time of the answer tells nothing.
    fits = hmac.compare_digest(key.key_hash if key else _hash(""), _hash(secret))
    if key is None or not fits or key.revoked_at or (key.expires_at and key.expires_at <= now):
        return None
    return key if key.user.is_active else None


def record_key_use(key: ApiKey, now: datetime) -> None:
    """Remember that `key` was used, at most once an hour."""
    if key.last_used_at is None or key.last_used_at < now - KEY_USE_IS_WRITTEN_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)


def revoke_api_key(key: ApiKey) -> None:
    """End a key for good."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())


def _hash(secret: str) -> str:
    # 256 random bits need no slow hash.
    return hashlib.sha256(secret.encode()).hexdigest()


def _refusal(code: str, field: str, message: str) -> DomainError:
    return DomainError(code, message, fields={field: message}, status=400)


# --- Sessions -------------------------------------------------------------------------------------------------------
def end_session(user: User, session: UserSession) -> None:
    """Sign `user` out of one place."""
    _end(UserSession.objects.filter(user=user, pk=session.pk))


def end_other_sessions(user: User, current_key: str | None) -> int:
    """Sign `user` out everywhere but in the session `current_key` (everywhere, if it is None). Returns how many."""
    return _end(UserSession.objects.filter(~Q(session_key=current_key), user=user))


def _end(sessions: QuerySet[UserSession]) -> int:
    keys = list(sessions.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def touch_session(session_key: str, address: str, now: datetime) -> None:
    """Remember when and from where a session was last used."""
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=now, ip=address)


def clear_sessions(now: datetime) -> None:
    """Remove sessions that are over, and what we remembered about them."""
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
