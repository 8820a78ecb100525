"""Who something is for: derived from roles and units, never copied (CHAT-8)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from orgs.models.organization import Organization
from orgs.models.structure import Unit


class Audience(models.TextChoices):
    """A circle of people: of the whole organization, or, where a unit is named, of that unit."""

    EVERYONE = "everyone", _("everyone")
    STAFF = "staff", _("staff")
    ADMINISTRATION = "administration", _("administration")
    LEADERS = "leaders", _("leaders of units")
    STUDENTS = "students", _("students")
    PARENTS = "parents", _("parents")


# The administration belongs to no unit.
UNIT_AUDIENCES = (Audience.EVERYONE, Audience.STAFF, Audience.LEADERS, Audience.STUDENTS, Audience.PARENTS)


class AudienceRule(models.Model):
    """Base of the tables that say for whom a thing is: one row for each circle, the rows add up.

    Who that is on a given day is asked of `orgs.selectors.audiences`, so movement is followed at once.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    audience = models.CharField(_("audience"), max_length=16, choices=Audience)
    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(unit=None, audience__in=Audience.values) | models.Q(audience__in=UNIT_AUDIENCES),
                name="%(class)s_audience_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audience} {self.unit_id or ''}".strip()
