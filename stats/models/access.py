"""Who sees the statistics, what an organization wants of them, and which norms are switched on."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orgs.models import Organization


class StatsRules(models.Model):
    """The organization's choices; a missing row means the defaults."""

    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, related_name="stats_rules", verbose_name=_("organization")
    )
    weekly_letter = models.BooleanField(_("weekly letter to the head"), default=True)
    # What pages and exports show unless asked otherwise (STAT-5).
    without_doubtful = models.BooleanField(_("doubtful messages are left out"), default=False)

    class Meta:
        verbose_name = _("rules of the statistics")
        verbose_name_plural = _("rules of the statistics")

    def __str__(self) -> str:
        return f"statistics rules of {self.organization_id}"


class Norm(models.Model):
    """What a figure ought to reach. Templates stand in `stats.catalogue.NORM_TEMPLATES` and are off (STAT-5)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="stats_norms", verbose_name=_("organization")
    )
    # A key of the catalogue.
    figure = models.CharField(_("figure"), max_length=40)
    percent = models.PositiveSmallIntegerField(_("at least, per cent"))
    is_on = models.BooleanField(_("switched on"), default=False)

    class Meta:
        verbose_name = _("norm")
        verbose_name_plural = _("norms")
        constraints = [
            models.UniqueConstraint(fields=["organization", "figure"], name="norm_once_per_figure"),
            models.CheckConstraint(condition=models.Q(percent__range=(1, 100)), name="norm_percent_1_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.figure} ≥ {self.percent} %"


class Curatorship(models.Model):
    """A municipal curator sees the aggregates of an organization, no persons; the operator gives it (STAT-7)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="curatorships", verbose_name=_("organization")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="curatorships", verbose_name=_("curator")
    )
    # «Управление образования города»: what the organization reads beside the name.
    authority = models.CharField(_("authority"), max_length=200)
    since = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("curatorship")
        verbose_name_plural = _("curatorships")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user"], name="curatorship_once_at_a_time", condition=models.Q(until=None)
            ),
            models.CheckConstraint(condition=~models.Q(authority=""), name="curatorship_has_authority"),
        ]
        indexes = [models.Index(fields=["user"], name="curatorship_active", condition=models.Q(until=None))]

    def __str__(self) -> str:
        return f"{self.user_id} sees {self.organization_id}"
