"""The first page a stranger sees."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect


@pytest.mark.req("ACC-7")
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_sign_in_page_is_clean(
    new_page: Callable[..., Page], axe: Callable, shoot: Callable, width: int, dark: bool
) -> None:
    page = new_page(width, dark=dark)
    page.goto("/signin/")
    expect(page.locator("main input[type=tel]")).to_be_visible()
    axe(page)
    shoot(page, "signin-dark" if dark else "signin")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.req("ACC-1", "REG-4")
def test_an_administrator_signs_in_by_phone_and_code(
    new_page: Callable[..., Page],
    sign_in: Callable,
    data: Callable[..., Any],
    server: str,
    axe: Callable,
    shoot: Callable,
) -> None:
    school = data("organization", short_name="Школа № 12")
    page = new_page()
    sign_in(page, school["administrator"])
    expect(page).to_have_url(f"{server}/o/{school['slug']}/")
    axe(page)
    shoot(page, "home")


@pytest.mark.req("ACC-1")
def test_signing_in_needs_no_javascript(
    new_page: Callable[..., Page], sign_in: Callable, data: Callable[..., Any]
) -> None:
    school = data("organization")
    page = new_page(390, javascript=False)
    sign_in(page, school["administrator"])
    expect(page.get_by_text(school["short_name"]).first).to_be_visible()
