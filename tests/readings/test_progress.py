"""How far a reading has come: by unit, in lines, for many at once; all of it agrees with the database (CHAN-4)."""

from itertools import combinations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orgs.models import UNIT_AUDIENCES, Audience, Enrolment, Guardianship, Part, Person, Role, RoleAssignment, UnitKind
from orgs.services.people import PersonData, add_person, build_person, end_role, grant_role, tie_parent
from orgs.services.structure import UnitData, create_units, end_enrolment, enrol
from orgs.vocabulary import Vocabulary
from readings.models import Confirmation, ParentsConfirm, Reading
from readings.selectors.progress import counts_of, people_asked, people_waiting, progress_of, rules_of
from readings.selectors.roster import entries_of, load_roster
from readings.selectors.rows import rows_of
from readings.services.confirming import confirm, note_on_paper
from tests.readings.cast import given, second_parent
from tests.world import School, World

pytestmark = pytest.mark.req("CHAN-4", "DOC-1")
FAMILY = ParentsConfirm.FAMILY


def lively(school: School) -> School:
    """A school with what may confuse: a parent of two, a parent who teaches, a circle, somebody who left."""
    second_parent(school)
    tie_parent(actor=None, parent=school.people["parent"], child=school.people["other_student"])
    grant_role(actor=None, person=school.people["waiting_parent"], role=Role.TEACHER)
    [circle] = create_units(organization=school.organization, actor=None, units=[UnitData(UnitKind.CIRCLE, "Шахматы")])
    school.units["Шахматы"] = circle
    enrol(actor=None, people=[school.people["student"]], unit=circle, part=Part.STUDENT)
    enrol(actor=None, people=[school.people["leader"]], unit=circle, part=Part.LEADER)
    add_person(organization=school.organization, actor=None, data=PersonData("Бездетный", "Борис"), roles=[Role.PARENT])
    left = add_person(
        organization=school.organization, actor=None, data=PersonData("Бывший", "Фёдор"), roles=[Role.TEACHER]
    )
    end_role(actor=None, person=left, role=Role.TEACHER)
    return school


def confirm_some(reading: Reading) -> None:
    """Every second of those who are asked has confirmed."""
    people = list(people_asked(reading).order_by("pk"))[::2]
    Confirmation.objects.bulk_create(
        Confirmation(organization_id=reading.organization_id, reading=reading, person=person) for person in people
    )


def circles_to_try(school: School) -> list[tuple[tuple[str, int | None], ...]]:
    units = [school.units[name].pk for name in ("5А", "5Б", "Шахматы")]
    single = [(audience, None) for audience in Audience.values]
    single += [(audience, unit) for audience in UNIT_AUDIENCES for unit in units]
    pairs = list(combinations(single, 2))
    return [*((circle,) for circle in single), *pairs[::7]]


@pytest.mark.parametrize("parents", ParentsConfirm.values)
def test_memory_and_database_tell_the_same(school: School, parents: str) -> None:
    lively(school)
    for circles in circles_to_try(school):
        reading = given(school, *circles, parents=parents)
        confirm_some(reading)
        confirmed = set(Confirmation.objects.filter(reading=reading).values_list("person_id", flat=True))
        entries = entries_of(load_roster(reading.organization_id), rules_of(reading), parents)
        asked = set().union(*(entry.people for entry in entries))
        assert asked == set(people_asked(reading).values_list("pk", flat=True)), circles
        open_entries = [entry for entry in entries if entry.people.isdisjoint(confirmed)]
        left = set().union(*(entry.people for entry in open_entries)) - confirmed
        assert left == set(people_waiting(reading).values_list("pk", flat=True)), circles


def test_progress_stands_by_unit(school: School) -> None:
    """Роза has children in 5А and in 5Б: in both groups, once in the total."""
    lively(school)
    reading = given(school, (Audience.PARENTS, None), (Audience.STAFF, None))
    confirm(actor=school.actor("parent"), reading=reading)
    confirm(actor=school.actor("leader"), reading=reading)
    progress = progress_of(reading)
    assert [(group.name, group.asked, group.confirmed) for group in progress.groups] == [
        ("Сотрудники", 6, 1),
        ("5А", 3, 1),
        ("5Б", 2, 1),
        ("Вне подразделений", 1, 0),
    ]
    assert (progress.asked, progress.confirmed) == (people_asked(reading).count(), 2)
    assert counts_of([reading])[reading.pk].confirmed == 2


def test_families_count_by_child(school: School) -> None:
    lively(school)
    reading = given(school, (Audience.PARENTS, school.units["5А"].pk), parents=FAMILY)
    note_on_paper(actor=school.actor("administrator"), reading=reading, person=school.people["father"])
    progress = progress_of(reading)
    assert (progress.asked, progress.confirmed) == (2, 1)
    listing = rows_of(reading, school.actor("administrator").words)
    lines = [(row.name, row.about, row.is_on_paper) for row in listing.rows]
    assert lines == [
        ("Ёжиков Илья Петрович", "Ёжиков Пётр Ильич, 5А", True),
        ("Зайцев Захар Львович", "Зайцева Зоя Захаровна, 5А", False),
    ]
    assert listing.rows[0].noted_by == "Админова Анна Аркадьевна"


def test_until_one_confirms_both_parents_stand_in_the_line(school: School) -> None:
    second_parent(school)
    listing = rows_of(given(school, (Audience.PARENTS, school.units["5А"].pk), parents=FAMILY), words(school))
    assert listing.rows[0].name == "Ёжиков Илья Петрович, Ёжикова Роза Павловна"


def test_lines_tell_what_people_are(school: School) -> None:
    Person.objects.filter(pk=school.people["leader"].pk).update(position="учитель математики")
    listing = rows_of(given(school, (Audience.EVERYONE, school.units["5А"].pk)), words(school))
    assert [(row.name.split()[0], row.about) for row in listing.rows] == [
        ("Ведущая", "учитель математики"),
        ("Ёжиков", "ученик, 5А"),
        ("Ёжикова", "Ёжиков Пётр Ильич, 5А"),
        ("Зайцев", "Зайцева Зоя Захаровна, 5А"),
        ("Зайцева", "ученик, 5А"),
    ]


def test_who_confirmed_and_left_stands_apart(school: School) -> None:
    reading = given(school, (Audience.PARENTS, school.units["5А"].pk))
    confirm(actor=school.actor("parent"), reading=reading)
    enrolment = Enrolment.objects.get(person=school.people["student"], part=Part.STUDENT)
    end_enrolment(actor=school.actor("administrator"), enrolment=enrolment)
    listing = rows_of(reading, words(school))
    assert [row.name for row in listing.rows] == ["Зайцев Захар Львович"]
    [former] = listing.former
    assert former.name == "Ёжикова Роза Павловна"
    assert former.is_former
    assert former.confirmed_at is not None
    assert (listing.progress.asked, listing.progress.confirmed) == (1, 0)


def words(school: School) -> Vocabulary:
    return school.actor("administrator").words


def crowd(school: School, count: int) -> None:
    """So many more children of 5А with a parent each."""
    people = [build_person(school.organization, PersonData("Много", f"Имён{number}")) for number in range(count * 2)]
    made = Person.objects.bulk_create(people)
    org = school.organization
    children, parents = made[:count], made[count:]
    RoleAssignment.objects.bulk_create(
        RoleAssignment(organization=org, person=person, role=role)
        for group, role in ((children, Role.STUDENT), (parents, Role.PARENT))
        for person in group
    )
    Enrolment.objects.bulk_create(
        Enrolment(organization=org, person=child, unit=school.units["5А"], part=Part.STUDENT, since="2026-09-01")
        for child in children
    )
    Guardianship.objects.bulk_create(
        Guardianship(organization=org, parent=parent, child=child)
        for parent, child in zip(parents, children, strict=True)
    )


@pytest.mark.parametrize("parents", ParentsConfirm.values)
def test_as_many_queries_for_300_as_for_3(school: School, parents: str) -> None:
    reading = given(school, (Audience.EVERYONE, None), parents=parents)
    counts = []
    for more in (3, 300):
        crowd(school, more)
        if more == 3:
            confirm_some(reading)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            progress_of(reading)
            rows_of(reading, words(school))
            counts_of([reading])
            list(people_waiting(reading))
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert progress_of(reading).asked > 300


def test_schools_do_not_mix(world: World) -> None:
    for school in (world.a, world.b):
        reading = given(school, (Audience.EVERYONE, None))
        own = set(
            Person.objects.filter(organization=school.organization).values_list(
                "full_name" if False else "pk", flat=True
            )
        )
        assert set(people_asked(reading).values_list("pk", flat=True)) <= own
        assert {name.id for row in rows_of(reading, words(school)).rows for name in row.people} <= own
