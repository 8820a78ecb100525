"""Hostile words in every field of text, and every page that shows them (CHAT-4, ACC-4).

About 400 pages: half a minute on one processor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.matrix import COLUMNS, user_of
from tests.matrix_things import Things
from tests.safety.hostile import poison
from tests.safety.looking import look_at
from tests.test_permission_matrix import ROWS
from tests.world import World

pytestmark = [pytest.mark.req("CHAT-4", "ACC-4"), pytest.mark.timeout(600)]
Browse = Callable[[User | None], Client]
# Slow, and no page: PDFs are made by tests/safety/test_exports.py.
PAPERS = ("pdf", "sheet", "workbook", "xlsx", "paper", "print", "export", "qr", "codes_pdf")
# What must have been reached, or the test would prove nothing.
MUST_REACH = {
    "orgs.Organization.name",
    "orgs.Organization.short_name",
    "orgs.Person.last_name",
    "orgs.Person.first_name",
    "orgs.Unit.name",
    "accounts.User.display_name",
    "accounts.ApiKey.name",
    "chats.Chat.title",
    "chats.Message.text",
    "channels_app.Channel.title",
    "channels_app.Post.text",
    "channels_app.Comment.text",
    "channels_app.Proposal.text",
    "documents.Document.title",
    "files.StoredFile.original_name",
    "invitations.JoinRequest.last_name",
    "meetings.Event.title",
    "polls.Poll.question",
    "polls.PollOption.text",
    "readings.Reading.title",
    "registration.Application.name",
}


def pages_of(world: World, who: str) -> Iterator[str]:
    """Every address that `who` may read; everything of the school is made, whoever reads it."""
    things = Things(world)
    for row in ROWS:
        address = reverse(row.route, kwargs=things.fill(row.route))
        if row.method == "GET" and row.expected()[who] == 200 and not row.route.endswith(PAPERS):
            yield address


@pytest.mark.parametrize("who", [column for column in COLUMNS if column not in ("other", "head", "leader", "student")])
def test_nothing_comes_alive_on_any_page(world: World, browse: Browse, who: str) -> None:
    addresses = list(pages_of(world, who))
    missing = MUST_REACH - poison()
    assert not missing
    wrong, showing, client = [], 0, browse(user_of(world, who))
    for address in addresses:
        with transaction.atomic():
            response = client.get(address)
            transaction.set_rollback(True)
        if not getattr(response, "streaming", False):
            page = look_at(response)
            showing += page.shows
            if page.wrong or response.status_code >= 500:
                wrong.append((address, page.wrong[:3]))
    assert wrong == []
    assert showing > (150 if who == "administrator" else 5)


@pytest.mark.parametrize(
    "body",
    [
        "<p><evil>",
        '<p onclick="evil()">',
        "<img src=x>",
        '<a href=" javascript:evil()">',
        "<script>evil()</script>",
        '<script type="application/json">{"a": "</script>',
    ],
)
def test_the_reader_sees_what_comes_alive(body: str) -> None:
    assert look_at(HttpResponse(body)).wrong


def test_the_reader_passes_over_what_is_only_told() -> None:
    page = look_at(HttpResponse('<p title="&lt;evil&gt;">&lt;evil onclick=evil()&gt;</p>'))
    assert page.shows
    assert not page.wrong
