"""Stories of the year: it passes with a second year and graduates and is undone; doubles become one (ORG-7, ORG-9)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import chatting


@pytest.fixture
def visit(new_page: Callable[..., Page], data: Callable[..., Any], server: str) -> Callable[..., Page]:
    """`visit(phone, width=390)`: a browser in which that person is signed in."""
    return lambda phone, width=1280, **how: chatting.let_in(new_page(width, **how), data, phone, server)


@pytest.fixture
def school(data: Callable[..., Any]) -> dict[str, Any]:
    return dict(data("school_before_summer"))


@pytest.mark.req("ORG-9")
def test_a_year_passes_and_comes_back(
    visit: Callable[..., Page], school: dict[str, Any], data: Callable[..., Any], axe: Callable, shoot: Callable
) -> None:
    slug = school["slug"]
    page, phone = visit(school["administrator"]), visit(school["administrator"], 390)
    page.goto(f"/o/{slug}/year/")
    axe(page)
    shoot(page, "year")
    page.get_by_label("Номер приказа").fill("77")
    page.get_by_role("button", name="Сохранить и дальше").click()
    expect(page.get_by_label("Новое название: 5А")).to_have_value("6А")
    page.get_by_label("Названия").fill("1А, 1Б")
    shoot(page, "year-units")
    axe(page)
    page.get_by_role("button", name="Сохранить и дальше").click()
    page.goto(f"/o/{slug}/year/people/?unit={school['units']['6А']}")
    page.get_by_label("Что станет: Грачёв Олег Ильич").select_option(label="6А")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("второй год в 6А")).to_be_visible()
    axe(page)
    shoot(page, "year-people")
    for step in ("units", "people", "check"):
        phone.goto(f"/o/{slug}/year/{step}/")
        shoot(phone, f"year-{step}")
        axe(phone)
    page.get_by_role("link", name="К проверке").click()
    expect(page.get_by_role("region", name="Больше не будет")).to_contain_text("1 выпускник")
    shoot(page, "year-check")
    axe(page)
    page.get_by_role("button", name="Перевести").click()
    page.wait_for_url(re.compile(r"/works/\d+/"))
    # The worker of the platform does it; the page says when.
    expect(page.get_by_role("heading", name="Готово")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Остались на второй год")).to_be_visible()
    shoot(page, "year-done")
    assert data("classes_of", slug, "Грачёв") == ["6А"]
    assert data("classes_of", slug, "Дроздова") == []
    page.get_by_role("link", name="Отменить всё").click()
    page.get_by_role("button", name="Отменить всё").click()
    expect(page.get_by_role("heading", name="Отменено")).to_be_visible()
    assert data("classes_of", slug, "Дроздова") == ["11А"]


@pytest.mark.req("ORG-7")
def test_doubles_become_one_and_two_again(
    visit: Callable[..., Page], school: dict[str, Any], data: Callable[..., Any], axe: Callable, shoot: Callable
) -> None:
    slug = school["slug"]
    page, phone = visit(school["administrator"]), visit(school["administrator"], 390)
    page.goto(f"/o/{slug}/hygiene/")
    axe(page)
    shoot(page, "hygiene")
    phone.goto(f"/o/{slug}/hygiene/")
    axe(phone)
    shoot(phone, "hygiene")
    page.get_by_role("link", name="Сравнить и объединить").click()
    axe(page)
    shoot(page, "merge")
    phone.goto(page.url)
    shoot(phone, "merge")
    axe(phone)
    page.get_by_role("button", name="Объединить").click()
    expect(page.get_by_text("теперь один человек")).to_be_visible()
    page.get_by_role("button", name="Отменить").click()
    page.goto(f"/o/{slug}/hygiene/?show=duplicates")
    expect(page.get_by_role("link", name="Сравнить и объединить")).to_be_visible()
