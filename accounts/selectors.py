"""Reads of accounts: each person sees the own only."""

from collections import defaultdict
from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import AccountDeletion, ApiKey, DataExport, ExportState, PushDevice, User
from outbox import push
from outbox.models import Channel


def active_user_by_phone(phone: str) -> User | None:
    """Return the user who may sign in with `phone` (E.164)."""
    return User.objects.filter(phone=phone, is_active=True).first()


def pupils_of_parent(email: str) -> QuerySet[User]:
    """Return the users who may sign in with a code sent to `email` (normalised), the oldest account first (INV-7)."""
    return User.objects.filter(parent_email=email, is_active=True).exclude(parent_email="").order_by("pk")


def address_of(user: User) -> tuple[Channel, str]:
    """Return by which channel, and at which address, a user is told what concerns the account: the phone, or the
    e-mail of a parent."""
    return (Channel.SMS, user.phone) if user.phone else (Channel.EMAIL, user.parent_email)


def has_app(user: AbstractBaseUser | AnonymousUser | None) -> bool:
    """Tell whether signing in as `user` asks for a code of an app."""
    return user is not None and Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()


def api_keys_of(user: User) -> QuerySet[ApiKey]:
    """Return the user's keys that work or have expired; revoked ones are gone from the list."""
    return ApiKey.objects.filter(user=user, revoked_at=None).order_by("-created_at", "-pk")


def sessions_of(user: User) -> QuerySet[UserSession]:
    """Return where the user is signed in now, the latest first (one query)."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return UserSession.objects.filter(user=user, session_key__in=alive).order_by("-last_seen_at", "-pk")


# --- Leaving, and taking the data along ------------------------------------------------------------------------------
def deletion_of(user: User) -> AccountDeletion | None:
    """Return the wish to delete the account, if there is one (ACC-2)."""
    return AccountDeletion.objects.filter(user=user).first()


def exports_of(user: User) -> QuerySet[DataExport]:
    """Return the user's archives that are being made or can be fetched, the newest first (ACC-2)."""
    now = timezone.now()
    alive = Q(state=ExportState.WAITING) | Q(state=ExportState.READY, expires_at__gt=now)
    return DataExport.objects.filter(alive | Q(state=ExportState.FAILED), user=user).order_by("-requested_at", "-pk")


# --- Devices that show notifications --------------------------------------------------------------------------------
def devices_of(user: User) -> QuerySet[PushDevice]:
    """Return the user's browsers that show notifications, the newest first."""
    return PushDevice.objects.alive().filter(user=user).order_by("-created_at", "-pk")


def device_ids_of(user_ids: Iterable[int]) -> dict[int, list[int]]:
    """Return {user: numbers of devices} for those of `user_ids` (or of a query of ids) that have any; one query.

    A number, as text, is the `recipient` of a push in the outbox. Nobody has a device while pushes are not offered.
    """
    found: dict[int, list[int]] = defaultdict(list)
    if push.is_offered():
        rows = PushDevice.objects.alive().filter(user__in=user_ids).order_by("pk").values_list("user_id", "pk")
        for user_id, pk in rows:
            found[user_id].append(pk)
    return dict(found)


def users_with_devices(user_ids: Iterable[int]) -> set[int]:
    """Return those of `user_ids` (or of a query of ids) whom a push reaches, with one query."""
    return set(device_ids_of(user_ids))
