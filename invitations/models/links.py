"""Invite links and who joined by them (INV-1 … INV-5, INV-8, INV-11)."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orgs.models import Organization, Person, Role, Unit


class State(models.TextChoices):
    """Derived from time stamps and counters, never stored: it is right even when no worker runs."""

    ACTIVE = "active", pgettext_lazy("link", "active")
    USED_UP = "used_up", pgettext_lazy("link", "used up")
    EXPIRED = "expired", pgettext_lazy("link", "expired")
    REVOKED = "revoked", pgettext_lazy("link", "annulled")


def state_conditions(now: datetime) -> dict[State, Q]:
    """Return for each state the condition that holds for the links in it at `now`."""
    unused = Q(revoked_at=None, uses__lt=F("max_uses"))
    return {
        State.ACTIVE: unused & Q(expires_at__gt=now),
        State.USED_UP: Q(revoked_at=None, uses__gte=F("max_uses")),
        State.EXPIRED: unused & Q(expires_at__lte=now),
        State.REVOKED: Q(revoked_at__isnull=False),
    }


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def redeemable(self, now: datetime) -> InvitationQuerySet:
        """Those that let somebody in at `now`."""
        return self.in_state(State.ACTIVE, now)

    def in_state(self, state: str, now: datetime) -> InvitationQuerySet:
        """Those whose derived state is `state` (a value of `State`) at `now`."""
        return self.filter(state_conditions(now)[State(state)])


class Invitation(models.Model):
    """A link for one unit and one role.

    The token is not here: it is the id with an HMAC of (id, generation) under a key of its own, see
    invitations/tokens.py. Renewing raises the generation and so kills every copy of the old link.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("organization")
    )
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=16, choices=Role)
    # A personal code: whoever redeems it becomes this person of the roster.
    person = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,
        related_name="personal_invitations",
        null=True,
        blank=True,
        verbose_name=_("whose personal code"),
    )
    # A family link: whoever redeems it becomes a parent of this student.
    student = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,
        related_name="family_invitations",
        null=True,
        blank=True,
        verbose_name=_("whose family"),
    )
    generation = models.PositiveIntegerField(default=1, verbose_name=_("issue"))
    max_uses = models.PositiveIntegerField(_("number of uses"))
    uses = models.PositiveIntegerField(_("used"), default=0)
    created_at = models.DateTimeField(default=timezone.now, verbose_name=_("created at"))
    # Whose right the link lives on: its creator, or the successor after a handover. Checked again at redemption.
    owner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("owner"))
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(null=True, blank=True, verbose_name=_("annulled at"))
    # When somebody first looked at its page; later visits are not counted.
    opened_at = models.DateTimeField(null=True, blank=True, verbose_name=_("first opened at"))
    # Set by the jobs, read by nothing that decides.
    expiry_recorded_at = models.DateTimeField(null=True, blank=True, verbose_name=_("expiry noted at"))
    reminded_at = models.DateTimeField(null=True, blank=True, verbose_name=_("reminded at"))

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            # 32 threads and a link for 10: the database itself stops at 10.
            models.CheckConstraint(condition=Q(uses__lte=F("max_uses")), name="invitation_uses_within_limit"),
            models.CheckConstraint(condition=Q(max_uses__range=(1, 1000)), name="invitation_max_uses_1_to_1000"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="invitation_expires_after_creation"
            ),
            # Nobody becomes an administrator by a link (REG-6).
            models.CheckConstraint(
                condition=Q(role__in=["head", "teacher", "student", "parent"]), name="invitation_role_by_link"
            ),
            models.CheckConstraint(condition=Q(person=None) | Q(max_uses=1), name="invitation_personal_code_once"),
            models.CheckConstraint(
                condition=Q(student=None) | Q(role="parent", person=None), name="invitation_family_link_is_for_parents"
            ),
            models.UniqueConstraint(fields=["organization", "id"], name="invitation_in_organization"),
        ]
        indexes = [
            models.Index(fields=["organization", "-id"], name="invitation_newest"),
            models.Index(
                fields=["expires_at"],
                name="invitation_due",
                condition=Q(revoked_at=None, expiry_recorded_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.pk}"

    def state_at(self, now: datetime) -> State:
        """Return the state at `now`; the same rule as `InvitationQuerySet.in_state`."""
        if self.revoked_at is not None:
            return State.REVOKED
        if self.uses >= self.max_uses:
            return State.USED_UP
        return State.ACTIVE if self.expires_at > now else State.EXPIRED

    @property
    def state(self) -> State:
        return self.state_at(timezone.now())


class InvitationUse(models.Model):
    """Who joined by which link, and when."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    invitation = models.ForeignKey(
        Invitation, on_delete=models.CASCADE, related_name="used_by", verbose_name=_("invitation")
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="joined_by", verbose_name=_("person"))
    generation = models.PositiveIntegerField(verbose_name=_("issue"))
    # What a parent said the child's name is when the roster did not know it: an administrator ties them later.
    claimed_child = models.CharField(max_length=250, blank=True, verbose_name=_("child as the parent said"))
    at = models.DateTimeField(default=timezone.now, verbose_name=_("when"))

    class Meta:
        verbose_name = _("use of an invitation")
        verbose_name_plural = _("uses of invitations")
        ordering = ["at"]
        constraints = [
            # A double click must not use a link up twice.
            models.UniqueConstraint(fields=["invitation", "person"], name="invitation_use_once_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.invitation_id}: {self.person_id}"
