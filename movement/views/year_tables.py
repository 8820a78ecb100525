"""Tables of the passing to the next school year: units, students, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from movement.selectors.years.plan import GOES_ON, Exemption, Fate, target_of_unit
from movement.selectors.years.reckoning import How, Move, Reckoned, Target
from orgs.actor import Actor
from orgs.models import Enrolment, Kind, Part, Unit, UnitKind


def fates_of(actor: Actor, unit: Unit, reckoned: Reckoned) -> list[tuple[str, str]]:
    """Return what can become of a unit, in the words of the organization."""
    is_kindergarten = actor.organization.kind == Kind.KINDERGARTEN
    titles = {
        Fate.PROMOTE: _("passes on as"),
        Fate.STAY: _("stays as it is"),
        Fate.MERGE: _("joins"),
        Fate.GRADUATE: _("leaves for school") if is_kindergarten else _("graduates"),
        Fate.CLOSE: _("is closed"),
    }
    offered = [Fate.STAY, Fate.PROMOTE, Fate.MERGE, Fate.CLOSE]
    if reckoned.situation.has_main_units and unit.kind != UnitKind.CIRCLE:
        offered = [Fate.PROMOTE, Fate.STAY, Fate.MERGE, Fate.GRADUATE, Fate.CLOSE]
    return [(fate.value, titles[fate]) for fate in offered]


def unit_rows(actor: Actor, reckoned: Reckoned, typed: Mapping[str, str] | None) -> list[dict[str, Any]]:
    """Return the lines of the second step; `typed` is what was sent and refused, to be shown again."""
    situation, rows = reckoned.situation, []
    for unit in situation.units:
        fate = reckoned.plan.units[unit.pk]
        values = {"fate": fate.fate, "name": fate.name, "into": str(fate.into or "")}
        if typed is not None:
            values = {name: typed.get(f"{name}-{unit.pk}", value) for name, value in values.items()}
        others = [
            other
            for other in situation.units
            if other.pk != unit.pk and other.kind == unit.kind and _is_near(unit, other)
        ]
        students = len(situation.students_of(unit))
        fates = fates_of(actor, unit, reckoned)
        rows.append({"unit": unit, "students": students, "fates": fates, "others": others, **values})
    return rows


def _is_near(unit: Unit, other: Unit) -> bool:
    return unit.parallel is None or other.parallel is None or abs(unit.parallel - other.parallel) <= 1


def students_of(reckoned: Reckoned, unit: Unit) -> list[dict[str, Any]]:
    """Return the students of a unit with what can become of each, apart from passing on with the unit."""
    repeats, moves = _places(reckoned, unit)
    rows = []
    for row in reckoned.situation.students_of(unit):
        fate = reckoned.plan.people.get(row.person_id)
        value = f"{fate.fate}:{fate.target}".rstrip(":") if fate is not None else ""
        rows.append({"person": row.person, "value": value, "repeats": repeats, "moves": moves})
    return rows


def _places(reckoned: Reckoned, unit: Unit) -> tuple[list[Target], list[Target]]:
    """Units of the next year of the same parallel for a second year, and all the others."""
    same_kind = [target for target in reckoned.targets if target.data.kind == unit.kind]
    own = target_of_unit(unit.pk)
    if unit.parallel is None:
        return [target for target in same_kind if target.key != own], same_kind
    repeats = [target for target in same_kind if target.data.parallel == unit.parallel]
    return repeats, [target for target in same_kind if target.key != own]


def exempted(reckoned: Reckoned) -> list[dict[str, Any]]:
    """Return everybody with whom it is otherwise than with the unit, by unit and name."""
    found = []
    for unit in reckoned.situation.units:
        if not reckoned.situation.is_main(unit):
            continue
        for row in reckoned.situation.students_of(unit):
            fate = reckoned.plan.people.get(row.person_id)
            if fate is not None:
                target = reckoned.target_of.get(fate.target)
                words = _words(fate.fate, target)
                found.append({"unit": unit, "person": row.person, "words": words})
    return found


def _words(fate: str, target: Target | None) -> str:
    place = target.data.name if target is not None else _("no place yet")
    return {
        Exemption.REPEAT: _("second year in %(unit)s") % {"unit": place},
        Exemption.MOVE: _("goes to %(unit)s") % {"unit": place},
        Exemption.CONDITIONAL: _("passes on conditionally"),
        Exemption.LEAVE: pgettext("a student, with the year", "leaves"),
    }[Exemption(fate)]


_BADGES = {How.CONDITIONAL: "alert-triangle", How.HELD_BACK: "repeat", How.MOVED: "arrow-right"}


def targets_of(reckoned: Reckoned) -> dict[str, Any]:
    """Return the tables of the last step: units of the next year with their people, and who leaves."""
    shown = []
    for target in reckoned.targets:
        arriving = reckoned.arriving.get(target.key, [])
        students = [move for move in arriving if move.enrolment.part == Part.STUDENT]
        staff = [move.enrolment for move in arriving if move.enrolment.part != Part.STUDENT]
        origins = [unit.name for unit in (target.continues, *target.joined) if unit is not None]
        shown.append(
            {
                "name": target.data.name,
                "from": ", ".join(origins),
                "count": len(students),
                "students": [_student(move) for move in students],
                "staff": _staff(staff),
            }
        )
    graduating = [
        {"unit": unit, "count": len(_graduates(reckoned, unit))}
        for unit in reckoned.situation.units
        if reckoned.fate_of(unit) not in (*GOES_ON, Fate.MERGE)
    ]
    leaving = [move.enrolment.person for move in reckoned.students_by(How.LEFT)]
    graduates = {move.enrolment.person_id for move in reckoned.students_by(How.GRADUATED)}
    return {"targets": shown, "ending": graduating, "leaving": leaving, "graduates": len(graduates)}


def _graduates(reckoned: Reckoned, unit: Unit) -> list[Move]:
    return [move for move in reckoned.students_by(How.GRADUATED) if move.enrolment.unit_id == unit.pk]


def _student(move: Move) -> dict[str, str]:
    words = {
        How.CONDITIONAL: _("conditionally"),
        How.HELD_BACK: _("second year"),
        How.MOVED: _("from another unit"),
    }
    return {
        "name": move.enrolment.person.full_name,
        "words": words.get(move.how, ""),
        "icon": _BADGES.get(move.how, ""),
    }


def _staff(rows: list[Enrolment]) -> str:
    leaders = [row.person.full_name for row in rows if row.part == Part.LEADER]
    return ", ".join(leaders)
