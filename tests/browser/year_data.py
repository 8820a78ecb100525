"""A school of thirty classes before the summer, for the story of the next school year."""

from typing import Any

from orgs.models import Organization, Part, Person, Unit
from orgs.services.people import PersonData, add_person
from orgs.services.structure import class_from_name, create_units, enrol

NAMES = [f"{parallel}{letter}" for parallel in (*range(1, 10), 11) for letter in "АБВ"]


def school_before_summer() -> dict[str, Any]:
    """Thirty classes, a few students, one of them twice; the administrator's phone, the address, ids."""
    from tests.browser.data import organization

    made = organization()
    school = Organization.objects.get(pk=made["id"])
    units = create_units(organization=school, actor=None, units=[class_from_name(name) for name in NAMES])
    by_name = {unit.name: unit for unit in units}
    for name, place in (
        ("Воробьёва Ася Петровна", "5А"),
        ("Воробьева Ася Петровна", "5А"),
        ("Грачёв Олег Ильич", "6А"),
    ):
        person = add_person(organization=school, actor=None, data=PersonData(*name.split()), roles=[])
        enrol(actor=None, people=[person], unit=by_name[place], part=Part.STUDENT)
    leaver = add_person(organization=school, actor=None, data=PersonData("Дроздова", "Инна", "Ильинична"), roles=[])
    enrol(actor=None, people=[leaver], unit=by_name["11А"], part=Part.STUDENT)
    return {**made, "units": {name: unit.pk for name, unit in by_name.items()}}


def classes_of(slug: str, last_name: str) -> list[str]:
    """Where the students of a last name learn today."""
    people = Person.objects.filter(organization__slug=slug, last_name=last_name, merged_into=None)
    units = Unit.objects.active().filter(enrolments__person__in=people, enrolments__until=None)
    return sorted(units.values_list("name", flat=True))
