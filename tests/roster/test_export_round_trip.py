"""What was exported and is brought in again changes nothing, whatever the roster holds."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from orgs.models import Enrolment, Guardianship, Organization, Part, Person, Role, RoleAssignment, Unit
from orgs.services.organization import OrganizationData, create_organization
from orgs.services.people import PersonData
from orgs.services.structure import UnitData, create_units
from roster.export.files import csv_of, xlsx_of
from roster.export.source import Source
from roster.export.tables import TABLES
from roster.models import Load
from roster.reckoning.reckon import reckon
from roster.reckoning.snapshot import Roster
from roster.services import loads
from roster.services.understanding import rows_of_file
from tests.world import School

pytestmark = pytest.mark.req("ORG-8")
IMPORTABLE = sorted(name for name, kind in TABLES.items() if kind.is_importable)

# Few names, so that there are many namesakes; some that a spreadsheet, a comparison or a reader may stumble over.
LAST = [
    "Иванов",
    "Ёлкин",
    "Елкин",
    "=Сумма",
    "+Плюсов",
    "@Собакин",
    "-Минусов",
    "'=Кавычкин",
    "О'Нил",
    "Де Ля Круа",
]
FIRST = ["Иван", "Пётр", "Петр", "Иванов", "Анна-Мария", "«Кот»"]
PATRONYMIC = ["", "", "Иванович", "Петровна", "оглы Али"]
PHONES = ["", "", "+79001110001", "+79001110002", "+375291234567"]
POSITIONS = ["", "учитель; методист", "=1+1", "директор"]
UNITS = ["5А", "5Б", "Шахматы", "Рисование"]


@st.composite
def people(draw: Any) -> dict[str, Any]:
    pick = lambda values: draw(st.sampled_from(values))  # noqa: E731
    return {
        "name": (pick(LAST), pick(FIRST), pick(PATRONYMIC)),
        "phone": pick(PHONES),
        "email": pick(["", "a@example.org", "B@Example.org"]),
        "position": pick(POSITIONS),
        "birth_date": pick([None, date(2014, 3, 1), date(1980, 2, 29)]),
        "has_number": draw(st.booleans()),
        "roles": draw(st.sets(st.sampled_from([Role.STUDENT, Role.TEACHER, Role.PARENT, Role.HEAD]), min_size=1)),
        "parts": draw(st.sets(st.tuples(st.sampled_from(UNITS), st.sampled_from(list(Part))), max_size=3)),
    }


ROSTERS = st.tuples(
    st.lists(people(), min_size=1, max_size=9),
    st.sets(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=6),
)


def make(organization: Organization, rows: list[dict[str, Any]], ties: set[tuple[int, int]]) -> None:
    Guardianship.objects.filter(organization=organization).delete()
    Person.objects.filter(organization=organization, user=None).delete()
    units = {unit.name: unit for unit in Unit.objects.filter(organization=organization)}
    made = []
    for number, row in enumerate(rows):
        last, first, patronymic = row["name"]
        person = Person(
            organization=organization, last_name=last, first_name=first, patronymic=patronymic, search_name=str(number),
            phone=row["phone"], email=row["email"], position=row["position"], birth_date=row["birth_date"],
            record_number=f"Л-{number}" if row["has_number"] else "",
        )  # fmt: skip
        person.save()
        made.append(person)
        for role in row["roles"]:
            RoleAssignment.objects.create(organization=organization, person=person, role=role)
        for name, part in row["parts"]:
            if (Role.STUDENT if part == Part.STUDENT else Role.TEACHER) in row["roles"]:
                Enrolment.objects.create(
                    organization=organization, person=person, unit=units[name], part=part, since=date(2026, 9, 1)
                )
    for parent, child in ties:
        both = max(parent, child) < len(made) and parent != child
        # The name of a parent stands in one cell: there «=Сумма» is an error, and «-Минусов» loses its dash.
        both = both and rows[parent]["name"][0][0] not in "=+-@'" and "«" not in rows[parent]["name"][1]
        if both and Role.PARENT in rows[parent]["roles"] and Role.STUDENT in rows[child]["roles"]:
            Guardianship.objects.create(organization=organization, parent=made[parent], child=made[child])


@pytest.fixture
def school(db: None) -> School:
    organization = create_organization(
        data=OrganizationData(kind="school", name="Школа", short_name="Школа", slug="trip"),
        administrator=PersonData("Админова", "Анна", phone="+79990000000"),
    )
    data = [
        UnitData("class", "5А"),
        UnitData("class", "5Б"),
        UnitData("circle", "Шахматы"),
        UnitData("circle", "Рисование"),
    ]
    create_units(organization=organization, actor=None, units=data)
    found = School(organization)
    found.people["administrator"] = Person.objects.select_related("user", "organization").get(organization=organization)
    return found


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("table", IMPORTABLE)
@settings(
    max_examples=12,
    deadline=None,
    # Shrinking takes minutes where every example fills a roster.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(roster=ROSTERS)
def test_nothing_changes(school: School, table: str, form: str, roster: Any) -> None:
    make(school.organization, *roster)
    kind = TABLES[table]
    source = Source(school.organization)
    headings, rows = kind.headings(source.words), list(kind.rows(source))
    content = xlsx_of("Список", headings, rows) if form == "xlsx" else csv_of(headings, rows)
    if not rows:
        return
    load = loads.upload(actor=school.actor("administrator"), file_name=f"Список.{form}", content=content)
    plan = reckon(Roster(school.organization), rows_of_file(load))
    told = [(row.outcome, row.name, row.changes, [problem.message for problem in row.problems]) for row in plan.rows]
    assert not [row for row in told if row[0] != "same"]
    assert len(told) == len(rows)
    assert not plan.subjects
    assert not plan.units
    Load.objects.all().delete()
