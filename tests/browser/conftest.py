"""The browser suite drives the real platform in Chromium, as a person with a phone or a computer would.

data("organization")            what the story finds (tests/browser/data.py)
page = new_page(width=390)      a browser of its own: console errors and foreign requests fail the test
sign_in(page, phone)            by the code read on the developer's page
axe(page); shoot(page, "name")  accessibility; a picture in test-results/
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright

from tests.browser import chatting, steps
from tests.browser.running import ROOT, Platform

RESULTS = ROOT / "test-results"


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    platform = Platform(tmp_path_factory.mktemp("platform"))
    platform.start()
    yield platform
    platform.stop()


@pytest.fixture(scope="session")
def server(platform: Platform) -> str:
    """The address of the running platform, without a slash at the end."""
    return platform.url


@pytest.fixture(scope="session")
def data(platform: Platform) -> Callable[..., Any]:
    return platform.data


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = steps.chromium()
    if path is None:
        pytest.fail("Chromium is needed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=steps.CHROMIUM_OPTIONS)
        yield browser
        browser.close()


class Watch:
    """Gathers what must never happen on a page: errors in the console, failures, requests to foreign hosts."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.problems: list[str] = []
        self.refused: set[str] = set()
        self.offline: set[Page] = set()

    def attach(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.server}/", "data:", "blob:", "about:")):
            self.problems.append(f"request to a foreign host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.problems.append(f"{response.status}: {response.url}")
        # A page that answers 403 or 404 is a kind answer; a missing style or picture is a fault.
        if response.status >= 400 and response.request.resource_type in {"document", "xhr", "fetch"}:
            self.refused.add(response.url)

    def _console(self, message: ConsoleMessage) -> None:
        is_refusal = "Failed to load resource" in message.text and message.location.get("url") in self.refused
        # The browser itself says so when a story takes the network away.
        is_loss = message.page in self.offline and (
            "net::ERR_" in message.text or "WebSocket connection" in message.text
        )
        if message.type == "error" and not is_refusal and not is_loss:
            self.problems.append(f"console: {message.text} ({message.location.get('url')})")


@pytest.fixture
def new_page(browser: Browser, server: str) -> Iterator[Callable[..., Page]]:
    """`new_page(width=390, dark=False, javascript=True)`: a page in a browser of its own (no shared cookies).

    `loses_network=True`: the story takes its network away, and the browser may complain of that.
    """
    watch = Watch(server)
    contexts = []

    def make(width: int = 1280, *, dark: bool = False, javascript: bool = True, loses_network: bool = False) -> Page:
        context = browser.new_context(
            base_url=server,
            ignore_https_errors=server.startswith("https:"),  # tests/production signs its certificate itself
            viewport={"width": width, "height": 844 if width < 600 else 800},
            color_scheme="dark" if dark else "light",
            locale="ru-RU",
            java_script_enabled=javascript,
            reduced_motion="reduce",
            has_touch=width < 600,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        watch.attach(page)
        context.on("page", watch.attach)
        if loses_network:
            watch.offline.add(page)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not watch.problems, "\n".join(watch.problems)


@pytest.fixture
def read_code(new_page: Callable[..., Page]) -> Callable[[str], str]:
    """`read_code(phone)`: the newest code sent to `phone`, read on the developer's page as a person would."""
    pages: list[Page] = []

    def read(phone: str) -> str:
        if not pages:
            pages.append(new_page())
        return steps.read_code(pages[0], phone)

    return read


@pytest.fixture
def sign_in(read_code: Callable[[str], str]) -> Callable[[Page, str], None]:
    """`sign_in(page, phone)`: by phone and code, ends on the page after the sign-in."""

    def enter(page: Page, phone: str) -> None:
        steps.sign_in(page, phone, lambda: read_code(phone))

    return enter


@pytest.fixture
def enter(read_code: Callable[[str], str]) -> Callable[[Page, str], None]:
    """`enter(page, phone)`: the same from the page that asks for the phone, e.g. after an invitation's «Продолжить»."""

    def give(page: Page, phone: str) -> None:
        steps.give_phone(page, phone, lambda: read_code(phone))

    return give


@pytest.fixture
def shoot() -> Callable[[Page, str], Path]:
    """`shoot(page, "people")`: the whole page as test-results/people-1280.png."""

    def take(page: Page, name: str) -> Path:
        RESULTS.mkdir(exist_ok=True)
        page.evaluate("document.fonts.ready.then(() => null)")
        path = RESULTS / f"{name}-{(page.viewport_size or {'width': 0})['width']}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return take


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """`axe(page)`: nothing serious or critical for people with a screen reader, keyboard or weak sight."""

    def check(page: Page) -> None:
        violations = Axe().run(page).response["violations"]
        serious = [
            f"{rule['id']} ({rule['impact']}): {rule['help']}\n    "
            + "\n    ".join(n["html"][:200] for n in rule["nodes"])
            for rule in violations
            if rule["impact"] in {"serious", "critical"}
        ]
        assert not serious, f"{page.url}\n" + "\n".join(serious)

    return check


@pytest.fixture
def school(data: Callable[..., Any]) -> dict[str, Any]:
    """A school that talks (tests/browser/chats_data.py)."""
    return dict(data("talking_school"))


@pytest.fixture
def come(
    new_page: Callable[..., Page], data: Callable[..., Any], server: str, school: dict[str, Any]
) -> Callable[..., Page]:
    """`come("parent", "5А parents", width=390)`: somebody of the school, signed in, before that chat."""

    def enter(who: str, chat: str = "", width: int = 1280, **how: bool) -> Page:
        page = chatting.let_in(new_page(width, **how), data, school[who], server)
        if chat:
            chatting.open_chat(page, school["slug"], school["chats"][chat])
            chatting.stays(page)
        return page

    return enter
