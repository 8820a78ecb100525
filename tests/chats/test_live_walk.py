"""Hundreds of deeds of several people, and a network that loses, doubles and shuffles what it is given.

Whoever heals by the protocol's rules ends up seeing what reading everything afresh shows (CHAT-4).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, TestCase
from django.utils import timezone

from accounts.models import User
from chats.live import chat_group, groups_of
from chats.models import Chat, Message, MessageFile, Notify, Template, Writers
from chats.selectors.chats import find_chat
from chats.selectors.hearing import heard_by
from chats.services import chats, members, messages, reading, safety, upkeep
from common.errors import DomainError
from files.services import upload
from orgs.actor import Actor
from polls.models import PollOption
from polls.services import PollData
from tests.chats.cast import chat_of, general
from tests.chats.client import Reader
from tests.chats.test_live_kinds import api_of
from tests.files.samples import upload_of
from tests.world import School

Browse = Callable[[User | None], Client]
Told = list[tuple[str, dict[str, Any]]]
NAMES = ("leader", "parent", "student", "administrator")
STEPS = 60


class Post:
    """The way from the server to one reader: late, in a wrong order, twice, or not at all."""

    def __init__(self, chance: random.Random, actor: Actor, reader: Reader) -> None:
        self.chance, self.actor, self.reader = chance, actor, reader
        self.waiting: list[list[dict[str, Any]]] = []
        self.heard = heard_by(actor)

    def put(self, told: Told) -> None:
        """Take what the groups of this person are told, as the socket would relay it."""
        mark: list[dict[str, Any]] = []
        for group, message in told:
            if group in groups_of(self.actor) and message["type"] == "membership.changed":
                self.waiting.append([{"type": "chats", "chats": self.look_again()}])
            elif group in groups_of(self.actor) | {chat_group(pk) for pk in self.heard}:
                mark.append(message["event"])
                # A vote goes ahead of its event: the connection may break before, between, or after them.
                if message["event"]["type"] != "vote":
                    self.waiting.append(mark)
                    mark = []

    def look_again(self) -> list[dict[str, int]]:
        self.heard = heard_by(self.actor)
        return [{"id": pk, "last_event": chat.last_event} for pk, chat in self.heard.items()]

    def deliver(self) -> None:
        """Hand over some of what waits."""
        votes = sorted((frames for frames in self.waiting if len(frames) > 1), key=lambda frames: frames[1]["event"])
        self.chance.shuffle(self.waiting)
        # One person votes once at a time: the last in the list comes first.
        self.waiting = [votes.pop() if len(frames) > 1 else frames for frames in self.waiting]
        for _time in range(self.chance.randint(0, len(self.waiting))):
            frames = self.waiting.pop()
            for _copy in range(self.chance.choice((0, 1, 1, 1, 2))):
                for frame in frames[: self.chance.randint(1, len(frames))]:
                    self.reader.receive(frame)

    def connect_again(self) -> None:
        """The last thing of every story: a new connection says where everything stands."""
        self.waiting = []
        self.reader.receive({"type": "welcome", "person": self.reader.person, "chats": self.look_again()})
        self.reader.settle()


class Walk:
    """People who do whatever comes to their mind; what the rules forbid does not happen."""

    def __init__(self, chance: random.Random, school: School) -> None:
        self.chance, self.school = chance, school
        self.actors = {name: school.actor(name) for name in NAMES}
        ids = [school.people[name].pk for name in ("parent", "student")]
        self.free = chats.create_chat(actor=self.actors["leader"], data=chats.ChatData(title="Поход", people=ids))
        self.chats = [self.free, chat_of(school, Template.UNIT_PARENTS), general(school)]
        self.deeds = [self.say] * 6 + [
            self.edit, self.delete, self.pin, self.vote, self.vote, self.close_poll, self.read, self.read, self.notify,
            self.change, self.archive, self.come_or_go, self.mute, self.look, self.age,
        ]  # fmt: skip

    def step(self) -> None:
        actor, chat = self.actors[self.chance.choice(NAMES)], self.chance.choice(self.chats)
        seen = find_chat(actor, chat.pk)
        if seen is not None:
            self.chance.choice(self.deeds)(actor, seen)

    def one_of(self, chat: Chat, **having: Any) -> Message:
        # In an order: PostgreSQL gives rows as they lie, and the same seed has to walk the same way.
        found = list(Message.objects.filter(chat=chat, **having).select_related("author", "poll").order_by("number"))
        if not found:
            raise DomainError("nothing", "there is none")
        return self.chance.choice(found)

    def say(self, actor: Any, chat: Chat) -> None:
        more: dict[str, Any] = {}
        if chat.message_count and self.chance.random() < 0.3:
            more["reply_to"] = self.one_of(chat).pk
        if self.chance.random() < 0.2:
            is_secret, is_several = self.chance.random() < 0.5, self.chance.random() < 0.5
            more["poll"] = PollData("Куда?", ["Лес", "Река"], is_anonymous=is_secret, is_multiple=is_several)
        if self.chance.random() < 0.1:
            more["file_ids"] = [upload(actor=actor, upload=upload_of(b"%PDF-1.7\n%%EOF\n", "план.pdf")).pk]
        mentioned = self.school.people[self.chance.choice(NAMES)].pk
        text = self.chance.choice(["Привет", "**Важно**\nочень", f"@[{mentioned}], вы где?", "@all сбор"])
        messages.send(actor=actor, chat=chat, draft=messages.Draft(text=text, **more))

    def edit(self, actor: Any, chat: Chat) -> None:
        message = self.one_of(chat, author=actor.person, poll=None)
        messages.edit(actor=actor, chat=chat, message=message, text=f"Исправлено {self.chance.random()}")

    def delete(self, actor: Any, chat: Chat) -> None:
        messages.delete(actor=actor, chat=chat, message=self.one_of(chat, kind="text"))

    def pin(self, actor: Any, chat: Chat) -> None:
        messages.pin(actor=actor, chat=chat, message=self.one_of(chat), pinned=self.chance.random() < 0.6)

    def vote(self, actor: Any, chat: Chat) -> None:
        message = self.one_of(chat, poll__isnull=False)
        options = list(PollOption.objects.filter(poll=message.poll_id).order_by("pk").values_list("pk", flat=True))
        chosen = self.chance.sample(options, self.chance.randint(0, len(options)))
        reading.vote(actor=actor, chat=chat, message=message, option_ids=chosen)

    def close_poll(self, actor: Any, chat: Chat) -> None:
        reading.close_poll(actor=actor, chat=chat, message=self.one_of(chat, poll__isnull=False))

    def read(self, actor: Any, chat: Chat) -> None:
        reading.mark_read(actor=actor, chat=chat, number=self.chance.randint(0, chat.last_event + 3))

    def notify(self, actor: Any, chat: Chat) -> None:
        reading.set_notify(actor=actor, chat=chat, notify=self.chance.choice(Notify.values))

    def change(self, actor: Any, chat: Chat) -> None:
        title = None if chat.is_system else f"Поход {self.chance.random()}"
        writers = Writers.STAFF if self.chance.random() < 0.1 else Writers.EVERYONE
        chats.change_chat(actor=actor, chat=chat, changes=chats.ChatChanges(title=title, writers=writers))

    def archive(self, actor: Any, chat: Chat) -> None:
        if chat.archived_at is not None:
            chats.restore_chat(actor=actor, chat=chat)
        elif not chat.is_system and self.chance.random() < 0.4:
            chats.archive_chat(actor=actor, chat=chat)

    def come_or_go(self, actor: Any, chat: Chat) -> None:
        person = self.school.people[self.chance.choice(("parent", "student"))]
        if find_chat(self.actors["student"], self.free.pk) and self.chance.random() < 0.5:
            members.remove_member(actor=actor, chat=self.free, person=person)
        else:
            members.add_members(actor=actor, chat=self.free, people=[person])

    def mute(self, actor: Any, chat: Chat) -> None:
        person = self.school.people[self.chance.choice(("parent", "student"))]
        if self.chance.random() < 0.1:
            safety.mute(actor=actor, chat=chat, person=person, hours=1, reason="Шум")
        else:
            safety.unmute(actor=actor, chat=chat, person=person)

    def look(self, actor: Any, chat: Chat) -> None:
        if actor.is_administrator:
            safety.inspect(actor=actor, chat=chat, reason="Проверка")

    def age(self, actor: Any, chat: Chat) -> None:
        """The older half of the messages has had its time."""
        numbers = sorted(Message.objects.filter(chat=chat).values_list("number", flat=True))
        if len(numbers) > 12 and self.chance.random() < 0.3:
            old = Message.objects.filter(chat=chat, number__lte=numbers[len(numbers) // 2])
            old.update(created_at=timezone.now() - timedelta(days=40))
            Chat.objects.filter(pk=chat.pk).update(retention_days=30)
            upkeep.remove_old_messages()


@pytest.mark.req("CHAT-4", "CHAT-8")
@pytest.mark.parametrize(("seed", "window"), [(1, 100), (2, 100), (3, 7)])
def test_whatever_the_network_does_nothing_is_lost_doubled_or_out_of_order(
    school: School, browse: Browse, broadcasts: Told, seed: int, window: int
) -> None:
    chance = random.Random(seed)
    walk = Walk(chance, school)
    posts = []
    for name, actor in walk.actors.items():
        reader = Reader(api_of(browse(school.user(name)), school), window=window)
        opened = {chat.pk for chat in walk.chats} & set(heard_by(actor))
        posts.append(Post(chance, actor, reader.start(actor.person.pk, opened)))
    broadcasts.clear()
    done = 0
    while done < STEPS:
        try:
            with TestCase.captureOnCommitCallbacks(execute=True):
                walk.step()
        except DomainError:
            continue
        done += bool(broadcasts)
        for post in posts:
            post.put(broadcasts)
            if chance.random() < 0.3:
                post.deliver()
            if chance.random() < 0.1:
                post.reader.settle()
        broadcasts.clear()
    for post in posts:
        post.deliver()
        post.connect_again()
        check(post)


def check(post: Post) -> None:
    """The reader against somebody who comes now: what both show of a chat must be the same."""
    fresh = Reader(post.reader.get).start(post.reader.person, set(post.reader.rooms))
    mine, now = post.reader.view(), fresh.view()
    for chat_id in mine["rooms"]:
        first = post.reader.rooms[chat_id].first if post.reader.rooms[chat_id].has_before else 0
        # A page may show the latest part only; what it shows has no holes.
        theirs = now["rooms"][chat_id]
        theirs["messages"] = [message for message in theirs["messages"] if message["number"] >= first]
        shown = {message["id"] for message in theirs["messages"]}
        theirs["votes"] = {key: options for key, options in theirs["votes"].items() if key in shown}
        for part, known in mine["rooms"][chat_id].items():
            assert known == theirs[part], (post.actor.person, part)
    assert mine == now, post.actor.person
    assert MessageFile.objects.filter(message__deleted_at__isnull=False).count() == 0
