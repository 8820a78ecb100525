"""What stories of movement find: a school with two classes, a head, families of which some are connected."""

from typing import Any

from orgs.models import Enrolment

CHILDREN = {
    "5А": ("Жуков Женя Олегович", "Зимин Захар Ильич", "Ильина Инна Юрьевна"),
    "5Б": ("Котов Ким Петрович", "Лисова Лада Львовна"),
}


def moving_school() -> dict[str, Any]:
    """A school with a head, a leader of 5А, a teacher to be dismissed, five children; one parent is connected."""
    from tests.browser import data

    school = data.organization()
    slug = school["slug"]
    units = data.units(slug, ["5А", "5Б"])
    head = data.person(slug, "Лебедев Сергей Павлович", ["head"], position="Директор")
    leader = data.person(slug, "Соколова Ирина Петровна", ["teacher"])
    data.enrolment(units["5А"], leader["id"], "leader")
    teacher = data.person(slug, "Громов Глеб Геннадьевич", ["teacher"], position="Учитель музыки")
    parent = None
    for unit, names in CHILDREN.items():
        for name in names:
            child = data.person(slug, name, [], joined=False)
            data.enrolment(units[unit], child["id"], "student")
            family = data.person(slug, f"{name.split()[0]} Олег Олегович", ["parent"], joined=parent is None)
            data.family(family["id"], child["id"])
            parent = parent or family
    Enrolment.objects.filter(unit__organization__slug=slug).update(since="2026-09-01")
    return {
        "slug": slug,
        "units": units,
        "administrator": school["administrator"],
        "head": head["phone"],
        "leader": leader["phone"],
        "teacher": teacher["id"],
        "parent": parent["phone"] if parent else "",
    }


def class_of(slug: str, name: str) -> list[str]:
    """Return where somebody learns today, by the beginning of the name."""
    rows = Enrolment.objects.filter(
        person__organization__slug=slug, person__search_name__startswith=name, part="student", until=None
    )
    return list(rows.values_list("unit__name", flat=True))
