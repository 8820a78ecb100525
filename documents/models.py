"""Local acts: orders, regulations, their versions, and who has to read them (DOC-1, CHAN-4)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from files.models import StoredFile
from orgs.models import AudienceRule, Organization, Person
from readings.models import Reading


class DocumentKind(models.TextChoices):
    """What schools issue; each kind has a register of its own."""

    ORDER = "order", _("order")
    REGULATION = "regulation", _("regulation")
    INSTRUCTION = "instruction", _("instruction")
    RULES = "rules", _("rules")
    LETTER = "letter", _("information letter")
    OTHER = "other", _("other document")


class Document(models.Model):
    """A local act: its number and date; its text is in the versions.

    A draft is seen by those who issue documents; an annulled one stays in the register with its reason.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="documents", verbose_name=_("organization")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=DocumentKind, default=DocumentKind.ORDER)
    number = models.CharField(_("number"), max_length=40, blank=True)
    # `normalise(number)`, padded like names of units, so that 2 stands before 10; written by documents.services.
    number_key = models.CharField(max_length=80, blank=True, editable=False)
    issued_on = models.DateField(_("date"))
    # The year of `issued_on`: numbers begin anew each year.
    year = models.PositiveSmallIntegerField(editable=False, verbose_name=_("year"))
    title = models.CharField(_("title"), max_length=250)
    # What search looks in: number and title, normalised.
    search_text = models.CharField(max_length=400, editable=False)
    # The last published version; 0: a draft.
    version = models.PositiveSmallIntegerField(default=0, editable=False, verbose_name=_("version"))
    created_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("entered by")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False, verbose_name=_("entered at"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    annulled_at = models.DateTimeField(_("annulled at"), null=True, blank=True)
    annulled_reason = models.CharField(_("why it was annulled"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            # Two orders № 15 of one year: nobody could tell which one a sheet is about.
            models.UniqueConstraint(
                fields=["organization", "kind", "year", "number_key"],
                name="document_number_once_a_year",
                condition=~models.Q(number_key=""),
            ),
            models.CheckConstraint(condition=models.Q(kind__in=DocumentKind.values), name="document_kind_known"),
            models.CheckConstraint(condition=~models.Q(title=""), name="document_has_title"),
            # An order without a number cannot be registered.
            models.CheckConstraint(
                condition=~models.Q(kind=DocumentKind.ORDER) | ~models.Q(number=""), name="document_order_has_number"
            ),
            models.CheckConstraint(
                condition=models.Q(published_at=None, version=0) | models.Q(published_at__isnull=False, version__gte=1),
                name="document_published_has_version",
            ),
            models.CheckConstraint(
                condition=models.Q(annulled_at=None, annulled_reason="")
                | (models.Q(annulled_at__isnull=False) & ~models.Q(annulled_reason="")),
                name="document_annulled_has_reason",
            ),
            models.UniqueConstraint(fields=["organization", "id"], name="document_in_organization"),
        ]
        indexes = [models.Index(fields=["organization", "-issued_on", "-id"], name="document_latest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}: {self.title}"


class DocumentAudience(AudienceRule):
    """Who may read the document, beside those who issue documents."""

    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="audiences", verbose_name=_("document")
    )

    class Meta(AudienceRule.Meta):
        verbose_name = _("audience of a document")
        verbose_name_plural = _("audiences of documents")
        constraints = [
            *AudienceRule.Meta.constraints,
            models.UniqueConstraint(fields=["document", "audience", "unit"], name="document_audience_once"),
            # A unique key lets rows without a unit through.
            models.UniqueConstraint(
                fields=["document", "audience"], name="document_audience_of_all_once", condition=models.Q(unit=None)
            ),
        ]
        indexes = [models.Index(fields=["organization", "audience", "unit"], name="document_audience_lookup")]


class DocumentVersion(models.Model):
    """The text of a document as a file. Published ones never change: what was confirmed must be there to be read."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="versions", verbose_name=_("document")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name=_("file"))
    # What has changed, for those who knew the version before.
    note = models.CharField(_("what has changed"), max_length=300, blank=True)
    reading = models.OneToOneField(
        Reading, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("required reading")
    )
    created_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("added by")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False, verbose_name=_("added at"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        verbose_name = _("version of a document")
        verbose_name_plural = _("versions of documents")
        ordering = ["-number"]
        constraints = [
            # Two people adding a version at once would both make it № 2.
            models.UniqueConstraint(fields=["document", "number"], name="document_version_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="document_version_from_1"),
            models.CheckConstraint(
                condition=models.Q(reading=None) | models.Q(published_at__isnull=False),
                name="document_version_read_is_published",
            ),
            # One draft of the next version at a time.
            models.UniqueConstraint(
                fields=["document"], name="document_one_draft_version", condition=models.Q(published_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}, version {self.number}"
