"""The user guides of `docs/`, shown inside the software (SUP-2): their chapters, their pages, their pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from markdown_it import MarkdownIt
from markdown_it.token import Token
from PIL import Image

from common.text import normalise
from orgs.services.organization import slug_of

FOLDER = Path(settings.BASE_DIR) / "docs"
# Who reads which first; the order of the page.
NAMES = (
    "guide-parent",
    "guide-student",
    "guide-teacher",
    "guide-head",
    "guide-statistics",
    "guide-administrator",
    "guide-curator",
)
# Where the links of the guides lead; the pages of an organization put their own in its place.
BASE = "/help/guides/"
PICTURES = "/help/pictures/"
_GUIDE_LINK = re.compile(r"(guide-[a-z]+)\.md(#.*)?")
_PICTURE_NAME = re.compile(r"images/([a-z0-9-]+\.png)")
_NOTE = re.compile(r"<!--.*?-->\n?", re.S)


@dataclass(frozen=True)
class Chapter:
    """A heading with what stands below it; `words` is what search looks in."""

    anchor: str
    title: str
    level: int
    words: str


@dataclass(frozen=True)
class Guide:
    """One guide: its title, its text as HTML, its chapters in their order."""

    name: str
    title: str
    html: str
    chapters: tuple[Chapter, ...]
    pictures: frozenset[str]

    @property
    def anchors(self) -> frozenset[str]:
        return frozenset(chapter.anchor for chapter in self.chapters)


def anchor_of(title: str) -> str:
    """Return the anchor of a heading in plain letters: «Первый день» → `pervyy-den`."""
    return slug_of(title)[:60].strip("-") or "part"


def find_guide(name: str) -> Guide | None:
    """Return the guide of that name, or None: only the guides of `NAMES` are shown."""
    return _read(name) if name in NAMES else None


@cache
def _read(name: str) -> Guide:
    # Notes for whoever writes the guide are not for whoever reads it.
    text = _NOTE.sub("", (FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    parser = document_parser()
    tokens = parser.parse(text)
    chapters = tuple(_chapters(tokens))
    pictures = frozenset(_mend_addresses(tokens))
    # The title is the page's own heading.
    html = parser.renderer.render(tokens[3:], parser.options, {})
    html = html.replace("<table>", '<div class="table-scroll" tabindex="0"><table>').replace(
        "</table>", "</table></div>"
    )
    return Guide(name, tokens[1].content, html, chapters, pictures)


def document_parser() -> MarkdownIt:
    """Return the parser of our own documents: CommonMark with tables, HTML stays text."""
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _chapters(tokens: list[Token]) -> Iterator[Chapter]:
    """Give each heading its anchor and yield it with the words of its chapter."""
    used: set[str] = set()
    places = [place for place, token in enumerate(tokens) if token.type == "heading_open" and token.tag != "h1"]
    for place, following in zip(places, [*places[1:], len(tokens)], strict=True):
        title = plain(tokens[place + 1])
        anchor = anchor_of(title)
        if anchor in used:
            anchor = f"{anchor}-{sum(one.startswith(anchor) for one in used) + 1}"
        used.add(anchor)
        tokens[place].attrSet("id", anchor)
        words = " ".join(plain(token) for token in tokens[place + 1 : following] if token.type == "inline")
        yield Chapter(anchor, title, int(tokens[place].tag[1]), normalise(words))


def plain(token: Token) -> str:
    """Return the words of an inline token without marks."""
    return " ".join("".join(child.content or " " for child in token.children or () if child.type != "image").split())


def _mend_addresses(tokens: list[Token]) -> Iterator[str]:
    """Lead links to the pages of other guides and pictures to where they are served; yield the pictures' names."""
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open" and (other := _GUIDE_LINK.fullmatch(str(child.attrGet("href")))):
                child.attrSet("href", f"{BASE}{other[1]}/{other[2] or ''}")
            elif child.type == "image" and (picture := _PICTURE_NAME.fullmatch(str(child.attrGet("src")))):
                with Image.open(FOLDER / picture[0]) as image:
                    width, height = image.size
                child.attrs |= {"src": PICTURES + picture[1], "width": width, "height": height, "loading": "lazy"}
                yield picture[1]


@cache
def known_pictures() -> frozenset[str]:
    """Return the names of the pictures that the guides show; nothing else of the folder is served."""
    return frozenset(picture for name in NAMES for picture in _read(name).pictures)


def all_guides() -> list[Guide]:
    """Return all guides in the order of the page."""
    return [_read(name) for name in NAMES]
