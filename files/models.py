"""Uploaded files. Who may read one is said by what it hangs on."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orgs.models import Organization


class FileKind(models.TextChoices):
    """What a file is for those who look at it; found by content."""

    DOCUMENT = "document", _("document")
    PICTURE = "picture", _("picture")
    VIDEO = "video", _("video")
    AUDIO = "audio", _("sound")


class StoredFile(models.Model):
    """Bytes in the file store with what we found out about them ourselves (never what the browser claimed)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="files", verbose_name=_("organization")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=FileKind.choices)
    content = models.FileField(upload_to="%Y/%m", max_length=200, verbose_name=_("content"))
    # A small copy of a picture that is larger than a message shows it; «» when there is none.
    preview = models.FileField(upload_to="%Y/%m", max_length=200, blank=True, verbose_name=_("preview"))
    original_name = models.CharField(_("name of the file"), max_length=200)
    content_type = models.CharField(max_length=100, verbose_name=_("type"))
    size = models.PositiveBigIntegerField(_("size, bytes"))
    sha256 = models.CharField(max_length=64, verbose_name=_("checksum"))
    width = models.PositiveIntegerField(_("width, pixels"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height, pixels"), null=True, blank=True)
    uploaded_by = models.ForeignKey(
        "orgs.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(default=timezone.now, verbose_name=_("uploaded at"))
    # Null: uploaded, but hung on nothing yet. Such a file is its uploader's alone and goes after a day.
    claimed_at = models.DateTimeField(_("in use since"), null=True, blank=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [
            # What composite keys of other tables point at (ACC-4).
            models.UniqueConstraint(fields=["organization", "id"], name="stored_file_in_organization"),
            # A kind nobody knows how to show.
            models.CheckConstraint(condition=Q(kind__in=FileKind.values), name="stored_file_kind_known"),
            # A picture whose place on the page is unknown would make the page jump; half a size is a mistake.
            models.CheckConstraint(
                condition=Q(kind=FileKind.PICTURE, width__isnull=False, height__isnull=False)
                | (~Q(kind=FileKind.PICTURE) & Q(width=None, height=None)),
                name="stored_file_picture_has_size",
            ),
            # Only pictures are made smaller; a preview elsewhere would be foreign bytes.
            models.CheckConstraint(
                condition=Q(preview="") | Q(kind=FileKind.PICTURE), name="stored_file_preview_of_picture"
            ),
        ]
        indexes = [
            # The few that hang on nothing: the daily limit asks for a person's, the tidying for the oldest.
            models.Index(fields=["uploaded_at"], condition=Q(claimed_at=None), name="stored_file_unclaimed"),
        ]

    def __str__(self) -> str:
        return self.original_name


class OrganizationLogo(models.Model):
    """The logo hangs here and not on the organization: `orgs` is a floor below and knows no files (REG-5)."""

    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, related_name="logo", verbose_name=_("organization")
    )
    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="+", verbose_name=_("file"))

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")

    def __str__(self) -> str:
        return str(self.file)
