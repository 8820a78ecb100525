"""Passing to the next school year, whole, inside one transaction (ORG-9).

One statement per table and batch, whatever the number of people; everything goes through the ledger.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.events import publish
from movement.selectors.years.draft import reckoned_of
from movement.selectors.years.plan import Plan
from movement.selectors.years.problems import problems_of
from movement.selectors.years.reckoning import How, Reckoned, Target
from movement.services.years.following import turn_circles, turn_rights
from movement.services.years.writing_down import deeds_of
from orgs.actor import Actor
from orgs.audit import record
from orgs.models import AcademicYear, Enrolment, Guardianship, Organization, Role, RoleAssignment, Unit
from orgs.selectors.organizations import today_in
from orgs.services.structure import sort_key_of
from works.models import Work
from works.services import running
from works.services.ledger import Ledger


@dataclass(frozen=True)
class Passing:
    """What the writing of a passing needs again and again."""

    work: Work
    organization: Organization
    reckoned: Reckoned
    ledger: Ledger
    day: date

    @property
    def plan(self) -> Plan:
        return self.reckoned.plan


def start(*, actor: Actor, content: dict[str, Any]) -> Work:
    """Begin the passing that a draft describes, in the background; return the work.

    Raises `DomainError`: `year_plan_broken` (its `fields` say what prevents it, by the codes of problems),
    `work_under_way`.
    """
    reckon_or_refuse(actor.organization, content)
    return running.start(actor=actor, kind="next_year", parameters={"plan": content})


def reckon_or_refuse(organization: Organization, content: dict[str, Any]) -> Reckoned:
    """Return what a draft would do today; raises `DomainError("year_plan_broken")` when something prevents it."""
    reckoned = reckoned_of(organization, content)
    serious = [problem for problem in problems_of(reckoned) if problem.is_serious]
    if serious:
        fields = {problem.code: problem.text for problem in serious}
        raise DomainError("year_plan_broken", serious[0].text, fields=fields)
    return reckoned


def write(work: Work, ledger: Ledger) -> dict[str, Any]:
    """Do the passing that `work` describes and return its outcome.

    Links are locked first, then the units in the order of their ids, then it is reckoned anew: whoever joins or is
    enrolled meanwhile either is counted or comes into the new unit.
    """
    organization = work.organization
    publish("movement.year_begins", organization=organization)
    units = Unit.objects.filter(organization=organization).active().teaching()
    # Sorting is by id here, by name in lists: two locks in different orders would wait for each other.
    list(units.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    reckoned = reckon_or_refuse(organization, work.parameters["plan"])
    day = reckoned.plan.day or today_in(organization)
    passing = Passing(work, organization, reckoned, ledger, day)
    year = _switch_year(passing)
    _archive(passing)
    units_by_key = _make_units(passing, year)
    counts = _move_people(passing, units_by_key)
    _end_roles(passing)
    _let_follow(passing, units_by_key)
    record(organization, work.started_by, deeds_of(passing.reckoned, units_by_key))
    publish("movement.year_passed", organization=organization)
    return {"year": reckoned.plan.name, "units": len(units_by_key), **counts}


def _switch_year(passing: Passing) -> AcademicYear:
    plan, situation, ledger = passing.plan, passing.reckoned.situation, passing.ledger
    ledger.change([situation.year], {situation.year.pk: {"is_current": False}})
    values = {"starts_on": plan.starts_on, "ends_on": plan.ends_on, "is_current": True}
    if situation.prepared is not None:
        ledger.change([situation.prepared], {situation.prepared.pk: values})
        return situation.prepared
    return ledger.create([AcademicYear(organization=passing.organization, name=plan.name, **values)])[0]


def _archive(passing: Passing) -> None:
    ids = [unit.pk for unit in passing.reckoned.situation.units]
    passing.ledger.update(Unit.objects.filter(pk__in=ids), archived_at=timezone.now())


def _make_units(passing: Passing, year: AcademicYear) -> dict[str, Unit]:
    targets = passing.reckoned.targets
    rows = [_unit(target, passing.organization, year) for target in targets]
    taken = set(Unit.objects.filter(academic_year=year).active().values_list("kind", "sort_key"))
    names = [row.name for row in rows if (row.kind, row.sort_key) in taken]
    if names:
        raise DomainError("unit_exists", _("Already there this year: %(names)s.") % {"names": ", ".join(names)})
    made = passing.ledger.create(rows)
    return {target.key: unit for target, unit in zip(targets, made, strict=True)}


def _unit(target: Target, organization: Organization, year: AcademicYear) -> Unit:
    data = target.data
    return Unit(
        organization=organization,
        academic_year=year,
        kind=data.kind,
        name=data.name,
        sort_key=sort_key_of(data.name),
        parallel=data.parallel,
        letter=data.letter,
        age_group=data.age_group,
        direction=data.direction,
        continues=target.continues,
    )


def _move_people(passing: Passing, units: dict[str, Unit]) -> dict[str, int]:
    moves, plan, day = passing.reckoned.moves, passing.plan, passing.day
    rows = [move.enrolment for move in moves]
    passing.ledger.update(Enrolment.objects.filter(pk__in=[row.pk for row in rows if row.since <= day]), until=day)
    # No enrolment ends before it began.
    late = [row for row in rows if row.since > day]
    passing.ledger.change(late, {row.pk: {"until": row.since} for row in late})
    passing.ledger.create(
        [
            Enrolment(
                organization=passing.organization,
                person=move.enrolment.person,
                unit=units[move.target],
                part=move.enrolment.part,
                since=max(day, move.enrolment.since),
                order_number=plan.order_number,
                order_date=plan.order_date,
                is_conditional=move.how == How.CONDITIONAL,
            )
            for move in moves
            if move.target
        ]
    )
    shown = (How.PASSED, How.CONDITIONAL, How.HELD_BACK, How.MOVED, How.GRADUATED, How.LEFT)
    counted = {how: {move.enrolment.person_id for move in passing.reckoned.students_by(how)} for how in shown}
    return {str(how): len(people) for how, people in counted.items()}


def _end_roles(passing: Passing) -> None:
    """Who left is a student no longer; whoever has no other child here is a parent no longer."""
    leaving, now, ledger = passing.reckoned.leaving, timezone.now(), passing.ledger
    if not leaving:
        return
    links = Guardianship.objects.filter(organization=passing.organization, until=None)
    of_leaving = links.filter(child__in=leaving)
    parents = set(of_leaving.values_list("parent_id", flat=True))
    ledger.update(of_leaving, until=now)
    parents -= set(links.filter(parent__in=parents).values_list("parent_id", flat=True))
    open_roles = RoleAssignment.objects.filter(organization=passing.organization, until=None)
    ledger.update(open_roles.filter(role=Role.STUDENT, person__in=leaving), until=now)
    ledger.update(open_roles.filter(role=Role.PARENT, person__in=parents), until=now)


def _let_follow(passing: Passing, units: dict[str, Unit]) -> None:
    """Chats, channels, links, rights and audiences go on with the new units; new ones get theirs."""
    targets = passing.reckoned.targets
    pairs = [(target.continues, units[target.key]) for target in targets if target.continues is not None]
    merged = [(unit, units[target.key]) for target in targets for unit in target.joined]
    followed = {old.pk for old, _new in [*pairs, *merged]}
    closed = [unit for unit in passing.reckoned.situation.units if unit.pk not in followed]
    publish(
        "movement.units_continued",
        organization=passing.organization,
        pairs=pairs,
        merged=merged,
        closed=closed,
        elsewhere=_elsewhere(passing.reckoned, units),
        ledger=passing.ledger,
    )
    turn_rights(pairs, passing.ledger)
    turn_circles(passing.organization, [*pairs, *merged], passing.ledger)
    new = [units[target.key] for target in targets if target.continues is None]
    if new:
        publish("orgs.units_created", organization=passing.organization, units=new)
        passing.ledger.made_with_units(new)


def _elsewhere(reckoned: Reckoned, units: dict[str, Unit]) -> dict[int, Unit]:
    """Students who do not go where their unit goes, by their ids."""
    apart: Iterable[tuple[int, str]] = (
        (move.enrolment.person_id, move.target) for move in reckoned.students_by(How.HELD_BACK, How.MOVED)
    )
    return {person_id: units[key] for person_id, key in apart}
