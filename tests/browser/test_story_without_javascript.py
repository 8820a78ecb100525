"""Story (h): the main things work where scripts do not run: an old phone, a strict network."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect


@pytest.mark.req("INV-1", "INV-5")
def test_a_class_a_link_and_a_parent_without_a_script(
    new_page: Callable[..., Page],
    sign_in: Callable,
    enter: Callable,
    data: Callable[..., Any],
) -> None:
    school = data("organization")
    page = new_page(javascript=False)
    sign_in(page, school["administrator"])
    page.get_by_role("link", name="Новый класс").first.click()
    page.get_by_label("Названия").fill("3В")
    page.get_by_role("button", name="Создать").click()
    page.get_by_role("main").get_by_role("link", name="Пригласить").first.click()
    page.get_by_role("radio", name="Родители").check()
    expect(page.get_by_role("checkbox", name="3В")).to_be_checked()
    page.get_by_role("button", name="Создать ссылки").click()
    link = page.get_by_role("textbox", name="Адрес").input_value()

    guest, phone = new_page(390, javascript=False), data("next_phone")
    guest.goto(link)
    guest.get_by_role("button", name="Продолжить").click()
    enter(guest, phone)
    guest.get_by_label("Фамилия", exact=True).fill("Ильина")
    guest.get_by_label("Имя", exact=True).fill("Вера")
    guest.get_by_role("button", name="Присоединиться").click()
    # Nothing typed is lost when something is missing.
    expect(guest.get_by_text("Напишите, пожалуйста, фамилию и имя ребёнка.").first).to_be_visible()
    expect(guest.get_by_label("Фамилия", exact=True)).to_have_value("Ильина")
    guest.get_by_label("Фамилия и имя ребёнка").fill("Ильин Лев")
    guest.get_by_role("button", name="Присоединиться").click()
    guest.get_by_role("checkbox", name="Имя верно").check()
    guest.get_by_role("button", name="Присоединиться").click()
    expect(guest.get_by_role("heading", name="Добро пожаловать!")).to_be_visible()
    expect(guest.get_by_role("link", name="Открыть")).to_be_visible()

    page.get_by_role("link", name="Приглашения").first.click()
    row = page.get_by_role("row").filter(has_text="3В")
    expect(row).to_contain_text("1 из 40")
    row.get_by_text("Кто", exact=True).click()
    expect(row.get_by_text("Ильина Вера")).to_be_visible()
