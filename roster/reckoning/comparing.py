"""What changes for each person of a file (ORG-8). Empty cells never erase, nothing is taken away but by a transfer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from orgs.models import Part, Person, Role
from roster.reckoning import problems
from roster.reckoning.places import Places
from roster.reckoning.plan import Place, Subject
from roster.reckoning.snapshot import Held, Roster
from roster.records import Problem

NAME_FIELDS = ("last_name", "first_name", "patronymic")
FIELDS = ("phone", "email", "position", "birth_date", "record_number")


def refuse(subjects: Iterable[Subject], roster: Roster, places: Places) -> None:
    """Note what nobody may bring in by a file: administrators, two classes for one child."""
    for subject in subjects:
        if subject.problems:
            continue
        held = roster.roles_of(subject.person) if subject.person is not None else frozenset()
        if Role.ADMINISTRATOR in subject.roles and Role.ADMINISTRATOR not in held:
            subject.problems.append(problems.administrator_by_hand())
        wanted = _exclusive(subject, places)
        if len(wanted) > 1 and not all(_holds(subject, place, roster) for place in wanted):
            subject.problems.append(problems.two_units(place.spot.name for place in wanted))


def settle(subject: Subject, roster: Roster, places: Places) -> None:
    """Set what is new or different about a person without problems."""
    if subject.person is None:
        subject.new_roles, subject.new_places = sorted(subject.roles), list(subject.places)
        return
    subject.differing = _differing(subject, subject.person, roster)
    subject.new_roles = sorted(subject.roles - roster.roles_of(subject.person))
    subject.new_places = [place for place in subject.places if not _holds(subject, place, roster)]
    if any(place in subject.new_places for place in _exclusive(subject, places)):
        subject.closing = [held.pk for held in left_by_transfer(subject.person, roster, places)]
    _remark_joined(subject, subject.person)


def left_by_transfer(person: Person, roster: Roster, places: Places) -> list[Held]:
    """Return the parts of a student that a transfer into another unit of the main kind ends."""
    return [
        held
        for held in roster.places_of(person)
        if held.part == Part.STUDENT
        and held.unit_id in roster.units
        and places.is_exclusive_kind(roster.units[held.unit_id].kind)
    ]


def _exclusive(subject: Subject, places: Places) -> list[Place]:
    return [place for place in subject.places if place.part == Part.STUDENT and places.is_exclusive(place.spot)]


def _holds(subject: Subject, place: Place, roster: Roster) -> bool:
    if subject.person is None:
        return False
    wanted = (place.spot.pk, place.part)
    return any((held.unit_id, held.part) == wanted for held in roster.places_of(subject.person))


def _differing(subject: Subject, person: Person, roster: Roster) -> dict[str, tuple[Any, Any]]:
    found: dict[str, tuple[Any, Any]] = {}
    key = roster.keys.of
    # A parent named in the row of a child keeps the name of the roster; so does who stands there the right way round.
    if subject.records and not subject.is_swapped:
        for name in ("last_name", "first_name"):
            old, new = getattr(person, name), getattr(subject.name, name)
            if key(old) != key(new):
                found[name] = (old, new)
    patronymic = subject.name.patronymic
    if patronymic and key(patronymic) != key(person.patronymic) and (subject.records or not person.patronymic):
        found["patronymic"] = (person.patronymic, patronymic)
    for name in FIELDS:
        new = subject.values.get(name)
        if new and getattr(person, name) != new:
            found[name] = (getattr(person, name), new)
    return found


def _remark_joined(subject: Subject, person: Person) -> None:
    """Whoever has joined signs in with a phone of their own, which no file changes: that is worth a word."""
    if person.user_id is None:
        return
    if "phone" in subject.differing:
        text = _("%(name)s has joined already and goes on signing in with the former phone.")
        subject.remarks.append(Problem("phone_of_joined", text % {"name": person.full_name}))
    if any(name in subject.differing for name in NAME_FIELDS):
        text = _("%(name)s has joined already: others will see the new name.")
        subject.remarks.append(Problem("name_of_joined", text % {"name": person.full_name}))
