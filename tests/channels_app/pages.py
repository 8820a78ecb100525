"""Looking at the pages of channels as somebody of the cast."""

from __future__ import annotations

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from files.services import upload
from tests.files.samples import picture
from tests.orgs.pages import Visitor, undo_address, words
from tests.world import School

__all__ = ["ChannelVisitor", "picture_of", "queries_of", "typed", "undo_address", "words"]


class ChannelVisitor(Visitor):
    """A browser of one member of the cast, on the pages of channels."""

    def url(self, name: str, **values: Any) -> str:
        return reverse(f"channels:{name}", kwargs={"slug": self.school.slug, **values})


def queries_of(visitor: ChannelVisitor, name: str, data: dict[str, Any] | None = None, **values: Any) -> int:
    """How many queries a page costs when it is looked at the second time."""
    visitor.get(name, data, **values)
    with CaptureQueriesContext(connection) as queries:
        assert visitor.get(name, data, **values).status_code == 200
    return len(queries)


def typed(response: HttpResponse) -> dict[str, str]:
    """What the fields of a page's form hold: hidden ones, lines and areas."""
    page = response.content.decode()
    found = dict(re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', page))
    areas = re.findall(r'<textarea name="([^"]+)"[^>]*>\s*(.*?)</textarea>', page, re.DOTALL)
    return found | {name: text.strip() for name, text in areas}


def picture_of(school: School, who: str = "administrator", name: str = "кросс.png") -> int:
    """The id of a real picture that `who` has uploaded."""
    sent = SimpleUploadedFile(name, picture(size=(60, 40)))
    return upload(actor=school.actor(who), upload=sent).pk
