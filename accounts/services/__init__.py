"""Writes of accounts."""

import hashlib
import hmac
import secrets
from dataclasses import asdict
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ApiKey, Digest, PushDevice, RulesAcceptance, User
from accounts.parents import normalise_email
from accounts.phones import normalise_phone
from accounts.sockets import tell_ended
from common.errors import DomainError
from common.text import clean
from outbox import push
from outbox.models import Channel
from outbox.services import queue

__all__ = ["normalise_phone"]

UNCONFIRMED_FOR = timedelta(days=1)
KEYS_PER_USER = 20
KEY_USE_IS_WRITTEN_EVERY = timedelta(hours=1)
DEVICES_PER_USER = 20


def ensure_user(phone: str, display_name: str = "") -> User:
    """Return the user of `phone`, making an unconfirmed one when there is none.

    `phone` may be typed in any way. Raises `DomainError("phone_invalid")`.
    """
    values = {"display_name": clean(display_name)[:200], "password": _no_password()}
    user, _created = User.objects.get_or_create(phone=normalise_phone(phone), defaults=values)
    return user


def make_pupil(email: str, display_name: str = "") -> User:
    """Return a user for a child whose codes go to a parent's `email` (INV-7); brothers and sisters each have one.

    An account of this e-mail that never became anybody anywhere, and is open on no device, is taken again: a parent
    who began to join and closed the page leaves nothing behind. Raises `DomainError("email_invalid")`.
    """
    email = normalise_email(email)
    in_use = UserSession.objects.filter(session_key__in=Session.objects.values("session_key"))
    nobody = User.objects.filter(parent_email=email, is_active=True, persons__isnull=True)
    unused = nobody.exclude(pk__in=in_use.values("user_id")).order_by("pk").first()
    name = clean(display_name)[:200]
    if unused is not None:
        # It may bear the name of a sister for whom the parent began.
        User.objects.filter(pk=unused.pk).update(display_name=name)
        unused.display_name = name
        return unused
    return User.objects.create(phone=None, parent_email=email, display_name=name, password=_no_password())


@transaction.atomic
def set_parent_email(user: User, email: str) -> None:
    """Let codes of a pupil's sign-in go to another e-mail of a parent (INV-7); the pupil is signed out everywhere,
    and the old e-mail is told.

    Raises `DomainError`: `email_invalid`, `has_phone` for whoever signs in with a phone.
    """
    email = normalise_email(email)
    changed = User.objects.filter(pk=user.pk, phone=None).update(parent_email=email)
    if not changed:
        raise DomainError("has_phone", _("This person signs in with a phone."))
    _tell_old_email(user, "accounts/parent_email")
    user.parent_email = email
    end_other_sessions(user, None)


@transaction.atomic
def give_phone(user: User, phone: str) -> None:
    """Let a pupil sign in with an own phone from now on, no longer with a parent's e-mail (INV-7).

    The first code typed confirms the number; the pupil is signed out everywhere, and the e-mail is told. Raises
    `DomainError`: `phone_invalid`, `phone_taken`, `has_phone`.
    """
    phone = normalise_phone(phone)
    try:
        with transaction.atomic():
            changed = User.objects.filter(pk=user.pk, phone=None).update(phone=phone, parent_email="")
    except IntegrityError:
        text = _("Somebody else signs in with this number. Check it, or ask whose it is.")
        raise DomainError("phone_taken", text, fields={"phone": text}) from None
    if not changed:
        raise DomainError("has_phone", _("This person signs in with a phone."))
    _tell_old_email(user, "accounts/own_phone")
    user.phone, user.parent_email = phone, ""
    end_other_sessions(user, None)


def _tell_old_email(user: User, event: str) -> None:
    """Whoever did not ask for the change learns of it where codes used to go."""
    queue(
        channel=Channel.EMAIL,
        recipient=user.parent_email,
        template="security_notice",
        context={"event": event},
        reference=f"user:{user.pk}",
    )


def _no_password() -> str:
    user = get_user_model()()
    user.set_unusable_password()
    return user.password


def confirm_phone(user: User, now: datetime | None = None) -> None:
    """Record that a code sent to the user's phone was typed back; the first time counts.

    The page of the code says that whoever comes for the first time accepts the rules of use by it (ACC-5).
    """
    if user.phone_verified_at is None:
        user.phone_verified_at, user.rules_version = now or timezone.now(), settings.RULES_VERSION
        first = User.objects.filter(pk=user.pk, phone_verified_at=None)
        if first.update(phone_verified_at=user.phone_verified_at, rules_version=user.rules_version):
            RulesAcceptance.objects.get_or_create(user=user, version=user.rules_version)


def remove_unconfirmed_users(now: datetime) -> int:
    """Remove users whose code was not typed within a day and whom nobody entered on a roster or made a curator.

    Returns how many.
    """
    nobody = User.objects.filter(phone_verified_at=None, persons__isnull=True, curatorships__isnull=True)
    stale = nobody.filter(date_joined__lt=now - UNCONFIRMED_FOR, is_staff=False)
    # Ids first: a person may be tied to the user between the two statements, then the second finds nothing to do.
    ids = list(stale.values_list("pk", flat=True)[:1000])
    _total, by_model = nobody.filter(pk__in=ids).delete()
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
    PushDevice.objects.filter(session_key__in=keys).delete()
    tell_ended(keys)
    return len(keys)


def touch_session(session_key: str, address: str, now: datetime) -> None:
    """Remember when and from where a session was last used."""
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=now, ip=address)


def clear_sessions(now: datetime) -> None:
    """Remove sessions that are over, and what we remembered about them: their devices too."""
    Session.objects.filter(expire_date__lt=now).delete()
    alive = Session.objects.values("session_key")
    UserSession.objects.exclude(session_key__in=alive).delete()
    PushDevice.objects.exclude(session_key__in=alive).delete()


# --- Notifications --------------------------------------------------------------------------------------------------
def register_device(
    *, user: User, session_key: str, subscription: push.Subscription, user_agent: str = ""
) -> PushDevice:
    """Let the browser of the session `session_key` show the user's notifications; return its device.

    The same browser again is the same device; one that belonged to somebody else is theirs no longer. Beyond
    `DEVICES_PER_USER` the oldest goes. Raises `DomainError`: `push_not_offered`, `endpoint_refused`,
    `subscription_invalid`.
    """
    if not push.is_offered():
        raise DomainError("push_not_offered", _("Notifications are not switched on at this site yet."))
    push.check_subscription(subscription)
    values = asdict(subscription) | {"session_key": session_key, "user_agent": user_agent[:200]}
    try:
        with transaction.atomic():
            return _put_device(user, values)
    except IntegrityError:
        # Somebody else registered this very browser at the same moment: now their row is there to be removed.
        with transaction.atomic():
            return _put_device(user, values)


def _put_device(user: User, values: dict[str, str]) -> PushDevice:
    # Tabs of one person come one after the other.
    User.objects.select_for_update().get(pk=user.pk)
    same = PushDevice.objects.filter(Q(endpoint=values["endpoint"]) | Q(session_key=values["session_key"]))
    # Removed, not handed over: what still waits for the number of a former owner's device must not arrive here.
    same.exclude(user=user).delete()
    device = same.order_by("pk").first() or PushDevice(user=user)
    same.exclude(pk=device.pk).delete()
    for name, value in values.items():
        setattr(device, name, value)
    device.failed_at = None
    device.save()
    newest = PushDevice.objects.filter(user=user).order_by("-created_at", "-pk").values_list("pk", flat=True)
    PushDevice.objects.filter(pk__in=list(newest[DEVICES_PER_USER:])).delete()
    return device


def remove_device(device: PushDevice) -> None:
    """Send nothing to this device any more."""
    PushDevice.objects.filter(pk=device.pk).delete()


def remove_device_of_session(session_key: str | None) -> None:
    """Send nothing to the browser that is being signed out."""
    PushDevice.objects.filter(session_key=session_key).delete()


def send_trial(device: PushDevice, now: datetime) -> None:
    """Send a push that says how pushes look, at most one a minute to the same device."""
    queue(
        channel=Channel.PUSH,
        recipient=str(device.pk),
        template="push_trial",
        context={},
        dedupe_key=f"push-trial:{device.pk}:{now:%Y%m%d%H%M}",
    )


def set_digest(user: User, digest: str) -> None:
    """Choose how often a letter tells what was missed. Raises `DomainError("digest_unknown")`."""
    if digest not in Digest.values:
        raise _refusal("digest_unknown", "digest", _("There is no such choice."))
    User.objects.filter(pk=user.pk).update(digest=digest)
