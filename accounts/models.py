"""Who signs in. What a person is in an organization stands in `orgs`, never here."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.devices import device_name
from accounts.phones import normalise_phone


class UserManager(BaseUserManager["User"]):
    def create_user(self, phone: str, password: str | None = None, **fields: Any) -> User:
        """Make a user who signs in with `phone` (E.164); without a password one is never asked for."""
        user = self.model(phone=phone, **fields)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, phone: str, password: str | None = None, **fields: Any) -> User:
        """Make the platform's operator; the phone may be typed in any way."""
        return self.create_user(normalise_phone(phone), password, is_staff=True, is_superuser=True, **fields)


class Digest(models.TextChoices):
    """How often a letter tells what was missed, to those who have no device that does."""

    DAILY = "daily", _("Once a day")
    NONE = "none", _("Never")


class User(AbstractBaseUser, PermissionsMixin):
    """One human with one phone; the same human in several organizations is still one user (ORG-4)."""

    phone = models.CharField(_("phone"), max_length=16, unique=True)
    # Empty until the first code was typed; such rows are removed after a day (accounts.tasks).
    phone_verified_at = models.DateTimeField(_("phone confirmed at"), null=True, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    display_name = models.CharField(_("full name"), max_length=200, blank=True)
    digest = models.CharField(_("letter about what was missed"), max_length=8, choices=Digest, default=Digest.DAILY)
    is_staff = models.BooleanField(_("platform operator"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(_("account since"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "phone"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            # A number typed in another form would be another account of the same human.
            models.CheckConstraint(condition=models.Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"), name="user_phone_e164"),
        ]
        indexes = [
            models.Index(
                fields=["date_joined"], name="user_unconfirmed", condition=models.Q(phone_verified_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.display_name or str(self.phone)

    def get_username(self) -> str:
        return str(self.phone)

    def get_short_name(self) -> str:
        return str(self)

    @property
    def is_confirmed(self) -> bool:
        """Whether a code sent to the phone was typed back at least once."""
        return self.phone_verified_at is not None


class ApiKey(models.Model):
    """A key for integrations (INT-1): acts as its user, shown once, stored as prefix and hash."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys", verbose_name=_("user"))
    name = models.CharField(_("what for"), max_length=100)
    prefix = models.CharField(_("begins with"), max_length=12, unique=True)
    key_hash = models.CharField(max_length=64)
    read_only = models.BooleanField(_("may only read"), default=False)
    created_at = models.DateTimeField(_("made at"), default=timezone.now)
    expires_at = models.DateTimeField(_("works until"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class PushDeviceQuerySet(models.QuerySet["PushDevice"]):
    def alive(self) -> Self:
        """Devices whose browser is still signed in: after the sign-out nobody there may read what comes."""
        sessions = Session.objects.filter(expire_date__gt=timezone.now())
        return self.filter(session_key__in=sessions.values("session_key"), user__is_active=True)


class PushDevice(models.Model):
    """A browser that shows notifications of its user while it is signed in."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="push_devices", verbose_name=_("user"))
    # A value, as in allauth's list of sessions: rows of sessions come and go by themselves.
    session_key = models.CharField(max_length=40)
    # What the browser subscribed with (outbox/push.py). Whoever knows the endpoint can't write to it without our key.
    endpoint = models.CharField(max_length=1000)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    user_agent = models.CharField(_("browser"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("switched on at"), default=timezone.now)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    # Since when nothing gets through; empty again with the first push that does.
    failed_at = models.DateTimeField(_("fails since"), null=True, blank=True)

    objects = PushDeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("device with notifications")
        verbose_name_plural = _("devices with notifications")
        constraints = [
            # A browser that somebody else signed in with: the words of the one must not reach the other.
            models.UniqueConstraint(fields=["endpoint"], name="push_device_endpoint"),
            # A browser has one subscription; a new one replaces the old instead of showing everything twice.
            models.UniqueConstraint(fields=["session_key"], name="push_device_session"),
        ]

    def __str__(self) -> str:
        return device_name(self.user_agent)
