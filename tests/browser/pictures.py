"""Makes the pictures of the README and of the administrator's guide from the demonstration data: make pictures."""

import re
import tempfile
from base64 import b64decode
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import steps
from tests.browser.running import ROOT, Platform

FOLDER = ROOT / "docs" / "images"
ADMINISTRATOR = "+79730000001"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Name of a picture of the guide → the page it shows.
GUIDE = {"requests": "requests/", "notices": "movement/notices/", "hygiene": "hygiene/", "consents": "consents/"}


def page_of(browser: Browser, platform: Platform, width: int, height: int) -> Page:
    context = browser.new_context(
        base_url=platform.url, viewport={"width": width, "height": height}, locale="ru-RU", reduced_motion="reduce"
    )
    return context.new_page()


def take(page: Page, name: str) -> None:
    page.evaluate("document.fonts.ready.then(() => null)")
    page.screenshot(path=FOLDER / name)


def pictures(browser: Browser, platform: Platform) -> None:
    """The structure on a computer; on a phone, the page that an invite link opens; the administrator's year."""
    computer, phone = page_of(browser, platform, 1280, 800), page_of(browser, platform, 390, 800)
    steps.sign_in(computer, ADMINISTRATOR, lambda: steps.read_code(phone, ADMINISTRATOR))
    home = computer.url
    computer.goto(f"{home}units/")
    take(computer, "units-1280.png")
    phone.goto(platform.data("open_link"))
    take(phone, "join-390.png")
    of_the_year(computer, home)
    of_a_file(computer, home, b64decode(platform.data("messy_file")))


def of_the_year(page: Page, home: str) -> None:
    """Requests, notices of movement, the check of the data, the preview of the next school year."""
    page.set_viewport_size({"width": 1000, "height": 640})
    for name, address in GUIDE.items():
        page.goto(f"{home}{address}")
        take(page, f"guide-{name}.png")
    page.goto(f"{home}year/")
    page.get_by_role("button", name="Сохранить и дальше").click()
    page.get_by_role("button", name="Сохранить и дальше").click()
    page.get_by_role("link", name="К проверке").click()
    take(page, "guide-year.png")


def of_a_file(page: Page, home: str, content: bytes) -> None:
    """A file on its way into the roster: what its columns mean, and the dry run."""
    page.goto(f"{home}roster/")
    page.locator("input[type=file]").set_input_files({"name": "Список.xlsx", "mimeType": XLSX, "buffer": content})
    page.get_by_role("heading", name="Что значат столбцы").wait_for()
    take(page, "guide-roster-columns.png")
    page.get_by_label(re.compile("Прим")).select_option("")
    page.get_by_role("button", name="Проверить").click()
    page.get_by_role("heading", name="Строка за строкой").wait_for(timeout=60_000)
    take(page, "guide-roster-check.png")


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        platform = Platform(Path(folder))
        platform.start(empty=False)
        try:
            browser = playwright.chromium.launch(executable_path=steps.chromium(), args=steps.CHROMIUM_OPTIONS)
            pictures(browser, platform)
            browser.close()
        finally:
            platform.stop()


if __name__ == "__main__":
    main()
