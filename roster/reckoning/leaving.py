"""Who is not in the file and therefore leaves, when this is asked for (ORG-8).

Only people of whom the file is plainly the whole list: students of the units it names, the staff when it lists staff,
parents when it lists parents. Whoever stands in the file, in whatever role, stays; so do administrators, and heads who
have joined.
"""

from __future__ import annotations

from collections.abc import Iterable

from orgs.models import STAFF_ROLES, Part, Person, Role
from roster.reckoning.places import Places
from roster.reckoning.plan import Leaving, Subject
from roster.reckoning.snapshot import Roster
from roster.records import RosterRecord

# More people than this, or a greater share of those concerned, leave only when it is said once more.
MOST_LEAVING = 5
MOST_PERCENT = 10


def is_over_threshold(leaving: int, concerned: int) -> bool:
    """Tell whether so many people leave that it may be a mistake."""
    return leaving > MOST_LEAVING or leaving * 100 > concerned * MOST_PERCENT


class Absence:
    """Finds who is missing from the file; `concerned` is how many people of the roster the file is the list of."""

    def __init__(self, roster: Roster, records: Iterable[RosterRecord], places: Places) -> None:
        self._roster = roster
        self._places = places
        self.concerned = 0
        self._units: set[int] = set()
        self._roles: set[str] = set()
        rows = list(records)
        self._read(rows)

    def _read(self, rows: list[RosterRecord]) -> None:
        has_students = any(Role.STUDENT in record.roles for record in rows)
        for record in rows:
            place = self._places.of(record)
            if place is not None and place.part == Part.STUDENT and place.spot.pk is not None:
                self._units.add(place.spot.pk)
            staff = record.roles & {Role.TEACHER, Role.HEAD}
            # Leaders of classes in a list of students are not the list of the staff.
            if staff and (place is None or not has_students):
                self._roles |= staff
            if Role.PARENT in record.roles:
                self._roles.add(Role.PARENT)

    def leaving(self, present: Iterable[Subject]) -> list[Leaving]:
        """Return who leaves; `present` are the people of the file, the parents of its columns too."""
        there = {subject.person.pk for subject in present if subject.person is not None}
        found = []
        for person in self._roster.people.values():
            ends = self._of(person)
            if not (ends.places or ends.roles):
                continue
            self.concerned += 1
            if person.pk not in there and not self._is_kept(person):
                found.append(ends)
        return found

    def _is_kept(self, person: Person) -> bool:
        roles = self._roster.roles_of(person)
        return Role.ADMINISTRATOR in roles or (Role.HEAD in roles and person.has_joined)

    def _of(self, person: Person) -> Leaving:
        ends = Leaving(person)
        roles = self._roster.roles.get(person.pk, {})
        if Role.STUDENT in roles and self._units:
            self._end_studies(ends)
        for role in self._roles & roles.keys():
            self._end_role(ends, role)
        return ends

    def _end_studies(self, ends: Leaving) -> None:
        studies = [held for held in self._roster.places_of(ends.person) if held.part == Part.STUDENT]
        left = [held for held in studies if held.unit_id in self._units]
        if not left:
            return
        rest = [held for held in studies if held.unit_id not in self._units]
        # Out of the class means out of the school, circles too; out of a circle means out of that circle.
        if any(self._is_class(held.unit_id) for held in left) and not any(
            self._is_class(held.unit_id) for held in rest
        ):
            left, rest = studies, []
        ends.places += [held.pk for held in left]
        if not rest:
            ends.roles[Role.STUDENT] = self._roster.roles[ends.person.pk][Role.STUDENT]

    def _is_class(self, unit_id: int) -> bool:
        unit = self._roster.units.get(unit_id)
        return unit is not None and self._places.is_exclusive_kind(unit.kind)

    def _end_role(self, ends: Leaving, role: str) -> None:
        roles = self._roster.roles[ends.person.pk]
        ends.roles[role] = roles[role]
        if role == Role.PARENT:
            ends.links += self._roster.links_of_parent.get(ends.person.pk, [])
        still_staff = [one for one in roles if one in STAFF_ROLES and one not in ends.roles]
        for held in self._roster.places_of(ends.person):
            unit = self._roster.units.get(held.unit_id)
            is_staff_unit = unit is not None and unit.is_staff_unit
            works = held.part in (Part.TEACHER, Part.LEADER)
            over = not still_staff if is_staff_unit else role == Role.TEACHER
            if works and over and held.pk not in ends.places and role in STAFF_ROLES:
                ends.places.append(held.pk)
