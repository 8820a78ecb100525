"""Every page of every role: whole, readable, accessible, in Russian, on a phone and on a computer, in both colours."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Page

MOST_PAGES = 60
STAFF = ["administrator", "teacher"]
ROLES = [*STAFF, "parent", "student"]
# Everything else follows from the links; these the menu of a person leads to.
ACCOUNT = [
    "/account/",
    "/account/sessions/",
    "/account/security/",
    "/account/keys/",
    "/account/notifications/",
    "/account/profile/",
    "/account/data/",
    "/account/delete/",
    "/account/hacked/",
    "/?choose",
]
GUEST = [
    "/signin/",
    "/signin/child/",
    "/rules/",
    "/rules/personal-data/",
    "/join/",
    "/join/1-aaaa/",
    "/register/",
    "/register/1-aaaa/",
]
FILES = re.compile(r"\.(pdf|svg|png|xlsx|csv)$")
LATIN = re.compile(r"[A-Za-z]{3,}")
# Names that have no Russian spelling.
KNOWN_LATIN = {"PDF", "SMS", "API", "UTC", "PNG", "JPEG", "WebP", "Chrome", "Chromium", "Linux"}
KNOWN_LATIN |= {"DOCX", "JPG", "iPhone", "iPad", "Mac", "Android", "Google", "URL", "XLSX", "CSV", "JavaScript"}
KNOWN_LATIN |= {"ZIP", "SIM", "OneRoster", "UTF", "Windows", "DOS"}
KNOWN_LATIN |= {"Enter", "Excel"}
LEFTOVERS = ["{{", "}}", "{%", "%(", "None", "успешно", "объект", "сущност"]
LOOKS = [(1280, True), (390, False), (390, True), (1280, False)]

# The words a person sees, without addresses, codes and what is typed.
WORDS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const words = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!element || element.closest("script, style, template, noscript, [lang=en]")) continue;
    if (node.textContent.trim()) words.push(node.textContent.trim());
  }
  for (const element of document.querySelectorAll("[aria-label], [placeholder], [title], [alt]"))
    for (const name of ["aria-label", "placeholder", "title", "alt"])
      if (element.hasAttribute(name)) words.push(element.getAttribute(name));
  return words;
}"""
ADDRESSES = re.compile(r"\S*(://|@|\.(ru|com|example)\b|localhost)\S*|\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b|/o/\S*")
SHAPE = """() => ({
  title: document.title,
  headings: document.querySelectorAll("h1").length,
  language: document.documentElement.lang,
  overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  empty: [...document.querySelectorAll("main a")].filter(a => !a.getAttribute("href")).map(a => a.innerText),
  links: [...document.querySelectorAll('a[href^="/o/"], main a[href^="?"]')].map(a => a.getAttribute("href")),
})"""


def route_of(address: str) -> str:
    """The kind of page, whatever number stands in it; a filter of a list is a kind of its own, two of them are not."""
    parts = urlsplit(address)
    names = re.findall(r"(\w+)=", parts.query)
    return re.sub(r"/\d+/", "/N/", parts.path) + (f"?{names[0]}" if len(names) == 1 else "")


def english_in(words: list[str]) -> list[str]:
    found = []
    for text in words:
        left = [word for word in LATIN.findall(ADDRESSES.sub(" ", text)) if word not in KNOWN_LATIN]
        if left:
            found.append(f"{text[:80]!r}")
    return found


def faults_of(page: Page, status: int, *, allowed: set[int]) -> list[str]:
    """What is wrong with the page that is open, in words."""
    shape, words = page.evaluate(SHAPE), page.evaluate(WORDS)
    faults = [] if status in allowed else [f"answers {status}"]
    if shape["language"] != "ru" or not shape["title"].strip() or shape["headings"] != 1:
        faults.append(f"language {shape['language']!r}, title {shape['title']!r}, {shape['headings']} h1")
    if shape["overflow"] > 0:
        faults.append(f"wider than the window by {shape['overflow']} px")
    if shape["empty"]:
        faults.append(f"links without an address: {shape['empty']}")
    text = "\n".join([shape["title"], *words])
    faults += [f"{leftover!r} is left on the page" for leftover in LEFTOVERS if leftover in text]
    if english := english_in([shape["title"], *words]):
        faults.append("English: " + ", ".join(english[:5]))
    return faults


def crawl(page: Page, starts: list[str]) -> Iterator[tuple[str, int]]:
    """Open each kind of page once, the menu first, then what they link to; gives the address and the status."""
    known, queue = set(), list(starts)
    while queue and len(known) < MOST_PAGES:
        address = queue.pop(0)
        route = route_of(address)
        if route in known or FILES.search(urlsplit(address).path):
            continue
        known.add(route)
        answer = page.goto(address)
        assert answer
        yield address, answer.status
        queue += [urljoin(address, link) for link in page.evaluate(SHAPE)["links"]]


@pytest.fixture(scope="module")
def school(data: Callable[..., Any]) -> dict[str, Any]:
    made: dict[str, Any] = data("crowded_school")
    return made


@pytest.mark.req("ACC-4", "ACC-7")
@pytest.mark.parametrize("role", ROLES)
def test_every_page_of(
    new_page: Callable[..., Page],
    sign_in: Callable,
    school: dict[str, Any],
    axe: Callable[[Page], None],
    shoot: Callable,
    role: str,
) -> None:
    page = new_page()
    sign_in(page, school[role])
    faults = []
    inside = f"/o/{school['slug']}/"
    # The fullest class and the longest name before any other.
    starts = [inside, f"{inside}units/{school['unit']}/"]
    if role in STAFF:
        starts += [f"{inside}people/{school['staff']}/", f"{inside}invitations/units/{school['unit']}/codes/parent/"]
    for number, (address, status) in enumerate(crawl(page, [*starts, *ACCOUNT])):
        found = faults_of(page, status, allowed={200})
        found += look_closer(page, axe, LOOKS[number % 2 * 2 :][:2])
        shoot(page, f"every-{role}-{number:02}")
        faults += [f"{address}: {fault}" for fault in found]
    assert not faults, "\n".join(faults)


def look_closer(page: Page, axe: Callable[[Page], None], looks: list[tuple[int, bool]]) -> list[str]:
    """The same page on a phone and on a computer; each colour on one of them, turn by turn."""
    faults = []
    for width, dark in looks:
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.set_viewport_size({"width": width, "height": 844 if width < 600 else 800})
        overflow = page.evaluate(SHAPE)["overflow"]
        if overflow > 0:
            faults.append(f"wider than {width} px by {overflow} px")
        try:
            axe(page)
        except AssertionError as error:
            faults.append(f"{width} px, {'dark' if dark else 'light'}: {error}")
    return faults


@pytest.mark.req("ACC-7", "INV-11")
def test_every_page_of_a_guest(
    new_page: Callable[..., Page], school: dict[str, Any], axe: Callable[[Page], None], shoot: Callable
) -> None:
    page, faults = new_page(390), []
    for number, address in enumerate([*GUEST, *school["links"].values()]):
        answer = page.goto(address)
        assert answer
        found = faults_of(page, answer.status, allowed={200, 404, 410}) + look_closer(page, axe, LOOKS[:2])
        shoot(page, f"every-guest-{number:02}")
        faults += [f"{address}: {fault}" for fault in found]
    assert not faults, "\n".join(faults)
