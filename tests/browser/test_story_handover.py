"""Story (d): the administrator's duty goes over to a successor, who accepts it on the own screen."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

SUCCESSOR = "Котова Нина Львовна"
ADMINISTRATORS_ONLY = ["people/new/", "settings/", "settings/administrators/", "rights/", "journal/"]


@pytest.fixture
def school(data: Callable[..., Any]) -> dict[str, Any]:
    made = data("organization")
    unit = data("units", made["slug"], ["5А"])["5А"]
    successor = data("person", made["slug"], SUCCESSOR, ["teacher"])
    link = data("link", made["slug"], unit)
    return {**made, "successor": successor["phone"], "link": link, "inside": f"/o/{made['slug']}/"}


def offer(page: Page, *, stays: bool) -> None:
    page.get_by_role("link", name="Администратор только один").click()
    expect(page.get_by_role("heading", name="Администратор только один")).to_be_visible()
    section = page.get_by_role("region", name="Передать мои обязанности")
    section.get_by_label("Кому").select_option(label=SUCCESSOR)
    if stays:
        section.get_by_label("Я остаюсь дополнительным администратором").check()
    section.get_by_role("button", name="Предложить").click()
    expect(page.get_by_text("Пока предложение не принято, ничего не меняется.")).to_be_visible()
    expect(page.get_by_role("region", name="Предложения")).to_contain_text(SUCCESSOR)


def may_open(page: Page, inside: str) -> set[str]:
    opened = set()
    for path in ADMINISTRATORS_ONLY:
        answer = page.goto(inside + path)
        assert answer
        assert answer.status in {200, 403, 404}
        if answer.status == 200:
            opened.add(path)
    return opened


@pytest.mark.req("REG-6", "ACC-4", "INV-3")
@pytest.mark.parametrize("stays", [False, True], ids=["leaves", "stays"])
def test_the_duty_is_handed_over(
    new_page: Callable[..., Page],
    sign_in: Callable,
    school: dict[str, Any],
    axe: Callable,
    shoot: Callable,
    stays: bool,
) -> None:
    first, second, inside = new_page(), new_page(390), school["inside"]
    sign_in(first, school["administrator"])
    offer(first, stays=stays)
    axe(first)
    shoot(first, "d-offered")

    sign_in(second, school["successor"])
    assert may_open(second, inside) == set()
    second.goto(inside)
    expect(second.get_by_role("heading", name="Вам предлагают обязанности администратора")).to_be_visible()
    axe(second)
    shoot(second, "d-offer")
    second.get_by_role("link", name="Что это значит?").click()
    shoot(second, "d-answer")
    second.get_by_role("button", name="Принять").click()
    expect(second.get_by_text("Теперь вы администратор.")).to_be_visible()
    assert may_open(second, inside) == set(ADMINISTRATORS_ONLY)
    shoot(second, "d-journal")

    expected = set(ADMINISTRATORS_ONLY) if stays else set()
    assert may_open(first, inside) == expected
    guest = new_page(390)
    guest.goto(school["link"]["url"])
    expect(guest.get_by_role("button", name="Продолжить")).to_be_visible()
    second.goto(f"{inside}invitations/{school['link']['id']}/")
    expect(second.get_by_role("main")).to_contain_text(SUCCESSOR)


@pytest.mark.req("REG-6")
def test_the_last_administrator_is_not_offered_to_leave_and_a_declined_duty_stays(
    new_page: Callable[..., Page], sign_in: Callable, school: dict[str, Any]
) -> None:
    first, second, inside = new_page(), new_page(390), school["inside"]
    sign_in(first, school["administrator"])
    first.goto(f"{inside}settings/administrators/")
    expect(first.get_by_role("button", name="Отказаться от роли")).to_have_count(0)
    first.goto(inside)
    offer(first, stays=False)
    sign_in(second, school["successor"])
    second.goto(inside)
    second.get_by_role("button", name="Отказаться").click()
    assert may_open(second, inside) == set()
    assert may_open(first, inside) == set(ADMINISTRATORS_ONLY)
    first.goto(f"{inside}settings/administrators/")
    expect(first.get_by_role("region", name="Предложения")).to_have_count(0)


@pytest.mark.req("REG-6")
def test_a_second_administrator_is_appointed_and_the_warning_goes(
    new_page: Callable[..., Page], sign_in: Callable, school: dict[str, Any], axe: Callable
) -> None:
    first, second, inside = new_page(), new_page(390), school["inside"]
    sign_in(first, school["administrator"])
    first.get_by_role("link", name="Администратор только один").click()
    section = first.get_by_role("region", name="Назначить дополнительного")
    section.get_by_label("Кто").select_option(label=SUCCESSOR)
    section.get_by_role("button", name="Назначить").click()
    expect(first.get_by_text(f"Роль администратора назначена: {SUCCESSOR}")).to_be_visible()
    expect(first.get_by_text("Администратор только один")).to_have_count(0)
    axe(first)
    sign_in(second, school["successor"])
    assert may_open(second, inside) == set(ADMINISTRATORS_ONLY)
    # What was done in error is undone where it is told.
    first.get_by_role("button", name="Отменить").click()
    expect(first.get_by_text("Администратор только один").first).to_be_visible()
    assert may_open(second, inside) == set()
