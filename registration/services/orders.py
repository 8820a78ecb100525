"""The order that appoints the administrator: taken in, kept over a failed form, tidied away (REG-1)."""

from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from secrets import token_hex

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import DomainError
from files import formats
from files.detection import detect
from files.formats import Format
from files.images import NotAPicture, TooManyPixels, redraw
from files.models import FileKind
from files.names import honest_name
from registration.models import OrderFile

ACCEPTED = (formats.PDF, formats.DOCX, formats.JPEG, formats.PNG)
# How long an order waits for the form it was chosen in.
UNUSED_FOR = timedelta(days=1)
BATCH = 500


def take_order(upload: UploadedFile) -> OrderFile:
    """Take in an order and return its row, which no application names yet (REG-1).

    What it is, is found by content; pictures are drawn anew, so nothing hidden in them is kept. Raises `DomainError`:
    `order_empty`, `order_too_large`, `order_type_refused`, `order_too_many_pixels`, `order_damaged`; and those of
    `files.detection` for documents with macros and for archives made to hurt.
    """
    size, name = upload.size or 0, upload.name or ""
    if size <= 0:
        raise _refused("order_empty", _("The file is empty."))
    if size > settings.ORDER_MAX_BYTES:
        most = {"most": settings.ORDER_MAX_BYTES >> 20}
        raise _refused("order_too_large", _("The file is larger than %(most)s MB.") % most)
    found, content = _read(upload, name)
    return _kept(found, content, honest_name(name, found))


def _refused(code: str, message: str) -> DomainError:
    return DomainError(code, message, fields={"order": message}, status=400)


def _read(upload: UploadedFile, name: str) -> "tuple[Format, File[bytes]]":
    try:
        found = detect(upload, name)
    except DomainError as error:
        if error.code == "file_type_refused":
            raise _wrong_type() from error
        raise _refused(error.code, error.message) from error
    if found not in ACCEPTED:
        raise _wrong_type()
    if found.kind != FileKind.PICTURE:
        return found, upload
    try:
        return found, ContentFile(redraw(upload, found).content)
    except TooManyPixels as error:
        message = _("The picture has too many pixels. Please make it smaller.")
        raise _refused("order_too_many_pixels", message) from error
    except NotAPicture as error:
        raise _refused("order_damaged", _("The picture is damaged or incomplete.")) from error


def _wrong_type() -> DomainError:
    return _refused("order_type_refused", _("The order is accepted as PDF, DOCX, JPG or PNG."))


def _kept(found: Format, content: "File[bytes]", name: str) -> OrderFile:
    checksum = sha256()
    for chunk in content.chunks():
        checksum.update(chunk)
    order = OrderFile(
        original_name=name, content_type=found.content_type, size=content.size, sha256=checksum.hexdigest()
    )
    # Names in the store are chance: nothing that a person typed reaches the disk.
    order.content.save(f"{token_hex(16)}.{found.ending}", content, save=False)
    try:
        order.save()
    except BaseException:
        # The row did not come to be: nobody would ever find these bytes again.
        default_storage.delete(str(order.content.name))
        raise
    return order


@transaction.atomic
def discard(order_id: int) -> None:
    """Remove an order that no application names; one that is in use stays."""
    unused = OrderFile.objects.select_for_update(of=("self",)).filter(pk=order_id, application=None)
    remove_orders(list(unused))


def remove_orders(orders: list[OrderFile]) -> None:
    """Delete the rows now and their bytes after the commit, in the caller's transaction."""
    OrderFile.objects.filter(pk__in=[order.pk for order in orders]).delete()
    for order in orders:
        transaction.on_commit(partial(default_storage.delete, str(order.content.name)), robust=True)


@transaction.atomic
def remove_unused(now: datetime) -> int:
    """Remove up to 500 orders whose form was not sent within a day; returns how many. May run twice, or at once."""
    old = OrderFile.objects.filter(application=None, uploaded_at__lte=now - UNUSED_FOR)
    orders = list(old.select_for_update(skip_locked=True, of=("self",)).order_by("uploaded_at")[:BATCH])
    remove_orders(orders)
    return len(orders)
