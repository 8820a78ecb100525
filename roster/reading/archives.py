"""ZIP files somebody sent: looked at before they are unpacked."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import IO

from roster.reading.refusals import broken, unfolds_too_far, wrong_type

MOST_ENTRIES = 2_000
MOST_UNPACKED = 100 * 1024 * 1024
# A sheet of the same cells over and over packs 40 times; a bomb a thousand times.
MOST_RATIO = 300
SMALL = 1024 * 1024
_ENCRYPTED = 0x1
_FAILURES = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)


class Archive:
    """The entries of a ZIP by their names, folded: some programs write them in capitals or with backslashes.

    Raises `DomainError`: `file_broken`; `file_wrong_type` for one with a password.
    """

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
            entries = self._zip.infolist()
        except (*_FAILURES, UnicodeError) as error:
            raise broken() from error
        if len(entries) > MOST_ENTRIES:
            raise unfolds_too_far()
        if any(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise wrong_type("locked")
        self._entries = {_folded(entry.filename): entry for entry in entries}

    def __contains__(self, name: str) -> bool:
        return _folded(name) in self._entries

    @property
    def names(self) -> list[str]:
        """The folded names of the entries."""
        return list(self._entries)

    def inside(self, name: str) -> str:
        """Return the path of the file called `name` in whatever folder (the nearest to the top), "" if there is none:
        people pack folders."""
        found = [path for path in self._entries if path == _folded(name) or path.endswith(f"/{_folded(name)}")]
        return min(found, key=lambda path: path.count("/"), default="")

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open an entry for reading; never gives more than the directory announced, and that is limited.

        Raises `DomainError`: `file_broken`, also while it is read; `file_too_large`.
        """
        entry = self._entries.get(_folded(name))
        if entry is None:
            raise broken()
        unpacked, packed = entry.file_size, max(entry.compress_size, 1)
        if unpacked > MOST_UNPACKED or (unpacked > SMALL and unpacked / packed > MOST_RATIO):
            raise unfolds_too_far()
        try:
            with self._zip.open(entry) as source:
                yield source
        except _FAILURES as error:
            raise broken() from error


def _folded(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()
