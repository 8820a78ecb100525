"""Whom an event reaches, and what a page hears besides messages (docs/websocket.md)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from chats import consumers
from chats.models import Chat, ChatMember, Inspection, Message, Template, Writers
from chats.selectors import hearing
from chats.services.chats import (
    ChatChanges,
    ChatData,
    archive_chat,
    change_chat,
    create_chat,
    personal_chat,
    restore_chat,
)
from chats.services.members import add_members, join_by_link, leave, make_link, remove_member
from chats.services.safety import inspect, mute, unmute
from chats.services.system import change_rules
from common import live
from orgs.models import Audience, Enrolment, Part
from orgs.services import people, structure
from tests.chats.cast import chat_of, general, say, seen, switch_on
from tests.chats.hall import Page, do, names_in_groups
from tests.sockets import run
from tests.world import School, World

Browse = Callable[[User | None], Client]
pytestmark = pytest.mark.usefixtures("live")
CIRCLE = ("student", "parent", "teacher", "leader", "head", "administrator")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for an import that may bring more."""
    monkeypatch.setattr(consumers, "GATHER_SECONDS", 0.02)


@pytest.fixture
def parents(school: School) -> Chat:
    return chat_of(school, Template.UNIT_PARENTS)


class Hall:
    """Pages of several people, opened together."""

    def __init__(self, school: School, browse: Browse, *names: str) -> None:
        self.school = school
        self.browsers = {name: browse(school.user(name)) for name in names}

    async def open(self) -> dict[str, Page]:
        return {name: await Page(self.school, browser).come() for name, browser in self.browsers.items()}


@contextmanager
def deaf() -> Iterator[None]:
    """What is told meanwhile gets lost on the way."""
    told, live._send = live._send, lambda group, message: None
    try:
        yield
    finally:
        live._send = told


# --- Whom an event reaches --------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-4", "CHAT-8")
@pytest.mark.parametrize(
    ("template", "reached"),
    [
        (Template.GENERAL, set(CIRCLE)),
        (Template.UNIT_STUDENTS, {"student", "leader"}),
        (Template.UNIT_PARENTS, {"parent", "leader"}),
        (Template.UNIT_STAFF, {"leader"}),
    ],
)
def test_a_message_reaches_the_chats_people_and_nobody_else(
    world: World, browse: Browse, template: Template, reached: set[str]
) -> None:
    for school in (world.a, world.b):
        switch_on(school)
    chat = general(world.a) if template == Template.GENERAL else chat_of(world.a, template)
    hall, other = Hall(world.a, browse, *CIRCLE), Hall(world.b, browse, *CIRCLE)

    async def story() -> None:
        pages, strangers = await hall.open(), await other.open()
        message = await do(say, world.a, "leader", chat, "Собрание в пятницу")
        for name, page in pages.items():
            frames = await page.heard()
            assert [frame["type"] for frame in frames] == (["message"] if name in reached else []), name
            if frames:
                assert (frames[0]["chat"], frames[0]["event"]) == (chat.pk, 1)
                assert frames[0]["message"]["id"] == message.pk
                assert frames[0]["message"]["text"] == "Собрание в пятницу"
        for page in strangers.values():
            assert await page.heard() == []

    run(story)


@pytest.mark.req("CHAT-4")
def test_personal_messages_reach_the_two(school: School, browse: Browse) -> None:
    hall = Hall(school, browse, *CIRCLE)
    leader, parent = school.actor("leader"), school.people["parent"]

    async def story() -> None:
        pages = await hall.open()
        chat = await do(personal_chat, actor=leader, person=parent)
        for name in ("leader", "parent"):
            told = await pages[name].hears("chats")
            assert chat.pk in {row["id"] for row in told["chats"]}
        await do(say, school, "leader", chat)
        for name, page in pages.items():
            kinds = [frame["type"] for frame in await page.heard()]
            assert kinds == (["message"] if name in {"leader", "parent"} else [])

    run(story)


# --- Membership follows at once ---------------------------------------------------------------------------------------
def transfer(school: School) -> None:
    """The student of 5А goes to 5Б."""
    administrator, student = school.actor("administrator"), school.people["student"]
    structure.end_enrolment(actor=administrator, enrolment=Enrolment.objects.get(person=student, until=None))
    structure.enrol(actor=administrator, people=[student], unit=school.units["5Б"], part=Part.STUDENT)


@pytest.mark.req("CHAT-8", "ORG-5")
@pytest.mark.parametrize(("name", "template"), [("student", Template.UNIT_STUDENTS), ("parent", Template.UNIT_PARENTS)])
def test_after_a_transfer_nothing_of_the_old_class_is_heard_and_the_new_one_is(
    school: School, browse: Browse, name: str, template: Template
) -> None:
    old, new = chat_of(school, template), chat_of(school, template, "5Б")
    hall, everybody = Hall(school, browse, name), general(school)

    async def story() -> None:
        page = (await hall.open())[name]
        assert old.pk in page.chats
        await do(transfer, school)
        # Before the page has been told anything.
        await do(say, school, "leader", old, "Без вас")
        told = await page.hears("chats")
        assert {row["id"] for row in told["chats"]} == {everybody.pk, new.pk}
        await do(say, school, "leader", old, "Без вас")
        assert await page.heard() == []
        assert not any(group.endswith(f"chat.{old.pk}") for group in names_in_groups())
        if name == "student":
            await do(say, school, "teacher", new, "Здравствуйте")
            assert (await page.hears("message"))["chat"] == new.pk

    run(story)


@pytest.mark.req("CHAT-8")
def test_many_changes_at_once_are_one_question(school: School, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "GATHER_SECONDS", 0.1)
    hall = Hall(school, browse, "parent")
    asked = []
    ask = hearing.heard_by
    monkeypatch.setattr(consumers, "heard_by", lambda actor: asked.append(1) or ask(actor))

    def shake() -> None:
        for _time in range(5):
            live.broadcast(f"person.{school.people['parent'].pk}", {"type": "membership.changed"})

    async def story() -> None:
        page = (await hall.open())["parent"]
        await do(shake)
        await page.hears("chats")
        assert await page.receive_nothing(0.2)

    run(story)
    assert len(asked) == 2


@pytest.mark.req("CHAT-8")
def test_what_happened_while_the_page_looked_again_is_not_lost(school: School, browse: Browse, parents: Chat) -> None:
    hall = Hall(school, browse, "parent")

    async def story() -> None:
        page = (await hall.open())["parent"]
        await do(live.broadcast, f"person.{school.people['parent'].pk}", {"type": "membership.changed"})
        await do(say, school, "leader", parents)
        told = await page.hears("chats")
        assert {"id": parents.pk, "last_event": 1} in told["chats"]

    run(story)


def close_class(school: School, chat: Chat) -> None:
    structure.archive_unit(actor=school.actor("administrator"), unit=school.units["5А"])


def untie(school: School, chat: Chat) -> None:
    parent, child = school.people["parent"], school.people["student"]
    people.untie_parent(actor=school.actor("administrator"), parent=parent, child=child)


def switch_off(school: School, chat: Chat) -> None:
    change_rules(actor=school.actor("administrator"), rules={"switched_on": [Template.GENERAL]})


@pytest.mark.req("CHAT-8")
@pytest.mark.parametrize("end", [close_class, untie, switch_off])
def test_however_a_chat_is_lost_it_is_lost_at_once(
    school: School, browse: Browse, parents: Chat, end: Callable[[School, Chat], None]
) -> None:
    hall = Hall(school, browse, "parent")
    leader = school.actor("leader")

    async def story() -> None:
        page = (await hall.open())["parent"]
        await do(end, school, parents)
        await do(change_chat, actor=leader, chat=parents, changes=ChatChanges(purpose="Тайное"))
        told = await page.hears("chats")
        assert parents.pk not in {row["id"] for row in told["chats"]}
        assert await page.heard() == []

    run(story)


@pytest.mark.req("CHAT-8")
def test_an_archived_class_comes_back(school: School, browse: Browse, parents: Chat) -> None:
    hall, administrator, unit = Hall(school, browse, "parent", "leader"), school.actor("administrator"), "5А"

    async def story() -> None:
        pages = await hall.open()
        await do(structure.archive_unit, actor=administrator, unit=school.units[unit])
        for page in pages.values():
            assert parents.pk not in {row["id"] for row in (await page.hears("chats"))["chats"]}
        await do(structure.restore_unit, actor=administrator, unit=school.units[unit])
        for page in pages.values():
            assert parents.pk in {row["id"] for row in (await page.hears("chats"))["chats"]}

    run(story)


@pytest.mark.req("CHAT-2", "CHAT-8")
def test_free_chats_come_and_go(school: School, browse: Browse) -> None:
    hall = Hall(school, browse, "leader", "teacher", "parent")
    teacher = school.people["teacher"]
    actor = school.actor("leader")

    async def story() -> None:
        pages = await hall.open()
        data = ChatData(title="Поход", people=[teacher.pk], circles=[(Audience.PARENTS, school.units["5А"].pk)])
        chat = await do(create_chat, actor=actor, data=data)
        for page in pages.values():
            assert chat.pk in {row["id"] for row in (await page.hears("chats"))["chats"]}
        await do(remove_member, actor=actor, chat=chat, person=teacher)
        assert chat.pk not in {row["id"] for row in (await pages["teacher"].hears("chats"))["chats"]}
        # The others read the notice; whoever was taken out does not.
        for name in ("leader", "parent"):
            assert (await pages[name].hears("message"))["message"]["kind"] == "notice"
        link = await do(make_link, actor=actor, chat=chat)
        await do(join_by_link, actor=await sync_to_async(school.actor)("teacher"), link=link)
        assert chat.pk in {row["id"] for row in (await pages["teacher"].hears("chats"))["chats"]}
        await do(leave, actor=await sync_to_async(school.actor)("teacher"), chat=chat)
        assert chat.pk not in {row["id"] for row in (await pages["teacher"].hears("chats"))["chats"]}
        await do(add_members, actor=actor, chat=chat, people=[teacher])
        assert chat.pk in {row["id"] for row in (await pages["teacher"].hears("chats"))["chats"]}

    run(story)


@pytest.mark.req("CHAT-9")
def test_a_look_is_heard_until_it_ends(school: School, browse: Browse, parents: Chat) -> None:
    hall = Hall(school, browse, "administrator")
    administrator = school.actor("administrator")

    async def story() -> None:
        page = (await hall.open())["administrator"]
        assert parents.pk not in page.chats
        await do(inspect, actor=administrator, chat=parents, reason="жалоба родителей")
        told = await page.hears("chats")
        assert {"id": parents.pk, "last_event": 1} in told["chats"]
        await do(say, school, "leader", parents)
        assert (await page.hears("message"))["chat"] == parents.pk
        # Time passes: nobody tells anything, the look is over by itself.
        await sync_to_async(Inspection.objects.update)(expires_at=timezone.now() + timedelta(seconds=0.2))
        await do(live.broadcast, f"person.{administrator.person.pk}", {"type": "membership.changed"})
        await page.hears("chats")
        await asyncio.sleep(0.25)
        await do(say, school, "leader", parents)
        assert await page.heard() == []

    run(story)


@pytest.mark.req("CHAT-9")
def test_the_archive_is_still_heard(school: School, browse: Browse) -> None:
    hall = Hall(school, browse, "leader")
    actor = school.actor("leader")

    async def story() -> None:
        chat = await do(create_chat, actor=actor, data=ChatData(title="Поход"))
        page = (await hall.open())["leader"]
        await do(archive_chat, actor=actor, chat=chat)
        assert (await page.hears("chat"))["state"]["is_archived"]
        await page.close()
        page = (await hall.open())["leader"]
        await do(restore_chat, actor=actor, chat=chat)
        assert not (await page.hears("chat"))["state"]["is_archived"]

    run(story)


# --- What got lost ----------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-4")
def test_a_lost_event_is_uncovered_within_a_minute(
    school: School, browse: Browse, parents: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "CHECK_SECONDS", 0.1)
    hall = Hall(school, browse, "parent")

    async def story() -> None:
        page = (await hall.open())["parent"]
        with deaf():
            await do(say, school, "leader", parents)
        told = await page.hears("chats")
        assert {"id": parents.pk, "last_event": 1} in told["chats"]
        # Once is enough.
        assert await page.receive_nothing(0.3)

    run(story)


@pytest.mark.req("CHAT-8")
def test_a_change_of_place_that_got_lost_is_noticed_within_a_minute(
    school: School, browse: Browse, parents: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "CHECK_SECONDS", 0.1)
    hall = Hall(school, browse, "parent")

    async def story() -> None:
        page = (await hall.open())["parent"]
        with deaf():
            await do(transfer, school)
        told = await page.hears("chats")
        assert parents.pk not in {row["id"] for row in told["chats"]}
        await do(say, school, "leader", parents)
        assert await page.heard() == []

    run(story)


# --- The reader's language --------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-9")
def test_the_platforms_words_come_in_the_language_of_the_page(school: School, browse: Browse, parents: Chat) -> None:
    english, russian = browse(school.user("leader")), browse(school.user("parent"))
    english.cookies["django_language"] = "en"
    administrator, leader = school.actor("administrator"), school.actor("leader")

    async def story() -> None:
        pages = [await Page(school, browser).come() for browser in (english, russian)]
        await do(inspect, actor=administrator, chat=parents, reason="Жалоба")
        texts = [(await page.hears("message"))["message"]["text"] for page in pages]
        assert "is looking into this chat" in texts[0]
        assert "is looking into this chat" not in texts[1]
        await do(change_chat, actor=leader, chat=parents, changes=ChatChanges(purpose="Собрания"))
        titles = [(await page.hears("chat"))["state"]["title"] for page in pages]
        assert titles[0] == "5А · parents"
        assert titles[1] == "5А · родители"

    run(story)


# --- Typing -----------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-4")
def test_the_others_see_who_types(
    school: School, browse: Browse, parents: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = Hall(school, browse, "parent", "leader", "student")

    async def story() -> None:
        pages = await hall.open()
        for _time in range(5):
            await pages["parent"].say({"type": "typing", "chat": parents.pk})
        person = school.people["parent"]
        expected = {"type": "typing", "chat": parents.pk, "person": person.pk, "name": person.full_name}
        assert await pages["parent"].heard() == []
        assert await pages["leader"].hears("typing") == expected
        assert await pages["leader"].heard() == []
        assert await pages["student"].heard() == []

    run(story)


def silence_parent(school: School, chat: Chat) -> None:
    mute(actor=school.actor("leader"), chat=seen(school, "leader", chat), person=school.people["parent"], hours=1,
         reason="шум")  # fmt: skip


def staff_only(school: School, chat: Chat) -> None:
    change_chat(actor=school.actor("leader"), chat=chat, changes=ChatChanges(writers=Writers.STAFF))


def make_large(school: School, chat: Chat) -> None:
    Chat.objects.filter(pk=chat.pk).update(shows_readers=False)


@pytest.mark.parametrize("hinder", [silence_parent, staff_only, make_large])
def test_typing_where_it_leads_to_nothing_is_not_told(
    school: School, browse: Browse, parents: Chat, hinder: Callable[[School, Chat], None]
) -> None:
    hinder(school, parents)
    hall = Hall(school, browse, "parent", "leader")

    async def story() -> None:
        pages = await hall.open()
        await pages["parent"].say({"type": "typing", "chat": parents.pk})
        await pages["parent"].heard()
        assert await pages["leader"].heard() == []

    run(story)


def test_typing_into_a_chat_one_is_not_in_is_not_told(school: School, browse: Browse, parents: Chat) -> None:
    hall = Hall(school, browse, "student", "leader")

    async def story() -> None:
        pages = await hall.open()
        await pages["student"].say({"type": "typing", "chat": parents.pk})
        assert await pages["student"].heard() == []
        assert await pages["leader"].heard() == []

    run(story)


def test_typing_asks_the_database_once_a_minute(school: School, browse: Browse, parents: Chat) -> None:
    hall = Hall(school, browse, "parent")

    async def story() -> None:
        page = (await hall.open())["parent"]
        for _time in range(20):
            await page.say({"type": "typing", "chat": parents.pk})
        await page.heard()

    with CaptureQueriesContext(connection) as queries:
        run(story)
    assert len([query for query in queries if "muted_until" in query["sql"]]) == 1


def test_a_pause_ends_typing_at_once(school: School, browse: Browse, parents: Chat) -> None:
    hall = Hall(school, browse, "parent", "leader")
    leader, parent = school.actor("leader"), school.people["parent"]

    async def story() -> None:
        pages = await hall.open()
        await pages["parent"].say({"type": "typing", "chat": parents.pk})
        await pages["leader"].hears("typing")
        await do(silence_parent, school, parents)
        await pages["parent"].hears("message")
        await pages["parent"].hears("chats")
        await pages["parent"].say({"type": "typing", "chat": parents.pk})
        await pages["parent"].heard()
        assert [frame["type"] for frame in await pages["leader"].heard()] == ["message"]
        await do(unmute, actor=leader, chat=parents, person=parent)
        await pages["parent"].hears("chats")
        await pages["parent"].say({"type": "typing", "chat": parents.pk})
        await pages["leader"].hears("typing")

    run(story)


# --- Who is there -----------------------------------------------------------------------------------------------------
async def watch(page: Page, chat: Chat) -> Any:
    await page.say({"type": "watch", "chat": chat.pk})
    return await page.hears("presence")


@pytest.mark.req("CHAT-4")
def test_a_page_sees_who_is_there(school: School, browse: Browse, parents: Chat) -> None:
    hall = Hall(school, browse, "leader", "parent", "student")
    ids = {name: person.pk for name, person in school.people.items()}

    async def story() -> None:
        pages = await hall.open()
        await do(say, school, "leader", parents)
        for page in pages.values():
            await page.heard()
        answer = await watch(pages["leader"], parents)
        assert answer["online"] == sorted([ids["leader"], ids["parent"]])
        assert answer["last_event"] == 1
        await pages["parent"].close()
        await sync_to_async(cache.clear)()  # more than a minute passes
        answer = await watch(pages["leader"], parents)
        assert answer["online"] == []

    run(story)


def test_pings_keep_one_present_and_write_seldom(
    school: School, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = []
    monkeypatch.setattr(consumers, "note_online", lambda organization, person: marks.append(person))
    hall = Hall(school, browse, "parent")

    async def story() -> None:
        page = (await hall.open())["parent"]
        for _time in range(5):
            await page.heard()
        assert len(marks) == 1
        monkeypatch.setattr(consumers, "ONLINE_SECONDS", 0)
        await page.heard()
        await page.heard()
        assert len(marks) >= 2

    run(story)


def test_presence_costs_the_same_for_any_number_of_members(school: School, browse: Browse) -> None:
    hall = Hall(school, browse, "leader")
    actor = school.actor("leader")
    chat = create_chat(actor=actor, data=ChatData(title="Поход"))

    async def story() -> None:
        page = (await hall.open())["leader"]
        await watch(page, chat)
        await page.close()

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            run(story)
        return len(queries)

    few = statements()
    crowd = [
        people.add_person(
            organization=school.organization, actor=None, data=people.PersonData("Толпов", f"Т{n}"), roles=["parent"]
        )
        for n in range(30)
    ]
    ChatMember.objects.bulk_create(
        ChatMember(organization=school.organization, chat=chat, person=person) for person in crowd
    )
    assert statements() == few


def test_in_large_chats_nobody_is_counted(
    school: School, browse: Browse, parents: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "MOST_PRESENT", 1)
    hall = Hall(school, browse, "leader")

    async def story() -> None:
        page = (await hall.open())["leader"]
        assert (await watch(page, parents))["online"] == []

    run(story)


@pytest.mark.req("CHAT-8")
def test_watching_a_chat_one_is_not_in_tells_which_one_is_in(school: School, browse: Browse, parents: Chat) -> None:
    hall = Hall(school, browse, "student")

    async def story() -> None:
        page = (await hall.open())["student"]
        await page.say({"type": "watch", "chat": parents.pk})
        told = await page.hears("chats")
        assert {row["id"] for row in told["chats"]} == page.chats

    run(story)


def test_a_notice_has_an_event_as_messages_have(school: School, browse: Browse, parents: Chat) -> None:
    hall = Hall(school, browse, "leader")

    async def story() -> None:
        page = (await hall.open())["leader"]
        await do(silence_parent, school, parents)
        frame = await page.hears("message")
        assert frame["event"] == frame["message"]["number"] == 1

    run(story)
    assert Message.objects.filter(chat=parents).count() == 1
