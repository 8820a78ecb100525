"""The register of movement: who came, moved, left, came back, as the rows of enrolment tell it (ORG-5).

Rows and not the journal: what was undone is not in them, what was entered before this platform kept a journal is. The
order of a leaving stands in the journal only, and is read from there for the rows of one page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from common.text import normalise
from orgs.actor import Actor
from orgs.audit import Action
from orgs.models import AuditEvent, Enrolment, Part, Person, Unit, UnitKind
from orgs.permissions import can_report_movement

CAME, MOVED, RETURNED, LEFT = "came", "moved", "returned", "left"
KINDS = (CAME, MOVED, RETURNED, LEFT)
STUDENTS, STAFF = "students", "staff"
ENDINGS = (Action.ENROLMENT_ENDED, Action.LEFT, Action.TRANSFERRED)


@dataclass(frozen=True)
class RegisterFilter:
    """What the register can be narrowed by; empty means all. `since` and `until` are both within."""

    who: str = STUDENTS
    text: str = ""
    kind: str = ""
    unit_id: int | None = None
    since: date | None = None
    until: date | None = None
    order: str = ""


@dataclass
class Line:
    """One movement. `unit_from` of a transfer and a leaving, `unit_to` of all others."""

    kind: str
    day: date
    person: Person
    part: str
    unit_from: str
    unit_to: str
    unit_id: int
    is_conditional: bool
    order_number: str
    order_date: date | None


@dataclass(frozen=True)
class Total:
    """How many came into a unit and left it within the period, transfers counted at both ends."""

    unit: Unit
    came: int
    left: int


def _enrolments(actor: Actor, wanted: RegisterFilter) -> QuerySet[Enrolment]:
    rows = Enrolment.objects.filter(organization_id=actor.organization.pk, person__merged_into=None)
    if not can_report_movement(actor):
        return rows.none()
    rows = rows.filter(part=Part.STUDENT) if wanted.who == STUDENTS else rows.exclude(part=Part.STUDENT)
    for word in normalise(wanted.text).split():
        rows = rows.filter(person__search_name__contains=word)
    return rows


def _of_same_person() -> QuerySet[Enrolment]:
    """Other parts of the same person of the same kind: leaving a circle and entering a class is no transfer."""
    same = {"person_id": OuterRef("person_id"), "part": OuterRef("part"), "unit__kind": OuterRef("unit__kind")}
    return Enrolment.objects.filter(**same).exclude(pk=OuterRef("pk")).exclude(unit_id=OuterRef("unit_id"))


def lines_of(actor: Actor, wanted: RegisterFilter) -> QuerySet[Any]:
    """Return the movements as rows of values for `filled`, the latest first; can be counted and sliced."""
    came = _narrowed(_arrivals(actor, wanted), wanted, "since")
    left = _narrowed(_departures(actor, wanted), wanted, "until")
    columns = ("day", "kind", "id", "unit_from")
    if wanted.kind == LEFT:
        found = left.values_list(*columns)
    elif wanted.kind:
        found = came.filter(kind=wanted.kind).values_list(*columns)
    else:
        found = came.values_list(*columns).union(left.values_list(*columns), all=True)
    return found.order_by("-day", "-id", "kind")


def _arrivals(actor: Actor, wanted: RegisterFilter) -> QuerySet[Any]:
    before = _of_same_person().filter(until=OuterRef("since")).order_by("-id")
    earlier = Enrolment.objects.filter(
        person_id=OuterRef("person_id"),
        part=OuterRef("part"),
        unit__kind=OuterRef("unit__kind"),
        until__lte=OuterRef("since"),
    ).exclude(pk=OuterRef("pk"))
    return _enrolments(actor, wanted).annotate(
        day=F("since"),
        unit_from=Subquery(before.values("unit__name")[:1], output_field=CharField()),
        kind=Case(
            When(Exists(before), then=Value(MOVED)),
            When(Exists(earlier), then=Value(RETURNED)),
            default=Value(CAME),
            output_field=CharField(),
        ),
    )


def _departures(actor: Actor, wanted: RegisterFilter) -> QuerySet[Any]:
    """A part that ended, unless another one of its kind began the same day: that is a transfer, told there."""
    after = _of_same_person().filter(since=OuterRef("until"))
    return (
        _enrolments(actor, wanted)
        .filter(~Exists(after), until__isnull=False)
        .annotate(
            day=F("until"),
            unit_from=F("unit__name"),
            kind=Value(LEFT, output_field=CharField()),
        )
    )


def _narrowed(rows: QuerySet[Any], wanted: RegisterFilter, column: str) -> QuerySet[Any]:
    if wanted.since is not None:
        rows = rows.filter(**{f"{column}__gte": wanted.since})
    if wanted.until is not None:
        rows = rows.filter(**{f"{column}__lte": wanted.until})
    if wanted.unit_id is not None:
        inside = Q(unit_id=wanted.unit_id)
        if column == "since":
            inside |= Q(Exists(_of_same_person().filter(until=OuterRef("since"), unit_id=wanted.unit_id)))
        rows = rows.filter(inside)
    if wanted.order:
        rows = rows.filter(_by_order(wanted.order, column))
    return rows


def _by_order(number: str, column: str) -> Q:
    if column == "since":
        return Q(order_number=number)
    told = AuditEvent.objects.filter(
        organization_id=OuterRef("organization_id"),
        person_id=OuterRef("person_id"),
        action__in=ENDINGS,
        order_number=number,
    )
    return Q(Exists(told))


def filled(actor: Actor, rows: Iterable[Sequence[Any]]) -> list[Line]:
    """Return the lines for `rows` of `lines_of`; two queries whatever their number."""
    found = list(rows)
    ids = [row[2] for row in found]
    loaded = Enrolment.objects.filter(organization_id=actor.organization.pk, pk__in=ids)
    enrolments = {row.pk: row for row in loaded.select_related("person", "unit")}
    orders = _orders_of_endings(actor, [enrolments[row[2]] for row in found if row[1] == LEFT])
    return [_line(row, enrolments[row[2]], orders) for row in found]


Orders = dict[tuple[int, int | None], tuple[str, date | None]]


def _line(row: Sequence[Any], enrolment: Enrolment, orders: Orders) -> Line:
    day, kind, _id, unit_from = row
    order: tuple[str, date | None] = (enrolment.order_number, enrolment.order_date)
    if kind == LEFT:
        person = enrolment.person_id
        order = orders.get((person, enrolment.unit_id)) or orders.get((person, None)) or ("", None)
    return Line(
        kind=kind,
        day=day,
        person=enrolment.person,
        part=enrolment.part,
        unit_from=unit_from or "",
        unit_to="" if kind == LEFT else enrolment.unit.name,
        unit_id=enrolment.unit_id,
        is_conditional=enrolment.is_conditional,
        order_number=order[0],
        order_date=order[1],
    )


def _orders_of_endings(actor: Actor, rows: list[Enrolment]) -> Orders:
    """Return the last order by which each of the people left: {(person, unit or None): (number, date)}."""
    if not rows:
        return {}
    events = AuditEvent.objects.filter(
        organization_id=actor.organization.pk,
        person_id__in={row.person_id for row in rows},
        action__in=ENDINGS,
    ).order_by("id")
    orders: Orders = {}
    for event in events:
        unit = None if event.action == Action.LEFT else event.unit_id
        if event.person_id is not None:
            orders[event.person_id, unit] = (event.order_number, event.order_date)
    return orders


def totals_of(actor: Actor, wanted: RegisterFilter) -> list[Total]:
    """Return how many came and left, unit by unit, within the period; units without any movement are left out.

    Three queries. Who was transferred came into one unit and left another.
    """
    rows = _enrolments(actor, wanted)
    if wanted.unit_id is not None:
        rows = rows.filter(unit_id=wanted.unit_id)
    came, left = (_counts(rows, wanted, column) for column in ("since", "until"))
    units = Unit.objects.filter(organization_id=actor.organization.pk, pk__in={*came, *left})
    if wanted.who == STUDENTS:
        units = units.exclude(kind=UnitKind.STAFF)
    return [Total(unit, came.get(unit.pk, 0), left.get(unit.pk, 0)) for unit in units.order_by("sort_key", "id")]


def _counts(rows: QuerySet[Enrolment], wanted: RegisterFilter, column: str) -> dict[int, int]:
    rows = rows.filter(**{f"{column}__isnull": False})
    if wanted.since is not None:
        rows = rows.filter(**{f"{column}__gte": wanted.since})
    if wanted.until is not None:
        rows = rows.filter(**{f"{column}__lte": wanted.until})
    return dict(rows.values("unit_id").annotate(number=Count("pk")).values_list("unit_id", "number").order_by())
