"""Reading answers as a browser does, to see whether anything in them came alive."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

from django.http import HttpResponse

_URLS = {"href", "src", "action", "formaction", "poster", "data", "xlink:href", "ping", "background", "srcset"}
_ALIVE = re.compile(r"^[\x00-\x20]*(?:javascript|vbscript|data:text)", re.I)
_DATA = {"application/json", "application/ld+json", "importmap"}


class Page(HTMLParser):
    """Collects what a payload would have made: elements, attributes and addresses that no template has."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.in_script: dict[str, str | None] | None = None
        self.shows = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("evil", "base", "iframe", "object", "embed") or (tag == "img" and given.get("src") == "x"):
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            self._attribute(tag, name, value or "")
        if tag == "script":
            self.in_script = given
            if "src" not in given and given.get("type") not in _DATA:
                self.wrong.append("a script in the page")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or "evil" in name or name == "srcdoc":
            self.wrong.append(f"<{tag} {name}>")
        if (name in _URLS or name.startswith("hx-")) and _ALIVE.match(value):
            self.wrong.append(f"<{tag} {name}={value[:40]}>")
        self.shows = self.shows or "evil" in value

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self.in_script = None

    def handle_data(self, data: str) -> None:
        self.shows = self.shows or "evil" in data
        if self.in_script is not None and self.in_script.get("type") in _DATA:
            try:
                json.loads(data)
            except ValueError:
                self.wrong.append("JSON that was broken out of")


def look_at(response: HttpResponse) -> Page:
    """Read a page, a feed or an answer of the API."""
    page = Page()
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    text = response.content.decode() if kind.startswith("text/") or kind.endswith(("json", "xml")) else ""
    if kind == "text/html":
        page.feed(text)
        page.close()
    elif kind.endswith("xml"):
        for element in ElementTree.fromstring(text).iter():
            page.feed((element.text or "") if element.get("type") == "html" else "")
            page.shows = page.shows or "evil" in (element.text or "")
    elif kind.endswith("json"):
        json.loads(text)
        page.shows = "evil" in text
    return page
