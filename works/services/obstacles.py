"""What prevents the undoing of a work: rows that were changed since, rows that hang on what it made."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import ForeignObjectRel, Model
from django.utils.translation import gettext as _

from common.exact_json import ExactEncoder
from works.models import Work
from works.services.ledger import BATCH, fingerprints, nothing_told

SHOWN = 20


@dataclass(frozen=True)
class Obstacle:
    """Why a work cannot be undone: rows of `model` that were changed since, or that something else hangs on.

    `names` are the first few of them, `count` is how many there are.
    """

    reason: str
    count: int
    names: tuple[str, ...]


class Rows:
    """What the ledger of a work holds, table by table."""

    def __init__(self, work: Work) -> None:
        self.made: dict[type[Model], dict[str, str]] = defaultdict(dict)
        self.changed: dict[type[Model], dict[str, dict[str, list[Any]]]] = defaultdict(dict)
        for change in work.changes.all():
            held = self.made if change.is_creation else self.changed
            held[apps.get_model(change.model)].update(change.rows)

    @property
    def count(self) -> int:
        """How many rows there are in it."""
        return sum(len(held) for part in (self.made, self.changed) for held in part.values())

    def turned(self, model: type[Model], field: "models.ForeignObject[Any, Any]") -> set[int]:
        """Return the rows whose foreign key `field` the work has changed."""
        return {int(pk) for pk, columns in self.changed.get(model, {}).items() if field.attname in columns}

    def turned_to_made(self) -> Iterable[tuple[type[Model], dict[str, dict[str, list[Any]]]]]:
        """Yield what has to be turned back before anything made is removed: foreign keys that lead to it."""
        for model, changed in self.changed.items():
            keys = {field.attname for field in model._meta.concrete_fields if field.related_model in self.made}
            part = {
                pk: {name: both for name, both in columns.items() if name in keys} for pk, columns in changed.items()
            }
            if turned := {pk: columns for pk, columns in part.items() if columns}:
                yield model, turned


def obstacles(work: Work) -> list[Obstacle]:
    """Return what prevents the undoing of a finished work; nothing: it can be undone."""
    return obstacles_in(Rows(work))


def obstacles_in(rows: Rows, *, locks: bool = False, advance: Callable[[int], None] = nothing_told) -> list[Obstacle]:
    """Return what prevents the putting back of `rows`.

    `locks`: they stay as they are until the transaction ends. `advance` hears how many rows were looked at.
    """
    found: list[Obstacle] = []
    for model, prints in rows.made.items():
        ids = [int(pk) for pk in prints]
        now = fingerprints(model, ids, locks=locks, advance=advance)
        # A row that is gone needs no undoing.
        differing = [int(pk) for pk, value in now.items() if prints[pk] != value]
        if differing:
            found.append(_obstacle(_("Changed since then"), model, differing))
        found += _hanging_on(model, ids, rows)
    for model, changed in rows.changed.items():
        differing = [pk for pk, now, _then in _compared(model, changed, locks) if not now]
        if differing:
            found.append(_obstacle(_("Changed since then"), model, differing))
        advance(len(changed))
    return found


def _obstacle(reason: str, model: type[Model], ids: list[int]) -> Obstacle:
    names = tuple(str(row) for row in model._default_manager.filter(pk__in=ids[:SHOWN]))
    return Obstacle(f"{reason}: {model._meta.verbose_name_plural}", len(ids), names)


def _compared(
    model: type[Model], changed: dict[str, dict[str, list[Any]]], locks: bool
) -> Iterable[tuple[int, bool, dict[str, list[Any]]]]:
    """Yield (id, whether the row still is as the work left it, its columns) for rows that are still there."""
    ids = [int(pk) for pk in changed]
    for start in range(0, len(ids), BATCH):
        rows = model._default_manager.filter(pk__in=ids[start : start + BATCH])
        for row in rows.order_by("pk").select_for_update() if locks else rows:
            columns = changed[str(row.pk)]
            is_same = all(_plain(getattr(row, name)) == after for name, (_before, after) in columns.items())
            yield row.pk, is_same, columns


def _plain(value: Any) -> Any:
    """Return a value as the ledger keeps it."""
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return ExactEncoder().default(value)


def _hanging_on(model: type[Model], ids: list[int], rows: Rows) -> list[Obstacle]:
    """Find rows outside the ledger that point at what was made. Tables that follow by themselves do not count, nor
    does what the work itself turned that way: it turns back."""
    found = []
    for relation in model._meta.get_fields(include_hidden=True):
        other = relation.related_model
        if not isinstance(relation, ForeignObjectRel) or not isinstance(other, type) or follows(other):
            continue
        if relation.field.many_to_many or relation.field.remote_field.model is not model:
            continue
        own = {int(pk) for pk in rows.made.get(other, ())} | rows.turned(other, relation.field)
        hanging = [pk for pk in _pointing_at(other, relation.field.attname, ids) if pk not in own]
        if hanging:
            found.append(_obstacle(_("Depends on it"), other, hanging))
    return found


def _pointing_at(model: type[Model], column: str, ids: list[int]) -> Iterable[int]:
    for start in range(0, len(ids), BATCH):
        part = set(ids[start : start + BATCH])
        rows = model._default_manager.filter(**_near(column, part)).values_list("pk", column)
        yield from (pk for pk, target in rows if target in part)


def _near(column: str, ids: set[int]) -> dict[str, Any]:
    """Narrow to rows whose `column` is one of `ids`, or nearly.

    What was made at once has ids in a row: to name its ends costs nothing, to name ten thousand ids costs more than all
    else, for each of a hundred tables.
    """
    first, last = min(ids), max(ids)
    if last - first < 2 * len(ids):
        return {f"{column}__gte": first, f"{column}__lte": last}
    return {f"{column}__in": ids}


def follows(model: type[Model]) -> bool:
    """Return whether rows of `model` go along with what they hang on (`settings.UNDO_FOLLOWS`)."""
    meta = model._meta
    return meta.app_label in settings.UNDO_FOLLOWS or meta.label_lower in settings.UNDO_FOLLOWS
