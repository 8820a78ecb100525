"""Restoring a backup into an empty installation of the same version: all of it or nothing."""

import hashlib
import json
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from django.apps import apps
from django.core.files import File
from django.db import DatabaseError, connection, models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from orgs.models import Organization
from sferum_admin.backup import tables
from sferum_admin.backup.sealed import MARK, SealedReader, WrongPassphrase
from sferum_admin.backup.writing import FORMAT, HEAD, TAIL, Summary, Summed

# What reading bytes that somebody changed can end in.
_DAMAGED = (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, TypeError, LookupError, DatabaseError)


class CannotRestore(Exception):
    """Why nothing was restored, as a sentence for the operator."""


def is_sealed(path: Path) -> bool:
    """Tell whether the backup at `path` asks for a passphrase."""
    with path.open("rb") as source:
        return source.read(len(MARK)) == MARK


def restore_backup(path: Path, passphrase: str = "") -> Summary:
    """Fill the empty database and file store from the backup at `path` and return what came in.

    Raises `CannotRestore`: people are here already, another version, a wrong passphrase, a damaged file; then nothing
    has changed.
    """
    if User.objects.exists() or Organization.objects.exists():
        raise CannotRestore(_("This installation is not empty. Restore into a new one."))
    restored = _Restored()
    try:
        with transaction.atomic(), _opened(path, passphrase) as archive:
            tables.defer_constraints()
            restored.take(archive)
            tables.continue_numbering()
            connection.check_constraints()
    except _DAMAGED as error:
        restored.remove_files()
        raise CannotRestore(_("The file is damaged: %(error)s") % {"error": error}) from error
    except WrongPassphrase as error:
        restored.remove_files()
        raise CannotRestore(_("The passphrase does not fit, or the file is damaged.")) from error
    except BaseException:
        restored.remove_files()
        raise
    return restored.summary


@contextmanager
def _opened(path: Path, passphrase: str) -> Iterator[tarfile.TarFile]:
    with path.open("rb") as source:
        stream: BinaryIO = source
        if source.read(len(MARK)) == MARK:
            stream = cast(BinaryIO, SealedReader(source, passphrase))
        else:
            source.seek(0)
        with tarfile.open(fileobj=stream, mode="r|gz") as archive:
            yield archive


class _Restored:
    """What has come in so far."""

    def __init__(self) -> None:
        self.summary = Summary()
        self._files: list[tuple[Any, str]] = []
        self._sums = hashlib.sha256()
        self._emptied: set[type[models.Model]] = set()

    def take(self, archive: tarfile.TarFile) -> None:
        """Write every member; the first has to be the head, the last the tail."""
        names = []
        for member in archive:
            content = archive.extractfile(member)
            if content is None:
                raise tarfile.ReadError(member.name)
            names.append(member.name)
            self._take(member.name, content)
        if names[:1] != [HEAD] or names[-1:] != [TAIL]:
            raise tarfile.ReadError("cut off")

    def _take(self, name: str, content: IO[bytes]) -> None:
        kind, _slash, rest = name.partition("/")
        if name == HEAD:
            _check_head(json.loads(content.read()))
            for model in tables.all_models():
                tables.empty(model)
        elif kind == "tables":
            self._take_rows(apps.get_model(rest.partition("/")[0]), content.read())
        elif kind == "files":
            self._take_file(rest, content)
        elif name == TAIL:
            self._check_tail(json.loads(content.read()))

    def _take_rows(self, model: type[models.Model], piece: bytes) -> None:
        if model._meta.label_lower == tables.LAST and model not in self._emptied:
            tables.empty(model)
            self._emptied.add(model)
        self._sums.update(piece)
        rows = self.summary.rows
        rows[model._meta.label_lower] = rows.get(model._meta.label_lower, 0) + tables.insert(model, piece)

    def _take_file(self, name: str, content: IO[bytes]) -> None:
        column, _slash, path = name.partition("/")
        label, _dot, attribute = column.rpartition(".")
        storage = cast(models.FileField, apps.get_model(label)._meta.get_field(attribute)).storage
        if storage.exists(path):
            raise CannotRestore(_("The file store is not empty: %(name)s is there already.") % {"name": path})
        self._files.append((storage, storage.save(path, File(cast(IO[bytes], Summed(content, self._sums)), name=path))))
        self.summary.files += 1

    def _check_tail(self, tail: dict[str, Any]) -> None:
        if tables.LAST not in self.summary.rows:
            tables.empty(apps.get_model(tables.LAST))
        came = {label: count for label, count in tail["rows"].items() if count}
        if came != self.summary.rows or tail["files"] != self.summary.files or tail["sha256"] != self._sums.hexdigest():
            raise tarfile.ReadError("its contents are not those that were written")

    def remove_files(self) -> None:
        """Take the files away again: the rows that name them have not come."""
        for storage, name in self._files:
            storage.delete(name)


def _check_head(head: dict[str, Any]) -> None:
    if head.get("format") != FORMAT:
        raise CannotRestore(_("This backup was written by another version of the platform."))
    here, there = set(tables.migrations()), set(head["migrations"])
    if here != there:
        names = ", ".join(sorted(here ^ there)[:5])
        text = _(
            "The backup is of another version of the platform (%(names)s). Install that one, restore, then upgrade."
        )
        raise CannotRestore(text % {"names": names})
