"""The roster of today held in memory: for counting many readings at once without a query for each.

It answers as `orgs.selectors.audiences` and `readings.selectors.progress` do (tests/readings/test_progress.py holds
them together); those ask the database for people, this one knows ids only.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from orgs.models import (
    STAFF_ROLES,
    Audience,
    AudienceRule,
    Enrolment,
    Guardianship,
    Part,
    Role,
    RoleAssignment,
    UnitKind,
)
from readings.models import ParentsConfirm
from readings.selectors.readings import THROUGH_CHILD

Ids = set[int]
_WORK = (Part.LEADER, Part.TEACHER)
# Whoever is meant by the whole organization stands under the class or the group, not under each circle as well.
_HOMES = (UnitKind.CLASS, UnitKind.GROUP)


@dataclass
class Roster:
    """Who holds a role, who is in which unit in which part, whose children are whose; units in use only."""

    roles: dict[str, Ids] = field(default_factory=lambda: defaultdict(set))
    parts: dict[tuple[int, str], Ids] = field(default_factory=lambda: defaultdict(set))
    # Units somebody learns in: all of them, and those that count when the whole organization is meant.
    studied: dict[int, Ids] = field(default_factory=lambda: defaultdict(set))
    homes: dict[int, Ids] = field(default_factory=lambda: defaultdict(set))
    children: dict[int, Ids] = field(default_factory=lambda: defaultdict(set))
    parents: dict[int, Ids] = field(default_factory=lambda: defaultdict(set))

    @property
    def everybody(self) -> Ids:
        """Everybody who holds a role."""
        return set().union(*self.roles.values())


@dataclass(frozen=True)
class Entry:
    """One answer that is expected: of `people`, of whom each must, or, of a family, any one may.

    `children` are those through whom parents are asked; `units` where the answer is counted.
    """

    people: frozenset[int]
    children: frozenset[int] = frozenset()
    units: frozenset[int] = frozenset()
    is_staff: bool = False
    is_student: bool = False


def load_roster(organization_id: int) -> Roster:
    """Read the roster of today in three queries."""
    roster = Roster()
    held = RoleAssignment.objects.filter(organization=organization_id, until=None, person__merged_into=None)
    for person_id, role in held.values_list("person_id", "role"):
        roster.roles[role].add(person_id)
    enrolled = Enrolment.objects.filter(organization=organization_id, until=None, unit__archived_at=None)
    for person_id, unit_id, part, kind in enrolled.values_list("person_id", "unit_id", "part", "unit__kind"):
        roster.parts[unit_id, part].add(person_id)
        if part == Part.STUDENT:
            roster.studied[person_id].add(unit_id)
            if kind in _HOMES:
                roster.homes[person_id].add(unit_id)
    ties = Guardianship.objects.filter(organization=organization_id, until=None)
    for parent_id, child_id in ties.values_list("parent_id", "child_id"):
        roster.children[parent_id].add(child_id)
        roster.parents[child_id].add(parent_id)
    return roster


def entries_of(roster: Roster, rules: Iterable[AudienceRule], parents_confirm: str) -> list[Entry]:
    """Return the answers that are expected of whom `rules` mean. No query.

    Each parent for themselves, or one for each child, as `parents_confirm` says; staff, students, and parents without
    a child always for themselves.
    """
    meant = _meant(roster, list(rules))
    itself = {person: _own(meant, person) for person in meant.staff | meant.students.keys() | meant.childless}
    families = {child: roster.parents.get(child, set()) & meant.everybody for child in meant.children}
    if parents_confirm == ParentsConfirm.FAMILY:
        by_child = [
            Entry(frozenset(parents), frozenset({child}), frozenset(meant.children[child]))
            for child, parents in families.items()
            if parents
        ]
        return [*itself.values(), *by_child]
    for child, parents in families.items():
        for parent in parents:
            entry = itself.get(parent, Entry(frozenset({parent})))
            units = entry.units | meant.children[child]
            itself[parent] = replace(entry, children=entry.children | {child}, units=units)
    return list(itself.values())


def _own(meant: "_Meant", person: int) -> Entry:
    units = frozenset(meant.students.get(person, ()))
    is_staff, is_student = person in meant.staff, person in meant.students
    return Entry(frozenset({person}), units=units, is_staff=is_staff, is_student=is_student)


@dataclass
class _Meant:
    """Whom rules mean: staff; students and children with the units they are counted in; parents without a child."""

    everybody: Ids
    staff: Ids = field(default_factory=set)
    students: dict[int, Ids] = field(default_factory=lambda: defaultdict(set))
    children: dict[int, Ids] = field(default_factory=lambda: defaultdict(set))
    childless: Ids = field(default_factory=set)


def _meant(roster: Roster, rules: list[AudienceRule]) -> _Meant:
    meant = _Meant(roster.everybody)
    for rule in rules:
        meant.staff |= _staff(roster, rule) & meant.everybody
        if rule.audience in (Audience.STUDENTS, Audience.EVERYONE):
            for person in _students(roster, rule) & meant.everybody:
                meant.students[person] |= _units(roster, rule, person)
        if rule.audience in THROUGH_CHILD:
            for child in _students(roster, rule):
                meant.children[child] |= _units(roster, rule, child)
    if any(rule.unit_id is None and rule.audience in THROUGH_CHILD for rule in rules):
        with_child = set().union(*(roster.parents.get(child, set()) for child in meant.children))
        meant.childless = roster.roles[Role.PARENT] - with_child
    return meant


def _staff(roster: Roster, rule: AudienceRule) -> Ids:
    if rule.audience == Audience.ADMINISTRATION:
        return roster.roles[Role.ADMINISTRATOR] | roster.roles[Role.HEAD]
    if rule.audience == Audience.LEADERS:
        parts: tuple[Part, ...] = (Part.LEADER,)
    elif rule.audience in (Audience.STAFF, Audience.EVERYONE):
        if rule.unit_id is None:
            return set().union(*(roster.roles[role] for role in STAFF_ROLES))
        parts = _WORK
    else:
        return set()
    return set().union(
        *(
            people
            for (unit_id, part), people in roster.parts.items()
            if part in parts and rule.unit_id in (None, unit_id)
        )
    )


def _students(roster: Roster, rule: AudienceRule) -> Ids:
    if rule.unit_id is None:
        return roster.roles[Role.STUDENT]
    return roster.parts.get((rule.unit_id, Part.STUDENT), set())


def _units(roster: Roster, rule: AudienceRule, person: int) -> Ids:
    if rule.unit_id is not None:
        return {rule.unit_id}
    return roster.homes.get(person) or roster.studied.get(person, set())
