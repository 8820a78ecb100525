"""Requests of those who come by themselves, and the confirmation of staff (INV-6, INV-9).

Whoever waits has no role: rights come with acceptance, in the same transaction.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from invitations.models.links import Invitation
from orgs.models import Organization, Person, Role, Unit

# Nobody asks to be an administrator: those are appointed from the staff (REG-6).
ROLES_ASKED = (Role.PARENT, Role.STUDENT, Role.TEACHER, Role.HEAD)


class RequestState(models.TextChoices):
    PENDING = "pending", pgettext_lazy("request", "waiting")
    ACCEPTED = "accepted", pgettext_lazy("request", "accepted")
    REJECTED = "rejected", pgettext_lazy("request", "rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "withdrawn")
    STALE = "stale", pgettext_lazy("request", "gone stale")


class StaffReview(models.TextChoices):
    """Which staff wait for a confirmation after a link that is for everybody; personal codes never ask for one."""

    UNKNOWN = "unknown", _("those whom the roster does not know as staff")
    EVERYONE = "everyone", _("everybody, also those whom the roster knows")


class JoinRules(models.Model):
    """How an organization takes in those who come by themselves; without a row the defaults hold."""

    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, related_name="join_rules", verbose_name=_("organization")
    )
    is_open = models.BooleanField(_("the page for joining is open"), default=True)
    staff_review = models.CharField(
        _("who of the staff waits for a confirmation"), max_length=16, choices=StaffReview, default=StaffReview.UNKNOWN
    )
    days_until_stale = models.PositiveSmallIntegerField(_("days until a request goes stale"), default=14)

    class Meta:
        verbose_name = _("rules of joining")
        verbose_name_plural = _("rules of joining")
        constraints = [
            # With 0 every request would be stale before anybody has seen it.
            models.CheckConstraint(condition=Q(days_until_stale__range=(3, 90)), name="join_rules_days_3_to_90"),
            models.CheckConstraint(condition=Q(staff_review__in=StaffReview.values), name="join_rules_review_known"),
        ]

    def __str__(self) -> str:
        return str(self.organization_id)


class JoinRequest(models.Model):
    """Somebody who signed in asks to be let in, as a role (INV-6)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="join_requests", verbose_name=_("organization")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="join_requests", verbose_name=_("user")
    )
    # A member who asks for one more role; after acceptance whoever the applicant turned out to be.
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="join_requests", null=True, blank=True, verbose_name=_("person")
    )
    last_name = models.CharField(_("last name"), max_length=80)
    first_name = models.CharField(_("first name"), max_length=80)
    patronymic = models.CharField(_("patronymic"), max_length=80, blank=True)
    # As `Person.search_name`, of the name that was typed.
    search_name = models.CharField(max_length=250, editable=False)
    role = models.CharField(_("role"), max_length=16, choices=Role)
    unit = models.ForeignKey(
        Unit, on_delete=models.SET_NULL, related_name="join_requests", null=True, blank=True, verbose_name=_("unit")
    )
    child_name = models.CharField(_("child"), max_length=250, blank=True)
    child_birth_date = models.DateField(_("date of birth of the child"), null=True, blank=True)
    message = models.CharField(_("message"), max_length=500, blank=True)
    # The link it came by; that the link expires later does not matter any more.
    invitation = models.ForeignKey(
        Invitation,
        on_delete=models.SET_NULL,
        related_name="join_requests",
        null=True,
        blank=True,
        verbose_name=_("invitation"),
    )
    state = models.CharField(_("state"), max_length=16, choices=RequestState, default=RequestState.PENDING)
    created_at = models.DateTimeField(_("sent at"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, related_name="+", null=True, blank=True, verbose_name=_("decided by")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)

    class Meta:
        verbose_name = _("join request")
        verbose_name_plural = _("join requests")
        constraints = [
            # A double click, or the same wish sent every day, would fill the queue.
            models.UniqueConstraint(
                fields=["organization", "user", "role"],
                name="join_request_one_waiting",
                condition=Q(state="pending"),
            ),
            # Nobody becomes an administrator by asking (REG-6).
            models.CheckConstraint(condition=Q(role__in=ROLES_ASKED), name="join_request_role_asked"),
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="join_request_state_known"),
            # A decision without its moment, or a moment without a decision: the age would be wrong.
            models.CheckConstraint(
                condition=Q(state="pending", decided_at=None) | (~Q(state="pending") & Q(decided_at__isnull=False)),
                name="join_request_decided_at",
            ),
            models.CheckConstraint(condition=~Q(state="rejected", reason=""), name="join_request_rejected_why"),
            models.CheckConstraint(
                condition=Q(decided_at=None) | Q(decided_at__gte=F("created_at")), name="join_request_decided_later"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "state", "created_at"], name="join_request_queue"),
            models.Index(fields=["created_at"], name="join_request_waiting", condition=Q(state="pending")),
        ]

    def __str__(self) -> str:
        return f"{self.full_name}: {self.role}"

    @property
    def full_name(self) -> str:
        """«Фамилия Имя Отчество», as typed."""
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)

    @property
    def is_pending(self) -> bool:
        return self.state == RequestState.PENDING


class WithdrawnConfirmation(models.Model):
    """What a member of staff held when the confirmation was withdrawn, to be given back with it (INV-9)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("person"))
    # ["head", "teacher"], and [[unit, part], …].
    roles = models.JSONField(_("roles"), default=list)
    parts = models.JSONField(_("parts in units"), default=list)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), default=timezone.now)
    given_back_at = models.DateTimeField(_("given back at"), null=True, blank=True)

    class Meta:
        verbose_name = _("withdrawn confirmation")
        verbose_name_plural = _("withdrawn confirmations")
        constraints = [
            # Two administrators withdraw at once: the second would remember that nothing was held.
            models.UniqueConstraint(
                fields=["person"], name="withdrawn_confirmation_one_open", condition=Q(given_back_at=None)
            ),
        ]

    def __str__(self) -> str:
        return str(self.person_id)
