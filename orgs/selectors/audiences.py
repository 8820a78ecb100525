"""Who belongs to an audience today; both directions give the same answer (tests/orgs/test_audiences.py)."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from orgs.actor import Actor
from orgs.models import (
    STAFF_ROLES,
    Audience,
    AudienceRule,
    Enrolment,
    Guardianship,
    Part,
    Person,
    Role,
    RoleAssignment,
)

_ROLES: dict[str, tuple[str, ...]] = {
    Audience.EVERYONE: tuple(Role.values),
    Audience.STAFF: tuple(STAFF_ROLES),
    Audience.ADMINISTRATION: (Role.ADMINISTRATOR, Role.HEAD),
    Audience.STUDENTS: (Role.STUDENT,),
    Audience.PARENTS: (Role.PARENT,),
}
_PARTS: dict[str, tuple[str, ...]] = {
    Audience.STAFF: (Part.LEADER, Part.TEACHER),
    Audience.LEADERS: (Part.LEADER,),
    Audience.STUDENTS: (Part.STUDENT,),
}


def audiences_of(actor: Actor) -> dict[str, frozenset[int]]:
    """Return the circles of units the actor is in: audience → ids of units. No query: the actor knows them."""
    parents = actor.child_unit_ids
    return {
        Audience.EVERYONE: actor.worked_unit_ids | actor.studied_unit_ids | parents,
        Audience.STAFF: actor.worked_unit_ids,
        Audience.LEADERS: actor.led_unit_ids,
        Audience.STUDENTS: actor.studied_unit_ids,
        Audience.PARENTS: parents,
    }


def circles_of(actor: Actor) -> list[str]:
    """Return the circles of the whole organization the actor is in. No query."""
    circles: list[str] = [audience for audience, roles in _ROLES.items() if not actor.roles.isdisjoint(roles)]
    return [*circles, Audience.LEADERS] if actor.led_unit_ids else circles


def is_meant(actor: Actor, rules: Iterable[tuple[str, int | None]]) -> bool:
    """Tell whether one of `rules` (audience, unit or None) means the actor. No query."""
    whole, units = circles_of(actor), audiences_of(actor)
    return any(
        audience in whole if unit_id is None else unit_id in units.get(audience, ()) for audience, unit_id in rules
    )


def rules_matching(actor: Actor, *, with_children: bool = False) -> Q:
    """Return the condition on rows of an `AudienceRule` table that the actor is meant by. No query.

    `with_children`: also those that mean the actor's child, for what a parent may read beside the child (posts,
    documents, events), without being asked or counted.
    """
    circles, units = circles_of(actor), audiences_of(actor)
    if with_children and actor.children:
        circles = [*circles, Audience.STUDENTS]
        units = {**units, Audience.STUDENTS: units[Audience.STUDENTS] | actor.child_unit_ids}
    found = Q(unit=None, audience__in=circles)
    for audience, unit_ids in units.items():
        if unit_ids:
            found |= Q(audience=audience, unit__in=unit_ids)
    return found & Q(organization=actor.organization.pk)


def people_in(organization_id: int, rules: Iterable[AudienceRule]) -> QuerySet[Person]:
    """Return everybody of the roster whom one of `rules` means today, with or without an account."""
    units: dict[str, set[int]] = defaultdict(set)
    found = Q(pk=None)
    for rule in rules:
        if rule.unit_id is None:
            found |= _of_organization(rule.audience)
        else:
            units[rule.audience].add(rule.unit_id)
    for audience, unit_ids in units.items():
        found |= _of_units(audience, unit_ids)
    return Person.objects.filter(Q(organization=organization_id, merged_into=None) & _with_role(Role.values) & found)


def _of_organization(audience: str) -> Q:
    if audience == Audience.LEADERS:
        return Q(Exists(_enrolments((Part.LEADER,))))
    return _with_role(_ROLES[audience])


def _with_role(roles: Iterable[str]) -> Q:
    held = RoleAssignment.objects.filter(person=OuterRef("pk"), until=None, role__in=tuple(roles))
    return Q(Exists(held))


def _of_units(audience: str, unit_ids: set[int]) -> Q:
    if audience in _PARTS:
        return Q(Exists(_enrolments(_PARTS[audience]).filter(unit__in=unit_ids)))
    parents = Q(Exists(_families().filter(child__in=_students(unit_ids))))
    if audience == Audience.PARENTS:
        return parents
    return parents | Q(Exists(_enrolments(tuple(Part.values)).filter(unit__in=unit_ids)))


def _enrolments(parts: tuple[str, ...]) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(person=OuterRef("pk"), until=None, part__in=parts, unit__archived_at=None)


def _families() -> QuerySet[Guardianship]:
    return Guardianship.objects.filter(parent=OuterRef("pk"), until=None)


def _students(unit_ids: set[int]) -> QuerySet[Enrolment, Any]:
    return Enrolment.objects.filter(unit__in=unit_ids, until=None, part=Part.STUDENT, unit__archived_at=None).values(
        "person_id"
    )
