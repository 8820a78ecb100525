"""Families: one or two parents (rarely a grandmother), one to three children, brothers and sisters together."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from orgs.models import Part, Person, Role, Unit
from sferum_admin.demo.known import Known
from sferum_admin.demo.names import Family, Name, Pool, draw_adult, draw_family
from sferum_admin.demo.people import Cast


@dataclass
class Household:
    """A family with the parents who stand on the roster and the places its children already have."""

    family: Family
    parents: list[Person]
    taken: set[str] = field(default_factory=set)
    first_names: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Pupil:
    """What is known about a child beforehand; the rest is drawn."""

    born: date
    joined: bool = False
    has_phone: bool = False
    name: Name | None = None
    phone: str = ""


@dataclass(frozen=True)
class Habits:
    """How families of an organization are: names, how many are reached and how many have joined."""

    pools: tuple[tuple[Pool, int], ...]
    siblings: float = 0.18
    mothers_join: float = 0.84
    fathers_join: float = 0.6
    without_contacts: float = 0.04


class Families:
    """Makes children one by one and gives each a family, an own one or that of a brother or sister."""

    def __init__(self, cast: Cast, habits: Habits) -> None:
        self.cast = cast
        self.draw = cast.draw
        self.habits = habits
        self.open: list[Household] = []
        self._grandmothers = 3

    def household_for(self, place: str) -> Household:
        """Return the family for a child in `place` (a parallel, an age group): twins are rare, so one per place."""
        if self.open and self.draw.random() < self.habits.siblings:
            candidates = [
                home for home in self.draw.sample(self.open, min(12, len(self.open))) if place not in home.taken
            ]
            if candidates:
                home = candidates[0]
                if len(home.taken) >= 2:
                    self.open.remove(home)
                return home
        home = self._new()
        self.open.append(home)
        return home

    def of_known(self, known: Known, family: Family) -> Household:
        """Return the family of a parent with a fixed phone."""
        parent = self.cast.person(known.name, phone=known.phone, email=self.cast.email(known.name), joined=True)
        self.cast.role(parent, Role.PARENT)
        return Household(family, [parent])

    def child(self, home: Household, unit: Unit, place: str, pupil: Pupil) -> Person:
        """Put a child of `home` into `unit` and tie it to the parents."""
        name = pupil.name or self._name(home)
        home.first_names.add(name.first)
        home.taken.add(place)
        number = pupil.phone or (self.cast.phones.next() if pupil.joined or pupil.has_phone else "")
        child = self.cast.person(name, phone=number, birth_date=pupil.born, joined=pupil.joined)
        self.cast.role(child, Role.STUDENT)
        self.cast.enrol(child, unit, Part.STUDENT)
        for parent in home.parents:
            self.cast.tie(parent, child)
        return child

    def _name(self, home: Household) -> Name:
        while True:
            name = home.family.child(self.draw)
            if name.first not in home.first_names:
                return name

    def parents_of(self, family: Family, *, joined: bool = True) -> list[Person]:
        """Put both parents of a given family on the roster."""
        names = (family.mother(self.draw), family.father_name(self.draw))
        return [self._parent(name, 1 if joined else 0) for name in names]

    def _new(self) -> Household:
        family = draw_family(self.draw, self.habits.pools)
        reached = self.draw.random() >= self.habits.without_contacts
        both = self.draw.random()
        parents = []
        if both < 0.95:
            parents.append(self._parent(family.mother(self.draw), self.habits.mothers_join if reached else None))
        if both >= 0.27:
            parents.append(self._parent(family.father_name(self.draw), self.habits.fathers_join if reached else None))
        if self._grandmothers and self.draw.random() < 0.02:
            self._grandmothers -= 1
            parents.append(self._parent(draw_adult(self.draw, self.habits.pools, women=1), 0.5))
        return Household(family, parents)

    def _parent(self, name: Name, joins: float | None) -> Person:
        """A parent who joins with the probability `joins`; None: the school has no way to reach this family."""
        reached = joins is not None
        parent = self.cast.person(
            name,
            phone=self.cast.phones.next() if reached else "",
            email=self.cast.email(name) if reached and self.draw.random() < 0.45 else "",
            joined=reached and self.draw.random() < (joins or 0),
        )
        self.cast.role(parent, Role.PARENT)
        return parent
