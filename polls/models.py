"""Polls: a question with answers to choose from. What a poll hangs on says who may vote (CHAT-6)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orgs.models import Organization, Person


class Poll(models.Model):
    """A question. Counters stand in the rows, so that results cost the same for three voters and three thousand."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="polls", verbose_name=_("organization")
    )
    question = models.CharField(_("question"), max_length=300)
    is_multiple = models.BooleanField(_("several answers"), default=False)
    is_anonymous = models.BooleanField(_("anonymous"), default=False)
    voter_count = models.PositiveIntegerField(_("voters"), default=0)
    created_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("poll")
        verbose_name_plural = _("polls")
        constraints = [
            models.CheckConstraint(condition=~models.Q(question=""), name="poll_has_question"),
            models.UniqueConstraint(fields=["organization", "id"], name="poll_in_organization"),
        ]

    def __str__(self) -> str:
        return self.question
