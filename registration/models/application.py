"""An application to register an organization and what has become of it (REG-1, REG-2)."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orgs.models import Organization
from orgs.models.organization import Kind, validate_time_zone


class State(models.TextChoices):
    """Where an application stands."""

    SUBMITTED = "submitted", _("submitted")
    ON_REVIEW = "on_review", _("being reviewed")
    RETURNED = "returned", pgettext_lazy("application", "returned with remarks")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", pgettext_lazy("application", "rejected")
    WITHDRAWN = "withdrawn", _("withdrawn by the applicant")


_DECISIONS = {State.APPROVED, State.RETURNED, State.REJECTED}
# The state machine, in one place: from which state an application may come into which.
MOVES: Mapping[str, frozenset[str]] = {
    State.SUBMITTED: frozenset({State.ON_REVIEW, State.WITHDRAWN, *_DECISIONS}),
    State.ON_REVIEW: frozenset({State.WITHDRAWN, *_DECISIONS}),
    State.RETURNED: frozenset({State.SUBMITTED, State.REJECTED, State.WITHDRAWN}),
    State.APPROVED: frozenset(),
    State.REJECTED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
CLOSED = tuple(state for state, moves in MOVES.items() if not moves)
OPEN = tuple(state for state, moves in MOVES.items() if moves)


class OrderFile(models.Model):
    """The order that appoints the administrator: bytes in the file store and what we found out about them.

    Not a `files.StoredFile`: there is no organization yet whose it could be.
    """

    content = models.FileField(_("content"), upload_to="registration/%Y/%m", max_length=200)
    original_name = models.CharField(_("name of the file"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size, bytes"))
    sha256 = models.CharField(_("checksum"), max_length=64)
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        indexes = [models.Index(fields=["uploaded_at"], name="order_file_by_age")]

    def __str__(self) -> str:
        return self.original_name


class Application(models.Model):
    """What an organization tells about itself and about its administrator."""

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SUBMITTED)
    # Another one at each change: a decision is about what its maker has seen, and the second of two is refused.
    revision = models.PositiveIntegerField(default=1, editable=False, verbose_name=_("revision"))
    # Given by the form that was filled in.
    attempt = models.UUIDField(editable=False, verbose_name=_("attempt"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    name = models.CharField(_("full name of the organization"), max_length=400)
    short_name = models.CharField(_("short name"), max_length=120)
    # Both names, normalised: what search looks in.
    search_name = models.CharField(max_length=600, editable=False)
    inn = models.CharField(_("INN"), max_length=12)
    region = models.CharField(_("region"), max_length=120)
    municipality = models.CharField(_("municipality"), max_length=120)
    address = models.CharField(_("address"), max_length=300)
    time_zone = models.CharField(_("time zone"), max_length=40, validators=[validate_time_zone])
    site = models.URLField(_("site"), blank=True)
    diary_url = models.URLField(_("electronic diary"), blank=True)
    last_name = models.CharField(_("last name"), max_length=80)
    first_name = models.CharField(_("first name"), max_length=80)
    patronymic = models.CharField(_("patronymic"), max_length=80, blank=True)
    position = models.CharField(_("position"), max_length=150)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("mobile phone"), max_length=16)
    order = models.OneToOneField(
        OrderFile, on_delete=models.PROTECT, related_name="application", verbose_name=_("order")
    )
    # Which wording of the rules the applicant agreed to.
    rules_version = models.CharField(_("version of the rules"), max_length=20)
    submitted_at = models.DateTimeField(_("submitted at"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    # Who reviews it, or has decided.
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reviewed by"),
    )
    organization = models.OneToOneField(
        Organization,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="application",
        verbose_name=_("organization"),
    )

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        constraints = [
            # A double click on «Отправить» would make two applications.
            models.UniqueConstraint(fields=["attempt"], name="application_once_per_attempt"),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="application_state_known"),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="application_kind_known"),
            # Approved without a space, or a space without an approval: half of a decision.
            models.CheckConstraint(
                condition=models.Q(state=State.APPROVED, organization__isnull=False)
                | (~models.Q(state=State.APPROVED) & models.Q(organization=None)),
                name="application_approved_has_organization",
            ),
            # A date of a decision without one, and the other way round.
            models.CheckConstraint(
                condition=models.Q(state__in=CLOSED, decided_at__isnull=False)
                | models.Q(state__in=OPEN, decided_at=None),
                name="application_closed_has_date",
            ),
            models.CheckConstraint(
                condition=models.Q(inn__regex=r"^([0-9]{10}|[0-9]{12})$"), name="application_inn_digits"
            ),
            # A number nobody can sign in with.
            models.CheckConstraint(condition=models.Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"), name="application_phone"),
            models.CheckConstraint(
                condition=~models.Q(short_name="") & ~models.Q(last_name="") & ~models.Q(first_name=""),
                name="application_has_names",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "submitted_at"], name="application_queue"),
            models.Index(fields=["inn"], name="application_by_inn"),
        ]

    def __str__(self) -> str:
        return f"№ {self.pk}: {self.short_name}"

    @property
    def administrator_name(self) -> str:
        """«Фамилия Имя Отчество» of the administrator."""
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def can_be_corrected(self) -> bool:
        return self.state == State.RETURNED

    def may_become(self, state: str) -> bool:
        """Tell whether the state machine lets it into `state`."""
        return state in MOVES[self.state]


class ApplicationEvent(models.Model):
    """A step of an application: its history with dates, shown to the applicant and the operator."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="events", verbose_name=_("application")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    state = models.CharField(_("state"), max_length=10, choices=State)
    # Empty: the applicant.
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("operator"),
    )
    # Remarks, or the reason of a rejection.
    text = models.TextField(_("remarks"), blank=True, max_length=2000)
    # Names of the fields that the remarks are about.
    fields = models.JSONField(_("fields to correct"), default=list, blank=True)

    class Meta:
        verbose_name = _("step of an application")
        verbose_name_plural = _("steps of applications")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="application_event_state_known"),
            # «No» without a word why: the applicant could do nothing with it.
            models.CheckConstraint(
                condition=~models.Q(state__in=[State.RETURNED, State.REJECTED]) | ~models.Q(text=""),
                name="application_event_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.state}"
