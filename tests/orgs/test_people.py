"""The roster: roles in place, families, what follows from the end of a role."""

import pytest

from common.errors import DomainError
from orgs.models import Enrolment, Guardianship, Part, Person, Role, RoleAssignment
from orgs.services.people import (
    PersonData,
    absorb_roster_row,
    add_person,
    end_role,
    grant_role,
    link_account,
    set_roles,
    tie_parent,
    untie_parent,
    update_person,
)
from orgs.services.structure import enrol
from tests.world import World, make_user


def roles_of(person: Person) -> set[str]:
    return set(RoleAssignment.objects.filter(person=person, until=None).values_list("role", flat=True))


@pytest.mark.req("ORG-4")
def test_roles_change_in_place_and_the_past_stays(world: World) -> None:
    person = world.a.people["teacher"]
    set_roles(actor=world.a.actor("administrator"), person=person, roles=[Role.HEAD, Role.PARENT])
    assert roles_of(person) == {Role.HEAD, Role.PARENT}
    assert RoleAssignment.objects.filter(person=person, role=Role.TEACHER, until__isnull=False).count() == 1
    assert Person.objects.get(pk=person.pk).user_id == person.user_id


@pytest.mark.req("ORG-4", "ORG-5")
def test_the_end_of_the_teachers_role_ends_the_parts_but_keeps_the_history(world: World) -> None:
    leader = world.a.people["leader"]
    end_role(actor=world.a.actor("administrator"), person=leader, role=Role.TEACHER)
    assert not Enrolment.objects.filter(person=leader, until=None).exists()
    assert Enrolment.objects.filter(person=leader, unit=world.a.units["5А"], until__isnull=False).exists()


@pytest.mark.req("ORG-2")
def test_staff_enter_and_leave_the_staff_unit_with_their_last_staff_role(world: World) -> None:
    parent, staff_unit = world.a.people["parent"], world.a.units["staff"]
    in_staff_unit = Enrolment.objects.filter(person=parent, unit=staff_unit, until=None)
    grant_role(actor=None, person=parent, role=Role.TEACHER)
    grant_role(actor=None, person=parent, role=Role.HEAD)
    assert in_staff_unit.count() == 1
    end_role(actor=None, person=parent, role=Role.HEAD)
    assert in_staff_unit.count() == 1
    end_role(actor=None, person=parent, role=Role.TEACHER)
    assert in_staff_unit.count() == 0
    assert roles_of(parent) == {Role.PARENT}


@pytest.mark.req("ORG-4")
def test_granting_twice_changes_nothing(world: World) -> None:
    teacher = world.a.people["teacher"]
    grant_role(actor=None, person=teacher, role=Role.TEACHER)
    assert RoleAssignment.objects.filter(person=teacher, role=Role.TEACHER).count() == 1


@pytest.mark.req("ORG-10")
def test_two_parents_and_several_children(world: World) -> None:
    mother, father = world.a.people["parent"], world.a.people["waiting_parent"]
    student, sister = world.a.people["student"], world.a.people["other_student"]
    for parent in (mother, father):
        for child in (student, sister):
            tie_parent(actor=None, parent=parent, child=child)
    assert Guardianship.objects.filter(child=student, until=None).count() == 2
    assert Guardianship.objects.filter(parent=mother, until=None).count() == 2
    untie_parent(actor=world.a.actor("administrator"), parent=mother, child=sister)
    assert Guardianship.objects.filter(parent=mother, until=None).count() == 1


@pytest.mark.req("ORG-10")
def test_nobody_is_their_own_parent_nor_of_another_school(world: World) -> None:
    parent = world.a.people["parent"]
    for child in (parent, world.b.people["student"]):
        with pytest.raises(DomainError) as refusal:
            tie_parent(actor=None, parent=parent, child=child)
        assert refusal.value.code == "wrong_family"


@pytest.mark.req("ORG-7", "ORG-12")
def test_a_correction_changes_the_search_key_and_is_in_the_journal(world: World) -> None:
    person = world.a.people["classmate"]
    update_person(actor=world.a.actor("administrator"), person=person, data=PersonData("Зайцева-Пёс", " Зоя  Анна "))
    person.refresh_from_db()
    assert person.full_name == "Зайцева-Пёс Зоя Анна"
    assert person.search_name == "зайцева-пес зоя анна"


@pytest.mark.parametrize("name", ["", "   ", "​‮"])
def test_a_person_without_a_name_is_refused_at_the_field(world: World, name: str) -> None:
    with pytest.raises(DomainError) as refusal:
        add_person(organization=world.a.organization, actor=None, data=PersonData(name, "Имя"), roles=[])
    assert set(refusal.value.fields) == {"last_name"}


@pytest.mark.req("REG-6")
def test_only_somebody_who_joined_becomes_an_administrator(world: World) -> None:
    with pytest.raises(DomainError) as refusal:
        set_roles(
            actor=world.a.actor("administrator"),
            person=world.a.people["waiting_teacher"],
            roles=[Role.TEACHER, Role.ADMINISTRATOR],
        )
    assert refusal.value.code == "appoint_after_joining"


def test_a_roster_row_is_claimed_once(world: World) -> None:
    row = world.a.people["waiting_teacher"]
    first, second = make_user("+79008000001"), make_user("+79008000002")
    assert link_account(person=row, user_id=first.pk)
    assert not link_account(person=row, user_id=second.pk)
    assert Person.objects.get(pk=row.pk).user_id == first.pk


def test_an_account_that_is_somebody_here_claims_nobody_else(world: World) -> None:
    assert not link_account(person=world.a.people["waiting_teacher"], user_id=world.a.user("parent").pk)


@pytest.mark.req("ORG-4", "ORG-5")
def test_a_second_roster_row_of_the_same_human_is_absorbed(world: World) -> None:
    parent, row = world.a.people["parent"], world.a.people["waiting_parent"]
    enrol(actor=None, people=[row], unit=world.a.units["5Б"], part=Part.TEACHER)
    absorb_roster_row(actor=None, row=row, into=parent)
    assert roles_of(parent) == {Role.PARENT, Role.TEACHER}
    assert roles_of(row) == set()
    assert Guardianship.objects.filter(parent=parent, until=None).count() == 2
    assert not Enrolment.objects.filter(person=row, until=None).exists()
    assert Enrolment.objects.filter(person=parent, unit=world.a.units["5Б"], until=None).exists()
    with pytest.raises(DomainError):
        absorb_roster_row(actor=None, row=row, into=parent)
