"""The file store in an S3-compatible service instead of a folder (FILES_STORE=s3).

Objects are private and have no address: every byte goes through our views, which ask first who may read it. What
`FileSystemStorage` gives for nothing is made here: parts of a file without fetching the whole, saving what cannot be
read twice.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from contextlib import suppress
from typing import IO, Any, cast

from botocore.exceptions import ClientError
from django.conf import settings
from django.core.files.base import File
from django.utils.deconstruct import deconstructible
from storages.backends.s3 import S3Storage

_NOT_THERE = 404


@deconstructible
class ObjectStore(S3Storage):
    """S3 as the rest of the platform expects a store to be."""

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Return nothing: an address of the store's own would go past our rights."""
        return ""

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        if mode != "rb":
            raise ValueError("Objects of the store are read as bytes, and written whole")
        entry = self.bucket.Object(self._normalize_name(name))
        try:
            size = entry.content_length
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == _NOT_THERE:
                raise FileNotFoundError(name) from error
            raise
        return _Object(entry, size, name)

    def _save(self, name: str, content: File[bytes]) -> str:
        if _may_be_read_again(content):
            return super()._save(name, content)
        # The sender tries again where a part failed, so it needs what can be read again.
        with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as kept:
            shutil.copyfileobj(content, kept)
            return super()._save(name, File(kept, name=name))


class _Object(File):
    """What `open` of the store gives; it can be opened again, as a file of a folder can."""

    def __init__(self, entry: Any, size: int, name: str) -> None:
        super().__init__(cast("IO[bytes]", _Remote(entry, size)), name=name)
        self._entry, self._size = entry, size

    def open(self, mode: str | None = None, *args: Any, **kwargs: Any) -> _Object:
        """Begin at the beginning."""
        if self.closed:
            self.file = cast("IO[bytes]", _Remote(self._entry, self._size))
        else:
            self.seek(0)
        return self


class _Remote(io.RawIOBase):
    """An object that is read from where one stands to where one stops: a jump of a player costs one request."""

    def __init__(self, entry: Any, size: int) -> None:
        self.size = size
        self._entry, self._place = entry, 0
        self._stream: Any = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self.size}[whence]
        place = max(0, base + offset)
        if place != self._place:
            self._drop()
            self._place = place
        return place

    def read(self, size: int | None = -1) -> bytes:
        if self._place >= self.size or size == 0:
            return b""
        if self._stream is None:
            answer = self._entry.get(Range=f"bytes={self._place}-")
            self._stream = answer["Body"]
        part = self._stream.read(None if size is None or size < 0 else size)
        self._place += len(part)
        return part

    def readinto(self, buffer: Any) -> int:
        part = self.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        self._drop()
        super().close()

    def _drop(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None


def _may_be_read_again(content: Any) -> bool:
    with suppress(AttributeError, OSError):
        content.seek(0)
        return True
    return False
