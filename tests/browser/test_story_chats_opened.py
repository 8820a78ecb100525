"""Opening chats: people ticked while one types, and the same without a script; rules changed and put back."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chatting import let_in

Come = Callable[..., Page]


@pytest.mark.req("CHAT-2")
def test_people_are_ticked_while_one_types_and_nothing_is_lost(
    come: Come, school: dict[str, Any], axe: Callable, shoot: Callable
) -> None:
    page = come("teacher", width=390)
    page.goto(f"/o/{school['slug']}/chats/new/free/")
    page.get_by_label("Название").fill("Поездка в музей")
    search = page.get_by_role("searchbox")
    search.press_sequentially("зайц", delay=30)
    page.get_by_role("checkbox", name=re.compile("Зайцева Ольга")).check()
    search.fill("громов")
    # Whom one ticked before is among the chosen, and one can go on typing.
    expect(page.get_by_role("group", name=re.compile("Выбраны"))).to_contain_text("Зайцева Ольга Викторовна")
    expect(search).to_be_focused()
    page.get_by_role("checkbox", name=re.compile("Громов Пётр")).check()
    axe(page)
    shoot(page, "chats-new")
    page.get_by_role("button", name="Открыть чат").click()
    expect(page.locator(".chat-open")).to_be_visible()
    page.goto(f"{page.url}info/")
    for name in ("Зайцева Ольга Викторовна", "Громов Пётр Ильич", "Белова Анна Сергеевна"):
        expect(page.get_by_role("main")).to_contain_text(name)


@pytest.mark.req("CHAT-2", "CHAT-3", "CHAT-1")
def test_chats_are_opened_and_rules_changed_without_a_script(
    new_page: Callable[..., Page], school: dict[str, Any], data: Callable[..., Any], server: str
) -> None:
    teacher = let_in(new_page(390, javascript=False), data, school["teacher"], server)
    teacher.goto(f"/o/{school['slug']}/chats/new/free/")
    teacher.get_by_label("Название").fill("Экскурсия")
    teacher.get_by_role("searchbox").fill("ким роман")
    teacher.get_by_role("button", name="Найти").click()
    expect(teacher.get_by_label("Название")).to_have_value("Экскурсия")
    teacher.get_by_role("checkbox", name=re.compile("Ким Роман")).check()
    teacher.get_by_role("button", name="Открыть чат").click()
    teacher.wait_for_url(re.compile(r"/chats/\d+/$"))

    parent = let_in(new_page(390, javascript=False), data, school["parent"], server)
    parent.goto(f"/o/{school['slug']}/chats/write/")
    parent.get_by_role("button", name=re.compile("Белова Анна")).click()
    parent.wait_for_url(re.compile(r"/chats/\d+/$"))

    office = let_in(new_page(1280, javascript=False), data, school["administrator"], server)
    office.goto(f"/o/{school['slug']}/chats/rules/")
    box = office.get_by_role("checkbox", name="Родители каждого класса")
    box.uncheck()
    office.get_by_role("button", name="Сохранить").click()
    expect(office.get_by_text("Правила чатов сохранены.")).to_be_visible()
    expect(box).not_to_be_checked()
    office.get_by_role("button", name="Отменить").click()
    expect(box).to_be_checked()
