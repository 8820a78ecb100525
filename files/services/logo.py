"""The organization's logo (REG-5)."""

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from files.images import NotAPicture, Redrawn, TooManyPixels, to_png
from files.models import OrganizationLogo, StoredFile
from files.names import honest_name
from files.refusals import refused
from files.selectors import logos_of
from files.services.holding import remove
from files.services.keeping import put_away, throw_away
from orgs.actor import Actor
from orgs.services.organization import note_new_logo

LOGO_SIDE = 512


def set_logo(*, actor: Actor, upload: UploadedFile) -> int:
    """Put `upload` in place of the organization's logo and return the logo's new version (REG-5).

    The picture is found by content and drawn anew as PNG, so nothing hidden in the file is kept. Raises
    `DomainError`: `logo_too_large`, `logo_too_many_pixels`, `logo_not_a_picture`.
    """
    made = _png_of(upload)
    stored = StoredFile(
        organization=actor.organization,
        original_name=honest_name(upload.name or "logo", made.found),
        width=made.width,
        height=made.height,
        uploaded_by=actor.person,
        claimed_at=timezone.now(),
    )
    put_away(stored, made.found, ContentFile(made.content))
    try:
        return _hang(actor, stored)
    except BaseException:
        # The row did not come to be: nobody would ever find this file again.
        throw_away(stored)
        raise


def _png_of(upload: UploadedFile) -> Redrawn:
    if (upload.size or 0) > settings.LOGO_MAX_BYTES:
        megabytes = settings.LOGO_MAX_BYTES // (1024 * 1024)
        raise refused("logo_too_large", _("The file is larger than %(most)s MB.") % {"most": megabytes})
    try:
        return to_png(upload, side=LOGO_SIDE)
    except TooManyPixels as error:
        raise refused("logo_too_many_pixels", _("The picture has too many pixels. Please make it smaller.")) from error
    except NotAPicture as error:
        raise refused("logo_not_a_picture", _("This is not a picture. PNG, JPEG and WebP will do.")) from error


@transaction.atomic
def _hang(actor: Actor, stored: StoredFile) -> int:
    stored.save()
    # The key of the file is the version: never used twice, also when the logo was removed in between. Noting it locks
    # the organization, so two uploads at once come one after the other.
    note_new_logo(actor=actor, version=stored.pk)
    old = list(logos_of(actor.organization.pk))
    OrganizationLogo.objects.update_or_create(organization=actor.organization, defaults={"file": stored})
    remove(files=old)
    return stored.pk


@transaction.atomic
def remove_logo(*, actor: Actor) -> None:
    """Take the logo away; without one nothing happens."""
    old = list(logos_of(actor.organization.pk))
    if old:
        note_new_logo(actor=actor, version=0)
        remove(files=old)
