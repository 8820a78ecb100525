"""The roster as the check reads it: six statements, whatever the number of people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from orgs.models import (
    STAFF_ROLES,
    Enrolment,
    Guardianship,
    Organization,
    Part,
    Person,
    Role,
    RoleAssignment,
    Unit,
    UnitKind,
)
from orgs.vocabulary import vocabulary_of


@dataclass(frozen=True)
class Place:
    """An open enrolment in a unit that is in use."""

    id: int
    person_id: int
    unit_id: int
    part: str
    since: date
    is_conditional: bool


@dataclass(frozen=True)
class Roster:
    """Everybody and everything of one organization that the check looks at."""

    organization: Organization
    people: dict[int, Person]
    roles: dict[int, set[str]]
    # Those who had a role once: whoever has none now has left, which is nothing to be put right.
    former: set[int]
    places: list[Place]
    parents_of: dict[int, set[int]]
    children_of: dict[int, set[int]]
    units: dict[int, Unit]
    now: datetime
    today: date

    @cached_property
    def places_of(self) -> dict[int, list[Place]]:
        found: dict[int, list[Place]] = defaultdict(list)
        for place in self.places:
            found[place.person_id].append(place)
        return found

    @cached_property
    def in_unit(self) -> dict[int, list[Place]]:
        found: dict[int, list[Place]] = defaultdict(list)
        for place in self.places:
            found[place.unit_id].append(place)
        return found

    @cached_property
    def present(self) -> list[Person]:
        """Whoever has a role today, by name."""
        return [person for key, person in self.people.items() if self.roles.get(key)]

    def with_role(self, *roles: str) -> Iterable[Person]:
        """Return whoever has one of `roles` today, by name."""
        wanted = set(roles)
        return (person for person in self.present if self.roles[person.pk] & wanted)

    def is_staff(self, person_id: int) -> bool:
        """Whether a person works here today."""
        return not self.roles.get(person_id, set()).isdisjoint(STAFF_ROLES)

    def studied(self, person_id: int) -> list[Place]:
        """Return where a person is a student today."""
        return [place for place in self.places_of.get(person_id, []) if place.part == Part.STUDENT]

    def is_main(self, unit: Unit) -> bool:
        """Whether a student is in one such unit at a time; in a centre of circles there is none such."""
        return unit.kind in (UnitKind.CLASS, UnitKind.GROUP) and (
            vocabulary_of(self.organization).main_unit_kind != UnitKind.CIRCLE
        )


_COLUMNS = (
    *("id", "organization_id", "last_name", "first_name", "patronymic", "search_name", "phone", "birth_date"),
    *("record_number", "user_id", "created_at"),
)


def read_roster(organization: Organization, now: datetime) -> Roster:
    """Read the roster of an organization; five statements."""
    people = Person.objects.filter(organization=organization, merged_into=None).only(*_COLUMNS)
    roles: dict[int, set[str]] = defaultdict(set)
    former: set[int] = set()
    held = RoleAssignment.objects.filter(organization=organization).values_list("person_id", "role", "until")
    for person_id, role, until in held:
        if until is None:
            roles[person_id].add(role)
        else:
            former.add(person_id)
    units = Unit.objects.filter(organization=organization).active().select_related("academic_year")
    known = {unit.pk: unit for unit in units}
    rows = Enrolment.objects.filter(organization=organization, until=None).values_list(
        *("id", "person_id", "unit_id", "part", "since", "is_conditional")
    )
    parents, children = _families(organization)
    return Roster(
        organization=organization,
        people={person.pk: person for person in people},
        roles=roles,
        former=former,
        places=[place for place in (Place(*row) for row in rows) if place.unit_id in known],
        parents_of=parents,
        children_of=children,
        units=known,
        now=now,
        today=now.astimezone(organization.zone).date(),
    )


def _families(organization: Organization) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    parents: dict[int, set[int]] = defaultdict(set)
    children: dict[int, set[int]] = defaultdict(set)
    links = Guardianship.objects.filter(organization=organization, until=None).values_list("parent_id", "child_id")
    for parent, child in links:
        parents[child].add(parent)
        children[parent].add(child)
    return parents, children


STUDENT, PARENT, TEACHER = Role.STUDENT, Role.PARENT, Role.TEACHER
