"""The shell of every page: menus, colours, the phone's tab bar."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect


def colours(page: Page) -> str | None:
    return page.locator("html").get_attribute("data-bs-theme")


def test_the_shell_on_a_phone(
    new_page: Callable[..., Page], sign_in: Callable, data: Callable[..., Any], axe: Callable, shoot: Callable
) -> None:
    school = data("organization")
    page = new_page(390)
    sign_in(page, school["administrator"])
    page.goto(f"/o/{school['slug']}/")
    bar = page.locator(".tabbar")
    expect(bar).to_be_visible()
    expect(page.locator(".mainmenu")).to_be_hidden()
    assert bar.locator("> ul > li").count() <= 5
    for entry in bar.locator("> ul > li").all():
        box = entry.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    more = bar.locator("summary")
    more.click()
    expect(bar.locator(".dropmenu-panel")).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")
    expect(bar.locator(".dropmenu-panel")).to_be_hidden()
    expect(more).to_be_focused()
    shoot(page, "shell")


def test_colours_follow_the_device_until_one_chooses(
    new_page: Callable[..., Page], sign_in: Callable, data: Callable[..., Any], axe: Callable
) -> None:
    school = data("organization")
    page = new_page(dark=True)
    sign_in(page, school["administrator"])
    assert colours(page) == "dark"
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    page.locator(".personmenu summary").click()
    page.locator("[data-theme-choice=dark]").click()
    expect(page.locator("[data-theme-choice=dark]")).to_have_attribute("aria-pressed", "true")
    axe(page)
    page.reload()
    assert colours(page) == "dark"


def test_the_first_tab_leads_to_the_content(
    new_page: Callable[..., Page], sign_in: Callable, data: Callable[..., Any]
) -> None:
    school = data("organization")
    page = new_page()
    sign_in(page, school["administrator"])
    page.goto(f"/o/{school['slug']}/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_one_can_leave_without_javascript(
    new_page: Callable[..., Page], sign_in: Callable, data: Callable[..., Any]
) -> None:
    school = data("organization")
    page = new_page(390, javascript=False)
    sign_in(page, school["administrator"])
    page.locator(".personmenu summary").click()
    page.locator(".personmenu form button").click()
    page.goto(f"/o/{school['slug']}/")
    expect(page.locator("main input[type=tel]")).to_be_visible()
