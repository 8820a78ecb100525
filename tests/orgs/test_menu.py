"""The menu, by role: what stands in it, what is under «Ещё», what a phone shows."""

from __future__ import annotations

import html
import re

import pytest

from orgs.menu import MAIN
from orgs.models import Kind, Organization, Part, Role
from orgs.services.people import grant_role
from orgs.services.structure import end_enrolment, enrol
from tests.orgs.pages import Visitor, words
from tests.world import World

ENTRY = re.compile(r'<a href="([^"]+)"(?P<active> aria-current="page")?><svg.*?</svg><span>([^<]+)</span></a>', re.S)


class Menu:
    """A menu as it is drawn: titles in order, where they lead, which one is marked."""

    def __init__(self, page: str, css_class: str) -> None:
        found = re.search(rf'<nav class="{css_class}".*?</nav>', page, re.S)
        assert found, f"no {css_class}"
        main, _details, more = found[0].partition("<details")
        self.main = [html.unescape(title) for _url, _active, title in ENTRY.findall(main)]
        self.more = [html.unescape(title) for _url, _active, title in ENTRY.findall(more)]
        self.address = {html.unescape(title): html.unescape(url) for url, _active, title in ENTRY.findall(found[0])}
        self.active = [title for _url, active, title in ENTRY.findall(found[0]) if active]


def page_of(world: World, who: str, name: str = "home", **values: int) -> str:
    response = Visitor(world.a, who).get(name, **values)
    assert response.status_code == 200
    return response.content.decode()


def menu_of(world: World, who: str, name: str = "home", **values: int) -> Menu:
    return Menu(page_of(world, who, name, **values), "mainmenu")


def tabs_of(world: World, who: str) -> Menu:
    return Menu(page_of(world, who), "tabbar")


WANTED = {
    "administrator": (
        ["Главная", "Люди", "Структура", "Приглашения", "Чаты", "Каналы", "Статистика"],
        [
            "События",
            "Документы",
            "Ознакомление",
            "Импорт и экспорт",
            "Заявки на присоединение",
            "Движение",
            "Согласия",
            "Проверка данных",
            "Новый учебный год",
            "Журнал",
            "Права",
            "Организация",
            "Помощь",
        ],
    ),
    "head": (
        ["Главная", "Статистика", "Каналы", "Чаты", "События", "Документы"],
        [
            "Структура",
            "Люди",
            "Приглашения",
            "Ознакомление",
            "Заявки на присоединение",
            "Движение",
            "Согласия",
            "Журнал",
            "Помощь",
        ],
    ),
    "leader": (
        ["Главная", "Мои классы", "Чаты", "Каналы", "События"],
        ["Люди", "Приглашения", "Документы", "Ознакомление", "Заявки на присоединение", "Согласия", "Помощь"],
    ),
    "parent": (["Главная", "Дети", "Чаты", "Каналы", "События"], ["Ознакомление", "Помощь"]),
    "student": (["Главная", "Мой класс", "Чаты", "Каналы", "События"], ["Ознакомление", "Помощь"]),
}


@pytest.mark.req("ACC-4")
@pytest.mark.parametrize("who", WANTED)
def test_each_role_has_its_menu(world: World, who: str) -> None:
    menu = menu_of(world, who)
    assert (menu.main, menu.more) == WANTED[who]


@pytest.mark.req("ACC-4")
@pytest.mark.parametrize("who", WANTED)
def test_every_entry_leads_to_a_page(world: World, who: str) -> None:
    visitor = Visitor(world.a, who)
    statuses = {title: visitor.client.get(url).status_code for title, url in menu_of(world, who).address.items()}
    assert set(statuses.values()) == {200}, statuses


def test_no_menu_is_longer_than_seven_entries() -> None:
    assert set(MAIN) == set(Role)
    assert max(len(entries) for entries in MAIN.values()) <= 7


@pytest.mark.parametrize(
    ("who", "shown", "hidden"),
    [
        ("administrator", ["Главная", "Люди", "Структура", "Приглашения"], 16),
        ("head", ["Главная", "Статистика", "Каналы", "Чаты"], 11),
        ("leader", ["Главная", "Мои классы", "Чаты", "Каналы", "События"], 7),
        ("parent", ["Главная", "Дети", "Чаты", "Каналы", "События"], 2),
        ("student", ["Главная", "Мой класс", "Чаты", "Каналы", "События"], 2),
    ],
)
def test_a_phone_shows_at_most_five_and_the_rest_behind_them(
    world: World, who: str, shown: list[str], hidden: int
) -> None:
    tabs = tabs_of(world, who)
    assert tabs.main == shown
    assert len(tabs.more) == hidden


@pytest.mark.req("ORG-4")
def test_of_several_roles_the_stronger_decides_and_the_rest_is_under_more(world: World) -> None:
    grant_role(actor=None, person=world.a.people["leader"], role=Role.PARENT)
    menu = menu_of(world, "leader")
    assert menu.main == WANTED["leader"][0]
    assert menu.more == ["Дети", *WANTED["leader"][1]]
    grant_role(actor=None, person=world.a.people["leader"], role=Role.ADMINISTRATOR)
    menu = menu_of(world, "leader")
    assert menu.main == WANTED["administrator"][0]
    assert menu.more == ["Дети", *WANTED["administrator"][1]]


@pytest.mark.req("REG-7")
@pytest.mark.parametrize(
    ("kind", "mine", "own"),
    [
        (Kind.KINDERGARTEN, "Мои группы", "Моя группа"),
        (Kind.COLLEGE, "Мои группы", "Моя группа"),
        (Kind.SUPPLEMENTARY, "Мои кружки", "Мой кружок"),
    ],
)
def test_the_menu_speaks_the_organizations_words(world: World, kind: str, mine: str, own: str) -> None:
    Organization.objects.filter(pk=world.a.organization.pk).update(kind=kind)
    assert mine in menu_of(world, "leader").main
    assert own in menu_of(world, "student").main


def test_a_teacher_without_classes_learns_how_they_come(world: World) -> None:
    taught = world.a.people["teacher"].enrolments.get(unit=world.a.units["5Б"], until=None)
    end_enrolment(actor=world.a.actor("administrator"), enrolment=taught)
    visitor = Visitor(world.a, "teacher")
    page = words(visitor.client.get(menu_of(world, "teacher").address["Мои классы"]))
    assert "За вами пока ничего не закреплено" in page


def test_a_students_one_class_opens_at_once_and_several_as_a_list(world: World) -> None:
    first, second = world.a.units["5А"], world.a.units["5Б"]
    assert menu_of(world, "student").address["Мой класс"] == f"/o/a/units/{first.pk}/"
    enrol(actor=None, people=[world.a.people["student"]], unit=second, part=Part.STUDENT)
    assert menu_of(world, "student").address["Классы"] == "/o/a/units/"


def test_my_classes_are_those_i_work_in(world: World) -> None:
    visitor = Visitor(world.a, "leader")
    address = menu_of(world, "leader").address["Мои классы"]
    page = visitor.client.get(address).content.decode()
    body = page[page.find("<main") :]
    assert "5А" in body
    assert "5Б" not in body
    assert Menu(page, "mainmenu").active == ["Мои классы"]
    assert "5Б" in visitor.get("units").content.decode()


@pytest.mark.parametrize(
    ("name", "title"), [("home", "Главная"), ("people", "Люди"), ("units", "Структура"), ("rights", "Права")]
)
def test_the_page_one_is_on_is_marked(world: World, name: str, title: str) -> None:
    assert menu_of(world, "administrator", name).active == [title]


@pytest.mark.req("ORG-10")
def test_a_parent_finds_the_children_on_a_page_of_their_own(world: World) -> None:
    page = Visitor(world.a, "parent").see("children")
    assert "Ёжиков Пётр Ильич" in page
    assert "Ведущая Вера Викторовна" in page
    assert "Зайцева" not in page
    assert Visitor(world.a, "leader").get("children").status_code == 403
