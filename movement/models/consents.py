"""The register of consents (ORG-11)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orgs.models import Organization, Person


class Decision(models.TextChoices):
    """What a family has decided about its communication here."""

    CONSENT = "consent", pgettext_lazy("consent", "consent")
    REFUSAL = "refusal", pgettext_lazy("consent", "refusal")
    OTHER_CHANNEL = "other_channel", pgettext_lazy("consent", "another channel")


class Consent(models.Model):
    """A parent's decision about a child; a newer one supersedes it (`until`), nothing is ever deleted.

    `parent` is empty where only paper tells of the family.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    child = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents", verbose_name=_("child"))
    parent = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="given_consents", null=True, blank=True, verbose_name=_("parent")
    )
    decision = models.CharField(_("decision"), max_length=14, choices=Decision)
    # How to reach the family otherwise: «звонить бабушке», «через классного руководителя».
    channel = models.CharField(_("how to reach them"), max_length=200, blank=True)
    signed_on = models.DateField(_("signed on"))
    document_number = models.CharField(_("number of the document"), max_length=40, blank=True)
    # Given by the parent's own account, not on paper.
    is_electronic = models.BooleanField(_("given electronically"), default=False)
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    until = models.DateTimeField(_("superseded at"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(decision__in=Decision.values), name="consent_decision_known"),
            # Two people recording at once: a family would both agree and refuse.
            models.UniqueConstraint(
                fields=["child", "parent"], name="consent_one_current", condition=models.Q(until=None)
            ),
            # A unique key lets rows without a parent through.
            models.UniqueConstraint(
                fields=["child"],
                name="consent_one_current_without_parent",
                condition=models.Q(until=None, parent=None),
            ),
            # Another channel nobody named reaches nobody.
            models.CheckConstraint(
                condition=~models.Q(decision=Decision.OTHER_CHANNEL) | ~models.Q(channel=""),
                name="consent_other_channel_is_named",
            ),
            models.CheckConstraint(
                condition=models.Q(parent=None) | ~models.Q(parent=models.F("child")), name="consent_not_of_oneself"
            ),
            # What an account gave is somebody's.
            models.CheckConstraint(
                condition=models.Q(is_electronic=False) | models.Q(parent__isnull=False),
                name="consent_electronic_has_parent",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "child"], name="consent_current", condition=models.Q(until=None))
        ]

    def __str__(self) -> str:
        return f"{self.child_id}: {self.decision}"
