"""The journal of a passing: one line for each person, one for the whole (ORG-9, ORG-12)."""

from collections.abc import Mapping

from movement.selectors.years.reckoning import How, Move, Reckoned
from orgs.audit import Action, Deed, Order
from orgs.models import Part, Unit

_ACTIONS = {
    How.PASSED: Action.PASSED_ON,
    How.MOVED: Action.PASSED_ON,
    How.CONDITIONAL: Action.PASSED_ON_CONDITIONALLY,
    How.HELD_BACK: Action.HELD_BACK,
    How.GRADUATED: Action.GRADUATED,
    How.LEFT: Action.LEFT_WITH_THE_YEAR,
}


def deeds_of(reckoned: Reckoned, units: Mapping[str, Unit]) -> list[Deed]:
    """Return what the journal has to hold: the year first, then each person once."""
    plan = reckoned.plan
    order = Order(plan.order_number, plan.order_date)
    told = list(_one_each(reckoned))
    details = {"year": plan.name, "units": len(units), "people": len(told)}
    deeds = [Deed(Action.YEAR_BEGUN, order=order, details=details)]
    for move in told:
        unit = units[move.target] if move.target else reckoned.situation.unit_of[move.enrolment.unit_id]
        details = {"part": str(move.enrolment.part)}
        deeds.append(Deed(_action(move), move.enrolment.person, unit, order, details))
    return deeds


def _action(move: Move) -> Action:
    return _ACTIONS.get(move.how, Action.ENROLMENT_ENDED)


def _one_each(reckoned: Reckoned) -> list[Move]:
    """Of several places of one person that of a student in a class comes before circles and parts of staff."""
    told: dict[int, Move] = {}
    for move in sorted(reckoned.moves, key=lambda move: _weight(reckoned, move)):
        told.setdefault(move.enrolment.person_id, move)
    return list(told.values())


def _weight(reckoned: Reckoned, move: Move) -> tuple[bool, bool, bool]:
    unit = reckoned.situation.unit_of[move.enrolment.unit_id]
    part = move.enrolment.part
    return move.how == How.ENDED, part != Part.STUDENT and part != Part.LEADER, not reckoned.situation.is_main(unit)
