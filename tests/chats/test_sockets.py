"""Who may open a socket, and what a socket does to those who misuse it (docs/websocket.md)."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.services import end_other_sessions
from chats import consumers
from chats.models import Chat, Template
from chats.services.chats import ChatData, create_chat
from orgs.models import Role
from orgs.services.people import end_role
from sferum_admin.ws_urls import websocket_urlpatterns
from tests.chats.hall import Page, do, names_in_groups
from tests.matrix import COLUMNS, user_of
from tests.sockets import run
from tests.world import School, World

Browse = Callable[[User | None], Client]
pytestmark = pytest.mark.usefixtures("live")

# Route by route, in the order of COLUMNS: `in`, or the code with which the socket is closed.
SOCKETS = {"live": "4401 4404 in in in in in in 4404"}


async def knock(page: Page) -> str:
    assert await page.open()
    answer = await page.receive_output(5)
    if answer["type"] == "websocket.close":
        return str(answer["code"])
    assert json.loads(answer["text"])["type"] == "welcome"
    await page.close()
    return "in"


@pytest.mark.req("ACC-4", "CHAT-8")
def test_who_may_open_which_socket(world: World, browse: Browse) -> None:
    browsers = {column: browse(user_of(world, column)) for column in COLUMNS}
    found = {}

    async def story() -> None:
        for column in COLUMNS:
            found[column] = await knock(Page(world.a, browsers[column]))

    run(story)
    assert found == dict(zip(COLUMNS, SOCKETS["live"].split(), strict=True))


@pytest.mark.req("ACC-4")
def test_every_socket_is_in_the_matrix() -> None:
    assert {pattern.name for pattern in websocket_urlpatterns} == set(SOCKETS)


@pytest.mark.req("ACC-4", "ACC-7")
def test_a_stranger_and_a_page_of_another_host_learn_nothing(world: World, browse: Browse) -> None:
    browser = browse(world.a.user("leader"))

    async def story() -> None:
        page = Page(world.a, browser, origin="https://evil.example")
        assert not await page.open()
        nowhere = Page(world.a, browser)
        nowhere.scope["path"] = "/ws/o/no-such-school/"
        assert await knock(nowhere) == "4404"

    run(story)


# --- Opening ----------------------------------------------------------------------------------------------------------
def test_the_welcome_says_who_one_is_and_where_the_chats_stand(school: School, browse: Browse) -> None:
    browser = browse(school.user("parent"))
    Chat.objects.filter(template=Template.GENERAL).update(last_event=7)

    async def story() -> None:
        page = await Page(school, browser).come()
        assert page.welcome["person"] == school.people["parent"].pk
        assert len(page.chats) == 2
        assert {chat["last_event"] for chat in page.welcome["chats"]} == {0, 7}
        await page.close()

    run(story)


@pytest.mark.parametrize(("name", "most"), [("leader", 6), ("administrator", 7)])
def test_opening_costs_the_same_for_any_number_of_chats(school: School, browse: Browse, name: str, most: int) -> None:
    browser = browse(school.user(name))
    actor = school.actor(name)

    async def story() -> None:
        page = await Page(school, browser).come()
        await page.close()

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            run(story)
        return len(queries)

    few = statements()
    for number in range(20):
        create_chat(actor=actor, data=ChatData(title=f"Совет {number}"))
    assert few == statements() <= most


# --- Ending -----------------------------------------------------------------------------------------------------------
@pytest.mark.req("ACC-7")
def test_signing_out_elsewhere_closes_the_socket_at_once(school: School, browse: Browse) -> None:
    user = school.user("parent")
    browser, other = browse(user), browse(user)
    key = other.session.session_key
    for place in (browser, other):
        UserSession.objects.create(user=user, session_key=place.session.session_key, ip="127.0.0.1")

    async def story() -> None:
        stays, goes = await Page(school, other).come(), await Page(school, browser).come()
        await do(end_other_sessions, user, key)
        assert await goes.closed() == 4401
        assert await stays.heard() == []

    run(story)


@pytest.mark.req("ACC-7")
def test_signing_out_in_the_same_browser_closes_the_socket(school: School, browse: Browse) -> None:
    browser = browse(school.user("parent"))

    async def story() -> None:
        page = await Page(school, browser).come()
        await do(browser.post, "/signout/")
        assert await page.closed() == 4401

    run(story)


def forget_session(user: User) -> None:
    Session.objects.all().delete()


def lock_out(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


@pytest.mark.parametrize("end", [forget_session, lock_out])
def test_a_session_that_ended_unheard_is_noticed_by_the_check(
    school: School, browse: Browse, end: Callable[[User], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "CHECK_SECONDS", 0.05)
    user = school.user("parent")
    browser = browse(user)

    async def story() -> None:
        page = await Page(school, browser).come()
        await sync_to_async(end)(user)
        assert await page.closed() == 4401

    run(story)


@pytest.mark.req("CHAT-8")
def test_who_has_no_place_any_more_is_shown_out_at_once(school: School, browse: Browse) -> None:
    browser, administrator = browse(school.user("leader")), school.actor("administrator")

    async def story() -> None:
        page = await Page(school, browser).come()
        await do(end_role, actor=administrator, person=school.people["leader"], role=Role.TEACHER)
        assert await page.closed() == 4404

    run(story)


def test_a_closed_page_leaves_nothing_behind(school: School, browse: Browse) -> None:
    browser = browse(school.user("leader"))

    async def story() -> None:
        first, second = await Page(school, browser).come(), await Page(school, browser).come()
        everything = names_in_groups()
        # The school's chat and three of the class, the person, the class, the staff, the school, the session.
        assert len(everything) == 9
        assert {len(members) for members in everything.values()} == {2}
        await first.close()
        assert {len(members) for members in names_in_groups().values()} == {1}
        await second.close()
        assert names_in_groups() == {}

    run(story)


# --- What is no frame of ours -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "frame",
    [
        "",
        "ping",
        "[" * 4000,
        "[]",
        "null",
        {},
        {"type": "unknown"},
        {"type": ["ping"]},
        {"type": "ping", "chat": 1},
        {"type": "watch"},
        {"type": "watch", "chat": "1"},
        {"type": "watch", "chat": True},
        {"type": "watch", "chat": 0},
        {"type": "watch", "chat": 2**63},
        {"type": "typing", "chat": 1, "name": "Somebody else"},
        {"type": "message", "text": "Sockets only tell"},
        {"type": "ping", "more": "Ж" * 2100},
    ],
    ids=lambda frame: str(frame)[:30],
)
def test_nonsense_closes_the_socket(school: School, browse: Browse, frame: Any) -> None:
    browser = browse(school.user("parent"))

    async def story() -> None:
        page = await Page(school, browser).come()
        await page.say(frame)
        assert await page.closed() == 4408

    run(story)


def test_bytes_close_the_socket(school: School, browse: Browse) -> None:
    browser = browse(school.user("parent"))

    async def story() -> None:
        page = await Page(school, browser).come()
        await page.send_input({"type": "websocket.receive", "bytes": b'{"type": "ping"}'})
        assert await page.closed() == 4408

    run(story)


def test_who_talks_without_end_is_shown_out(school: School, browse: Browse) -> None:
    browser = browse(school.user("parent"))

    async def story() -> None:
        page = await Page(school, browser).come()
        for _time in range(consumers.MOST_FRAMES):
            await page.say({"type": "ping"})
            await page.hears("pong")
        await page.say({"type": "ping"})
        assert await page.closed() == 4408

    run(story)


def test_a_silent_page_is_gone_one_that_pings_is_not(
    school: School, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "SILENT_SECONDS", 0.5)
    browser, other = browse(school.user("parent")), browse(school.user("leader"))

    async def story() -> None:
        silent, awake = await Page(school, browser).come(), await Page(school, other).come()
        while silent.output_queue.empty():
            assert await awake.heard() == []
            assert await awake.receive_nothing(0.05)
        assert await silent.closed() == 4408

    run(story)


# --- When something breaks --------------------------------------------------------------------------------------------
def test_a_failure_is_logged_and_closes_the_socket(
    school: School, browse: Browse, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    browser = browse(school.user("parent"))

    def fail(*args: object) -> None:
        raise RuntimeError("the database is away")

    async def story() -> None:
        page = await Page(school, browser).come()
        monkeypatch.setattr(consumers, "_who_is_here", fail)
        await page.say({"type": "watch", "chat": 1})
        assert await page.closed() == 1011
        await page.wait()
        assert names_in_groups() == {}

    with caplog.at_level(logging.ERROR, logger="chats.consumers"):
        run(story)
    assert "the database is away" in caplog.text


class Stuck(asyncio.Queue[Any]):
    """A network that takes the welcome and nothing more."""

    async def put(self, item: Any) -> None:
        if "pong" in item.get("text", ""):
            await asyncio.sleep(60)
        await super().put(item)


class Lost(asyncio.Queue[Any]):
    """A network that breaks after the welcome."""

    async def put(self, item: Any) -> None:
        if "pong" in item.get("text", ""):
            raise ConnectionResetError
        await super().put(item)


@pytest.mark.parametrize("network", [Stuck, Lost])
def test_who_does_not_take_what_is_told_is_dropped(
    school: School, browse: Browse, monkeypatch: pytest.MonkeyPatch, network: type[asyncio.Queue[Any]]
) -> None:
    monkeypatch.setattr(consumers, "SEND_SECONDS", 0.05)
    browser = browse(school.user("parent"))

    async def story() -> None:
        page = await Page(school, browser, network=network()).come()
        await page.say({"type": "ping"})
        while not page.future.done():
            await asyncio.sleep(0.01)
        assert names_in_groups() == {}

    run(story)
