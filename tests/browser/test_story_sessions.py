"""Story (g): a lost phone is signed out from another device."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect


@pytest.mark.req("ACC-1")
def test_signing_out_everywhere_else_ends_the_lost_phone_s_session(
    new_page: Callable[..., Page], sign_in: Callable, data: Callable[..., Any], axe: Callable, shoot: Callable
) -> None:
    school = data("organization")
    lost, computer = new_page(390), new_page()
    sign_in(lost, school["administrator"])
    sign_in(computer, school["administrator"])
    computer.get_by_label("Моё меню").click()
    computer.get_by_role("link", name="Мой аккаунт").click()
    computer.get_by_role("link", name="Где выполнен вход").click()
    expect(computer.get_by_text("это устройство")).to_have_count(1)
    axe(computer)
    shoot(computer, "g-sessions")
    computer.get_by_role("button", name="Выйти на всех других устройствах").click()
    expect(computer.get_by_text("Вход выполнен только здесь.")).to_be_visible()
    lost.goto(f"/o/{school['slug']}/people/")
    expect(lost.get_by_label("Мобильный телефон")).to_be_visible()
    computer.goto(f"/o/{school['slug']}/people/")
    expect(computer.get_by_role("heading", name="Люди")).to_be_visible()
