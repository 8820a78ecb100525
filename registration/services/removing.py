"""An organization is removed with everything that is its own, whatever the tables are called (REG-5).

Row by row Django would load a school's whole life into memory, and it refuses where keys protect each other (a person
merged into another one, a unit of its year). So every table is emptied by one statement; the keys are checked at the
end of the transaction, when all of it is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import FileField, Model, QuerySet
from django.utils import timezone

from orgs.models import Organization
from registration.models import Application, Deletion, LeftFile, OrderFile
from registration.selectors.deletions import due

BATCH = 500
# Written by the triggers of the database while other tables are emptied: last.
_LAST = "stats.Change"


def delete_due(now: datetime) -> int:
    """Carry out the deletions whose day has come, and finish those that were interrupted; returns how many.

    May run twice, or twice at once: each is taken under its lock, and the second finds nothing.
    """
    done = sum(delete_organization(deletion) for deletion in due(now))
    for deletion in Deletion.objects.filter(done_at__isnull=False, left_files__isnull=False).distinct():
        remove_left_files(deletion)
    return done


def delete_organization(deletion: Deletion) -> bool:
    """Remove the organization of `deletion` and everything in it; False when it was cancelled or done meanwhile.

    One transaction: all rows or none. The names of its files are written down in it, and the bytes go afterwards: a
    process that dies between the two leaves a list, not rubbish.
    """
    with transaction.atomic():
        rows = Deletion.objects.select_for_update(of=("self",)).filter(pk=deletion.pk, cancelled_at=None, done_at=None)
        current = rows.first()
        if current is None or current.organization_id is None:
            return False
        organization_id = current.organization_id
        # Nobody else writes into it meanwhile.
        Organization.objects.select_for_update().get(pk=organization_id)
        current.files = _write_down_files(current, organization_id)
        current.rows = _remove_rows(organization_id)
        current.organization, current.done_at = None, timezone.now()
        current.save()
    remove_left_files(current)
    return True


def remove_left_files(deletion: Deletion) -> None:
    """Delete the bytes that are written down; what is gone already is crossed out all the same."""
    while left := list(deletion.left_files.order_by("id")[:BATCH]):
        for file in left:
            default_storage.delete(file.name)
        LeftFile.objects.filter(pk__in=[file.pk for file in left]).delete()


def tables_of_organizations() -> list[type[Model]]:
    """Return every table whose rows name their organization by `organization_id`, but the registry of deletions."""
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if any(field.attname == "organization_id" for field in model._meta.concrete_fields)
        and model is not Deletion
        and not model._meta.proxy
    ]
    return sorted(models, key=lambda model: model._meta.label == _LAST)


def _write_down_files(deletion: Deletion, organization_id: int) -> int:
    orders = OrderFile.objects.filter(application__organization_id=organization_id)
    names = list(orders.values_list("content", flat=True))
    for model in tables_of_organizations():
        fields = [field.name for field in model._meta.concrete_fields if isinstance(field, FileField)]
        for field in fields:
            own = model._base_manager.filter(organization_id=organization_id).exclude(**{field: ""})
            names += own.values_list(field, flat=True)
    LeftFile.objects.bulk_create((LeftFile(deletion=deletion, name=name) for name in names), batch_size=BATCH)
    return len(names)


def _remove_rows(organization_id: int) -> int:
    if connection.vendor == "postgresql":
        # The walls between organizations are checked at once otherwise, and would ask for an order of the tables.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    orders = list(Application.objects.filter(organization_id=organization_id).values_list("order_id", flat=True))
    own = tables_of_organizations()
    Deletion.objects.filter(organization_id=organization_id).update(organization=None)
    removed = sum(_empty(rows) for rows in _hanging_on(own, organization_id))
    # The journal lets go of its lines only when their organization is gone; the statistics note all that goes.
    before = [model for model in own if model._meta.label not in ("orgs.AuditEvent", _LAST)]
    after = [model for model in own if model._meta.label in ("orgs.AuditEvent", _LAST)]
    removed += sum(_empty(_rows_of(model, organization_id)) for model in before)
    removed += _empty(OrderFile.objects.filter(pk__in=orders))
    removed += _empty(Organization.objects.filter(pk=organization_id))
    return removed + sum(_empty(_rows_of(model, organization_id)) for model in after)


def _rows_of(model: type[Model], organization_id: int) -> QuerySet[Any]:
    return model._base_manager.filter(organization_id=organization_id)


def _hanging_on(own: list[type[Model]], organization_id: int) -> Iterator[QuerySet[Any]]:
    """Give the rows of tables that do not name the organization but hang on its rows: rights, steps, lines."""
    targets = {*own, Organization}
    for model in apps.get_models(include_auto_created=True):
        if model in targets or model is Deletion:
            continue
        for field in model._meta.concrete_fields:
            target = field.remote_field.model if field.remote_field else None
            if target not in targets or model is LeftFile:
                continue
            path = f"{field.name}_id" if target is Organization else f"{field.name}__organization_id"
            if field.null:
                model._base_manager.filter(**{path: organization_id}).update(**{field.name: None})
            else:
                keys = model._base_manager.filter(**{path: organization_id}).values("pk")
                yield model._base_manager.filter(pk__in=keys)


def _empty(rows: QuerySet[Any]) -> int:
    return rows._raw_delete(rows.db) or 0
