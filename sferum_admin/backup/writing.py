"""Writing a backup: one archive with every table and every file, sealed by choice."""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from django.db import connection, transaction
from django.utils import timezone

from sferum_admin.backup import tables
from sferum_admin.backup.sealed import SealedWriter

HEAD, TAIL = "head.json", "tail.json"
FORMAT = 1


@dataclass
class Summary:
    """What went into a backup, or came out of one."""

    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    # Named in a table, but not in the store.
    missing: list[str] = field(default_factory=list)

    @property
    def total_rows(self) -> int:
        return sum(self.rows.values())


class Summed(io.RawIOBase):
    """Reads `source` and adds what was read to `sums`."""

    def __init__(self, source: IO[bytes], sums: Any) -> None:
        self._source, self._sums = source, sums

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        part = self._source.read(size)
        self._sums.update(part)
        return part


def write_backup(path: Path, passphrase: str = "") -> Summary:
    """Write everything into a new file at `path` (mode 600) and return what it holds.

    All tables are read as they were at one moment. Without a passphrase anybody who has the file can read it. Raises
    `FileExistsError`.
    """
    partial = path.with_name(f"{path.name}.partial")
    with partial.open("xb") as target:
        try:
            partial.chmod(0o600)
            with _sealed(target, passphrase) as stream, tarfile.open(fileobj=stream, mode="w|gz") as archive:
                summary = _fill(archive)
            if path.exists():
                raise FileExistsError(path)
        except BaseException:
            partial.unlink()
            raise
    partial.rename(path)
    return summary


@contextmanager
def _sealed(target: BinaryIO, passphrase: str) -> Iterator[BinaryIO]:
    if not passphrase:
        yield target
        return
    with closing(SealedWriter(target, passphrase)) as stream:
        yield cast(BinaryIO, stream)


def _fill(archive: tarfile.TarFile) -> Summary:
    summary, sums = Summary(), hashlib.sha256()
    head = {"format": FORMAT, "made_at": timezone.now().isoformat(), "vendor": connection.vendor}
    with _one_moment():
        _add(archive, HEAD, json.dumps(head | {"migrations": tables.migrations()}).encode())
        for model in tables.all_models():
            label = model._meta.label_lower
            summary.rows[label] = 0
            for number, (count, piece) in enumerate(tables.pieces(model), 1):
                sums.update(piece)
                summary.rows[label] += count
                _add(archive, f"tables/{label}/{number:06}.jsonl", piece)
        _add_files(archive, summary, sums)
    tail = {"rows": summary.rows, "files": summary.files, "sha256": sums.hexdigest()}
    _add(archive, TAIL, json.dumps(tail).encode())
    return summary


@contextmanager
def _one_moment() -> Iterator[None]:
    """See the whole database as it is now, and hold nobody up."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                if not connection.savepoint_ids:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    # `atomic` would take the right to write, which SQLite gives to one at a time.
    is_outermost = not connection.in_atomic_block
    with connection.cursor() as cursor:
        if is_outermost:
            cursor.execute("BEGIN DEFERRED")
        yield
        if is_outermost:
            cursor.execute("COMMIT")


def _add_files(archive: tarfile.TarFile, summary: Summary, sums: Any) -> None:
    seen: set[str] = set()
    for model in tables.all_models():
        for column in tables.file_fields(model):
            names = model._base_manager.exclude(**{column.attname: ""}).values_list(column.attname, flat=True)
            for name in names.iterator(chunk_size=2000):
                if name in seen:
                    continue
                seen.add(name)
                if not column.storage.exists(name):
                    summary.missing.append(name)
                    continue
                with column.storage.open(name) as source:
                    entry = tarfile.TarInfo(f"files/{model._meta.label_lower}.{column.attname}/{name}")
                    entry.size = source.size
                    archive.addfile(entry, cast(BinaryIO, Summed(source, sums)))
                summary.files += 1


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))
