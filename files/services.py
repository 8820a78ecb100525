"""Files come and go together with the rows that name them."""

from functools import partial
from hashlib import sha256

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.text import clean
from files.images import NotAPicture, TooManyPixels, to_png
from files.models import OrganizationLogo, StoredFile
from files.selectors import logos_of
from orgs.actor import Actor
from orgs.services.organization import note_new_logo

LOGO_SIDE = 512


def set_logo(*, actor: Actor, upload: UploadedFile) -> int:
    """Put `upload` in place of the organization's logo and return the logo's new version (REG-5).

    The picture is found by content and drawn anew as PNG, so nothing hidden in the file is kept. Raises
    `DomainError`: `logo_too_large`, `logo_too_many_pixels`, `logo_not_a_picture`.
    """
    content = ContentFile(_png_of(upload))
    stored = StoredFile(
        organization=actor.organization,
        original_name=clean(upload.name or "")[:200] or "logo",
        content_type="image/png",
        size=content.size,
        sha256=sha256(content.read()).hexdigest(),
        uploaded_by=actor.person,
    )
    stored.content.save(f"{actor.organization.slug}.png", content, save=False)
    try:
        return _hang(actor, stored)
    except BaseException:
        # The row did not come to be: nobody would ever find this file again.
        default_storage.delete(str(stored.content.name))
        raise


def _png_of(upload: UploadedFile) -> bytes:
    if (upload.size or 0) > settings.LOGO_MAX_BYTES:
        megabytes = settings.LOGO_MAX_BYTES // (1024 * 1024)
        raise _refused("logo_too_large", _("The file is larger than %(most)s MB.") % {"most": megabytes})
    try:
        return to_png(upload, side=LOGO_SIDE)
    except TooManyPixels as error:
        raise _refused("logo_too_many_pixels", _("The picture has too many pixels. Please make it smaller.")) from error
    except NotAPicture as error:
        raise _refused("logo_not_a_picture", _("This is not a picture. PNG, JPEG and WebP will do.")) from error


def _refused(code: str, message: str) -> DomainError:
    return DomainError(code, message, fields={"file": message}, status=400)


@transaction.atomic
def _hang(actor: Actor, stored: StoredFile) -> int:
    stored.save()
    # The key of the file is the version: never used twice, also when the logo was removed in between. Noting it locks
    # the organization, so two uploads at once come one after the other.
    note_new_logo(actor=actor, version=stored.pk)
    old = list(logos_of(actor.organization.pk))
    OrganizationLogo.objects.update_or_create(organization=actor.organization, defaults={"file": stored})
    _remove(old)
    return stored.pk


@transaction.atomic
def remove_logo(*, actor: Actor) -> None:
    """Take the logo away; without one nothing happens."""
    old = list(logos_of(actor.organization.pk))
    if old:
        note_new_logo(actor=actor, version=0)
        _remove(old)


def _remove(files: list[StoredFile]) -> None:
    """Delete rows now and their bytes after the commit: a rolled back transaction must find its file again."""
    StoredFile.objects.filter(pk__in=[file.pk for file in files]).delete()
    for file in files:
        transaction.on_commit(partial(default_storage.delete, str(file.content.name)), robust=True)
