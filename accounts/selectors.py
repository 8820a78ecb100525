"""Reads of accounts: each person sees the own only."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import ApiKey, User


def active_user_by_phone(phone: str) -> User | None:
    """Return the user who may sign in with `phone` (E.164)."""
    return User.objects.filter(phone=phone, is_active=True).first()


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
