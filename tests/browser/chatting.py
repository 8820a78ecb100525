"""What people do on the page of chats, and what they see there."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
    b"\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82"
)


def let_in(page: Page, data: Callable[..., Any], phone: str, server: str) -> Page:
    """Sign `phone` in on `page` by a session of its own."""
    page.context.add_cookies([{"name": "sessionid", "value": data("session_of", phone), "url": server}])
    return page


def open_chat(page: Page, slug: str, chat: int) -> None:
    """Open a chat; ends when it is drawn. What happens before its socket is open is asked for then."""
    page.goto(f"/o/{slug}/chats/{chat}/")
    expect(page.locator(".chat-open")).to_be_visible()


def stays(page: Page) -> None:
    """Put a mark on the page that a reload would wipe away."""
    page.evaluate("window.neverReloaded = true")


def expect_stayed(page: Page) -> None:
    """Nothing has loaded the page again since `stays`."""
    assert page.evaluate("window.neverReloaded === true"), "the page was loaded again"


def write(page: Page, text: str) -> None:
    """Write a message as with a keyboard."""
    box(page).fill(text)
    page.get_by_role("button", name="Отправить", exact=True).click()


def box(page: Page) -> Locator:
    """Where one writes."""
    return page.get_by_role("textbox", name="Сообщение", exact=True)


def message(page: Page, text: str) -> Locator:
    """The message with these words."""
    return page.locator("article[data-id]").filter(has_text=text)


def do(page: Page, text: str, what: str) -> None:
    """Choose `what` from the menu of the message with these words."""
    said = message(page, text).last
    if (page.viewport_size or {"width": 0})["width"] < 600:
        long_press(page, said.locator(".chat-words"))
    else:
        said.hover()
        said.get_by_role("button", name="Действия с сообщением").click()
    page.get_by_role("menuitem", name=what, exact=True).click()


def long_press(page: Page, target: Locator) -> None:
    """Hold a finger on `target` until the menu comes."""
    where = target.bounding_box()
    assert where is not None
    finger = page.context.new_cdp_session(page)
    point = {"x": where["x"] + where["width"] / 2, "y": where["y"] + where["height"] / 2}
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    expect(page.get_by_role("menu")).to_be_visible()
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    # The page drops the click that comes of lifting the finger; nobody taps again as quickly.
    page.wait_for_timeout(100)


def expect_gone(page: Page, text: str) -> None:
    """Nothing that is shown holds `text` any more."""
    expect(page.locator(".chat-panes").get_by_text(text)).to_have_count(0)


def words(page: Page) -> list[str]:
    """The words of all messages on the page, from the oldest to the newest."""
    return page.locator("article[data-id] .chat-words").all_inner_texts()


def expect_in_order(page: Page, texts: list[str]) -> None:
    """Each of `texts` stands there once, in this order, whatever else does.

    Each is waited for: one's own message comes with its answer, others' with the changes that follow.
    """
    for text in texts:
        expect(message(page, text)).to_have_count(1)
    wanted = re.compile("|".join(map(re.escape, texts)))
    assert [text for text in words(page) if wanted.fullmatch(text)] == texts
