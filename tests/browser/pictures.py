"""Makes the README's pictures from the demonstration data: make pictures."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import steps
from tests.browser.running import ROOT, Platform

FOLDER = ROOT / "docs" / "images"
ADMINISTRATOR = "+79730000001"


def page_of(browser: Browser, platform: Platform, width: int, height: int) -> Page:
    context = browser.new_context(
        base_url=platform.url, viewport={"width": width, "height": height}, locale="ru-RU", reduced_motion="reduce"
    )
    return context.new_page()


def take(page: Page, name: str) -> None:
    page.evaluate("document.fonts.ready.then(() => null)")
    page.screenshot(path=FOLDER / name)


def pictures(browser: Browser, platform: Platform) -> None:
    """The structure on a computer; on a phone, the page that an invite link opens."""
    computer, phone = page_of(browser, platform, 1280, 800), page_of(browser, platform, 390, 800)
    steps.sign_in(computer, ADMINISTRATOR, lambda: steps.read_code(phone, ADMINISTRATOR))
    home = computer.url
    computer.goto(f"{home}units/")
    take(computer, "units-1280.png")
    phone.goto(platform.data("open_link"))
    take(phone, "join-390.png")


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
