"""The roster as it is now, read with six queries whatever its size, and found by all that a file may say (ORG-8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from common.text import normalise
from orgs.models import AcademicYear, Enrolment, Guardianship, Organization, Person, RoleAssignment, Unit
from orgs.services.structure import class_from_name, sort_key_of
from orgs.vocabulary import Vocabulary, vocabulary_of

NameKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Held:
    """An open part of somebody in a unit."""

    pk: int
    unit_id: int
    part: str
    since: date


class Keys:
    """`normalise` for names, each asked once: a school has few surnames and fewer first names."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(self, text: str) -> str:
        """Return the form in which ё/е and case never matter."""
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = normalise(text)
        return found

    def name(self, last_name: str, first_name: str) -> NameKey:
        """Return last and first name as they are compared; a patronymic may be missing, so it is no part of it."""
        return self.of(last_name), self.of(first_name)


class Roster:
    """People, roles, parts in units and families of one organization at one moment."""

    def __init__(self, organization: Organization, keys: Keys | None = None) -> None:
        self.organization = organization
        self.words: Vocabulary = vocabulary_of(organization)
        self.keys = keys or Keys()
        self._read_people()
        self._read_roles()
        self._read_units()
        self._read_families()

    def _read_people(self) -> None:
        self.people: dict[int, Person] = {}
        self.merged: dict[int, int] = {}
        self.by_name: dict[NameKey, list[Person]] = defaultdict(list)
        self.by_phone: dict[str, list[Person]] = defaultdict(list)
        self.by_email: dict[str, list[Person]] = defaultdict(list)
        self.by_record_number: dict[str, Person] = {}
        for person in Person.objects.filter(organization=self.organization).order_by("pk"):
            if person.merged_into_id is not None:
                self.merged[person.pk] = person.merged_into_id
                continue
            self.people[person.pk] = person
            self.by_name[self.keys.name(person.last_name, person.first_name)].append(person)
            if person.phone:
                self.by_phone[person.phone].append(person)
            if person.email:
                self.by_email[person.email.casefold()].append(person)
            if person.record_number:
                self.by_record_number[person.record_number] = person

    def _read_roles(self) -> None:
        # {person: {role: id of the assignment}}
        self.roles: dict[int, dict[str, int]] = defaultdict(dict)
        rows = RoleAssignment.objects.filter(organization=self.organization, until=None)
        for pk, person_id, role in rows.values_list("pk", "person_id", "role"):
            self.roles[person_id][role] = pk

    def _read_units(self) -> None:
        self.year = AcademicYear.objects.filter(organization=self.organization, is_current=True).first()
        # Units of another year take nobody in, but a transfer out of them is one.
        self.units: dict[int, Unit] = {}
        self.units_by_key: dict[str, list[Unit]] = defaultdict(list)
        for unit in Unit.objects.active().filter(organization=self.organization).order_by("pk"):
            self.units[unit.pk] = unit
            if unit.is_staff_unit or (self.year is not None and unit.academic_year_id == self.year.pk):
                # «5-А» is found as «5А», which is how files are read.
                for key in {unit.sort_key, sort_key_of(class_from_name(unit.name).name)}:
                    self.units_by_key[key].append(unit)
        self.places: dict[int, list[Held]] = defaultdict(list)
        rows = Enrolment.objects.filter(organization=self.organization, until=None).order_by("pk")
        for pk, person_id, unit_id, part, since in rows.values_list("pk", "person_id", "unit_id", "part", "since"):
            self.places[person_id].append(Held(pk, unit_id, part, since))

    def _read_families(self) -> None:
        self.parents_of: dict[int, list[int]] = defaultdict(list)
        self.links_of_parent: dict[int, list[int]] = defaultdict(list)
        rows = Guardianship.objects.filter(organization=self.organization, until=None).order_by("pk")
        for pk, parent_id, child_id in rows.values_list("pk", "parent_id", "child_id"):
            self.parents_of[child_id].append(parent_id)
            self.links_of_parent[parent_id].append(pk)

    def roles_of(self, person: Person) -> frozenset[str]:
        """Return the roles a person holds today."""
        return frozenset(self.roles.get(person.pk, ()))

    def places_of(self, person: Person) -> list[Held]:
        """Return a person's open parts, also those in archived units."""
        return self.places.get(person.pk, [])

    def is_in(self, person: Person, unit_ids: Iterable[int]) -> bool:
        """Tell whether a person has any part in one of the units."""
        wanted = set(unit_ids)
        return any(held.unit_id in wanted for held in self.places_of(person))

    def named(self, last_name: str, first_name: str, patronymic: str = "") -> list[Person]:
        """Return the bearers of a name; a patronymic that one side leaves out contradicts nothing."""
        found = self.by_name.get(self.keys.name(last_name, first_name), [])
        if not patronymic or not found:
            return found
        wanted = self.keys.of(patronymic)
        return [one for one in found if not one.patronymic or self.keys.of(one.patronymic) == wanted]

    def where(self, person: Person) -> str:
        """Return the names of the units somebody is in, for sentences that tell namesakes apart."""
        names = [self.units[held.unit_id].name for held in self.places_of(person) if held.unit_id in self.units]
        return ", ".join(dict.fromkeys(names))
