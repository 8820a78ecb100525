"""`/` and the home page: each role finds what concerns it."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client

from accounts.models import User
from orgs.actor import Actor
from orgs.home import Attention, attention_of, grouped
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


def block(actor: Actor) -> list[Attention]:
    """What an upper floor may tell: one thing of each group, and one that only has a level."""
    return [
        Attention("Новые записи", "в двух каналах", "/new/", 3, "speakerphone", group="new"),
        Attention("Ссылка истекает", "", "/queue/", 1),
        Attention("Собрание", "в 18:00", "/today/", icon="calendar-event", group="today"),
        Attention("Отменено: экскурсия", "", "/today/2/", icon="calendar-event", level="warn", group="today"),
        Attention("Приказ № 5", "до завтра", "/urgent/", icon="checklist", level="warn"),
    ]


def other_block(actor: Actor) -> list[Attention]:
    """What another floor tells."""
    return [Attention("12 сообщений", "", "/chats/", 12, "messages", group="new")]


def test_what_waits_stands_in_groups_the_urgent_first(world: World, settings: LazySettings) -> None:
    settings.HOME_BLOCKS = [f"{__name__}.block", f"{__name__}.other_block"]
    groups = grouped(attention_of(world.a.actor("parent"), None))
    assert [(group.title, [item.title for item in group.items]) for group in groups] == [
        ("Требует внимания", ["Приказ № 5"]),
        ("Сегодня", ["Отменено: экскурсия", "Собрание"]),
        ("Новое для вас", ["Новые записи", "12 сообщений"]),
        ("Ждёт вас", ["Ссылка истекает"]),
    ]
    page = Visitor(world.a, "parent").see("home")
    order = [page.index(words) for words in ("Приказ № 5", "Собрание", "Новые записи", "Ссылка", "Ёжиков Пётр")]
    assert order == sorted(order)
    assert "Всё прочитано" not in page


@pytest.mark.parametrize("who", ["head", "leader", "parent", "student"])
def test_when_nothing_waits_the_page_says_so_kindly(world: World, settings: LazySettings, who: str) -> None:
    settings.HOME_BLOCKS = []
    page = Visitor(world.a, who).see("home")
    assert "Всё прочитано" in page
    assert "Требует внимания" not in page


def test_an_open_offer_is_not_called_nothing(world: World, settings: LazySettings) -> None:
    settings.HOME_BLOCKS = []
    offer_handover(actor=world.a.actor("administrator"), person=world.a.people["leader"], stays=False)
    assert "Всё прочитано" not in Visitor(world.a, "leader").see("home")


@pytest.mark.parametrize(
    ("title", "badge"),
    [("Новые записи", 3), ("3 записи", 0), ("Нужно ознакомиться: 3", 0), ("Приказ № 13", 3), ("Вернули 3 текста", 0)],
)
def test_a_number_the_title_tells_is_not_repeated(title: str, badge: int) -> None:
    assert Attention(title, "", "/", 3).badge == badge
