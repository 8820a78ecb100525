"""Bytes into the file store, with what is noted about them."""

from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from django.conf import settings
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
    # A temporary file was moved into the store: unclosed, it would be looked for where it was.
    content.close()


def throw_away(stored: StoredFile) -> None:
    """Delete the bytes of `stored`, whose row is gone or never came to be."""
    for field in (stored.content, stored.preview):
        if field.name:
            default_storage.delete(field.name)


def remove_interrupted(now: datetime) -> int:
    """Remove what a killed process left of the uploads it was receiving a day ago; returns how many. May run twice."""
    removed, oldest = 0, (now - timedelta(days=1)).timestamp()
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()
                removed += 1
    return removed
