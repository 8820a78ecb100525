"""`/` and the home page: each role finds what concerns it."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from orgs.models import Organization, Role
from orgs.services.administration import offer_handover
from orgs.services.people import grant_role
from tests.orgs.pages import Visitor, words
from tests.world import World, make_user

Browse = Callable[[User | None], Client]


@pytest.mark.req("ACC-4")
def test_the_root_leads_a_stranger_to_sign_in(world: World, browse: Browse) -> None:
    response = browse(None).get("/")
    assert response.status_code == 302
    assert response["Location"].startswith("/signin/")


@pytest.mark.req("ORG-4")
def test_the_root_leads_to_the_one_organization_and_asks_between_several(world: World, browse: Browse) -> None:
    assert browse(world.a.user("teacher")).get("/")["Location"] == "/o/a/"
    several = words(browse(world.both).get("/"))
    assert "Школа № 1" in several
    assert "Школа № 2" in several
    assert "родитель" in several


def test_the_choice_can_be_asked_for_with_one_organization(world: World, browse: Browse) -> None:
    assert "Школа № 1" in words(browse(world.a.user("teacher")).get("/?choose"))


def test_who_is_nowhere_is_told_how_to_come_in(world: World, browse: Browse) -> None:
    page = browse(make_user("+79005000000")).get("/")
    assert "введите код" in words(page)
    assert "/join/" in page.content.decode()


@pytest.mark.req("REG-6")
def test_the_only_administrator_is_warned_and_with_two_no_more(world: World) -> None:
    administrator = Visitor(world.a, "administrator")
    assert "Администратор только один" in administrator.see("home")
    grant_role(actor=None, person=world.a.people["leader"], role=Role.ADMINISTRATOR)
    assert "Администратор только один" not in administrator.see("home")


@pytest.mark.req("ORG-3")
def test_the_administrator_sees_classes_without_a_leader(world: World) -> None:
    page = Visitor(world.a, "administrator").see("home")
    assert "Классы без руководителя" in page


def test_numbers_are_of_the_roster(world: World) -> None:
    page = Visitor(world.a, "head").see("home")
    assert "4 из 5 Сотрудники" in page
    assert "1 из 3 Ученики" in page
    assert "2 из 3 Родители" in page


def test_a_teacher_sees_the_own_class_with_the_way_to_invite(world: World) -> None:
    visitor = Visitor(world.a, "leader")
    page = visitor.see("home")
    assert "Мои классы" in page
    assert "на платформе 1 из 2" in page
    assert f"/o/a/invitations/new/?unit={world.a.units['5А'].pk}" in visitor.get("home").content.decode()
    assert "5Б" not in page
    assert "Требует внимания" not in page


@pytest.mark.req("ORG-10", "REG-5", "INV-8")
def test_a_parent_sees_the_child_the_leader_and_the_diary(world: World) -> None:
    Organization.objects.filter(pk=world.a.organization.pk).update(diary_url="https://diary.example.org/")
    visitor = Visitor(world.a, "parent")
    page = visitor.see("home")
    assert "Ёжиков Пётр Ильич" in page
    assert "Ведущая Вера Викторовна" in page
    assert "Электронный дневник" in page
    assert "Пригласить второго родителя" in page
    assert "Зайцева" not in page


def test_a_student_sees_the_own_class_and_invites_a_parent(world: World) -> None:
    page = Visitor(world.a, "student").see("home")
    assert "5А" in page
    assert "Пригласить родителя" in page


@pytest.mark.req("REG-6")
def test_an_offer_of_the_duty_is_answered_from_the_home_page(world: World) -> None:
    offer_handover(actor=world.a.actor("administrator"), person=world.a.people["leader"], stays=False)
    successor = Visitor(world.a, "leader")
    assert "Вам предлагают обязанности администратора" in successor.see("home")
    assert "Вам предлагают" not in Visitor(world.a, "teacher").see("home")
