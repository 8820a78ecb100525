"""The page that is shown when the network is away, and the icon on the home screen (ACC-6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import chatting

pytestmark = pytest.mark.req("ACC-6")
HEADING = "Нет связи"
READY = "navigator.serviceWorker.ready.then(() => true)"
KEPT = """(async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
  return found;
})()"""


@pytest.fixture
def made(data: Callable[..., Any]) -> dict[str, Any]:
    return dict(data("organization"))


def come(page: Page, data: Callable[..., Any], made: dict[str, Any], server: str) -> Page:
    """Signed in, before the home page, with the service worker at work."""
    chatting.let_in(page, data, made["administrator"], server).goto(f"/o/{made['slug']}/")
    assert page.evaluate(READY)
    # The worker answers for pages that were there before it, too.
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    return page


@pytest.mark.parametrize(("width", "dark"), [(390, False), (390, True), (1280, False), (1280, True)])
def test_without_a_network_a_calm_page_and_then_the_one_that_was_asked_for(
    new_page: Callable[..., Page],
    data: Callable[..., Any],
    made: dict[str, Any],
    server: str,
    axe: Callable,
    shoot: Callable,
    width: int,
    dark: bool,
) -> None:
    page = come(new_page(width, dark=dark, loses_network=True), data, made, server)
    page.context.set_offline(True)
    page.goto(f"/o/{made['slug']}/people/")
    expect(page.get_by_role("heading", name=HEADING)).to_be_visible()
    axe(page)
    shoot(page, f"offline-{'dark' if dark else 'light'}")
    page.get_by_role("button", name="Попробовать ещё раз").click()
    expect(page.get_by_role("status")).to_have_text("Связи пока нет.")
    # It looks by itself as soon as the browser says that the network is there.
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name=HEADING)).to_have_count(0, timeout=15_000)
    expect(page.get_by_role("navigation", name="Главное меню")).to_be_visible()
    assert page.url.endswith("/people/")


def test_nothing_of_anybody_is_kept(
    new_page: Callable[..., Page], data: Callable[..., Any], made: dict[str, Any], server: str
) -> None:
    page = come(new_page(390), data, made, server)
    page.goto(f"/o/{made['slug']}/people/")
    kept = page.evaluate(KEPT)
    assert "/offline/" in kept
    assert all(path == "/offline/" or path.startswith("/static/") for path in kept), kept
    text = page.evaluate("caches.match('/offline/').then((page) => page.text())")
    assert HEADING in text
    assert made["slug"] not in text


def test_what_an_older_worker_kept_is_removed(
    new_page: Callable[..., Page], data: Callable[..., Any], made: dict[str, Any], server: str
) -> None:
    page = new_page(390)
    chatting.let_in(page, data, made["administrator"], server).goto("/offline/")
    page.evaluate("caches.open('offline-older').then((cache) => cache.put('/old/', new Response('old')))")
    page.goto(f"/o/{made['slug']}/")
    assert page.evaluate(READY)
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    [name] = page.evaluate("caches.keys()")
    assert name.startswith("offline-")
    assert name != "offline-older"


def test_a_phone_is_offered_the_icon(
    new_page: Callable[..., Page], data: Callable[..., Any], made: dict[str, Any], server: str, axe: Callable
) -> None:
    page = new_page(390)
    chatting.let_in(page, data, made["administrator"], server).goto("/account/notifications/")
    button = page.get_by_role("button", name="Установить")
    expect(button).to_be_hidden()
    # A headless browser offers nothing by itself.
    page.evaluate("""() => {
      const offer = new Event("beforeinstallprompt", { cancelable: true });
      offer.prompt = async () => { window.wasAsked = true; };
      window.dispatchEvent(offer);
    }""")
    expect(button).to_be_visible()
    axe(page)
    button.click()
    expect(button).to_be_hidden()
    assert page.evaluate("window.wasAsked")
