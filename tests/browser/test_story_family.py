"""Story (f): one phone in the family. The child invites, hands the phone over, the parent joins on it (INV-8)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

ANNA, BORIS = "Рябова Анна Олеговна", "Рябов Борис Олегович"


@pytest.fixture
def school(data: Callable[..., Any]) -> dict[str, Any]:
    made = data("organization")
    units = data("units", made["slug"], ["2А", "7Б"])
    anna = data("person", made["slug"], ANNA, ["student"])
    boris = data("person", made["slug"], BORIS, ["student"])
    data("enrolment", units["7Б"], anna["id"])
    data("enrolment", units["2А"], boris["id"])
    return {**made, "anna": anna["phone"], "boris": boris["phone"]}


def make_family_link(page: Page) -> None:
    page.get_by_role("link", name="Пригласить родителя").click()
    page.get_by_role("button", name="Создать ссылку").click()
    expect(page.get_by_role("img", name="QR-код ссылки")).to_be_visible()


def hand_over(page: Page, parent: str, enter: Callable) -> None:
    page.get_by_role("link", name="Открыть здесь").click()
    expect(page.get_by_role("heading", name="Эта ссылка — для твоих родителей")).to_be_visible()
    page.get_by_role("button", name="Я родитель: войти под своим номером").click()
    enter(page, parent)


@pytest.mark.req("INV-8", "ORG-10", "ORG-4")
def test_a_parent_of_two_joins_on_the_children_s_phone(
    new_page: Callable[..., Page],
    sign_in: Callable,
    enter: Callable,
    data: Callable[..., Any],
    school: dict[str, Any],
    axe: Callable,
    shoot: Callable,
) -> None:
    page, parent = new_page(390), data("next_phone")
    sign_in(page, school["anna"])
    make_family_link(page)
    axe(page)
    shoot(page, "f-link")
    page.get_by_role("link", name="Открыть здесь").click()
    axe(page)
    shoot(page, "f-hand-over")
    page.get_by_role("link", name="Назад").click()
    expect(page.get_by_role("heading", name="Здравствуйте")).to_be_visible()
    page.get_by_role("link", name="Пригласить родителя").click()
    hand_over(page, parent, enter)
    page.get_by_label("Фамилия", exact=True).fill("Рябова")
    page.get_by_label("Имя", exact=True).fill("Елена")
    page.get_by_label("Отчество").fill("Викторовна")
    shoot(page, "f-confirm")
    page.get_by_role("button", name="Присоединиться").click()
    expect(page.get_by_role("heading", name="Добро пожаловать!")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(ANNA)

    # The child is back with the own number, and sees who has joined.
    page.goto("/account/")
    page.get_by_role("main").get_by_role("button", name="Выйти").click()
    sign_in(page, school["anna"])
    page.get_by_role("link", name="Пригласить родителя").click()
    expect(page.get_by_role("main")).to_contain_text("Рябова Елена Викторовна")

    # The brother's phone: the mother is known already, so nothing is asked and nobody is doubled.
    second = new_page(390)
    sign_in(second, school["boris"])
    make_family_link(second)
    hand_over(second, parent, enter)
    expect(second.get_by_label("Фамилия", exact=True)).to_have_count(0)
    second.get_by_role("button", name="Присоединиться").click()
    expect(second.get_by_role("heading", name="Добро пожаловать!")).to_be_visible()
    for child in (ANNA, BORIS):
        expect(second.get_by_role("main")).to_contain_text(child)
    shoot(second, "f-two-children")
    second.get_by_role("link", name="Открыть").click()
    for child in (ANNA, BORIS):
        expect(second.get_by_role("link", name=child, exact=True)).to_be_visible()
    axe(second)
    shoot(second, "f-home")


@pytest.mark.req("INV-8", "INV-1")
def test_a_known_parent_is_recognised_by_the_number(
    new_page: Callable[..., Page], enter: Callable, sign_in: Callable, data: Callable[..., Any], school: dict[str, Any]
) -> None:
    father = data("person", school["slug"], "Рябов Олег Иванович", ["parent"], joined=False)
    child, parent = new_page(390), new_page(390)
    sign_in(child, school["anna"])
    make_family_link(child)
    parent.goto(child.get_by_role("textbox", name="Адрес").input_value())
    # A stranger who found the link learns no surname.
    expect(parent.get_by_role("main")).not_to_contain_text("Рябова")
    parent.get_by_role("button", name="Продолжить").click()
    enter(parent, father["phone"])
    expect(parent.get_by_role("heading", level=1)).to_have_text("Вы — Рябов Олег Иванович?")
    parent.get_by_role("button", name=re.compile("Да, это я")).click()
    expect(parent.get_by_role("heading", name="Добро пожаловать!")).to_be_visible()
    expect(parent.get_by_role("main")).to_contain_text(ANNA)
