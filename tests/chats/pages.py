"""Looking at the pages of chats as somebody of the cast."""

from __future__ import annotations

import re
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chats.models import Chat
from chats.services.chats import ChatData, create_chat
from orgs.models import Audience
from tests.orgs.pages import Visitor, words
from tests.world import School

__all__ = ["ChatVisitor", "free_chat", "hidden_fields", "queries_of", "words"]


class ChatVisitor(Visitor):
    """A browser of one member of the cast, on the pages of chats."""

    def url(self, name: str, **values: Any) -> str:
        return reverse(f"chats:{name}", kwargs={"slug": self.school.slug, **values})


def free_chat(school: School, owner: str = "leader", people: tuple[str, ...] = (), **more: Any) -> Chat:
    """A free chat that `owner` opened with `people`; without anybody for the parents of 5А."""
    more = {"title": "Поездка в музей", **more}
    if not people and "circles" not in more:
        more["circles"] = [(Audience.PARENTS, school.units["5А"].pk)]
    ids = [school.people[name].pk for name in people]
    return create_chat(actor=school.actor(owner), data=ChatData(people=ids, **more))


def hidden_fields(response: HttpResponse) -> dict[str, list[str]]:
    """The hidden fields of a page's forms, but for the protection against forged requests."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', response.content.decode()):
        if name != "csrfmiddlewaretoken":
            found.setdefault(name, []).append(value)
    return found


def queries_of(visitor: ChatVisitor, name: str, data: dict[str, Any] | None = None, **values: Any) -> int:
    """How many queries a page costs when it is looked at the second time."""
    visitor.get(name, data, **values)
    with CaptureQueriesContext(connection) as queries:
        assert visitor.get(name, data, **values).status_code == 200
    return len(queries)
