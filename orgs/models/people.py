"""People of an organization: with or without an account, in roles, in units, in families."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orgs.models.organization import Organization
from orgs.models.structure import Unit


class Role(models.TextChoices):
    """What a person is in an organization; several at once (ORG-4)."""

    ADMINISTRATOR = "administrator", _("administrator")
    HEAD = "head", _("head")
    TEACHER = "teacher", _("teacher")
    STUDENT = "student", _("student")
    PARENT = "parent", _("parent")


STAFF_ROLES = (Role.ADMINISTRATOR, Role.HEAD, Role.TEACHER)


class Part(models.TextChoices):
    """What a person is in a unit."""

    LEADER = "leader", _("leader")
    TEACHER = "teacher", _("teacher")
    STUDENT = "student", _("student")


class Verification(models.TextChoices):
    """INV-9: how far the status of a member of staff is confirmed.

    Rights never hang on it: whoever is not confirmed holds no role of staff. It says why, and what the badge shows.
    """

    NOT_CONFIRMED = "not_confirmed", _("not confirmed")
    ON_REVIEW = "on_review", _("on review")
    CONFIRMED = "confirmed", _("confirmed")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")


class PersonQuerySet(models.QuerySet["Person"]):
    def on_roster(self) -> PersonQuerySet:
        """Those who have a role today and are not merged into another."""
        return self.filter(merged_into=None, roles__until=None).distinct()


class Person(models.Model):
    """One human's place in one organization, on its roster with or without an account."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="people", verbose_name=_("organization")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="persons",
        null=True,
        blank=True,
        verbose_name=_("user"),
    )
    last_name = models.CharField(_("last name"), max_length=80)
    first_name = models.CharField(_("first name"), max_length=80)
    patronymic = models.CharField(_("patronymic"), max_length=80, blank=True)
    # `normalise("Фамилия Имя Отчество")`: what search looks in and lists sort by; written by orgs.services.people.
    search_name = models.CharField(max_length=250, editable=False)
    phone = models.CharField(_("phone"), max_length=16, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    position = models.CharField(_("position"), max_length=150, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    # «№ личного дела», «табельный номер»: what electronic journals know a person by.
    record_number = models.CharField(_("number of the personal file"), max_length=40, blank=True)
    # Of staff only.
    verification = models.CharField(
        _("confirmation of the status"), max_length=16, choices=Verification, default=Verification.NOT_CONFIRMED
    )
    verification_reason = models.CharField(_("reason"), max_length=300, blank=True)
    verified_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    # A roster row that turned out to be somebody who had joined under another row.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    joined_at = models.DateTimeField(_("joined at"), null=True, blank=True)
    # The account was deleted by its owner: what was written under it bears no name (`author_name`).
    account_deleted_at = models.DateTimeField(_("account deleted at"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False, verbose_name=_("created at"))

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["search_name", "id"]
        constraints = [
            # A double click on «Войти» would make a second person of the same human.
            models.UniqueConstraint(
                fields=["organization", "user"],
                name="person_once_per_organization",
                condition=models.Q(user__isnull=False),
            ),
            models.CheckConstraint(
                condition=~models.Q(last_name="") & ~models.Q(first_name=""), name="person_has_name"
            ),
            models.CheckConstraint(
                condition=models.Q(phone="") | models.Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"),
                name="person_phone_e164",
            ),
            models.UniqueConstraint(fields=["organization", "id"], name="person_in_organization"),
            # One file of two people would make the next import change the wrong one.
            models.UniqueConstraint(
                fields=["organization", "record_number"],
                name="person_record_number_once",
                condition=~models.Q(record_number="") & models.Q(merged_into=None),
            ),
            models.CheckConstraint(
                condition=models.Q(verification__in=Verification.values), name="person_verification_known"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "search_name", "id"], name="person_by_name"),
            models.Index(fields=["organization", "phone"], name="person_by_phone", condition=~models.Q(phone="")),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """«Фамилия Имя Отчество», as lists write it."""
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)

    @property
    def author_name(self) -> str:
        """The name beside what the person wrote: «Удалённый участник» once the account was deleted (ACC-2).

        Rosters and pages of the staff show `full_name`: the school's own record. The one place that decides it.
        """
        return self.full_name if self.account_deleted_at is None else str(_("Deleted member"))

    @property
    def polite_name(self) -> str:
        """«Имя Отчество», as people are addressed."""
        return " ".join(part for part in (self.first_name, self.patronymic) if part)

    @property
    def has_joined(self) -> bool:
        return self.user_id is not None


class RoleAssignment(models.Model):
    """A role held from a day on; ended by `until`, never deleted."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles", verbose_name=_("person"))
    role = models.CharField(max_length=16, choices=Role, verbose_name=_("role"))
    since = models.DateTimeField(default=timezone.now, verbose_name=_("since"))
    until = models.DateTimeField(null=True, blank=True, verbose_name=_("until"))

    class Meta:
        verbose_name = _("role of a person")
        verbose_name_plural = _("roles of people")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role"], name="role_once_at_a_time", condition=models.Q(until=None)
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_known"),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")), name="role_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["organization", "role"], name="role_active", condition=models.Q(until=None))]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.role}"


class Enrolment(models.Model):
    """A person's part in a unit; closed, never deleted, so «Были в классе» can be told (ORG-5)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="enrolments", verbose_name=_("person"))
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="enrolments", verbose_name=_("unit"))
    part = models.CharField(max_length=8, choices=Part, verbose_name=_("part"))
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    order_number = models.CharField(_("number of the order"), max_length=40, blank=True)
    order_date = models.DateField(_("date of the order"), null=True, blank=True)
    # «Переведён условно»: promoted with debts to be settled within the year (ORG-9).
    is_conditional = models.BooleanField(_("conditional transfer"), default=False)

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "unit", "part"], name="enrolment_once_at_a_time", condition=models.Q(until=None)
            ),
            models.CheckConstraint(condition=models.Q(part__in=Part.values), name="enrolment_part_known"),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
                name="enrolment_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["unit", "part"], name="enrolment_active", condition=models.Q(until=None))]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.unit_id}: {self.part}"


class Guardianship(models.Model):
    """A parent (legal representative) of a student: two or more per child, several children each (ORG-10)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    parent = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="child_links", verbose_name=_("parent"))
    child = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="parent_links", verbose_name=_("child"))
    since = models.DateTimeField(default=timezone.now, verbose_name=_("since"))
    until = models.DateTimeField(null=True, blank=True, verbose_name=_("until"))

    class Meta:
        verbose_name = _("guardianship")
        verbose_name_plural = _("guardianships")
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "child"], name="guardianship_once_at_a_time", condition=models.Q(until=None)
            ),
            models.CheckConstraint(condition=~models.Q(parent=models.F("child")), name="guardianship_not_of_oneself"),
        ]
        indexes = [models.Index(fields=["child"], name="guardianship_active", condition=models.Q(until=None))]

    def __str__(self) -> str:
        return f"{self.parent_id} → {self.child_id}"
