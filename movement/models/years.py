"""The draft of the next school year, and what of the check of the data was said to be no problem."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orgs.models import Organization, Person


class YearPlan(models.Model):
    """What becomes of the units and people when the year changes (ORG-9): a draft that survives reloads.

    `content` is what `movement.services.planning` writes: fates of units and people by their ids, new units, the order.
    """

    # One draft per organization: two administrators prepare the same year, not two.
    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, related_name="year_plan", verbose_name=_("organization")
    )
    content = models.JSONField(_("plan"), default=dict)
    changed_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    class Meta:
        verbose_name = _("draft of the next school year")
        verbose_name_plural = _("drafts of the next school year")

    def __str__(self) -> str:
        return f"year plan of {self.organization_id}"


class Dismissal(models.Model):
    """A finding of the check of the data that is no problem here (ORG-7): not shown until somebody asks for it."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    # A group of `movement.selectors.hygiene`, and what in it: ids of people or units, «12:15».
    group = models.CharField(_("finding"), max_length=30)
    key = models.CharField(_("what it is about, by numbers"), max_length=60)
    dismissed_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("said by")
    )
    dismissed_at = models.DateTimeField(_("said at"), default=timezone.now)

    class Meta:
        verbose_name = _("finding that is no problem")
        verbose_name_plural = _("findings that are no problem")
        constraints = [
            # A double click would have to be taken back twice.
            models.UniqueConstraint(fields=["organization", "group", "key"], name="dismissal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.key}"
