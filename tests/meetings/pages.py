"""Looking at the pages of events as somebody of the cast."""

from __future__ import annotations

import html
import re
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgs.models import Audience
from tests.orgs.pages import Visitor, words

__all__ = ["EventVisitor", "circle_fields", "queries_of", "sent", "words"]


class EventVisitor(Visitor):
    """A browser of one member of the cast, on the pages of events."""

    def url(self, name: str, **values: Any) -> str:
        return reverse(f"events:{name}", kwargs={"slug": self.school.slug, **values})

    def find(self, name: str, query: str, **values: Any) -> str:
        """What the page says under an address with `query` («view=week&date=…»)."""
        response = self.client.get(f"{self.url(name, **values)}?{query}")
        assert response.status_code == 200, response.status_code
        return words(response)


def circle_fields(*circles: tuple[str, Any]) -> dict[str, Any]:
    """What the rows «кого» and «где» send for `circles` (audience, unit or None)."""
    fields: dict[str, Any] = {"circle-TOTAL_FORMS": len(circles), "circle-INITIAL_FORMS": 0}
    for number, (audience, unit) in enumerate(circles):
        fields[f"circle-{number}-audience"] = audience
        fields[f"circle-{number}-unit"] = "all" if unit is None else unit.pk
    return fields


def new_event(unit: Any, **changes: Any) -> dict[str, Any]:
    """What the form of a new event sends when it is filled in, for the parents of `unit`."""
    typed = {
        "do": "plan",
        "kind": "parents_evening",
        "title": "Собрание 5А",
        "text": "О **поездке**",
        "day": "2026-12-01",
        "starts": "18:00",
        "ends": "19:30",
        "place": "Кабинет 12",
        "registration": "answer",
        **circle_fields((Audience.PARENTS, unit)),
    }
    return {**typed, **changes}


def sent(page: str) -> dict[str, Any]:
    """What the form of a page would send if nothing were touched."""
    form: dict[str, Any] = {}
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        form[name] = chosen[1] if chosen else ""
    for name, text in re.findall(r'<textarea name="([^"]+)".*?>\n?(.*?)</textarea>', page, re.S):
        form[name] = html.unescape(text)
    for tag in re.findall(r"<input [^>]+>", page):
        name, value = (re.search(rf' {key}="([^"]*)"', tag) for key in ("name", "value"))
        if name is None or name[1] in ("csrfmiddlewaretoken", "q"):
            continue
        typed = html.unescape(value[1]) if value else ""
        if ('type="radio"' not in tag and 'type="checkbox"' not in tag) or " checked" in tag:
            form[name[1]] = typed
    return form


def queries_of(visitor: EventVisitor, name: str, data: dict[str, Any] | None = None, **values: Any) -> int:
    """How many queries a page costs when it is looked at the second time."""
    visitor.get(name, data, **values)
    with CaptureQueriesContext(connection) as queries:
        response: HttpResponse = visitor.get(name, data, **values)
    assert response.status_code == 200
    return len(queries)
