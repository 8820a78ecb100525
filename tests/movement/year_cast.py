"""A school before the summer: classes of several parallels, a circle, codes, chats and channels."""

from __future__ import annotations

from typing import Any

from channels_app.services.system import give_units_channels
from chats.models import Template
from chats.services.system import change_rules
from invitations import services as invitations
from movement.models import YearPlan
from movement.selectors.years.plan import stored_plan
from movement.services.years import passing, planning
from orgs.models import Part, Person, Role, Unit
from orgs.services.people import PersonData, add_person
from orgs.services.structure import UnitData, class_from_name, create_units, enrol
from tests.world import School
from works.models import Work
from works.services import running, undoing

CHATS = [Template.UNIT_PARENTS, Template.UNIT_STUDENTS]


def more_classes(school: School, *names: str) -> None:
    """Add classes to the school; `school.units` knows them by name."""
    made = create_units(organization=school.organization, actor=None, units=[class_from_name(name) for name in names])
    school.units |= {unit.name: unit for unit in made}


def circle(school: School, name: str = "Шахматы") -> Unit:
    """A circle with the student of the cast."""
    units = create_units(organization=school.organization, actor=None, units=[UnitData("circle", name)])
    school.units[name] = units[0]
    enrol(actor=None, people=[school.people["student"]], unit=units[0], part=Part.STUDENT)
    return units[0]


def student(school: School, unit: str, last_name: str, first_name: str = "Иван") -> Person:
    """A new student in a class."""
    data = PersonData(last_name, first_name, "Ильич")
    person = add_person(organization=school.organization, actor=None, data=data, roles=[])
    enrol(actor=None, people=[person], unit=school.units[unit], part=Part.STUDENT)
    return person


def lived_in(school: School) -> School:
    """The school with chats, channels, codes of parents, a ninth class and a circle."""
    actor = school.actor("administrator")
    change_rules(actor=actor, rules={"switched_on": CHATS})
    give_units_channels(actor=actor, wanted=True)
    more_classes(school, "9А")
    school.people["graduate"] = student(school, "9А", "Выпускников")
    circle(school)
    for unit in ("5А", "9А"):
        invitations.ensure_codes(actor=actor, unit=school.units[unit], role=Role.PARENT)
        invitations.ensure_codes(actor=actor, unit=school.units[unit], role=Role.STUDENT)
    return school


def plan(school: School, **changes: Any) -> YearPlan:
    """Put something into the draft as the administrator."""
    return planning.change_plan(actor=school.actor("administrator"), changes=changes)


def passed(school: School) -> Work:
    """Pass to the next year as the draft says, and return the finished work."""
    actor = school.actor("administrator")
    work = passing.start(actor=actor, content=dict(stored_plan(school.organization)))
    running.run(work.pk)
    work.refresh_from_db()
    return work


def taken_back(school: School, work: Work) -> None:
    """Undo it as the administrator."""
    undoing.undo(actor=school.actor("administrator"), work=work)


def members(school: School, name: str, part: str = Part.STUDENT) -> list[str]:
    """Last names of those in a unit in use today."""
    rows = Unit.objects.active().get(organization=school.organization, name=name).enrolments
    present = rows.filter(until=None, part=part).order_by("person__search_name")
    return list(present.values_list("person__last_name", flat=True))
