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
from accounts.parents import masked_email
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
    """One human with one phone; the same human in several organizations is still one user (ORG-4).

    A pupil of primary grades may have no phone: then codes go to a parent's e-mail, which brothers and sisters share
    (INV-7).
    """

    phone = models.CharField(_("phone"), max_length=16, unique=True, null=True, blank=True)
    parent_email = models.EmailField(_("e-mail of a parent"), blank=True)
    # When the first code was typed, also one sent to a parent's e-mail; until then empty, and such rows are removed
    # after a day (accounts.tasks).
    phone_verified_at = models.DateTimeField(_("phone confirmed at"), null=True, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    display_name = models.CharField(_("full name"), max_length=200, blank=True)
    digest = models.CharField(_("letter about what was missed"), max_length=8, choices=Digest, default=Digest.DAILY)
    # The newest of `acceptances`: every request asks for it, and has the user at hand. Empty: none yet (ACC-5).
    rules_version = models.CharField(_("rules accepted, version"), max_length=20, blank=True)
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
            # Nobody could ever sign in; with both, a child's door would open an adult's account.
            models.CheckConstraint(
                condition=models.Q(phone__isnull=False, parent_email="")
                | (models.Q(phone=None) & ~models.Q(parent_email="")),
                name="user_phone_or_parent_email",
            ),
        ]
        indexes = [
            models.Index(
                fields=["date_joined"], name="user_unconfirmed", condition=models.Q(phone_verified_at__isnull=True)
            ),
            models.Index(fields=["parent_email"], name="user_of_parent", condition=~models.Q(parent_email="")),
        ]

    def __str__(self) -> str:
        return self.display_name or self.phone or masked_email(self.parent_email)

    def get_username(self) -> str:
        # Not unique for brothers and sisters: nobody is found by it.
        return self.phone or self.parent_email

    def clean(self) -> None:
        # Django would write the user name back into the phone, which a pupil does not have.
        self.phone = self.phone or None

    def get_short_name(self) -> str:
        return str(self)

    @property
    def is_confirmed(self) -> bool:
        """Whether a code sent to the phone, or to the e-mail of a parent, was typed back at least once."""
        return self.phone_verified_at is not None


class RulesAcceptance(models.Model):
    """When a user accepted a version of the rules of use; rows are only ever added (ACC-5)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="acceptances", verbose_name=_("user"))
    version = models.CharField(_("version"), max_length=20)
    accepted_at = models.DateTimeField(_("accepted at"), default=timezone.now)

    class Meta:
        verbose_name = _("acceptance of the rules")
        verbose_name_plural = _("acceptances of the rules")
        constraints = [
            # A double click would tell of two moments; the first one counts.
            models.UniqueConstraint(fields=["user", "version"], name="rules_accepted_once"),
            models.CheckConstraint(condition=~models.Q(version=""), name="rules_accepted_version"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.version}"


class AccountDeletion(models.Model):
    """A user's wish to have the account deleted; the row goes when it is called off, or with the account (ACC-2)."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="deletion", verbose_name=_("user"))
    asked_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    due_at = models.DateTimeField(_("carried out not before"))
    # Nobody signs in from this moment on; a little later, when no request can still be under way, the user goes.
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("deletion of an account")
        verbose_name_plural = _("deletions of accounts")
        constraints = [
            # Without delay nobody could change their mind.
            models.CheckConstraint(
                condition=models.Q(due_at__gt=models.F("asked_at")), name="account_deletion_due_after"
            )
        ]
        indexes = [models.Index(fields=["due_at"], name="account_deletion_due")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.due_at:%d.%m.%Y}"


class ExportState(models.TextChoices):
    WAITING = "waiting", _("is being put together")
    READY = "ready", _("ready")
    FAILED = "failed", _("did not come off")


class DataExport(models.Model):
    """An archive of all of a user's data, made in the background and kept for some days (ACC-2)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="exports", verbose_name=_("user"))
    state = models.CharField(_("state"), max_length=8, choices=ExportState, default=ExportState.WAITING)
    requested_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    ready_at = models.DateTimeField(_("ready at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True)
    file = models.FileField(_("archive"), upload_to="exports", blank=True)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)

    class Meta:
        verbose_name = _("archive of a person's data")
        verbose_name_plural = _("archives of people's data")
        constraints = [
            # A double click would put everything together twice.
            models.UniqueConstraint(
                fields=["user"], name="export_one_at_a_time", condition=models.Q(state=ExportState.WAITING)
            ),
            models.CheckConstraint(condition=models.Q(state__in=ExportState.values), name="export_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.state}"


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
