"""Findings about what is written of people: doubles, phones, birth dates, names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from movement.selectors.duplicates import Candidate, find_pairs
from movement.selectors.hygiene.finding import Finding, of_person
from movement.selectors.hygiene.roster import Roster
from orgs.models import Person, Role

# Letters that look alike in both alphabets: «Иванoв» with a Latin o is not found by its name.
_LOOK_ALIKE = str.maketrans("aceopxyABCEHKMOPTXyY", "асеорхуАВСЕНКМОРТХуУ")
_LATIN = re.compile(r"[A-Za-z]")
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")
# A student of parallel n is about n + 6 years old; evening schools teach older ones.
YOUNGER, OLDER = 4, 12
OLDEST = 100
YOUNGEST_STAFF, YOUNGEST_PARENT = 14, 12
NAMES = ("last_name", "first_name", "patronymic")


def duplicates(roster: Roster) -> Iterable[Finding]:
    """Pairs of people who may be one."""
    people = [
        Candidate(person.pk, person.search_name, person.birth_date, person.phone, person.record_number)
        for person in roster.people.values()
        if roster.roles.get(person.pk) or person.pk not in roster.former
    ]
    for pair in find_pairs(people, roster.parents_of):
        if not _are_relatives(roster, pair.first, pair.second):
            yield Finding(f"{pair.first}:{pair.second}", (pair.first, pair.second), (), str(pair.sign))


def _are_relatives(roster: Roster, one: int, other: int) -> bool:
    return other in roster.parents_of.get(one, ()) or one in roster.parents_of.get(other, ())


def shared_phones(roster: Roster) -> Iterable[Finding]:
    """Phones that people have in common who are no family."""
    by_phone: dict[str, list[int]] = defaultdict(list)
    for person in roster.present:
        if person.phone:
            by_phone[person.phone].append(person.pk)
    for phone, people in by_phone.items():
        if len(people) > 1 and not _is_family(roster, people):
            yield Finding("-".join(map(str, sorted(people)))[:60], tuple(people), (), "", {"phone": phone})


def _is_family(roster: Roster, people: list[int]) -> bool:
    """Whether the people hang together: parent and child, two parents of one child, brothers and sisters."""
    circle, waiting = {people[0]}, set(people[1:])
    while True:
        near = {key for key in waiting if any(_are_near(roster, key, one) for one in circle)}
        if not near:
            return not waiting
        circle |= near
        waiting -= near


def _are_near(roster: Roster, one: int, other: int) -> bool:
    share_child = roster.children_of.get(one, set()) & roster.children_of.get(other, set())
    share_parent = roster.parents_of.get(one, set()) & roster.parents_of.get(other, set())
    return _are_relatives(roster, one, other) or bool(share_child or share_parent)


def birth_dates(roster: Roster) -> Iterable[Finding]:
    """Birth dates that cannot be: to come, or of an age nobody has in that class or role."""
    for person in roster.present:
        if person.birth_date is None:
            continue
        if sign := _wrong_age(roster, person, person.birth_date):
            yield of_person(person.pk, sign, birth_date=person.birth_date, age=_age(person.birth_date, roster.today))


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _wrong_age(roster: Roster, person: Person, born: date) -> str:
    age = _age(born, roster.today)
    if born > roster.today:
        return "to_come"
    if age > OLDEST:
        return "too_old"
    parallels = [roster.units[place.unit_id].parallel for place in roster.studied(person.pk)]
    known = [parallel for parallel in parallels if parallel is not None]
    if known and not min(known) + YOUNGER <= age <= max(known) + OLDER and roster.organization.kind == "school":
        return "not_of_class"
    if roster.is_staff(person.pk) and age < YOUNGEST_STAFF:
        return "too_young"
    is_parent = Role.PARENT in roster.roles[person.pk]
    return "too_young" if is_parent and age < YOUNGEST_PARENT else ""


def names(roster: Roster) -> Iterable[Finding]:
    """Names in capitals or small letters only, and with letters of the other alphabet."""
    for person in roster.present:
        parts = {name: getattr(person, name) for name in NAMES}
        better = {name: better_name(text) for name, text in parts.items()}
        is_latin = any(_LATIN.search(text) for text in parts.values())
        if better != parts or is_latin:
            # Nobody knows how a name that is Latin throughout is written here.
            yield of_person(person.pk, "latin" if is_latin else "letters", better=better if better != parts else None)


def better_name(text: str) -> str:
    """Return a name as it is usually written: «ИВАНОВА-петрова» → «Иванова-Петрова»; what is fine stays."""
    if _LATIN.search(text) and _CYRILLIC.search(text):
        text = text.translate(_LOOK_ALIKE)
    letters = [char for char in text if char.isalpha()]
    if len(letters) > 1 and (text.isupper() or text.islower()):
        text = "-".join(part.capitalize() for part in text.split("-"))
        text = " ".join(part[:1].upper() + part[1:] for part in text.split(" "))
    return text
