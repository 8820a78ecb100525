"""What a OneRoster file of an organization is made of: six queries, however many people there are (INT-3)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from orgs.models import AcademicYear, Enrolment, Guardianship, Organization, Person, RoleAssignment, Unit


@dataclass(frozen=True)
class Roster:
    """The people of today and where they are: roles and parents by the number of the person."""

    year: AcademicYear
    units: list[Unit]
    people: list[Person]
    roles: dict[int, list[str]]
    parents: dict[int, list[int]]
    enrolments: list[Enrolment]


def roster_of(organization: Organization) -> Roster:
    """Return the roster of `organization` in the current year, without the system unit of the staff."""
    year = AcademicYear.objects.get(organization=organization, is_current=True)
    units = list(Unit.objects.active().teaching().filter(organization=organization, academic_year=year))
    roles: dict[int, list[str]] = defaultdict(list)
    held = RoleAssignment.objects.filter(organization=organization, until=None, person__merged_into=None)
    for person_id, role in held.order_by("id").values_list("person_id", "role"):
        roles[person_id].append(role)
    people = [
        person for person in Person.objects.filter(organization=organization, merged_into=None) if person.pk in roles
    ]
    parents: dict[int, list[int]] = defaultdict(list)
    ties = Guardianship.objects.filter(organization=organization, until=None).order_by("id")
    for child_id, parent_id in ties.values_list("child_id", "parent_id"):
        if child_id in roles and parent_id in roles:
            parents[child_id].append(parent_id)
    known = {unit.pk for unit in units}
    current = Enrolment.objects.filter(organization=organization, until=None, unit__academic_year=year).order_by("id")
    enrolments = [row for row in current if row.unit_id in known and row.person_id in roles]
    return Roster(year, units, people, roles, parents, enrolments)
