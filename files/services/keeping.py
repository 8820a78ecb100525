"""Bytes into the file store, with what is noted about them."""

from hashlib import sha256
from secrets import token_hex

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from files.formats import Format
from files.models import StoredFile


def put_away(stored: StoredFile, found: Format, content: "File[bytes]", preview: bytes | None = None) -> None:
    """Move `content` (and its preview) into the file store, in chunks, and note what it is; saves no row.

    Names in the store are chance: nothing that a person typed reaches the disk.
    """
    checksum = sha256()
    for chunk in content.chunks():
        checksum.update(chunk)
    stored.kind, stored.content_type = found.kind, found.content_type
    stored.size, stored.sha256 = content.size, checksum.hexdigest()
    name = token_hex(16)
    try:
        stored.content.save(f"{name}.{found.ending}", content, save=False)
        if preview is not None:
            stored.preview.save(f"{name}-preview.webp", ContentFile(preview), save=False)
    except BaseException:
        throw_away(stored)
        raise


def throw_away(stored: StoredFile) -> None:
    """Delete the bytes of `stored`, whose row is gone or never came to be."""
    for field in (stored.content, stored.preview):
        if field.name:
            default_storage.delete(field.name)
