"""What a plan comes to: which rows are closed, which are opened. Reads, refuses, writes nothing (ORG-5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.errors import DomainError
from movement.services.plan import Plan, What
from orgs.models import (
    STAFF_ROLES,
    Enrolment,
    Guardianship,
    Organization,
    Part,
    Person,
    Role,
    RoleAssignment,
    Unit,
    UnitKind,
)
from orgs.selectors.organizations import today_in
from orgs.selectors.units import staff_unit_of
from orgs.services.people import build_person

MOST_PEOPLE = 500
FARTHEST = timedelta(days=366)
MOST_NAMES = 5
# One child studies in one class, and in as many circles as there is time for.
ONE_AT_A_TIME = (UnitKind.CLASS, UnitKind.GROUP)


@dataclass(frozen=True)
class Opening:
    """A part in a unit that begins. The person may not be saved yet."""

    person: Person
    unit: Unit
    part: str


@dataclass
class Facts:
    """Everything a movement changes. Rows of people stand in `people`; `day` is never empty."""

    organization: Organization
    plan: Plan
    day: date
    people: list[Person]
    unit: Unit | None = None
    newcomer: Person | None = None
    closing: list[Enrolment] = field(default_factory=list)
    opening: list[Opening] = field(default_factory=list)
    roles_ended: list[RoleAssignment] = field(default_factory=list)
    roles_given: list[tuple[Person, str]] = field(default_factory=list)
    ties_ended: list[Guardianship] = field(default_factory=list)
    ties_given: list[Guardianship] = field(default_factory=list)

    @property
    def everybody(self) -> list[Person]:
        """Those of the roster, and the new one."""
        return [*self.people, self.newcomer] if self.newcomer is not None else self.people

    @property
    def touched(self) -> set[int]:
        """The ids of all whose rows change: those who move, parents, leaders who step down."""
        ids = {person.pk for person in self.people} | {row.person_id for row in self.closing}
        ids |= {row.person_id for row in self.roles_ended}
        return ids | {tie.parent_id for tie in [*self.ties_ended, *self.ties_given]}


def facts_of(organization: Organization, plan: Plan) -> Facts:
    """Return what `plan` comes to.

    Raises `DomainError`: `choose_people`, `too_many_people`, `day_far_away`, `choose_unit`, `unit_archived`,
    `staff_unit`, `already_there`, `in_another_unit`, `not_in_unit`, `which_unit`, `day_before_start`,
    `not_on_roster`, `already_here`, `was_never_here`, `last_administrator` only when it is written.
    """
    facts = Facts(organization, plan, plan.day or today_in(organization), _people_of(organization, plan))
    _check_day(facts)
    if plan.unit_id is not None:
        facts.unit = _unit_of(organization, plan.unit_id)
    if plan.newcomer is not None:
        facts.newcomer = build_person(organization, plan.newcomer)
    {What.ENROL: _enrol, What.TRANSFER: _transfer, What.LEAVE: _leave, What.RETURN: _return}[What(plan.what)](facts)
    _refuse_day_before_start(facts)
    return facts


def _people_of(organization: Organization, plan: Plan) -> list[Person]:
    if len(plan.people) > MOST_PEOPLE:
        text = _("At most %(count)s people at a time.") % {"count": MOST_PEOPLE}
        raise DomainError("too_many_people", text, fields={"people": text}, status=400)
    found = list(
        Person.objects.filter(organization=organization, pk__in=plan.people, merged_into=None)
        .select_related("organization")
        .order_by("search_name", "id")
    )
    if len(found) != len(set(plan.people)) or not (found or plan.newcomer):
        text = _("Choose somebody first: find them by name and tick the box.")
        raise DomainError("choose_people", text, fields={"people": text}, status=400)
    return found


def _check_day(facts: Facts) -> None:
    if abs(facts.day - today_in(facts.organization)) > FARTHEST:
        raise _at("day", "day_far_away", _("The day is more than a year away. Check the year."))


def _unit_of(organization: Organization, unit_id: int) -> Unit:
    unit = Unit.objects.filter(organization=organization, pk=unit_id).first()
    if unit is None:
        raise _at("unit", "choose_unit", _("Choose where to."), status=400)
    if unit.archived_at is not None:
        raise _at("unit", "unit_archived", _("This unit is in the archive. Restore it first."))
    return unit


def _at(name: str, code: str, message: str, *, status: int = 409) -> DomainError:
    return DomainError(code, message, fields={name: message}, status=status)


def names_of(people: Iterable[Person]) -> str:
    """Return the first few names, and how many more there are."""
    rows = list(people)
    names = ", ".join(person.full_name for person in rows[:MOST_NAMES])
    more = len(rows) - MOST_NAMES
    return _("%(names)s and %(count)s more") % {"names": names, "count": more} if more > 0 else names


def open_parts_of(people: Sequence[Person]) -> list[Enrolment]:
    """Return the parts in units that `people` have today, units loaded."""
    rows = Enrolment.objects.filter(person__in=people, until=None).select_related("unit", "person__organization")
    return list(rows.order_by("person__search_name", "unit__sort_key", "id"))


def _refuse_day_before_start(facts: Facts) -> None:
    for row in facts.closing:
        if facts.day < row.since:
            values = {
                "person": row.person.full_name,
                "unit": row.unit.name,
                "day": date_format(row.since, "d.m.Y"),
            }
            text = _("%(person)s is in %(unit)s since %(day)s: the day cannot be earlier.") % values
            raise _at("day", "day_before_start", text, status=400)


# --- Enrol ------------------------------------------------------------------------------------------------------------
def _enrol(facts: Facts) -> None:
    plan = facts.plan
    is_student = plan.part == Part.STUDENT
    if facts.unit is None:
        if is_student or plan.part == Part.LEADER:
            raise _at("unit", "choose_unit", _("Choose where to."), status=400)
        facts.unit = staff_unit_of(facts.organization)
    unit = facts.unit
    if unit.is_staff_unit and plan.part != Part.TEACHER:
        raise _at("unit", "staff_unit", _("Only staff belong to this unit."))
    parts = open_parts_of(facts.people)
    _refuse_those_inside(parts, unit, plan.part)
    if is_student:
        _refuse_those_elsewhere(parts, unit)
    if not unit.is_staff_unit:
        facts.opening = [Opening(person, unit, plan.part) for person in facts.everybody]
    if plan.replaces_leader:
        chosen = {person.pk for person in facts.people}
        leading = Enrolment.objects.filter(unit=unit, part=Part.LEADER, until=None).exclude(person__in=chosen)
        facts.closing += leading.select_related("unit", "person__organization")
    _give_roles(facts, facts.everybody, Role.STUDENT if is_student else Role.TEACHER)


def _refuse_those_inside(parts: list[Enrolment], unit: Unit, part: str) -> None:
    inside = [row.person for row in parts if row.unit_id == unit.pk and row.part == part]
    if inside:
        text = _("Already there: %(names)s.") % {"names": names_of(inside)}
        raise _at("people", "already_there", text)


def _refuse_those_elsewhere(parts: list[Enrolment], unit: Unit) -> None:
    if unit.kind not in ONE_AT_A_TIME:
        return
    for row in parts:
        if row.part == Part.STUDENT and row.unit.kind == unit.kind and row.unit.archived_at is None:
            values = {"person": row.person.full_name, "unit": row.unit.name}
            text = _("%(person)s is in %(unit)s by now: transfer instead of enrolling.") % values
            raise _at("people", "in_another_unit", text)


def _give_roles(facts: Facts, people: list[Person], role: str) -> None:
    saved = [person for person in people if person.pk]
    held: dict[int, set[str]] = defaultdict(set)
    roles = RoleAssignment.objects.filter(person__in=saved, until=None)
    for person_id, name in roles.values_list("person_id", "role"):
        held[person_id].add(name)
    facts.roles_given += [(person, role) for person in people if role not in held[person.pk]]
    if role in STAFF_ROLES:
        _enter_staff_unit(facts, people)


def _enter_staff_unit(facts: Facts, people: list[Person]) -> None:
    unit = staff_unit_of(facts.organization)
    saved = [person for person in people if person.pk]
    inside = set(Enrolment.objects.filter(unit=unit, until=None, person__in=saved).values_list("person_id", flat=True))
    facts.opening += [Opening(person, unit, Part.TEACHER) for person in people if person.pk not in inside]


# --- Transfer ---------------------------------------------------------------------------------------------------------
def _transfer(facts: Facts) -> None:
    unit, plan = facts.unit, facts.plan
    if unit is None:
        raise _at("unit", "choose_unit", _("Choose where to."), status=400)
    if unit.is_staff_unit:
        raise _at("unit", "staff_unit", _("Only staff belong to this unit."))
    parts = open_parts_of(facts.people)
    _refuse_those_inside(parts, unit, plan.part)
    held: dict[int, list[Enrolment]] = defaultdict(list)
    for row in parts:
        if row.part == plan.part and _is_source(row, unit, plan):
            held[row.person_id].append(row)
    missing = [person for person in facts.people if not held[person.pk]]
    if missing:
        text = _("There is nothing to transfer from: %(names)s.") % {"names": names_of(missing)}
        raise _at("people", "not_in_unit", text)
    doubtful = [person for person in facts.people if len(held[person.pk]) > 1]
    if doubtful:
        text = _("Say where from: %(names)s are in several units.") % {"names": names_of(doubtful)}
        raise _at("from_unit", "which_unit", text)
    facts.closing = [held[person.pk][0] for person in facts.people]
    facts.opening = [Opening(person, unit, plan.part) for person in facts.people]


def _is_source(row: Enrolment, unit: Unit, plan: Plan) -> bool:
    if plan.from_unit_id is not None:
        return row.unit_id == plan.from_unit_id
    return row.unit.kind == unit.kind and row.unit.archived_at is None


# --- Leave ------------------------------------------------------------------------------------------------------------
def _leave(facts: Facts) -> None:
    roles = RoleAssignment.objects.filter(person__in=facts.people, until=None, role__in=[Role.STUDENT, *STAFF_ROLES])
    facts.roles_ended = list(roles.select_related("person__organization"))
    leaving = {row.person_id for row in facts.roles_ended}
    parts = open_parts_of(facts.people)
    leaving |= {row.person_id for row in parts}
    absent = [person for person in facts.people if person.pk not in leaving]
    if absent:
        text = _("Neither students nor staff today: %(names)s.") % {"names": names_of(absent)}
        raise _at("people", "not_on_roster", text)
    facts.closing = parts
    if not facts.plan.keeps_parents:
        children = {row.person_id for row in facts.roles_ended if row.role == Role.STUDENT}
        _let_parents_go(facts, children)


def _let_parents_go(facts: Facts, children: set[int]) -> None:
    """The ties to those who leave end; a parent with no other child here is a parent here no longer."""
    ties = Guardianship.objects.filter(organization=facts.organization, until=None)
    facts.ties_ended = list(ties.filter(child__in=children).select_related("parent__organization", "child"))
    parents = {tie.parent_id for tie in facts.ties_ended}
    others = set(ties.filter(parent__in=parents).exclude(child__in=children).values_list("parent_id", flat=True))
    roles = RoleAssignment.objects.filter(person__in=parents - others, role=Role.PARENT, until=None)
    facts.roles_ended += roles.select_related("person__organization")


# --- Return -----------------------------------------------------------------------------------------------------------
def _return(facts: Facts) -> None:
    teaching = [Role.STUDENT, *STAFF_ROLES]
    roles = RoleAssignment.objects.filter(person__in=facts.people, role__in=teaching).order_by("until", "id")
    held: dict[int, list[RoleAssignment]] = defaultdict(list)
    for row in roles:
        held[row.person_id].append(row)
    here = [person for person in facts.people if any(row.until is None for row in held[person.pk])]
    if here:
        raise _at("people", "already_here", _("Already here: %(names)s.") % {"names": names_of(here)})
    strangers = [person for person in facts.people if not held[person.pk]]
    if strangers:
        text = _("Never were here as students or staff: %(names)s. Enrol them.") % {"names": names_of(strangers)}
        raise _at("people", "was_never_here", text)
    last = {person.pk: held[person.pk][-1] for person in facts.people}
    _return_students(facts, [person for person in facts.people if last[person.pk].role == Role.STUDENT], last)
    staff = [person for person in facts.people if last[person.pk].role != Role.STUDENT]
    for person in staff:
        ended = [row for row in held[person.pk] if row.until == last[person.pk].until]
        names = {row.role for row in ended} - {Role.ADMINISTRATOR, Role.STUDENT} or {Role.TEACHER}
        facts.roles_given += [(person, name) for name in sorted(names)]
    if staff:
        _enter_staff_unit(facts, staff)
        part = facts.plan.part if facts.plan.part != Part.STUDENT else Part.TEACHER
        _open_again(facts, staff, [Part.TEACHER, Part.LEADER], part)


def _return_students(facts: Facts, students: list[Person], last: dict[int, RoleAssignment]) -> None:
    if not students:
        return
    facts.roles_given += [(person, Role.STUDENT) for person in students]
    opened = _open_again(facts, students, [Part.STUDENT], Part.STUDENT)
    nowhere = [person for person in students if person.pk not in opened]
    if nowhere:
        text = _("Choose where to: the units they left are no longer there. %(names)s.") % {"names": names_of(nowhere)}
        raise _at("unit", "choose_unit", text, status=400)
    _tie_again(facts, students, last)


def _open_again(facts: Facts, people: list[Person], parts: list[Part], part: str) -> set[int]:
    """Into the chosen unit, or into those units that were left last; return whose parts are opened."""
    if facts.unit is not None:
        if not facts.unit.is_staff_unit:
            facts.opening += [Opening(person, facts.unit, part) for person in people]
        return {person.pk for person in people} if not facts.unit.is_staff_unit else set()
    rows = (
        Enrolment.objects.filter(person__in=people, part__in=parts, until__isnull=False)
        .exclude(unit__kind=UnitKind.STAFF)
        .select_related("unit")
        .order_by("-until", "-id")
    )
    left_on: dict[int, date] = {}
    seen: set[tuple[int, int, str]] = set()
    by_id = {person.pk: person for person in people}
    opened = set()
    for row in rows:
        day = left_on.setdefault(row.person_id, row.until)  # type: ignore[arg-type]
        key = (row.person_id, row.unit_id, row.part)
        if row.until == day and row.unit.archived_at is None and key not in seen:
            seen.add(key)
            facts.opening.append(Opening(by_id[row.person_id], row.unit, row.part))
            opened.add(row.person_id)
    return opened


def _tie_again(facts: Facts, students: list[Person], last: dict[int, RoleAssignment]) -> None:
    """Ties to parents that ended on the day the child left begin anew, and the parents' role with them."""
    zone = facts.organization.zone
    ties = Guardianship.objects.filter(child__in=students, until__isnull=False, parent__merged_into=None)
    known = set(Guardianship.objects.filter(child__in=students, until=None).values_list("parent_id", "child_id"))
    parents: dict[int, Person] = {}
    for tie in ties.select_related("parent__organization", "child"):
        ended, left = tie.until, last[tie.child_id].until
        is_that_day = ended and left and timezone.localdate(ended, zone) == timezone.localdate(left, zone)
        if is_that_day and (tie.parent_id, tie.child_id) not in known:
            known.add((tie.parent_id, tie.child_id))
            facts.ties_given.append(tie)
            parents[tie.parent_id] = tie.parent
    _give_roles(facts, list(parents.values()), Role.PARENT)
