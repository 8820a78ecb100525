"""Story (c): links that open no more answer kindly, each in its own words, offer a code and let nobody in."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

HEADINGS = {
    "expired": "Срок этой ссылки вышел",
    "revoked": "Эту ссылку аннулировали",
    "used_up": "Все места по этой ссылке заняты",
    "renewed": "Эту ссылку заменили новой",
}


@pytest.fixture
def school(data: Callable[..., Any]) -> dict[str, Any]:
    made = data("organization")
    data("details", made["slug"], phone="+7 831 200-00-00", email="school@example.ru")
    return {**made, "unit": data("units", made["slug"], ["5А"])["5А"]}


@pytest.fixture
def dead_link(data: Callable[..., Any], school: dict[str, Any]) -> Callable[[str], dict[str, Any]]:
    """`dead_link("expired")`: a link that worked once."""

    def make(how: str) -> dict[str, Any]:
        link = data("link", school["slug"], school["unit"], max_uses=1)
        if how == "expired":
            data("expire_invitation", link["id"])
        elif how == "revoked":
            data("revoke_link", school["slug"], link["id"])
        elif how == "used_up":
            data("join", link["id"], "Титова Вера Павловна", child="Титов Герман")
        else:
            data("renew_link", school["slug"], link["id"])
        return link

    return make


@pytest.mark.req("INV-3", "INV-4", "INV-11")
@pytest.mark.parametrize("how", list(HEADINGS))
def test_a_link_that_opens_no_more_says_so_kindly(
    new_page: Callable[..., Page], dead_link: Callable[[str], dict[str, Any]], axe: Callable, shoot: Callable, how: str
) -> None:
    page, link = new_page(390), dead_link(how)
    answer = page.goto(link["url"])
    assert answer
    assert answer.status == 410
    main = page.get_by_role("main")
    expect(main.get_by_role("heading", level=1)).to_have_text(HEADINGS[how])
    expect(main.get_by_role("link", name="+7 831 200-00-00")).to_be_visible()
    expect(main.get_by_role("button", name="Продолжить")).to_have_count(0)
    main.get_by_text("У меня другой код").click()
    expect(main.get_by_label("Код с полоски")).to_be_visible()
    axe(page)
    shoot(page, f"c-{how}")
    # The code of the same link, typed by hand, is told the same.
    main.get_by_label("Код с полоски").fill(link["code"])
    main.get_by_role("button", name="Открыть по коду").click()
    expect(main.get_by_role("heading", level=1)).to_have_text(HEADINGS[how])


@pytest.mark.req("INV-11")
def test_a_mistyped_link_or_code_says_what_to_do(
    new_page: Callable[..., Page], data: Callable[..., Any], school: dict[str, Any], axe: Callable, shoot: Callable
) -> None:
    page, link = new_page(390), data("link", school["slug"], school["unit"])
    answer = page.goto(link["url"][:-4] + "/")
    assert answer
    assert answer.status == 404
    main = page.get_by_role("main")
    expect(main.get_by_role("heading", level=1)).to_have_text("Такой ссылки нет")
    expect(main).not_to_contain_text(school["short_name"])
    axe(page)
    shoot(page, "c-mistyped")
    main.get_by_label("Код с полоски").fill("0002-0000-0000")
    main.get_by_role("button", name="Открыть по коду").click()
    expect(main.get_by_role("heading", level=1)).to_have_text("Такого кода нет")
    expect(main.get_by_label("Код с полоски")).to_have_value("0002-0000-0000")
    main.get_by_label("Код с полоски").fill(link["code"])
    main.get_by_role("button", name="Открыть по коду").click()
    expect(main).to_contain_text("5А")


@pytest.mark.req("INV-3", "INV-11", "ACC-4")
def test_a_link_that_expires_while_one_signs_in_lets_nobody_in(
    new_page: Callable[..., Page],
    enter: Callable,
    data: Callable[..., Any],
    school: dict[str, Any],
    axe: Callable,
    server: str,
) -> None:
    page, link, phone = new_page(390), data("link", school["slug"], school["unit"]), data("next_phone")
    page.goto(link["url"])
    page.get_by_role("button", name="Продолжить").click()
    enter(page, phone)
    page.get_by_label("Фамилия", exact=True).fill("Чужакова")
    page.get_by_label("Имя", exact=True).fill("Инна")
    page.get_by_label("Фамилия и имя ребёнка").fill("Чужаков Пётр")
    data("expire_invitation", link["id"])
    page.get_by_role("button", name="Присоединиться").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(HEADINGS["expired"])
    axe(page)
    answer = page.goto(f"/o/{school['slug']}/")
    assert answer
    assert answer.status == 404
    page.goto("/")
    expect(page.get_by_role("main")).not_to_contain_text(school["short_name"])
