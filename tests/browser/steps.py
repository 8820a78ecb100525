"""What a person does in the browser, for the stories and for the README's pictures."""

import re
import shutil
from collections.abc import Callable

from playwright.sync_api import Page, expect

CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """The path of the browser, if there is one."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def read_code(page: Page, phone: str) -> str:
    """The newest code sent to `phone`, read on the developer's page."""
    page.goto("/dev/outbox/")
    letter = page.locator("main article").filter(has_text=phone).first
    expect(letter).to_be_visible()
    found = re.search(r"\b\d{6}\b", letter.inner_text().replace(phone, ""))
    assert found, letter.inner_text()
    return found[0]


def sign_in(page: Page, phone: str, code: Callable[[], str]) -> None:
    """Sign in by phone and code; ends on the page that follows."""
    page.goto("/signin/")
    give_phone(page, phone, code)


def give_phone(page: Page, phone: str, code: Callable[[], str]) -> None:
    """On the page that asks for the phone: type it, and the code that comes."""
    page.locator("main input[type=tel]").fill(phone)
    page.locator("main form:has(input[type=tel]) button[type=submit]").first.click()
    field = page.locator("main input[name=code]")
    expect(field).to_be_visible()
    field.fill(code())
    page.locator("main form:has(input[name=code]) button[type=submit]").first.click()
    expect(field).to_have_count(0)
