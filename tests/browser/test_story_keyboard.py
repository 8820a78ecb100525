"""Story (i): an administrator makes a class and a link with the keyboard alone, and always sees where the focus is."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

MOST_TABS = 60
# What is focused: its words, whether it is inside the window, and whether something shows the focus.
FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const seen = element.type === "checkbox" || element.type === "radio" ? element.closest("label") || element : element;
  const style = getComputedStyle(element), around = getComputedStyle(seen), box = element.getBoundingClientRect();
  const label = element.labels && element.labels[0];
  return {
    words: (element.getAttribute("aria-label") || (label || element).innerText || element.value || "").trim(),
    inside: box.bottom > 0 && box.top < innerHeight && box.width > 0 && box.height > 0,
    shown: [style, around].some(
      s => (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none"
    ),
  };
}"""


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what is called `words` has the focus; the focus is seen at every stop."""
    passed = []
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            continue
        assert focused["inside"], f"the focus left the window: {focused['words']!r} on {page.url}"
        assert focused["shown"], f"the focus is not seen: {focused['words']!r} on {page.url}"
        if focused["words"].startswith(words):
            return
        passed.append(focused["words"])
    raise AssertionError(f"no way by Tab to {words!r} on {page.url}; passed {passed}")


@pytest.mark.req("ORG-1", "INV-1")
def test_a_class_and_a_link_by_keyboard(
    new_page: Callable[..., Page], read_code: Callable[[str], str], data: Callable[..., Any], shoot: Callable
) -> None:
    school = data("organization")
    page = new_page()
    page.goto("/signin/")
    tab_to(page, "Мобильный телефон")
    page.keyboard.type(school["administrator"])
    page.keyboard.press("Enter")
    expect(page.get_by_label("Код", exact=False).first).to_be_visible()
    code = read_code(school["administrator"])
    page.bring_to_front()
    tab_to(page, "Код")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Здравствуйте")).to_be_visible()

    tab_to(page, "Новый класс")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Новый класс")).to_be_visible()
    tab_to(page, "Названия")
    page.keyboard.type("6Г")
    tab_to(page, "Создать")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="6Г", level=1)).to_be_visible()

    tab_to(page, "Пригласить")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Новые ссылки")).to_be_visible()
    tab_to(page, "Родители")
    page.keyboard.press("Space")
    shoot(page, "i-focus")
    tab_to(page, "Создать ссылки")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ссылка готова")).to_be_visible()
    tab_to(page, "Скопировать")
    shoot(page, "i-created")
