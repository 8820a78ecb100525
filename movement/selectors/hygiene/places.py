"""Findings about roles, units and families."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from movement.selectors.hygiene.finding import Finding, of_person, of_unit
from movement.selectors.hygiene.roster import Roster
from orgs.models import Part, Role, UnitKind
from orgs.vocabulary import vocabulary_of

# So long somebody may be on the roster without having joined before it is told.
NOT_JOINED_AFTER = timedelta(days=60)
# A conditional transfer is to be settled within the year (Federal law 273, article 58).
CONDITIONAL_FOR = timedelta(days=365)


def one_administrator(roster: Roster) -> Iterable[Finding]:
    """Fewer than two administrators who can sign in."""
    acting = [person for person in roster.with_role(Role.ADMINISTRATOR) if person.user_id is not None]
    if len(acting) < 2:
        yield Finding("all", tuple(person.pk for person in acting))


def no_role(roster: Roster) -> Iterable[Finding]:
    """People who never had a role: nobody sees them in any list, and they see nothing."""
    for key in roster.people:
        if not roster.roles.get(key) and key not in roster.former:
            yield of_person(key)


def two_units(roster: Roster) -> Iterable[Finding]:
    """Students in two classes (or groups) at once."""
    for person in roster.with_role(Role.STUDENT):
        units = [place.unit_id for place in roster.studied(person.pk) if roster.is_main(roster.units[place.unit_id])]
        if len(units) > 1:
            yield Finding(f"{person.pk}:{'-'.join(map(str, sorted(units)))}", (person.pk,), tuple(units))


def no_unit(roster: Roster) -> Iterable[Finding]:
    """Students in no class, group or circle."""
    return (of_person(person.pk) for person in roster.with_role(Role.STUDENT) if not roster.studied(person.pk))


def no_leader(roster: Roster) -> Iterable[Finding]:
    """Units nobody leads."""
    for unit in roster.units.values():
        if not unit.is_staff_unit and not _has(roster, unit.pk, Part.LEADER):
            yield of_unit(unit.pk)


def empty_units(roster: Roster) -> Iterable[Finding]:
    """Units without students that are not new."""
    for unit in roster.units.values():
        is_new = unit.created_at > roster.now - timedelta(days=14)
        if not unit.is_staff_unit and not is_new and not _has(roster, unit.pk, Part.STUDENT):
            yield of_unit(unit.pk)


def _has(roster: Roster, unit_id: int, part: str) -> bool:
    return any(place.part == part for place in roster.in_unit.get(unit_id, []))


def no_parent(roster: Roster) -> Iterable[Finding]:
    """Students to whom no parent is tied."""
    return (of_person(person.pk) for person in roster.with_role(Role.STUDENT) if not roster.parents_of.get(person.pk))


def no_child(roster: Roster) -> Iterable[Finding]:
    """Parents to whom no child is tied."""
    return (of_person(person.pk) for person in roster.with_role(Role.PARENT) if not roster.children_of.get(person.pk))


def conditional(roster: Roster) -> Iterable[Finding]:
    """Students who passed on conditionally more than a year ago: the debts are settled, or the student is not."""
    for place in roster.places:
        if place.is_conditional and place.since < roster.today - CONDITIONAL_FOR:
            facts = {"since": place.since, "enrolment": place.id}
            yield Finding(str(place.id), (place.person_id,), (place.unit_id,), "", facts)


def not_joined(roster: Roster) -> Iterable[Finding]:
    """Whoever is on the roster for two months without an account; where students have none, they are left out."""
    joins = vocabulary_of(roster.organization).students_join
    for person in roster.present:
        is_expected = joins or roster.roles[person.pk] != {Role.STUDENT}
        if person.user_id is None and is_expected and person.created_at < roster.now - NOT_JOINED_AFTER:
            units = tuple(place.unit_id for place in roster.places_of.get(person.pk, []))
            yield Finding(str(person.pk), (person.pk,), units[:1], "", {"since": person.created_at})


def staff_without_unit(roster: Roster) -> Iterable[Finding]:
    """Teachers who teach nowhere: told only, it may well be so."""
    for person in roster.with_role(Role.TEACHER):
        places = roster.places_of.get(person.pk, [])
        if all(roster.units[place.unit_id].kind == UnitKind.STAFF for place in places):
            yield of_person(person.pk)
