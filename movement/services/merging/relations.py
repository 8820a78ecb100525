"""Every column of the database that points at a person, found through the registry: a new app is followed by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model, Q, QuerySet, UniqueConstraint
from django.utils import timezone
from django.utils.text import capfirst

from orgs.models import Enrolment, Organization, Person
from orgs.selectors.organizations import today_in
from works.services.ledger import Ledger

# What a work did stays with whoever it was; figures are counted anew from what they are about.
_APART = {"orgs.person", "stats.personday", "stats.staffanswer", "roster.loadrow", "works.work"}
# Nobody is their own parent, or hands a duty over to themselves: such rows stay where they are.
_NOT_OF_ONESELF = {"orgs.guardianship", "orgs.handoveroffer"}


@dataclass(frozen=True)
class Relation:
    """A foreign key to people, with the unique rules it takes part in: (other columns, condition)."""

    model: type[Model]
    field: "ForeignKey[Any, Any]"
    rules: tuple[tuple[tuple[str, ...], Q | None], ...]


@dataclass(frozen=True)
class Share:
    """How many rows of one table pass over, and how many stay because the other one has the same already."""

    model: str
    title: str
    moving: int
    staying: int


@cache
def relations() -> tuple[Relation, ...]:
    """Return every foreign key to people that a merging has to follow."""
    found = []
    for model in apps.get_models():
        if model._meta.label_lower in _APART:
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and field.remote_field.model is Person:
                found.append(Relation(model, field, tuple(_rules(model, field))))
    return tuple(found)


def _rules(model: type[Model], field: "ForeignKey[Any, Any]") -> Iterator[tuple[tuple[str, ...], Q | None]]:
    if field.unique:
        yield (), None
    sets: list[tuple[Sequence[str], Q | None]] = [(names, None) for names in model._meta.unique_together]
    for rule in model._meta.constraints:
        if isinstance(rule, UniqueConstraint):
            sets.append((rule.fields, rule.condition))
    for names, condition in sets:
        if field.name in names:
            others = (model._meta.get_field(name) for name in names if name != field.name)
            yield tuple(other.attname for other in others), condition  # type: ignore[union-attr]


def rows_of(relation: Relation, person_id: int) -> QuerySet[Any]:
    """Return the rows that point at a person by this column."""
    return relation.model._default_manager.filter(**{relation.field.name: person_id})


def colliding(relation: Relation, gone_id: int, kept_id: int) -> set[int]:
    """Return the rows of `gone` that cannot point at `kept`: there is such a row already, or it would be its own."""
    mine, theirs = rows_of(relation, gone_id), rows_of(relation, kept_id)
    found: set[int] = set()
    for columns, condition in relation.rules:
        of_mine, of_theirs = (rows.filter(condition) if condition else rows for rows in (mine, theirs))
        # Empty values never collide.
        held = {row for row in of_theirs.values_list(*columns or ("organization_id",)) if None not in row}
        if held:
            found |= {
                pk for pk, *row in of_mine.values_list("pk", *columns or ("organization_id",)) if tuple(row) in held
            }
    if relation.model._meta.label_lower in _NOT_OF_ONESELF:
        found |= set(mine.filter(_other_people(relation, kept_id)).values_list("pk", flat=True))
    return found


def _other_people(relation: Relation, person_id: int) -> Q:
    condition = Q(pk__in=())
    for field in relation.model._meta.concrete_fields:
        if isinstance(field, ForeignKey) and field.remote_field.model is Person and field != relation.field:
            condition |= Q(**{field.attname: person_id})
    return condition


def shares_of(gone: Person, kept: Person) -> list[Share]:
    """Return what a merging would move, table by table, those with nothing left out. Reads only."""
    moving: dict[type[Model], list[int]] = {}
    for relation in relations():
        count = rows_of(relation, gone.pk).count()
        if count:
            staying = len(colliding(relation, gone.pk, kept.pk))
            sums = moving.setdefault(relation.model, [0, 0])
            sums[0] += count - staying
            sums[1] += staying
    return [
        Share(model._meta.label_lower, capfirst(str(model._meta.verbose_name_plural)), *sums)
        for model, sums in moving.items()
    ]


def move(gone: Person, kept: Person, ledger: Ledger) -> tuple[dict[str, int], dict[str, int]]:
    """Let everything that points at `gone` point at `kept`, through the ledger; return what moved and what stayed.

    What would break a unique rule stays with `gone`; of that, what is open today is closed.
    """
    moved: dict[str, int] = {}
    stayed: dict[str, int] = {}
    for relation in relations():
        rows = rows_of(relation, gone.pk)
        if not rows.exists():
            continue
        label = relation.model._meta.label_lower
        if left := colliding(relation, gone.pk, kept.pk):
            stayed[label] = stayed.get(label, 0) + len(left)
            _close(relation.model, left, gone.organization, ledger)
        if count := ledger.update(rows.exclude(pk__in=left), **{relation.field.attname: kept.pk}):
            moved[label] = moved.get(label, 0) + count
    return moved, stayed


def _close(model: type[Model], ids: set[int], organization: Organization, ledger: Ledger) -> None:
    """End rows of the past person that are open today, so that nobody is counted twice."""
    if "until" not in {field.name for field in model._meta.concrete_fields}:
        return
    still_open = model._default_manager.filter(pk__in=ids, until=None)
    if model is not Enrolment:
        ledger.update(still_open, until=timezone.now())
        return
    today = today_in(organization)
    rows = list(Enrolment.objects.filter(pk__in=ids, until=None))
    ledger.change(rows, {row.pk: {"until": max(row.since, today)} for row in rows})
