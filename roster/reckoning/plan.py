"""What bringing a file in would do: people, places, families, and the outcome of every row (ORG-8)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder

from orgs.models import Person
from orgs.services.structure import UnitData
from roster.models import Outcome
from roster.records import NameParts, ParentRecord, Problem, RosterRecord


class Spot(NamedTuple):
    """A unit of the roster, or one that will be made (no `pk`)."""

    kind: str
    key: str
    name: str
    pk: int | None = None


class Place(NamedTuple):
    """A part in a unit."""

    spot: Spot
    part: str


@dataclass(eq=False, slots=True)
class Subject:
    """One human the file is about: somebody of the roster (`person`), or somebody new.

    `values` are what the file says, `differing` those of them that change the roster: {attribute: (old, new)}.
    """

    name: NameParts
    records: list[RosterRecord] = field(default_factory=list)
    person: Person | None = None
    values: dict[str, Any] = field(default_factory=dict)
    roles: set[str] = field(default_factory=set)
    # {place: row that names it}
    places: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    # Last and first name stand the other way round on the roster, which is right.
    is_swapped: bool = False
    differing: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    new_roles: list[str] = field(default_factory=list)
    new_places: list[Place] = field(default_factory=list)
    closing: list[int] = field(default_factory=list)
    # Parents to be tied, in the order of the columns.
    new_parents: list[Subject] = field(default_factory=list)

    @property
    def full_name(self) -> str:
        """The name by which people know them: that of the roster, if any."""
        return self.person.full_name if self.person is not None else self.name.full

    @property
    def numbers(self) -> list[int]:
        return [record.number for record in self.records]

    @property
    def is_new(self) -> bool:
        return self.person is None

    @property
    def is_touched(self) -> bool:
        """Whether anything about somebody of the roster changes."""
        return bool(self.differing or self.new_roles or self.new_places or self.closing or self.new_parents)


@dataclass(slots=True)
class Mention:
    """A parent as a row names them, and who that is."""

    record: ParentRecord
    number: int
    parent: Subject
    is_tied: bool


@dataclass(slots=True)
class RowResult:
    """What one row of the file comes to."""

    number: int
    outcome: str
    name: str
    unit_name: str
    person_id: int | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Leaving:
    """Somebody whom the file does not name and who therefore leaves: these parts, roles and ties end."""

    person: Person
    places: list[int] = field(default_factory=list)
    # {role: id of the assignment}
    roles: dict[str, int] = field(default_factory=dict)
    links: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """All that bringing the file in would do; `subjects` hold whoever is new or touched, parents of columns too."""

    rows: list[RowResult]
    subjects: list[Subject]
    units: list[UnitData]
    leaving: list[Leaving]
    leaving_of: int
    today: date

    def print(self) -> str:
        """Return a fingerprint: two plans with the same one do the same."""
        units = [(unit.kind, unit.name) for unit in self.units]
        leaving = [
            (one.person.pk, sorted(one.places), sorted(one.roles.values()), sorted(one.links)) for one in self.leaving
        ]
        # Piece by piece: the whole as one text is as large as the file many times over.
        fingerprint, json = hashlib.blake2b(digest_size=16), DjangoJSONEncoder(ensure_ascii=False)
        for piece in (*map(_told, self.rows), units, leaving):
            fingerprint.update(json.encode(piece).encode())
        return fingerprint.hexdigest()

    def counted(self, outcome: Outcome) -> int:
        """Return how many rows come to `outcome`."""
        return sum(row.outcome == outcome for row in self.rows)


def _told(row: RowResult) -> tuple[Any, ...]:
    return row.number, row.outcome, row.person_id, row.changes, [problem.code for problem in row.problems]
