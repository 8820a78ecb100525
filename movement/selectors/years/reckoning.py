"""From a draft to what would happen: the units of the next year, who goes where, what stands in the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from movement.selectors.years.plan import GOES_ON, WITH_TARGET, Exemption, Fate, PersonFate, Plan, target_of_unit
from movement.selectors.years.situation import Situation
from movement.selectors.years.usual import renamed_by_age
from orgs.models import Enrolment, Kind, Part, Unit, UnitKind
from orgs.services.structure import UnitData, class_from_name, sort_key_of
from orgs.vocabulary import MAIN_UNIT_KIND


class How(StrEnum):
    """How somebody gets from the old year into the new one, or does not."""

    PASSED = "passed"
    CONDITIONAL = "conditional"
    HELD_BACK = "held_back"
    MOVED = "moved"
    GRADUATED = "graduated"
    LEFT = "left"
    # The unit is closed, or the student leaves it with the organization.
    ENDED = "ended"
    # Nobody has said where to: nothing can be done before somebody does.
    NOWHERE = "nowhere"


LEAVING = (How.GRADUATED, How.LEFT)


@dataclass(frozen=True)
class Target:
    """A unit of the next year: the unit it continues (None: a new one) and those that join it."""

    key: str
    data: UnitData
    continues: Unit | None = None
    joined: tuple[Unit, ...] = ()


@dataclass(frozen=True)
class Move:
    """What becomes of one enrolment; `target` is empty when it ends."""

    enrolment: Enrolment
    how: How
    target: str = ""


@dataclass
class Reckoned:
    """All of what would happen."""

    plan: Plan
    situation: Situation
    targets: list[Target]
    moves: list[Move] = field(default_factory=list)

    @cached_property
    def target_of(self) -> dict[str, Target]:
        return {target.key: target for target in self.targets}

    @cached_property
    def arriving(self) -> dict[str, list[Move]]:
        """Who comes into each unit of the next year."""
        found: dict[str, list[Move]] = defaultdict(list)
        for move in self.moves:
            if move.target:
                found[move.target].append(move)
        return found

    @cached_property
    def leaving(self) -> set[int]:
        """People who are students here no longer."""
        return {move.enrolment.person_id for move in self.moves if move.how in LEAVING}

    def students_by(self, *how: How) -> list[Move]:
        """Return the moves of students that go so."""
        return [move for move in self.moves if move.how in how and move.enrolment.part == Part.STUDENT]

    def fate_of(self, unit: Unit) -> str:
        """Return what becomes of a unit."""
        return self.plan.units[unit.pk].fate


def reckon(situation: Situation, plan: Plan) -> Reckoned:
    """Return what the draft would do. Reads nothing."""
    reckoned = Reckoned(plan, situation, [*_continuing(situation, plan), *_new(plan, situation)])
    leaving = _leaving(situation, plan)
    reckoned.moves = list(_without_doubles(_moves(reckoned, leaving)))
    return reckoned


def _continuing(situation: Situation, plan: Plan) -> Iterable[Target]:
    joined: dict[int | None, list[Unit]] = defaultdict(list)
    for unit in situation.units:
        if plan.units[unit.pk].fate == Fate.MERGE:
            joined[plan.units[unit.pk].into].append(unit)
    for unit in situation.units:
        fate = plan.units[unit.pk]
        if fate.fate in GOES_ON:
            data = next_data(unit, fate.fate, fate.name, situation.organization.kind)
            yield Target(target_of_unit(unit.pk), data, unit, tuple(joined.get(unit.pk, ())))


def next_data(unit: Unit, fate: str, name: str, kind: str) -> UnitData:
    """Return what a unit is called in the next year, and where it stands in the nomenclature then."""
    parallel, letter, age_group = unit.parallel, unit.letter, unit.age_group
    if unit.kind == UnitKind.CLASS:
        read = class_from_name(name)
        name, parallel, letter = read.name, read.parallel or parallel, read.letter or letter
    elif fate == Fate.PROMOTE and kind == Kind.COLLEGE and parallel is not None:
        parallel = min(parallel + 1, 12)
    elif fate == Fate.PROMOTE and kind == Kind.KINDERGARTEN:
        age_group = renamed_by_age(age_group)
    return UnitData(unit.kind, name, parallel, letter, age_group, unit.direction)


def _new(plan: Plan, situation: Situation) -> Iterable[Target]:
    kind = MAIN_UNIT_KIND[situation.organization.kind]
    for name in plan.new:
        data = class_from_name(name) if kind == UnitKind.CLASS else UnitData(kind, name)
        yield Target(f"n{sort_key_of(name)}", data)


def _leaving(situation: Situation, plan: Plan) -> dict[int, How]:
    """Who is a student here no longer: from the unit that students have one of, or said so themselves."""
    found = {key: How.LEFT for key, fate in plan.people.items() if fate.fate == Exemption.LEAVE}
    for row in situation.enrolments:
        unit = situation.unit_of[row.unit_id]
        graduates = plan.units[unit.pk].fate == Fate.GRADUATE and row.part == Part.STUDENT
        if graduates and situation.has_main_units and situation.is_main(unit) and row.person_id not in plan.people:
            found[row.person_id] = How.GRADUATED
    return found


def _moves(reckoned: Reckoned, leaving: dict[int, How]) -> Iterable[Move]:
    plan, situation = reckoned.plan, reckoned.situation
    for row in situation.enrolments:
        unit = situation.unit_of[row.unit_id]
        is_student = row.part == Part.STUDENT
        if is_student and row.person_id in leaving:
            how = leaving[row.person_id]
            yield Move(row, how if situation.is_main(unit) else How.ENDED)
        elif is_student and row.person_id in plan.people and situation.is_main(unit):
            yield _exempt(reckoned, row, unit, plan.people[row.person_id])
        else:
            yield _with_unit(reckoned, row, unit)


def _with_unit(reckoned: Reckoned, row: Enrolment, unit: Unit) -> Move:
    fate = reckoned.plan.units[unit.pk]
    if fate.fate in GOES_ON:
        return Move(row, How.PASSED, target_of_unit(unit.pk))
    if fate.fate == Fate.MERGE and fate.into is not None and target_of_unit(fate.into) in reckoned.target_of:
        return Move(row, How.PASSED, target_of_unit(fate.into))
    needs_place = row.part == Part.STUDENT and reckoned.situation.is_main(unit) and fate.fate != Fate.GRADUATE
    return Move(row, How.NOWHERE if needs_place and reckoned.situation.has_main_units else How.ENDED)


def _exempt(reckoned: Reckoned, row: Enrolment, unit: Unit, fate: PersonFate) -> Move:
    if fate.fate in WITH_TARGET:
        how = How.HELD_BACK if fate.fate == Exemption.REPEAT else How.MOVED
        return Move(row, how, fate.target) if fate.target in reckoned.target_of else Move(row, How.NOWHERE)
    move = _with_unit(reckoned, row, unit)
    return Move(row, How.CONDITIONAL, move.target) if move.target else Move(row, How.NOWHERE)


def _without_doubles(moves: Iterable[Move]) -> Iterable[Move]:
    """Whoever is in both of two units that become one is in it once: the second enrolment merely ends."""
    seen: set[tuple[int, str, str]] = set()
    for move in moves:
        key = (move.enrolment.person_id, move.target, move.enrolment.part)
        yield Move(move.enrolment, How.ENDED) if move.target and key in seen else move
        seen.add(key)
