"""What else goes on with the new units: rights on a unit, and everything that says for whom it is (ORG-9)."""

from collections.abc import Sequence

from django.apps import apps
from django.db.models import ForeignKey, Model

from orgs.models import AudienceRule, Organization, Unit, UnitUserObjectPermission
from works.services.ledger import Ledger

Pairs = Sequence[tuple[Unit, Unit]]


def turn_rights(pairs: Pairs, ledger: Ledger) -> None:
    """Let rights granted on a unit hold for the unit that continues it; two statements."""
    new_of = {old.pk: new.pk for old, new in pairs}
    rows = list(UnitUserObjectPermission.objects.filter(content_object__in=new_of))
    ledger.change(rows, {row.pk: {"content_object_id": new_of[row.content_object_id]} for row in rows})


def turn_circles(organization: Organization, pairs: Pairs, ledger: Ledger) -> None:
    """Let everything that is for a unit be for the unit that takes its people in; two statements a table.

    Where two units become one and a thing was for both, one row says so already: the other stays with the past.
    """
    new_of = {old.pk: new.pk for old, new in pairs}
    for model in apps.get_models():
        if not issubclass(model, AudienceRule):
            continue
        rows = list(model.objects.filter(organization=organization, unit_id__in=new_of).order_by("pk"))  # type: ignore[attr-defined]
        thing = _thing_of(model)
        taken: set[tuple[int, str, int]] = set()
        columns = {}
        for row in rows:
            key = (getattr(row, thing), row.audience, new_of[row.unit_id])
            if key not in taken:
                columns[row.pk] = {"unit_id": new_of[row.unit_id]}
            taken.add(key)
        ledger.change([row for row in rows if row.pk in columns], columns)


def _thing_of(model: type[Model]) -> str:
    """Return the column that says whose audience it is."""
    known = ("organization_id", "unit_id")
    columns = (field.attname for field in model._meta.concrete_fields if isinstance(field, ForeignKey))
    return next(name for name in columns if name not in known)
