"""What the tables of the roster are made of, read with four queries whatever its size (ORG-8)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from orgs.models import Enrolment, Guardianship, Organization, Person, RoleAssignment, Unit
from orgs.vocabulary import Vocabulary, vocabulary_of


class Row(NamedTuple):
    """Somebody on the roster."""

    pk: int
    last_name: str
    first_name: str
    patronymic: str
    birth_date: date | None
    record_number: str
    phone: str
    email: str
    position: str

    @property
    def full_name(self) -> str:
        return " ".join(part for part in self[1:4] if part)


class Part(NamedTuple):
    """An enrolment, open or closed."""

    person_id: int
    unit_id: int
    part: str
    since: date
    until: date | None
    order_number: str
    order_date: date | None


class Source:
    """People with a role today, in the order of lists, with their roles, parts and families."""

    def __init__(self, organization: Organization, *, with_past: bool = False) -> None:
        self.words: Vocabulary = vocabulary_of(organization)
        roles = RoleAssignment.objects.filter(organization=organization, until=None, person__merged_into=None)
        self.roles: dict[int, set[str]] = defaultdict(set)
        for person_id, role in roles.values_list("person_id", "role"):
            self.roles[person_id].add(role)
        people = Person.objects.filter(organization=organization, merged_into=None).order_by("search_name", "pk")
        self.everybody = {row.pk: row for row in map(Row._make, people.values_list(*Row._fields))}
        self.people = [row for row in self.everybody.values() if row.pk in self.roles]
        self._read_parts(organization, with_past=with_past)
        self.parents: dict[int, list[Row]] = defaultdict(list)
        self.children: dict[int, list[Row]] = defaultdict(list)
        ties = Guardianship.objects.filter(organization=organization, until=None).order_by("pk")
        for parent_id, child_id in ties.values_list("parent_id", "child_id"):
            if parent_id in self.roles and child_id in self.roles:
                self.parents[child_id].append(self.everybody[parent_id])
                self.children[parent_id].append(self.everybody[child_id])

    def _read_parts(self, organization: Organization, *, with_past: bool) -> None:
        rows = Enrolment.objects.filter(organization=organization).order_by("unit__sort_key", "unit_id", "part", "pk")
        if not with_past:
            rows = rows.filter(until=None)
        self.units: dict[int, Unit] = {}
        self.parts: dict[int, list[Part]] = defaultdict(list)
        self.current: set[int] = set()
        self.past: list[Part] = []
        units = Unit.objects.filter(organization=organization).select_related("academic_year").order_by("sort_key")
        for unit in units:
            self.units[unit.pk] = unit
            if unit.archived_at is None and unit.academic_year is not None and unit.academic_year.is_current:
                self.current.add(unit.pk)
        for part in map(Part._make, rows.values_list(*Part._fields)):
            self.past.append(part)
            # Units of former years and of the archive hold nobody whom an import could put there.
            if part.until is None and part.unit_id in self.current:
                self.parts[part.person_id].append(part)
