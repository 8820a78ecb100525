"""Passkeys, with the authenticator that Chromium brings for tests."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import hotp_value
from playwright.sync_api import CDPSession, Page, expect

pytestmark = pytest.mark.req("ACC-1")
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_authenticator(page: Page) -> tuple[CDPSession, str]:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]


def add_passkey(page: Page) -> None:
    page.goto("/account/security/passkeys/add/")
    page.locator("#mfa_webauthn_add").click()
    expect(page.get_by_text("Ключ доступа добавлен.")).to_be_visible()


def up_to_second_step(page: Page, phone: str, read_code: Callable[[str], str]) -> None:
    page.locator("main input[type=tel]").fill(phone)
    page.get_by_role("button", name="Получить код").click()
    page.locator("input[name=code]").fill(read_code(phone))
    page.get_by_role("button", name="Войти", exact=True).click()
    expect(page.get_by_role("heading", name="Второй шаг")).to_be_visible()


def sign_out(page: Page) -> None:
    page.goto("/account/")
    page.locator("main form[action='/signout/'] button").click()
    expect(page.locator("main input[type=tel]")).to_be_visible()


def test_a_passkey_is_added_opens_the_door_and_is_removed(
    new_page: Callable[..., Page], sign_in: Callable, data: Callable[..., Any], axe: Callable
) -> None:
    page = new_page(390)
    with_authenticator(page)
    sign_in(page, data("organization")["administrator"])
    add_passkey(page)
    axe(page)
    sign_out(page)
    page.goto("/signin/?next=/account/security/")
    page.locator("#passkey_login").click()
    expect(page).to_have_url(re.compile(r"//[^/]+/account/security/$"))
    page.get_by_role("link", name="Убрать").click()
    page.locator("#mfa_webauthn_reauthenticate").click()
    page.get_by_role("button", name="Убрать").click()
    expect(page.get_by_text("Ключ доступа убран.")).to_be_visible()


def test_a_ceremony_that_was_broken_off_says_so(
    new_page: Callable[..., Page], sign_in: Callable, data: Callable[..., Any]
) -> None:
    page = new_page(390)
    session, authenticator = with_authenticator(page)
    sign_in(page, data("organization")["administrator"])
    session.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    page.goto("/account/security/passkeys/add/")
    page.locator("#mfa_webauthn_add").click()
    expect(page.locator("[data-passkey-error]")).to_be_visible()


def test_a_passkey_serves_as_the_second_step(
    new_page: Callable[..., Page],
    sign_in: Callable,
    read_code: Callable[[str], str],
    data: Callable[..., Any],
    axe: Callable,
) -> None:
    page, phone = new_page(390), data("organization")["administrator"]
    with_authenticator(page)
    sign_in(page, phone)
    add_passkey(page)
    page.goto("/account/security/app/")
    if "/account/confirm/" in page.url:
        page.locator("#mfa_webauthn_reauthenticate").click()
    page.locator("summary", has_text="сканировать").click()
    secret = page.locator("details code").inner_text()
    page.locator("input[name=code]").fill(f"{hotp_value(secret, int(time.time()) // 30):06d}")
    page.get_by_role("button", name="Включить").click()
    expect(page.get_by_role("heading", name="Запасные коды")).to_be_visible()
    axe(page)
    sign_out(page)
    up_to_second_step(page, phone, read_code)
    page.locator("#mfa_webauthn_authenticate").click()
    expect(page).not_to_have_url(re.compile("signin"))
