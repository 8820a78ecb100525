"""Enrol, transfer, leave, come back: students and staff, one or many, and one step back (ORG-5)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from common.errors import DomainError
from movement.services.facts import facts_of
from movement.services.moving import move
from movement.services.plan import Plan, What, plan_of
from movement.services.telling import notes_of, sentence_of_work
from orgs.actor import load_actor
from orgs.audit import Order
from orgs.models import AuditEvent, Enrolment, Guardianship, Part, Person, Role, RoleAssignment, Unit
from orgs.services.people import PersonData, end_role, grant_role
from orgs.services.structure import UnitData, archive_unit, create_units, enrol
from tests.orgs.pages import crowd
from tests.world import School, World
from works.models import State, Work
from works.services import undoing

pytestmark = pytest.mark.req("ORG-5")
ORDER = Order("15", date(2026, 11, 20))


@pytest.fixture
def school(world: World) -> School:
    return world.a


def today(school: School) -> date:
    return timezone.localdate(timezone=school.organization.zone)


def go(school: School, what: What, *names: str, by: str = "administrator", **more: Any) -> Work:
    """Move members of the cast by order № 15."""
    values: dict[str, Any] = {"order": ORDER, **more}
    people = tuple(school.people[name].pk for name in names)
    return move(actor=school.actor(by), plan=Plan(str(what), people, **values))


def refusal(school: School, what: What, *names: str, **more: Any) -> str:
    with pytest.raises(DomainError) as caught:
        go(school, what, *names, **more)
    return caught.value.code


def units_of(person: Person, part: str = Part.STUDENT) -> list[str]:
    rows = Enrolment.objects.filter(person=person, part=part, until=None)
    return sorted(rows.values_list("unit__name", flat=True))


def roles_of(person: Person) -> set[str]:
    return set(RoleAssignment.objects.filter(person=person, until=None).values_list("role", flat=True))


def children_of(person: Person) -> int:
    return Guardianship.objects.filter(parent=person, until=None).count()


def rows_of(school: School) -> list[Any]:
    """Everything a movement changes, as it is."""
    return [
        sorted(model.objects.filter(organization=school.organization).values_list(*columns))
        for model, columns in (
            (Enrolment, ("person_id", "unit_id", "part", "since", "until", "order_number")),
            (RoleAssignment, ("person_id", "role", "since", "until")),
            (Guardianship, ("parent_id", "child_id", "since", "until")),
        )
        for columns in [tuple(name for name in columns if name != "until")]
    ] + [
        {
            model._meta.label: set(model.objects.filter(until=None).values_list("pk", flat=True))
            for model in (Enrolment, RoleAssignment, Guardianship)
        }
    ]


def undo(school: School, work: Work) -> None:
    undoing.undo(actor=school.actor("administrator"), work=work)


# --- Transfer ---------------------------------------------------------------------------------------------------------
def test_two_students_go_to_another_class_by_an_order(school: School) -> None:
    before = rows_of(school)
    work = go(school, What.TRANSFER, "student", "classmate", unit_id=school.units["5Б"].pk, day=today(school))
    assert work.state == State.DONE
    for name in ("student", "classmate"):
        assert units_of(school.people[name]) == ["5Б"]
        old = Enrolment.objects.get(person=school.people[name], unit=school.units["5А"])
        assert old.until == today(school)
        new = Enrolment.objects.get(person=school.people[name], unit=school.units["5Б"])
        assert (new.since, new.order_number, new.order_date) == (today(school), "15", date(2026, 11, 20))
    assert "2 people from 5А to 5Б" in sentence_of_work(work) or "2 человека из 5А в 5Б" in sentence_of_work(work)
    events = AuditEvent.objects.filter(action="person.transferred", organization_id=school.organization.pk)
    assert {(event.person_id, event.unit_name, event.order_number) for event in events} == {
        (school.people["student"].pk, "5Б", "15"),
        (school.people["classmate"].pk, "5Б", "15"),
    }
    assert all(event.details["from"] == "5А" for event in events)
    undo(school, work)
    assert rows_of(school) == before
    assert AuditEvent.objects.filter(action="movement.undone").count() == 1


def test_a_child_that_moves_takes_the_parents_along(school: School) -> None:
    go(school, What.TRANSFER, "student", unit_id=school.units["5Б"].pk)
    parent = load_actor(school.user("parent").pk, school.slug)
    assert parent is not None
    assert parent.child_unit_ids == {school.units["5Б"].pk}


def test_where_from_is_asked_when_there_are_two(school: School) -> None:
    circles = [UnitData("circle", name) for name in ("Шахматы", "Хор", "Лыжи")]
    chess, choir, ski = create_units(organization=school.organization, actor=None, units=circles)
    for unit in (chess, choir):
        enrol(actor=None, people=[school.people["student"]], unit=unit, part=Part.STUDENT)
    assert refusal(school, What.TRANSFER, "student", unit_id=ski.pk) == "which_unit"
    go(school, What.TRANSFER, "student", unit_id=ski.pk, from_unit_id=chess.pk)
    assert units_of(school.people["student"]) == ["5А", "Лыжи", "Хор"]


def test_what_a_transfer_refuses(school: School) -> None:
    other = school.units["5Б"].pk
    assert refusal(school, What.TRANSFER, "student") == "choose_unit"
    assert refusal(school, What.TRANSFER, "student", unit_id=school.units["5А"].pk) == "already_there"
    assert refusal(school, What.TRANSFER, "parent", unit_id=other) == "not_in_unit"
    assert refusal(school, What.TRANSFER, "student", unit_id=school.units["staff"].pk) == "staff_unit"
    assert refusal(school, What.TRANSFER, "student", unit_id=other, day=date(2020, 1, 1)) == "day_far_away"
    early = today(school) - timedelta(days=3)
    assert refusal(school, What.TRANSFER, "student", unit_id=other, day=early) == "day_before_start"
    assert refusal(school, What.TRANSFER, unit_id=other) == "choose_people"
    archive_unit(actor=school.actor("administrator"), unit=school.units["5Б"])
    assert refusal(school, What.TRANSFER, "student", unit_id=other) == "unit_archived"
    assert not Work.objects.filter(organization=school.organization).exists()


def test_nobody_moves_people_of_the_other_school(world: World) -> None:
    stranger = world.b.people["student"].pk
    for plan in (
        Plan(str(What.TRANSFER), (stranger,), unit_id=world.a.units["5Б"].pk),
        Plan(str(What.TRANSFER), (world.a.people["student"].pk,), unit_id=world.b.units["5Б"].pk),
        Plan(str(What.LEAVE), (stranger,)),
    ):
        with pytest.raises(DomainError) as caught:
            move(actor=world.a.actor("administrator"), plan=plan)
        assert caught.value.code in ("choose_people", "choose_unit")


# --- Enrol ------------------------------------------------------------------------------------------------------------
def test_a_student_who_is_placed_is_transferred_and_not_enrolled(school: School) -> None:
    assert refusal(school, What.ENROL, "student", unit_id=school.units["5Б"].pk) == "in_another_unit"
    assert refusal(school, What.ENROL, "student", unit_id=school.units["5А"].pk) == "already_there"


def test_a_new_person_is_taken_on_and_that_is_undone_whole(school: School) -> None:
    before = Person.objects.count()
    newcomer = PersonData("Новикова", "Нина", "Николаевна", phone="+79995550001", position="учитель химии")
    work = move(
        actor=school.actor("administrator"),
        plan=Plan(str(What.ENROL), part=Part.TEACHER, newcomer=newcomer, order=ORDER),
    )
    person = Person.objects.get(last_name="Новикова")
    assert roles_of(person) == {Role.TEACHER}
    assert units_of(person, Part.TEACHER) == [school.units["staff"].name]
    undo(school, work)
    assert Person.objects.count() == before


def test_another_leader_takes_the_class_over(school: School) -> None:
    unit = school.units["5А"]
    work = go(school, What.ENROL, "teacher", unit_id=unit.pk, part=Part.LEADER, replaces_leader=True)
    assert units_of(school.people["leader"], Part.LEADER) == []
    assert units_of(school.people["teacher"], Part.LEADER) == ["5А"]
    undo(school, work)
    assert units_of(school.people["leader"], Part.LEADER) == ["5А"]


# --- Leave ------------------------------------------------------------------------------------------------------------
def test_a_student_leaves_and_the_parent_with_no_other_child_too(school: School) -> None:
    before = rows_of(school)
    student, parent = school.people["student"], school.people["parent"]
    work = go(school, What.LEAVE, "student")
    assert roles_of(student) == set()
    assert roles_of(parent) == set()
    assert units_of(student) == []
    assert children_of(parent) == 0
    assert load_actor(school.user("parent").pk, school.slug) is None
    assert Enrolment.objects.get(person=student).until == today(school), "the past stays visible"
    assert AuditEvent.objects.filter(action="person.left", person_id=student.pk, order_number="15").count() == 1
    undo(school, work)
    assert rows_of(school) == before
    assert load_actor(school.user("parent").pk, school.slug) is not None


def test_a_parent_with_another_child_stays_a_parent(school: School) -> None:
    parent, other = school.people["parent"], school.people["classmate"]
    Guardianship.objects.create(organization=school.organization, parent=parent, child=other)
    go(school, What.LEAVE, "student")
    assert roles_of(parent) == {Role.PARENT}
    assert children_of(parent) == 1


def test_parents_may_stay_by_choice(school: School) -> None:
    go(school, What.LEAVE, "student", keeps_parents=True)
    assert roles_of(school.people["parent"]) == {Role.PARENT}
    assert children_of(school.people["parent"]) == 1


def test_a_teacher_who_is_a_parent_is_dismissed_and_stays_a_parent(school: School) -> None:
    leader = school.people["leader"]
    grant_role(actor=None, person=leader, role=Role.PARENT)
    work = go(school, What.LEAVE, "leader")
    assert roles_of(leader) == {Role.PARENT}
    assert units_of(leader, Part.LEADER) == units_of(leader, Part.TEACHER) == []
    undo(school, work)
    assert roles_of(leader) == {Role.PARENT, Role.TEACHER}
    assert units_of(leader, Part.LEADER) == ["5А"]


def test_the_last_administrator_cannot_leave_nor_all_of_them_together(school: School) -> None:
    assert refusal(school, What.LEAVE, "administrator") == "last_administrator"
    grant_role(actor=None, person=school.people["head"], role=Role.ADMINISTRATOR)
    assert refusal(school, What.LEAVE, "administrator", "head") == "last_administrator"
    go(school, What.LEAVE, "administrator", by="head")
    assert roles_of(school.people["administrator"]) == set()


def test_who_is_neither_student_nor_staff_cannot_leave(school: School) -> None:
    assert refusal(school, What.LEAVE, "parent") == "not_on_roster"


# --- Return -----------------------------------------------------------------------------------------------------------
def test_a_student_comes_back_with_the_family(school: School) -> None:
    go(school, What.LEAVE, "student")
    back = go(school, What.RETURN, "student", unit_id=school.units["5Б"].pk)
    assert roles_of(school.people["student"]) == {Role.STUDENT}
    assert units_of(school.people["student"]) == ["5Б"]
    assert roles_of(school.people["parent"]) == {Role.PARENT}
    assert children_of(school.people["parent"]) == 1
    undo(school, back)
    assert roles_of(school.people["student"]) == roles_of(school.people["parent"]) == set()


def test_without_a_unit_they_come_back_where_they_were(school: School) -> None:
    circle = create_units(organization=school.organization, actor=None, units=[UnitData("circle", "Хор")])[0]
    enrol(actor=None, people=[school.people["student"]], unit=circle, part=Part.STUDENT)
    go(school, What.LEAVE, "student")
    go(school, What.RETURN, "student")
    assert units_of(school.people["student"]) == ["5А", "Хор"]


def test_a_dismissed_leader_comes_back_as_before(school: School) -> None:
    go(school, What.LEAVE, "leader")
    go(school, What.RETURN, "leader")
    leader = school.people["leader"]
    assert roles_of(leader) == {Role.TEACHER}
    assert units_of(leader, Part.LEADER) == ["5А"]
    assert units_of(leader, Part.TEACHER) == [school.units["staff"].name]


def test_what_a_return_refuses(school: School) -> None:
    assert refusal(school, What.RETURN, "student") == "already_here"
    assert refusal(school, What.RETURN, "parent") == "was_never_here"
    end_role(actor=None, person=school.people["student"], role=Role.STUDENT)
    archive_unit(actor=school.actor("administrator"), unit=school.units["5А"])
    assert refusal(school, What.RETURN, "student") == "choose_unit"


# --- Looking before ---------------------------------------------------------------------------------------------------
def test_the_preview_tells_whom_else_it_concerns_and_writes_nothing(school: School) -> None:
    before = rows_of(school)
    plan = Plan(str(What.LEAVE), (school.people["student"].pk,), day=today(school) + timedelta(days=5))
    notes = " ".join(notes_of(facts_of(school.organization, plan)))
    assert school.people["parent"].full_name in notes
    assert "5А" in notes
    assert rows_of(school) == before


def test_a_plan_is_kept_whole(school: School) -> None:
    plan = Plan(
        str(What.ENROL),
        (1, 2),
        unit_id=3,
        part=Part.LEADER,
        day=date(2026, 9, 1),
        order=ORDER,
        replaces_leader=True,
        newcomer=PersonData("Новикова", "Нина", birth_date=date(1990, 5, 1)),
    )
    assert plan_of(plan.as_parameters()) == plan


def test_undoing_is_refused_when_somebody_moved_on(school: School) -> None:
    first = go(school, What.TRANSFER, "student", unit_id=school.units["5Б"].pk)
    go(school, What.TRANSFER, "student", unit_id=school.units["5А"].pk)
    with pytest.raises(DomainError) as caught:
        undo(school, first)
    assert caught.value.code == "undo_prevented"


def test_as_many_queries_for_three_hundred_as_for_three(school: School, django_assert_max_num_queries: Any) -> None:
    crowd(school, 300)
    people = tuple(
        Person.objects.filter(organization=school.organization, last_name__startswith="Массов", user=None)
        .filter(enrolments__unit=school.units["5А"])
        .values_list("pk", flat=True)
    )
    assert len(people) == 300
    actor = school.actor("administrator")
    with django_assert_max_num_queries(45):
        move(actor=actor, plan=Plan(str(What.TRANSFER), people[:3], unit_id=school.units["5Б"].pk))
    with django_assert_max_num_queries(45):
        move(actor=actor, plan=Plan(str(What.TRANSFER), people[3:], unit_id=school.units["5Б"].pk))
    assert Enrolment.objects.filter(unit=school.units["5Б"], until=None, part=Part.STUDENT).count() == 301


def test_a_unit_that_is_gone_is_not_found(school: School) -> None:
    missing = Unit.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1
    assert refusal(school, What.TRANSFER, "student", unit_id=missing) == "choose_unit"
