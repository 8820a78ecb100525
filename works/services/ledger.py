"""The ledger of a work: what it makes and changes goes through here, so that it can be put back in one step."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.apps import apps
from django.conf import settings
from django.db.models import Model, QuerySet

from common.exact_json import ExactEncoder
from works.models import Change, Work

M = TypeVar("M", bound=Model)
BATCH = 10_000
# Every row of a bulk update looks through the whole statement: many at once would take the square of the time.
UPDATED_AT_ONCE = 500


class Ledger:
    """Writes rows and remembers them; nothing is remembered before `save`.

    A row may be changed several times: the first «before» and the last «after» count.
    """

    def __init__(self, work: Work) -> None:
        self._work = work
        self._made: dict[type[Model], list[int]] = defaultdict(list)
        self._changed: dict[type[Model], dict[int, dict[str, list[Any]]]] = defaultdict(dict)

    def create(self, rows: Sequence[M]) -> list[M]:
        """Insert `rows` of one model, in batches, and return them with their ids."""
        if not rows:
            return []
        model = type(rows[0])
        made = model._default_manager.bulk_create(rows, batch_size=BATCH)
        self.made(made)
        return made

    def made(self, rows: Iterable[Model]) -> None:
        """Remember rows that somebody else has inserted."""
        for row in rows:
            self._made[type(row)].append(row.pk)

    def made_with_units(self, units: Sequence[Model]) -> None:
        """Remember what listeners of `orgs.units_created` have made for new units (`settings.MADE_WITH_UNITS`), so that
        undoing takes it along as long as nobody has used it."""
        for label in settings.MADE_WITH_UNITS:
            self.made(apps.get_model(label)._default_manager.filter(unit__in=units).order_by("pk"))

    def change(self, rows: Sequence[Model], columns: Mapping[int, Mapping[str, Any]]) -> None:
        """Change `rows` of one model as they were read: `columns` is {id: {attribute: new value}}; writes only what
        differs. Foreign keys go by `…_id`."""
        touched: list[Model] = []
        names: set[str] = set()
        for row in rows:
            differing = {name: new for name, new in columns[row.pk].items() if getattr(row, name) != new}
            for name, new in differing.items():
                self._note(type(row), row.pk, name, getattr(row, name), new)
                setattr(row, name, new)
            if differing:
                touched.append(row)
                names |= differing.keys()
        if touched:
            fields = [_field_name(type(touched[0]), name) for name in sorted(names)]
            type(touched[0])._default_manager.bulk_update(touched, fields, batch_size=UPDATED_AT_ONCE)

    def update(self, rows: QuerySet[Any], **values: Any) -> int:
        """Set the same plain `values` (attribute names) in all of `rows`, with two statements; return how many."""
        found = list(rows.values_list("pk", *values))
        for pk, *before in found:
            for (name, new), old in zip(values.items(), before, strict=True):
                if old != new:
                    self._note(rows.model, pk, name, old, new)
        for start in range(0, len(found), BATCH):
            ids = [pk for pk, *_rest in found[start : start + BATCH]]
            rows.model._default_manager.filter(pk__in=ids).update(**values)
        return len(found)

    def _note(self, model: type[Model], pk: int, name: str, old: Any, new: Any) -> None:
        held = self._changed[model].setdefault(pk, {})
        held[name] = [held[name][0] if name in held else old, new]

    def save(self) -> None:
        """Write down what was remembered; the last thing a work does in its transaction."""
        rows: list[Change] = []
        for model, ids in self._made.items():
            prints = fingerprints(model, ids)
            rows += [self._row(model, True, part) for part in _parts(prints)]
        for model, changed in self._changed.items():
            plain = json.loads(json.dumps(changed, cls=ExactEncoder))
            made = {str(pk) for pk in self._made.get(model, ())}
            kept = {pk: columns for pk, columns in plain.items() if pk not in made}
            rows += [self._row(model, False, part) for part in _parts(kept)]
        Change.objects.bulk_create(rows)

    def _row(self, model: type[Model], is_creation: bool, rows: dict[str, Any]) -> Change:
        return Change(work=self._work, model=model._meta.label_lower, is_creation=is_creation, rows=rows)


def nothing_told(_count: int) -> None:
    """Nobody waits to hear how far it is."""


def fingerprints(
    model: type[Model], ids: Sequence[int], *, locks: bool = False, advance: Callable[[int], None] = nothing_told
) -> dict[str, str]:
    """Return {id as text: a fingerprint of all columns of the row} for those of `ids` that are still there.

    `locks`: nobody changes these rows, or hangs anything on them, before the transaction ends. `advance` hears how many
    rows were looked at.
    """
    found: dict[str, str] = {}
    names = [field.attname for field in model._meta.concrete_fields]
    place = names.index(model._meta.pk.attname)
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        rows = model._default_manager.filter(pk__in=part)
        for row in (rows.order_by("pk").select_for_update() if locks else rows).values_list(*names):
            text = json.dumps([str(value) for value in row], ensure_ascii=False)
            found[str(row[place])] = hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
        advance(len(part))
    return found


def _parts(rows: dict[str, Any]) -> Iterable[dict[str, Any]]:
    pairs = list(rows.items())
    return (dict(pairs[start : start + BATCH]) for start in range(0, len(pairs), BATCH))


def _field_name(model: type[Model], attribute: str) -> str:
    return next(field.name for field in model._meta.concrete_fields if field.attname == attribute)
