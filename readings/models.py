"""Required reading: who must confirm that they have read something, and who has (CHAN-4, DOC-1).

What is to be read hangs on a floor above, as with polls: a post, a version of a document. It makes the reading, names
its page and says what was hashed; this floor knows who is asked, who has confirmed, and reminds.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orgs.models import AudienceRule, Organization, Person

MOST_TITLE = 300


class ParentsConfirm(models.TextChoices):
    """How many parents of a child must confirm."""

    EACH = "each", _("each parent")
    FAMILY = "family", _("one parent of a child")


class Stage(models.TextChoices):
    """When those who have not confirmed are reminded by themselves."""

    BEFORE = "before", _("two days before the deadline")
    ON_DAY = "on_day", _("on the last day")
    AFTER = "after", _("the day after the deadline")
    LATE = "late", _("five days after the deadline")


class Reading(models.Model):
    """One version of something that has to be read. A new version is a new row: it asks anew, the old answers stay."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="readings", verbose_name=_("organization")
    )
    # As it was called when it was given out: a sheet must not change when the thing is renamed.
    title = models.CharField(_("title"), max_length=MOST_TITLE)
    # Where it is read, below /o/<slug>/: «channels/posts/12/».
    path = models.CharField(max_length=200, verbose_name=_("page"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    # SHA-256 of what is confirmed, in hexadecimal: two sheets with one number are about the same words.
    content_hash = models.CharField(_("checksum"), max_length=64)
    # The last day, in the organization's calendar; empty: no deadline.
    due_on = models.DateField(_("deadline"), null=True, blank=True)
    parents_confirm = models.CharField(
        _("who of the parents confirms"), max_length=8, choices=ParentsConfirm, default=ParentsConfirm.EACH
    )
    created_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("given out by")
    )
    # From this moment people are asked (a scheduled post asks when it appears).
    opened_at = models.DateTimeField(_("given out at"), null=True, blank=True)
    # A newer version took its place, or what it was about was removed: nobody is asked any more.
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    replaced_by = models.OneToOneField(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name=_("newer version"),
    )
    # «Напомнить» by hand: not more often than once an hour.
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False, verbose_name=_("created at"))

    class Meta:
        verbose_name = _("required reading")
        verbose_name_plural = _("required reading")
        constraints = [
            models.CheckConstraint(condition=~models.Q(title=""), name="reading_has_title"),
            models.CheckConstraint(
                condition=models.Q(content_hash__regex=r"^[0-9a-f]{64}$"), name="reading_hash_sha256"
            ),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="reading_version_from_1"),
            models.CheckConstraint(
                condition=models.Q(parents_confirm__in=ParentsConfirm.values), name="reading_parents_known"
            ),
            # What was never given out cannot have been replaced by something newer.
            models.CheckConstraint(
                condition=models.Q(replaced_by=None) | models.Q(closed_at__isnull=False),
                name="reading_replaced_is_closed",
            ),
            models.UniqueConstraint(fields=["organization", "id"], name="reading_in_organization"),
        ]
        indexes = [
            models.Index(fields=["organization", "due_on"], name="reading_open", condition=models.Q(closed_at=None)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether people are asked today."""
        return self.opened_at is not None and self.closed_at is None


class ReadingAudience(AudienceRule):
    """A circle of people who are asked."""

    reading = models.ForeignKey(
        Reading, on_delete=models.CASCADE, related_name="audiences", verbose_name=_("required reading")
    )

    class Meta(AudienceRule.Meta):
        verbose_name = _("audience of a required reading")
        verbose_name_plural = _("audiences of required readings")
        constraints = [
            *AudienceRule.Meta.constraints,
            models.UniqueConstraint(fields=["reading", "audience", "unit"], name="reading_audience_once"),
            # A unique key lets rows without a unit through.
            models.UniqueConstraint(
                fields=["reading", "audience"], name="reading_audience_of_all_once", condition=models.Q(unit=None)
            ),
        ]
        indexes = [models.Index(fields=["organization", "audience", "unit"], name="reading_audience_lookup")]


class Confirmation(models.Model):
    """«Ознакомлен(а)»: by the person, or noted by somebody of the school who holds the signature on paper."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    reading = models.ForeignKey(
        Reading, on_delete=models.CASCADE, related_name="confirmations", verbose_name=_("required reading")
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="confirmations", verbose_name=_("person"))
    confirmed_at = models.DateTimeField(_("confirmed at"), default=timezone.now)
    # Empty: confirmed by the person here.
    noted_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("noted by")
    )
    is_on_paper = models.BooleanField(_("signed on paper"), default=False)

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        constraints = [
            # A double tap would put a person into the sheet twice.
            models.UniqueConstraint(fields=["reading", "person"], name="confirmation_once"),
            models.CheckConstraint(
                condition=models.Q(is_on_paper=True) | models.Q(noted_by=None), name="confirmation_noted_is_on_paper"
            ),
        ]
        indexes = [models.Index(fields=["person", "reading"], name="confirmation_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} read {self.reading_id}"


class Reminder(models.Model):
    """That a stage was reminded of, so that a job that runs twice, or late, reminds once."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    reading = models.ForeignKey(
        Reading, on_delete=models.CASCADE, related_name="reminders", verbose_name=_("required reading")
    )
    stage = models.CharField(_("stage"), max_length=8, choices=Stage)
    sent_at = models.DateTimeField(_("sent at"), default=timezone.now)
    people = models.PositiveIntegerField(_("people reminded"), default=0)

    class Meta:
        verbose_name = _("reminder of a required reading")
        verbose_name_plural = _("reminders of required readings")
        constraints = [models.UniqueConstraint(fields=["reading", "stage"], name="reading_reminder_once")]

    def __str__(self) -> str:
        return f"{self.stage} of {self.reading_id}"
