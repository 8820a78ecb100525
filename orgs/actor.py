"""Who acts: the user's person in the organization that stands in the address."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import BigIntegerField, FilteredRelation, Q, QuerySet, Value

from common.prepared import Prepared
from orgs.capabilities import Capability, capabilities_of
from orgs.models import (
    Guardianship,
    Organization,
    OrganizationUserObjectPermission,
    Part,
    Person,
    Role,
    RoleAssignment,
    UnitUserObjectPermission,
)
from orgs.vocabulary import Vocabulary, vocabulary_of


@dataclass(frozen=True)
class Child:
    """A student whose parent the actor is."""

    id: int
    full_name: str
    first_name: str
    unit_ids: frozenset[int]


@dataclass
class Actor:
    """A person in an organization with everything that access rules ask, loaded in two queries."""

    user_id: int
    person: Person
    organization: Organization
    roles: frozenset[str]
    led_unit_ids: frozenset[int]
    taught_unit_ids: frozenset[int]
    studied_unit_ids: frozenset[int]
    children: tuple[Child, ...]

    @cached_property
    def capabilities(self) -> frozenset[Capability]:
        return capabilities_of(self.roles)

    def may(self, capability: Capability) -> bool:
        """Tell whether a role of the actor gives `capability`."""
        return capability in self.capabilities

    @cached_property
    def granted(self) -> frozenset[tuple[str, int | None]]:
        """Rights beyond the roles: (codename, unit id, or None for the organization). One query, on first use."""
        organization_id = self.organization.pk
        # A person of the roster without an account was granted nothing.
        return frozenset(_granted_to(user_id=self.user_id, organization_id=organization_id, same=organization_id))

    def is_granted(self, codename: str, unit_id: int | None = None) -> bool:
        """Tell whether the right `codename` was granted to this person on the unit (or the organization)."""
        return (codename, unit_id) in self.granted

    @cached_property
    def granted_unit_ids(self) -> frozenset[int]:
        """Units into which the actor may invite by a granted right."""
        return frozenset(unit for name, unit in self.granted if name == "invite_into_unit" and unit is not None)

    @cached_property
    def words(self) -> Vocabulary:
        return vocabulary_of(self.organization)

    @cached_property
    def child_unit_ids(self) -> frozenset[int]:
        return frozenset(unit_id for child in self.children for unit_id in child.unit_ids)

    @cached_property
    def worked_unit_ids(self) -> frozenset[int]:
        """Units the actor leads or teaches."""
        return self.led_unit_ids | self.taught_unit_ids

    @cached_property
    def own_unit_ids(self) -> frozenset[int]:
        """Units the actor belongs to in any part, or through a child."""
        return self.worked_unit_ids | self.studied_unit_ids | self.child_unit_ids

    @property
    def is_administrator(self) -> bool:
        return Role.ADMINISTRATOR in self.roles

    @property
    def is_head(self) -> bool:
        return Role.HEAD in self.roles

    @property
    def is_staff(self) -> bool:
        return not self.roles.isdisjoint({Role.ADMINISTRATOR, Role.HEAD, Role.TEACHER})

    @property
    def is_parent(self) -> bool:
        return Role.PARENT in self.roles

    @property
    def is_student(self) -> bool:
        return Role.STUDENT in self.roles


_roles_of: Prepared[RoleAssignment] = Prepared(
    lambda user_id, slug: RoleAssignment.objects.filter(
        person__user_id=user_id, person__organization__slug=slug, person__merged_into=None, until=None
    ).select_related("person__organization"),
    user_id=-1,
    slug="~slug~",
)


def _granted(user_id: int, organization_id: int, same: int) -> QuerySet[Any, tuple[str, int | None]]:
    on_units = UnitUserObjectPermission.objects.filter(
        user_id=user_id, content_object__organization_id=organization_id
    ).values_list("permission__codename", "content_object_id")
    on_organization = OrganizationUserObjectPermission.objects.filter(
        user_id=user_id, content_object_id=same
    ).values_list("permission__codename", Value(None, output_field=BigIntegerField()))
    return on_units.union(on_organization)


_granted_to: Prepared[tuple[str, int | None]] = Prepared(_granted, user_id=-1, organization_id=-2, same=-3)


def load_actor(user_id: int, slug: str) -> Actor | None:
    """Return who the user is in the organization `slug`, or None: whoever has no role there today sees nothing.

    Two queries: roles with the person and the organization; units of the person and of the children.
    """
    assignments = _roles_of(user_id=user_id, slug=slug)
    if not assignments:
        return None
    person = assignments[0].person
    return _with_units(user_id, person, frozenset(assignment.role for assignment in assignments))


_roles_held: Prepared[tuple[str]] = Prepared(
    lambda person: RoleAssignment.objects.filter(person=person, until=None).values_list("role"), person=-1
)


def actor_of(person: Person) -> Actor:
    """Return the actor that `person` is — for checks on behalf of somebody (the owner of a link), not of a request."""
    roles = frozenset(role for (role,) in _roles_held(person=person.pk))
    return _with_units(person.user_id or 0, person, roles)


def _family(person_id: int, parent_id: int, organization_id: int) -> QuerySet[Person, tuple[Any, ...]]:
    """The person and the children, each with the units of today.

    A union, because PostgreSQL answers «this row, or one that hangs on it» by reading all people there are.
    """
    itself = Person.objects.filter(pk=person_id).order_by().values("pk")
    children = Guardianship.objects.filter(parent_id=parent_id, until=None, organization_id=organization_id)
    return (
        Person.objects.filter(pk__in=itself.union(children.values("child_id")))
        .annotate(active=FilteredRelation("enrolments", condition=Q(enrolments__until=None)))
        .values_list(
            *("id", "last_name", "first_name", "patronymic"),
            *("active__unit_id", "active__part", "active__unit__archived_at"),
        )
        .order_by("search_name", "id")
    )


_family_of: Prepared[tuple[Any, ...]] = Prepared(_family, person_id=-1, parent_id=-2, organization_id=-3)


def _with_units(user_id: int, person: Person, roles: frozenset[str]) -> Actor:
    rows = _family_of(person_id=person.pk, parent_id=person.pk, organization_id=person.organization_id)
    own = [(unit, part) for person_id, *_, unit, part, archived in rows if person_id == person.pk and not archived]
    return Actor(
        user_id=user_id,
        person=person,
        organization=person.organization,
        roles=roles,
        led_unit_ids=frozenset(unit for unit, part in own if part == Part.LEADER),
        taught_unit_ids=frozenset(unit for unit, part in own if part == Part.TEACHER),
        studied_unit_ids=frozenset(unit for unit, part in own if part == Part.STUDENT),
        children=_children(row for row in rows if row[0] != person.pk),
    )


def _children(rows: object) -> tuple[Child, ...]:
    names: dict[int, tuple[str, str]] = {}
    units: dict[int, set[int]] = {}
    for child_id, last, first, patronymic, unit_id, part, archived in rows:  # type: ignore[attr-defined]
        names[child_id] = (" ".join(filter(None, (last, first, patronymic))), first)
        if part == Part.STUDENT and not archived:
            units.setdefault(child_id, set()).add(unit_id)
    return tuple(
        Child(child_id, full, first, frozenset(units.get(child_id, ()))) for child_id, (full, first) in names.items()
    )
