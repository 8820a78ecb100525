"""Academic years and units."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orgs.models.organization import Organization


class UnitKind(models.TextChoices):
    """ORG-1, ORG-2."""

    CLASS = "class", _("class")
    GROUP = "group", _("group")
    CIRCLE = "circle", _("circle")
    STAFF = "staff", _("staff")


class AcademicYear(models.Model):
    """A school year of one organization; passing to the next one makes new units (ORG-9)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="academic_years", verbose_name=_("organization")
    )
    name = models.CharField(_("name"), max_length=20)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    is_current = models.BooleanField(_("current"), default=False)

    class Meta:
        verbose_name = _("academic year")
        verbose_name_plural = _("academic years")
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="academic_year_name_once"),
            # Two current years would split a class in two.
            models.UniqueConstraint(
                fields=["organization"], name="academic_year_one_current", condition=models.Q(is_current=True)
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")), name="academic_year_ends_after_start"
            ),
            models.UniqueConstraint(fields=["organization", "id"], name="academic_year_in_organization"),
        ]

    def __str__(self) -> str:
        return self.name


class UnitQuerySet(models.QuerySet["Unit"]):
    def active(self) -> UnitQuerySet:
        return self.filter(archived_at=None)

    def teaching(self) -> UnitQuerySet:
        """Units that have students: all but the system staff unit."""
        return self.exclude(kind=UnitKind.STAFF)


class Unit(models.Model):
    """A class, a group, a circle, or the system unit that holds all staff."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="units", verbose_name=_("organization")
    )
    # Empty for the staff unit only: it outlives every year.
    academic_year = models.ForeignKey(
        AcademicYear,
        on_delete=models.PROTECT,
        related_name="units",
        null=True,
        blank=True,
        verbose_name=_("academic year"),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=UnitKind)
    name = models.CharField(_("name"), max_length=100)
    # `normalise(name)` with numbers padded, so that 2А stands before 10А; written by orgs.services.structure.
    sort_key = models.CharField(max_length=160, editable=False)
    parallel = models.PositiveSmallIntegerField(_("parallel"), null=True, blank=True)
    letter = models.CharField(_("letter"), max_length=3, blank=True)
    age_group = models.CharField(_("age group"), max_length=60, blank=True)
    direction = models.CharField(_("direction"), max_length=120, blank=True)
    # The unit of the year before whose people, chats and links this one took over (ORG-9).
    continues = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        related_name="continued_by",
        null=True,
        blank=True,
        verbose_name=_("continues the unit"),
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False, verbose_name=_("created at"))
    archived_at = models.DateTimeField(null=True, blank=True, verbose_name=_("archived at"))

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["sort_key", "id"]
        permissions = [
            ("invite_into_unit", _("Invite into the unit")),
            ("moderate_chats", _("Moderate the chats of the unit")),
        ]
        constraints = [
            # Two «5А» in one year: half of the parents would join the wrong one.
            models.UniqueConstraint(
                fields=["organization", "academic_year", "kind", "sort_key"],
                name="unit_name_once_per_year",
                condition=models.Q(archived_at=None),
            ),
            models.UniqueConstraint(
                fields=["organization"], name="unit_one_staff_unit", condition=models.Q(kind="staff")
            ),
            # The staff unit is the system's: no year, never archived.
            models.CheckConstraint(
                condition=models.Q(kind="staff", academic_year=None, archived_at=None)
                | (~models.Q(kind="staff") & models.Q(academic_year__isnull=False)),
                name="unit_staff_unit_is_permanent",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=UnitKind.values), name="unit_kind_known"),
            models.CheckConstraint(
                condition=models.Q(parallel=None) | models.Q(parallel__range=(1, 12)), name="unit_parallel_1_to_12"
            ),
            models.UniqueConstraint(fields=["organization", "id"], name="unit_in_organization"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff_unit(self) -> bool:
        return self.kind == UnitKind.STAFF
