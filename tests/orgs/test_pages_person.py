"""One person: what is shown to whom, roles in place, family."""

import pytest

from orgs.models import Guardianship, Person, Role, RoleAssignment
from orgs.services.people import grant_role
from orgs.services.structure import Movement, end_enrolment
from tests.orgs.pages import Visitor, undo_address, words
from tests.world import World


@pytest.mark.req("ORG-5", "ORG-10", "ORG-12")
def test_the_administrator_sees_everything_of_a_person(world: World) -> None:
    page = Visitor(world.a, "administrator").see("person", pk=world.a.people["student"].pk)
    assert "Ученик" in page
    assert "5А" in page
    assert "Ёжикова Роза Павловна" in page
    assert "+7 900 100-00-05" in page
    assert "Зачисление: Ёжиков Пётр Ильич — 5А, ученик" in page


@pytest.mark.req("ORG-5", "ORG-12")
def test_the_past_is_shown_with_the_order(world: World) -> None:
    student = world.a.people["student"]
    end_enrolment(actor=world.a.actor("administrator"), enrolment=student.enrolments.get(), movement=Movement())
    page = Visitor(world.a, "administrator").see("person", pk=student.pk)
    assert "Прежние классы 5А" in page
    assert "Пока нигде." in page


@pytest.mark.req("ACC-4")
def test_contacts_are_for_staff_who_work_there(world: World) -> None:
    student = world.a.people["student"]
    assert "+7 900 100-00-05" in Visitor(world.a, "leader").see("person", pk=student.pk)
    for name in ("parent", "student"):
        assert "+7 900 100-00-03" not in Visitor(world.a, name).see("person", pk=world.a.people["leader"].pk)
    own = Visitor(world.a, "student").see("person", pk=student.pk)
    assert "+7 900 100-00-05" in own


@pytest.mark.req("ACC-4")
def test_a_student_does_not_see_whose_child_a_classmate_is(world: World) -> None:
    page = Visitor(world.a, "student").see("person", pk=world.a.people["classmate"].pk)
    assert "Зайцева Зоя" in page
    assert "Зайцев Захар" not in page
    assert "Журнал" not in page


@pytest.mark.req("ORG-7")
def test_data_are_corrected(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    pk = world.a.people["student"].pk
    data = {"last_name": "Ежов", "first_name": "Пётр", "birth_date": "2015-03-15", "phone": ""}
    page = visitor.post_then_look("person_edit", data, pk=pk)
    assert "Ежов Пётр" in page
    assert "15 марта 2015" in page
    assert "Изменены данные: Ежов Пётр (фамилия, отчество, телефон, дата рождения)" in page
    refused = visitor.post("person_edit", {"last_name": "", "first_name": "Ж" * 81}, pk=pk)
    assert refused.status_code == 422


@pytest.mark.req("ORG-4")
def test_roles_are_added_at_once_and_taken_after_telling_what_ends(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    leader = world.a.people["leader"]
    visitor.post_then_look("person_roles", {"roles": ["teacher", "head"]}, pk=leader.pk)
    asked = visitor.post("person_roles", {"roles": ["head"]}, pk=leader.pk)
    assert asked.status_code == 200
    assert "Роль «учитель» будет снята" in words(asked)
    assert "5А — классный руководитель" in words(asked)
    assert RoleAssignment.objects.filter(person=leader, role="teacher", until=None).exists()
    page = visitor.post_then_look("person_roles", {"roles": ["head"], "confirmed": "on"}, pk=leader.pk)
    assert "Роли сохранены" in page
    assert not RoleAssignment.objects.filter(person=leader, role="teacher", until=None).exists()


@pytest.mark.req("ORG-10")
def test_what_ends_with_a_parents_role_is_told(world: World) -> None:
    asked = Visitor(world.a, "administrator").post("person_roles", {}, pk=world.a.people["parent"].pk)
    assert "Ёжиков Пётр Ильич" in words(asked)
    assert "Ролей не останется" in words(asked)


@pytest.mark.req("REG-6")
def test_the_last_administrator_cannot_lose_the_role_here(world: World) -> None:
    me = world.a.people["administrator"].pk
    data = {"roles": ["teacher"], "confirmed": "on"}
    response = Visitor(world.a, "administrator").post("person_roles", data, pk=me)
    assert response.status_code == 422
    assert "Это единственный администратор" in words(response)


def test_who_has_not_joined_cannot_become_administrator(world: World) -> None:
    data = {"roles": ["teacher", "administrator"]}
    response = Visitor(world.a, "administrator").post("person_roles", data, pk=world.a.people["waiting_teacher"].pk)
    assert response.status_code == 422
    assert (
        Visitor(world.a, "administrator")
        .post("person_roles", {"roles": ["tsar"]}, pk=world.a.people["teacher"].pk)
        .status_code
        == 422
    )


@pytest.mark.req("ORG-10")
def test_a_second_parent_is_found_and_tied_and_untied_and_undone(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    student, father = world.a.people["student"], world.a.people["waiting_parent"]
    found = visitor.see("person_tie", {"side": "parent", "q": "зайц"}, pk=student.pk)
    assert "Зайцев Захар Львович" in found
    assert "Выбрать : Зайцева Зоя" not in found
    page = visitor.post_then_look("person_tie", {"side": "parent", "other": father.pk}, pk=student.pk)
    assert "Теперь одна семья: Ёжиков Пётр Ильич и Зайцев Захар Львович" in page
    tie = Guardianship.objects.filter(child=student, parent=father, until=None)
    assert tie.exists()
    address = visitor.url("person_untie", pk=student.pk)
    untied = visitor.client.post(address, {"side": "parent", "other": father.pk}, follow=True)
    assert not tie.exists()
    visitor.client.post(undo_address(untied.content.decode()))
    assert tie.exists()


@pytest.mark.req("ORG-10")
def test_a_child_is_tied_to_a_parent(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    parent, child = world.a.people["parent"], world.a.people["other_student"]
    assert "Белкин Борис" in visitor.see("person_tie", {"side": "child", "q": "Борис"}, pk=parent.pk)
    visitor.post("person_tie", {"side": "child", "other": child.pk}, pk=parent.pk)
    assert Guardianship.objects.filter(child=child, parent=parent, until=None).exists()


@pytest.mark.req("ORG-10")
def test_a_new_parent_is_written_down_with_the_child(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    child = world.a.people["classmate"]
    data = {"side": "parent", "last_name": "Зайцева", "first_name": "Лия", "phone": "+7 912 000-11-22"}
    page = visitor.post_then_look("person_tie", data, pk=child.pk)
    assert "Зайцева Лия" in page
    assert Person.objects.get(last_name="Зайцева", first_name="Лия").phone == "+79120001122"
    refused = visitor.post("person_tie", {**data, "first_name": ""}, pk=child.pk)
    assert refused.status_code == 422


def test_tying_nobody_or_a_stranger_says_so(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    student = world.a.people["student"]
    stranger = world.b.people["parent"].pk
    for other in ("", "x", "9" * 30, stranger):
        response = visitor.post("person_tie", {"side": "parent", "other": other}, pk=student.pk)
        assert response.status_code == 422
        assert "Сначала выберите человека" in words(response)
    assert visitor.post("person_tie", {"side": "parent", "other": student.pk}, pk=student.pk).status_code == 400
    assert visitor.post("person_untie", {"side": "parent", "other": stranger}, pk=student.pk).status_code == 404


def test_whoever_gives_up_the_last_own_role_is_led_out(world: World) -> None:
    grant_role(actor=None, person=world.a.people["leader"], role=Role.ADMINISTRATOR)
    response = Visitor(world.a, "leader").post("person_roles", {"confirmed": "on"}, pk=world.a.people["leader"].pk)
    assert response["Location"] == "/"
