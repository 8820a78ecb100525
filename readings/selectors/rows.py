"""The lines of the list and of the acknowledgement sheet: who has read it, when, and how (CHAN-4, DOC-1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.text import normalise
from orgs.models import STAFF_ROLES, Person, Role, Unit
from orgs.vocabulary import Vocabulary
from readings.models import Confirmation, Reading
from readings.selectors.progress import (
    Progress,
    keys_of,
    progress_of_entries,
    rules_of,
    units_of,
)
from readings.selectors.roster import Entry, Roster, entries_of, load_roster


@dataclass(frozen=True)
class Name:
    """Somebody in one line; `position` as the roster has it."""

    id: int
    full_name: str
    sort_key: str
    position: str = ""
    has_joined: bool = False


@dataclass(frozen=True)
class ChildLine:
    """A child through whom somebody is asked, with the names of its units."""

    id: int
    full_name: str
    units: str

    def __str__(self) -> str:
        return f"{self.full_name}, {self.units}" if self.units else self.full_name


@dataclass(frozen=True)
class Row:
    """One line: who is asked (`people`; of a family any one of them), what they are, and the answer if there is one.

    `is_former`: confirmed earlier, and is asked no more.
    """

    people: tuple[Name, ...]
    position: str
    children: tuple[ChildLine, ...]
    keys: tuple[str, ...]
    confirmed_by: Name | None = None
    confirmed_at: datetime | None = None
    is_on_paper: bool = False
    noted_by: str = ""
    is_former: bool = False

    @property
    def name(self) -> str:
        """Who confirmed; until somebody has, everybody who may."""
        people = (self.confirmed_by,) if self.confirmed_by else self.people
        return ", ".join(person.full_name for person in people)

    @property
    def has_joined(self) -> bool:
        """Whether anybody of the line uses the platform."""
        return any(person.has_joined for person in self.people)

    @property
    def search_text(self) -> str:
        """What search looks in."""
        return " ".join(
            [*(person.sort_key for person in self.people), *(normalise(child.full_name) for child in self.children)]
        )

    @property
    def about(self) -> str:
        """The position, and the children with their units."""
        return "; ".join(filter(None, (self.position, *map(str, self.children))))


@dataclass(frozen=True)
class Listing:
    """Everybody whom a reading concerns: the lines of today by name, then who confirmed earlier; and the counts."""

    rows: list[Row]
    former: list[Row]
    progress: Progress


def rows_of(reading: Reading, words: Vocabulary) -> Listing:
    """Return the lines of `reading` in `words` of the organization; seven queries, whatever the number of people."""
    roster = load_roster(reading.organization_id)
    entries = entries_of(roster, rules_of(reading), reading.parents_confirm)
    confirmations = {row.person_id: row for row in _confirmations(reading)}
    units = units_of(entries)
    maker = _Maker(_names(reading), roster, units, words, confirmations)
    rows = sorted(map(maker.row, entries), key=lambda row: row.people[0].sort_key)
    asked = set().union(*(entry.people for entry in entries))
    former = [maker.former(row) for person_id, row in confirmations.items() if person_id not in asked]
    progress = progress_of_entries(entries, set(confirmations), units)
    return Listing(rows, former, progress)


def _confirmations(reading: Reading) -> Iterable[Confirmation]:
    rows = Confirmation.objects.filter(reading=reading).select_related("person", "noted_by")
    return rows.order_by("person__search_name", "person_id")


def _names(reading: Reading) -> dict[int, Name]:
    people = Person.objects.filter(organization=reading.organization_id, merged_into=None)
    return {person.pk: _name(person) for person in people}


def _name(person: Person) -> Name:
    return Name(person.pk, person.full_name, person.search_name, person.position, person.has_joined)


@dataclass(frozen=True)
class _Maker:
    names: dict[int, Name]
    roster: Roster
    units: dict[int, Unit]
    words: Vocabulary
    confirmations: dict[int, Confirmation]

    def row(self, entry: Entry) -> Row:
        people = tuple(sorted((self.names[person] for person in entry.people), key=lambda name: name.sort_key))
        given = [self.confirmations[name.id] for name in people if name.id in self.confirmations]
        found = min(given, key=lambda confirmation: confirmation.confirmed_at) if given else None
        children = sorted((self.names[child] for child in entry.children), key=lambda name: name.sort_key)
        return Row(
            people,
            self.position(entry, people[0]),
            tuple(self.child(child, entry) for child in children),
            tuple(keys_of(entry)),
            self.names[found.person_id] if found else None,
            **_answer(found),
        )

    def former(self, found: Confirmation) -> Row:
        name = _name(found.person)
        return Row((name,), name.position, (), (), name, is_former=True, **_answer(found))

    def position(self, entry: Entry, name: Name) -> str:
        parts = [self.work(name)] if entry.is_staff else []
        if entry.is_student:
            parts.append(", ".join(filter(None, (str(self.words.role(Role.STUDENT)), self.places(name.id, entry)))))
        if not parts and not entry.children:
            parts.append(str(self.words.role(Role.PARENT)))
        return "; ".join(parts)

    def work(self, name: Name) -> str:
        roles = [role for role in STAFF_ROLES if name.id in self.roster.roles.get(role, ())]
        return name.position or ", ".join(str(self.words.role(role)) for role in roles)

    def places(self, student: int, entry: Entry) -> str:
        own = self.roster.studied.get(student, set()) & entry.units
        return ", ".join(unit.name for unit in self.units.values() if unit.pk in own)

    def child(self, child: Name, entry: Entry) -> ChildLine:
        return ChildLine(child.id, child.full_name, self.places(child.id, entry))


def _answer(found: Confirmation | None) -> dict[str, Any]:
    if found is None:
        return {}
    noted_by = found.noted_by.full_name if found.noted_by is not None else ""
    return {"confirmed_at": found.confirmed_at, "is_on_paper": found.is_on_paper, "noted_by": noted_by}
