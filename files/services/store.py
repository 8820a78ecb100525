"""The file store beside the rows that name its files: bytes nobody knows of, and rows whose bytes are gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, islice
from posixpath import dirname
from typing import TYPE_CHECKING

from django.apps import apps
from django.core.files.storage import Storage, default_storage
from django.db.models import FileField, Model

from common.retention import limit_of

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

BATCH = 500


@dataclass
class Report:
    """What was found: names in the store without a row, long enough there; names of rows without bytes."""

    files: int = 0
    orphans: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def check(now: datetime, storage: Storage | None = None) -> Report:
    """Compare the store with all tables, in both directions; nothing is changed.

    What was written within `KEEP_ORPHANED_FILES_DAYS` is no orphan yet: its row may not be committed, or its deletion
    is under way.
    """
    store = storage or default_storage
    report, limit = Report(), limit_of("KEEP_ORPHANED_FILES_DAYS", now)
    for names in _batches(_walk(store)):
        report.files += len(names)
        report.orphans += [name for name in names - _known(names) if store.get_modified_time(name) < limit]
    for folder, wanted in _named_by_rows():
        report.missing += sorted(wanted - _listed(store, folder))
    return report


def remove_orphans(names: Iterable[str], storage: Storage | None = None) -> int:
    """Delete the bytes `names`, if no row has come to name them meanwhile; return how many."""
    store, removed = storage or default_storage, 0
    for batch in _batches(names):
        for name in batch - _known(batch):
            store.delete(name)
            removed += 1
    return removed


def _batches(names: Iterable[str]) -> Iterator[set[str]]:
    rest = iter(names)
    while batch := set(islice(rest, BATCH)):
        yield batch


def _walk(store: Storage, folder: str = "") -> Iterator[str]:
    folders, names = _listing(store, folder)
    prefix = f"{folder}/" if folder else ""
    yield from (prefix + name for name in names)
    for inner in folders:
        yield from _walk(store, prefix + inner)


def _listing(store: Storage, folder: str) -> tuple[list[str], list[str]]:
    try:
        return store.listdir(folder)
    except FileNotFoundError:
        return [], []


def _listed(store: Storage, folder: str) -> AbstractSet[str]:
    prefix = f"{folder}/" if folder else ""
    return {prefix + name for name in _listing(store, folder)[1]}


def _fields() -> Iterator[tuple[type[Model], str]]:
    """Every column of every table that names a file of this store, whatever the app."""
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, FileField) and column.storage == default_storage:
                yield model, column.name


def _known(names: AbstractSet[str]) -> set[str]:
    found: set[str] = set()
    for model, column in _fields():
        rows = model._base_manager.filter(**{f"{column}__in": names})
        found |= set(rows.values_list(column, flat=True))
    return found


def _named_by_rows() -> Iterator[tuple[str, set[str]]]:
    for model, column in _fields():
        rows = model._base_manager.exclude(**{column: ""}).order_by(column)
        names = rows.values_list(column, flat=True).iterator(chunk_size=BATCH)
        for folder, group in groupby(names, key=dirname):
            yield folder, set(group)
