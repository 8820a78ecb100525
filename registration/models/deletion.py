"""An organization that is to be deleted; what is left in the registry afterwards (REG-5)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orgs.models import Organization


class Deletion(models.Model):
    """The wish to delete an organization, and the record that it was done.

    Names are values: the row stays in the operator's registry when everything it speaks of is gone.
    """

    organization = models.ForeignKey(
        Organization,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="deletions",
        verbose_name=_("organization"),
    )
    organization_number = models.BigIntegerField(_("number of the organization"))
    slug = models.CharField(_("address on the platform"), max_length=60)
    name = models.CharField(_("full name of the organization"), max_length=400)
    short_name = models.CharField(_("short name"), max_length=120)
    inn = models.CharField(_("INN"), max_length=12, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked for by (account)"),
    )
    requested_name = models.CharField(_("asked for by"), max_length=250)
    requested_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    due_at = models.DateTimeField(_("carried out not before"))
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    cancelled_name = models.CharField(_("cancelled by"), max_length=250, blank=True)
    done_at = models.DateTimeField(_("carried out at"), null=True, blank=True)
    rows = models.PositiveBigIntegerField(_("rows removed"), default=0)
    files = models.PositiveBigIntegerField(_("files removed"), default=0)

    class Meta:
        verbose_name = _("deletion of an organization")
        verbose_name_plural = _("deletions of organizations")
        constraints = [
            # Two administrators who ask at once would be told two days.
            models.UniqueConstraint(
                fields=["organization"], condition=models.Q(cancelled_at=None, done_at=None), name="deletion_one_open"
            ),
            # Cancelled and carried out at the same moment: one of them must lose.
            models.CheckConstraint(
                condition=models.Q(cancelled_at=None) | models.Q(done_at=None), name="deletion_cancelled_or_done"
            ),
            # Without delay nobody could change their mind.
            models.CheckConstraint(
                condition=models.Q(due_at__gt=models.F("requested_at")), name="deletion_due_after_request"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.short_name}: {self.due_at:%d.%m.%Y}"

    @property
    def is_pending(self) -> bool:
        return self.cancelled_at is None and self.done_at is None


class LeftFile(models.Model):
    """Bytes in the file store whose rows are gone with their organization and which are still to be removed."""

    deletion = models.ForeignKey(
        Deletion, on_delete=models.CASCADE, related_name="left_files", verbose_name=_("deletion of an organization")
    )
    name = models.CharField(_("name in the file store"), max_length=200)

    class Meta:
        verbose_name = _("file to be removed")
        verbose_name_plural = _("files to be removed")

    def __str__(self) -> str:
        return self.name
