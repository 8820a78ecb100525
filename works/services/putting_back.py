"""Putting back what a work has made and changed: all rows of a table at once."""

from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import ForeignObjectRel, Model, ProtectedError
from django.utils.translation import gettext as _

from common.errors import DomainError
from works.services.ledger import BATCH, UPDATED_AT_ONCE
from works.services.obstacles import Obstacle, Rows, follows, obstacles_in


def put_back(rows: Rows) -> None:
    """Remove what was made, and give what was changed its former values; in the caller's transaction.

    Raises `DomainError("undo_prevented")` (its `fields` hold what prevents it), and then nothing has happened.
    """
    refuse_if(obstacles_in(rows, locks=True))
    try:
        with transaction.atomic():
            # What leads to a row that is removed would go with it.
            for model, turned in rows.turned_to_made():
                _put_back(model, turned)
            # The last made goes first: what points at others was made after them.
            for model, prints in reversed(rows.made.items()):
                _remove(model, [int(pk) for pk in prints])
            for model, changed in reversed(rows.changed.items()):
                _put_back(model, changed)
    except (ProtectedError, IntegrityError) as error:  # a name or a place that was given away meanwhile
        raise _prevented() from error


def refuse_if(found: list[Obstacle]) -> None:
    """Raise `DomainError("undo_prevented")` with what prevents the undoing in its `fields`, if anything does."""
    if found:
        raise _prevented(found)


def _prevented(found: list[Obstacle] | None = None) -> DomainError:
    message = _("This cannot be undone: something else depends on it by now.")
    return DomainError("undo_prevented", message, fields={row.reason: ", ".join(row.names) for row in found or []})


def _put_back(model: type[Model], changed: dict[str, dict[str, list[Any]]]) -> None:
    names: set[str] = set()
    touched = []
    for row in model._default_manager.filter(pk__in=[int(pk) for pk in changed]):
        for name, (before, _after) in changed[str(row.pk)].items():
            field = next(field for field in model._meta.concrete_fields if field.attname == name)
            target = field.target_field if isinstance(field, models.ForeignKey) else field
            setattr(row, name, target.to_python(before))
            names.add(field.name)
        touched.append(row)
    if touched:
        _write(model, touched, sorted(names))


def _write(model: type[Model], rows: list[Model], names: list[str]) -> None:
    """Write `rows` back at once; where one row gives another what is unique (an account), one after the other."""
    try:
        with transaction.atomic():
            model._default_manager.bulk_update(rows, names, batch_size=UPDATED_AT_ONCE)
            return
    except IntegrityError:
        waiting = rows
    while waiting:
        refused = [row for row in waiting if not _written(row, names)]
        if len(refused) == len(waiting):
            refused[0].save(update_fields=names)  # says what stands in the way
        waiting = refused


def _written(row: Model, names: list[str]) -> bool:
    try:
        with transaction.atomic():
            row.save(update_fields=names)
    except IntegrityError:
        return False
    return True


def _remove(model: type[Model], ids: list[int]) -> None:
    """Remove rows on which nothing hangs but what follows by itself (the obstacles were looked for).

    Django's own `delete` would fetch every one of them, and look through every table once per few hundred rows.
    """
    followers = [
        relation
        for relation in model._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel)
        and not relation.field.many_to_many
        and isinstance(relation.related_model, type)
        and follows(relation.related_model)
    ]
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        for relation in followers:
            _let_follow(relation, part)
        removed = model._default_manager.filter(pk__in=part)
        removed._raw_delete(removed.db)


def _let_follow(relation: ForeignObjectRel, ids: list[int]) -> None:
    """Rows that point at what goes lose the pointer, or go along, as their model says."""
    hanging = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": ids})
    if relation.on_delete is models.SET_NULL:
        hanging.update(**{relation.field.name: None})
    else:
        hanging.delete()
