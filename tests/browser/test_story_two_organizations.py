"""Story (e): the same person in two organizations, with different roles, and nothing of one seen in the other."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect


@pytest.mark.req("ORG-4", "ACC-1", "ACC-4", "REG-3", "REG-7")
@pytest.mark.parametrize("width", [390, 1280])
def test_one_person_two_organizations(
    new_page: Callable[..., Page],
    sign_in: Callable,
    data: Callable[..., Any],
    axe: Callable,
    shoot: Callable,
    width: int,
) -> None:
    school, nursery = data("organization"), data("organization", kind="kindergarten")
    name, phone = "Зайцева Алла Игоревна", data("next_phone")
    data("person", school["slug"], name, ["administrator"], phone=phone)
    parent = data("person", nursery["slug"], name, ["parent"], phone=phone)
    child = data("person", nursery["slug"], "Зайцев Миша Олегович", ["student"], joined=False)
    data("family", parent["id"], child["id"])
    unit = data("units", school["slug"], ["5А"])["5А"]

    page = new_page(width)
    sign_in(page, phone)
    expect(page.get_by_role("heading", name="Куда войти?")).to_be_visible()
    first = page.get_by_role("link").filter(has_text=school["short_name"])
    second = page.get_by_role("link").filter(has_text=nursery["short_name"])
    expect(first).to_contain_text("администратор")
    expect(second).to_contain_text("родитель")
    axe(page)
    shoot(page, "e-choice")

    first.click()
    expect(page.get_by_role("link", name="Новый класс").first).to_be_visible()
    expect(page.get_by_text("Зайцев Миша")).to_have_count(0)
    assert page.locator(f"a[href*='/o/{school['slug']}/people/']").count() > 0

    page.get_by_label("Моё меню").click()
    page.get_by_role("link", name="Сменить организацию").click()
    page.get_by_role("link").filter(has_text=nursery["short_name"]).click()
    expect(page.get_by_role("link", name="Зайцев Миша Олегович", exact=True)).to_be_visible()
    shoot(page, "e-second")
    # A parent's menu has no people, no invitations, and no address of the other organization stands on the page.
    for entry in ("Люди", "Приглашения", "Журнал", "Права"):
        expect(page.get_by_role("link", name=entry, exact=True)).to_have_count(0)
    assert page.locator(f"a[href*='/{school['slug']}/']").count() == 0

    for path in (f"units/{unit}/", f"people/{child['id']}/edit/", "people/"):
        answer = page.goto(f"/o/{nursery['slug']}/{path}")
        assert answer
        assert answer.status in {403, 404}
    answer = page.goto(f"/o/{school['slug']}/people/{child['id']}/")
    assert answer
    assert answer.status == 404
    expect(page.get_by_role("heading", name="Такой страницы нет")).to_be_visible()
    expect(page.get_by_text("Зайцев Миша")).to_have_count(0)
    axe(page)


@pytest.mark.req("ACC-4", "REG-3")
def test_an_address_of_another_organization_is_not_there(
    new_page: Callable[..., Page], sign_in: Callable, data: Callable[..., Any], axe: Callable, shoot: Callable
) -> None:
    own, other = data("organization"), data("organization")
    unit = data("units", other["slug"], ["7Б"])["7Б"]
    page = new_page(390)
    sign_in(page, own["administrator"])
    for path in (f"/o/{other['slug']}/", f"/o/{other['slug']}/units/{unit}/", f"/o/{own['slug']}/units/{unit}/"):
        answer = page.goto(path)
        assert answer
        assert answer.status == 404
        expect(page.get_by_text("7Б")).to_have_count(0)
        expect(page.get_by_text(other["short_name"], exact=True)).to_have_count(0)
    axe(page)
    shoot(page, "e-not-there")
