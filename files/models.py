"""Uploaded files. Who may read one is said by what it hangs on."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orgs.models import Organization


class StoredFile(models.Model):
    """Bytes in the file store with what we found out about them ourselves (never what the browser claimed)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="files", verbose_name=_("organization")
    )
    content = models.FileField(upload_to="%Y/%m", max_length=200, verbose_name=_("content"))
    original_name = models.CharField(_("name of the file"), max_length=200)
    content_type = models.CharField(max_length=100, verbose_name=_("type"))
    size = models.PositiveBigIntegerField(_("size, bytes"))
    sha256 = models.CharField(max_length=64, verbose_name=_("checksum"))
    uploaded_by = models.ForeignKey(
        "orgs.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(default=timezone.now, verbose_name=_("uploaded at"))

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [models.UniqueConstraint(fields=["organization", "id"], name="stored_file_in_organization")]

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
