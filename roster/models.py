"""A file of people that is brought in: the file, how its columns are read, what each row would do (ORG-8)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orgs.models import Organization, Person
from works.models import Work


class Format(models.TextChoices):
    XLSX = "xlsx", "XLSX"
    CSV = "csv", "CSV"
    ONEROSTER = "oneroster", "OneRoster"


class Outcome(models.TextChoices):
    """What a row of the file comes to."""

    NEW = "new", pgettext_lazy("row", "new")
    CHANGED = "changed", pgettext_lazy("row", "changed")
    SAME = "same", pgettext_lazy("row", "the same")
    ERROR = "error", pgettext_lazy("row", "error")


class Load(models.Model):
    """One file on its way into the roster: uploaded, checked as often as one likes, then brought in once."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="roster_loads", verbose_name=_("organization")
    )
    created_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    created_at = models.DateTimeField(_("uploaded at"), default=timezone.now)
    file_name = models.CharField(_("name of the file"), max_length=200)
    format = models.CharField(_("format"), max_length=10, choices=Format)
    # Emptied by a job when it is no longer needed: it holds personal data (roster.tasks).
    content = models.BinaryField(verbose_name=_("content"))
    # How the file is read; found out, and open to choice. Empty where the format knows no such thing.
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    delimiter = models.CharField(_("delimiter"), max_length=1, blank=True)
    # The row of the headings, counted from 1 as spreadsheets do.
    heading_row = models.PositiveIntegerField(_("row of the headings"), default=1)
    # {number of the column from 0, as text: name of a field of roster.fields, "" = left out}
    columns = models.JSONField(_("columns"), default=dict)
    # Those of the same roles and units who are not in the file leave; only when asked, within the threshold.
    removes_missing = models.BooleanField(_("remove those who are not in the file"), default=False)
    removal_confirmed = models.BooleanField(_("removal beyond the threshold confirmed"), default=False)
    # Rows with errors are left out; else nothing at all is brought in.
    skip_errors = models.BooleanField(_("leave rows with errors out"), default=False)
    order_number = models.CharField(_("number of the order"), max_length=40, blank=True)
    order_date = models.DateField(_("date of the order"), null=True, blank=True)
    # When something was changed last that the check rests on.
    settings_changed_at = models.DateTimeField(_("settings changed at"), null=True, blank=True)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    # Rows by outcome, and what else is in store: {"rows": 812, "new": 30, "changed": 5, "same": 770, "error": 7,
    # "remarks": 3, "people_new": 30, "parents_new": 41, "units": ["5В"], "leaving": 2, "leaving_of": 700,
    # "leaving_people": [{"person": 5, "name": "…", "unit": "5А"}, …] (the first 500), "removal_over_threshold": false,
    # "print": a fingerprint of all that was found out}
    summary = models.JSONField(_("summary"), default=dict)
    # The check that is under way or was the last, and the bringing in.
    check_work = models.ForeignKey(
        Work, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("check")
    )
    import_work = models.ForeignKey(
        Work, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("bringing in")
    )

    class Meta:
        verbose_name = _("file of the roster")
        verbose_name_plural = _("files of the roster")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(format__in=Format.values), name="load_format_known"),
            models.UniqueConstraint(fields=["organization", "id"], name="load_in_organization"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_check_outdated(self) -> bool:
        """Whether the file is read or brought in another way than the check has seen."""
        if self.checked_at is None or self.settings_changed_at is None:
            return False
        return self.settings_changed_at > self.checked_at


class LoadRow(models.Model):
    """What the check found out about one row; brought in only if nothing it rests on has changed since."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    load = models.ForeignKey(Load, on_delete=models.CASCADE, related_name="rows", verbose_name=_("file"))
    # As the spreadsheet counts it, so that people find it there.
    number = models.PositiveIntegerField(_("row"))
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome)
    name = models.CharField(_("name"), max_length=250, blank=True)
    unit_name = models.CharField(_("unit"), max_length=100, blank=True)
    # Who of the roster it is; empty for somebody new.
    person = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    # [{"what": name of a field or «unit», «role», «parent», "who": name of a parent or "", "old": "…", "new": "…"}]
    changes = models.JSONField(default=list, verbose_name=_("changes"))
    # [{"code": …, "column": number or null, "cell": "C17", "message": in the language of the interface}]
    problems = models.JSONField(default=list, verbose_name=_("errors"))
    remarks = models.JSONField(default=list, verbose_name=_("remarks"))

    class Meta:
        verbose_name = _("row of a file")
        verbose_name_plural = _("rows of files")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["load", "number"], name="load_row_once"),
            models.CheckConstraint(condition=models.Q(outcome__in=Outcome.values), name="load_row_outcome_known"),
        ]
        indexes = [models.Index(fields=["load", "outcome", "number"], name="load_row_by_outcome")]

    def __str__(self) -> str:
        return f"{self.load_id}: {self.number}"


class KnownHeading(models.Model):
    """How an organization's own headings were understood the last time (ORG-8)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    # `common.text.normalise` of what stands in the file.
    heading = models.CharField(_("heading"), max_length=200)
    field = models.CharField(_("field"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("known heading")
        verbose_name_plural = _("known headings")
        constraints = [models.UniqueConstraint(fields=["organization", "heading"], name="known_heading_once")]

    def __str__(self) -> str:
        return f"{self.heading} → {self.field}"
