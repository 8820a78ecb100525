"""What the head reports to the administrator (ORG-6)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orgs.models import Organization, Person, Unit
from works.models import Work


class NoticeKind(models.TextChoices):
    """What is to be done with the people of a notice."""

    ENROL = "enrol", pgettext_lazy("notice", "Enrol")
    TRANSFER = "transfer", pgettext_lazy("notice", "Transfer")
    LEAVE = "leave", pgettext_lazy("notice", "Leaves")
    RETURN = "return", pgettext_lazy("notice", "Comes back")
    HIRE = "hire", pgettext_lazy("notice", "Hired")
    DISMISS = "dismiss", pgettext_lazy("notice", "Dismissed")
    LEADER = "leader", pgettext_lazy("notice", "Another leader")


class NoticeState(models.TextChoices):
    """Sent → done, returned or withdrawn; a returned one can be sent again."""

    SENT = "sent", pgettext_lazy("notice", "waits")
    DONE = "done", pgettext_lazy("notice", "carried out")
    RETURNED = "returned", pgettext_lazy("notice", "returned")
    WITHDRAWN = "withdrawn", pgettext_lazy("notice", "withdrawn")


class Notice(models.Model):
    """«Сообщение о движении»: who comes or goes, where, from which day, by which order.

    Either people of the roster (`people`), or one new person by `newcomer` (the columns of
    `orgs.services.people.PersonData`).
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=NoticeKind)
    state = models.CharField(_("state"), max_length=10, choices=NoticeState, default=NoticeState.SENT)
    newcomer = models.JSONField(_("new person"), default=dict, blank=True)
    unit = models.ForeignKey(
        Unit, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    day = models.DateField(_("from which day"))
    order_number = models.CharField(_("number of the order"), max_length=40, blank=True)
    order_date = models.DateField(_("date of the order"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    reported_by = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("notice", "reported by"),
    )
    reported_at = models.DateTimeField(pgettext_lazy("notice", "reported at"), default=timezone.now)
    decided_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    # What the administrator wrote back.
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    # How it was carried out; empty when the administrator did it another way.
    work = models.ForeignKey(
        Work, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("work")
    )

    class Meta:
        verbose_name = _("notice of movement")
        verbose_name_plural = _("notices of movement")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=NoticeKind.values), name="notice_kind_known"),
            models.CheckConstraint(condition=models.Q(state__in=NoticeState.values), name="notice_state_known"),
            # One that waits has no decision, and a decision says when.
            models.CheckConstraint(
                condition=models.Q(state=NoticeState.SENT, decided_at=None)
                | (~models.Q(state=NoticeState.SENT) & models.Q(decided_at__isnull=False)),
                name="notice_decided_has_moment",
            ),
            # Whoever gets it back must learn what to mend.
            models.CheckConstraint(
                condition=~models.Q(state=NoticeState.RETURNED) | ~models.Q(answer=""), name="notice_returned_says_why"
            ),
            models.UniqueConstraint(fields=["organization", "id"], name="notice_in_organization"),
        ]
        indexes = [
            models.Index(fields=["organization", "-id"], name="notice_latest"),
            models.Index(fields=["organization"], name="notice_waiting", condition=models.Q(state="sent")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} № {self.pk}"


class NoticePerson(models.Model):
    """Somebody of the roster whom a notice is about."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="people", verbose_name=_("notice"))
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("person"))

    class Meta:
        verbose_name = _("person of a notice")
        verbose_name_plural = _("people of notices")
        ordering = ["id"]
        constraints = [
            # The same person twice would be moved twice.
            models.UniqueConstraint(fields=["notice", "person"], name="notice_person_once"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id}: {self.person_id}"
