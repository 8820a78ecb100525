"""An upload becomes a stored file that hangs on nothing yet (CHAT-5)."""

from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from files.detection import detect
from files.formats import Format
from files.images import NotAPicture, Redrawn, TooManyPixels, redraw
from files.models import FileKind, StoredFile
from files.names import honest_name
from files.refusals import refused, too_large
from files.selectors import unclaimed_of
from files.services.keeping import put_away, throw_away
from orgs.actor import Actor


def upload(*, actor: Actor, upload: UploadedFile) -> StoredFile:
    """Take in a file of any kind we know and return its row, unclaimed: whoever needs it calls `claim` (CHAT-5).

    The kind is found by content. Pictures are drawn anew, so places and other hidden things are gone; everything else
    is kept byte for byte. The name gets an ending that is true. Raises `DomainError`: `file_empty`, `file_too_large`,
    `file_type_refused`, `file_damaged`, `file_with_macros`, `file_unpacks_too_large`, `file_broken_picture`,
    `file_too_many_pixels`, `uploads_too_many` (429).
    """
    size, name = upload.size or 0, upload.name or ""
    _check_size(size, max(settings.UPLOAD_MAX_BYTES.values()))
    _check_allowance(actor, size)
    found = detect(upload, name)
    _check_size(size, settings.UPLOAD_MAX_BYTES[found.kind])
    stored = StoredFile(organization=actor.organization, uploaded_by=actor.person)
    if found.kind == FileKind.PICTURE:
        made = _redrawn(upload, found)
        found, stored.width, stored.height = made.found, made.width, made.height
        put_away(stored, found, ContentFile(made.content), made.preview)
    else:
        put_away(stored, found, upload)
    stored.original_name = honest_name(name, found)
    try:
        stored.save()
    except BaseException:
        # The row did not come to be: nobody would ever find these bytes again.
        throw_away(stored)
        raise
    return stored


def _check_size(size: int, most: int) -> None:
    if size <= 0:
        raise refused("file_empty", _("The file is empty."))
    if size > most:
        raise too_large(most)


def _check_allowance(actor: Actor, size: int) -> None:
    """Nobody fills the disk with files that hang on nothing; those in use are counted by what they hang on.

    Two uploads at the same moment may both pass: the limit guards a disk, not a right.
    """
    since = timezone.now() - timedelta(days=1)
    waiting = unclaimed_of(actor).filter(uploaded_at__gt=since).aggregate(files=Count("id"), bytes=Sum("size"))
    too_many = waiting["files"] >= settings.UPLOAD_MOST_UNCLAIMED_FILES
    if too_many or (waiting["bytes"] or 0) + size > settings.UPLOAD_MOST_UNCLAIMED_BYTES:
        message = _("You have uploaded a lot today without using it. Send or remove some files first.")
        raise refused("uploads_too_many", message, status=429)


def _redrawn(upload: UploadedFile, found: Format) -> Redrawn:
    try:
        return redraw(upload, found)
    except TooManyPixels as error:
        message = _("The picture has too many pixels. Please make it smaller.")
        raise refused("file_too_many_pixels", message) from error
    except NotAPicture as error:
        raise refused("file_broken_picture", _("The picture is damaged or incomplete.")) from error
