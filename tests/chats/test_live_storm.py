"""Eight people write while connections are cut and the server is killed.

Every accepted message arrives exactly once, in order, on every page (CHAT-4).
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as current
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection

from tests.chats.client import Reader
from tests.chats.storm import Api, Page, Place, Servers, Writer, session_rows
from tests.world import CAST, School, World, build_school, make_user

WRITERS, READERS = 8, 4
MESSAGES_BETWEEN_DEATHS = 40


class Town:
    """Running servers, and the sessions of a school's people at them."""

    def __init__(self, servers: Servers, school: School, sessions: dict[str, str]) -> None:
        self.servers, self.school, self.sessions = servers, school, sessions

    def place(self, name: str, number: int = 0) -> Place:
        ports = self.servers.ports
        return Place(self.sessions[name], self.school.slug, ports[number % len(ports)])

    def open_general_chat(self) -> int:
        api = Api(self.place("administrator"))
        api.ask("PATCH", "chat-rules/", {"switched_on": ["general"]})
        return int(api.get("chats/")["results"][0]["id"])


def people_of(school: School) -> dict[str, Any]:
    return {name: school.user(name) for name in (*CAST, "both")}


@pytest.fixture
def secret(settings: Any) -> str:
    """Its own for each run: two runs on one Redis must not hear each other."""
    settings.SECRET_KEY = f"only for this storm {os.urandom(16).hex()}"
    return str(settings.SECRET_KEY)


@pytest.fixture
def embedded_town(built_world: World, django_db_blocker: Any, tmp_path: Path, secret: str) -> Iterator[Town]:
    """One server on a SQLite file: a copy of the tables and people of this test run."""
    rows = session_rows(people_of(built_world.a), SessionStore().encode)
    expires = (datetime.now(UTC) + timedelta(days=1)).replace(tzinfo=None).isoformat(" ")
    with closing(sqlite3.connect(tmp_path / "db.sqlite3")) as copy:
        with django_db_blocker.unblock():
            connection.ensure_connection()
            connection.connection.backup(copy)
        copy.executemany(
            "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (?, ?, ?)",
            [(key, data, expires) for key, data in rows.values()],
        )
        copy.execute("CREATE TABLE cache_table (cache_key VARCHAR(255) PRIMARY KEY, value TEXT, expires DATETIME)")
        copy.commit()
    servers = Servers(1, tmp_path, {"SECRET_KEY": secret, **keys()})
    yield from running(Town(servers, built_world.a, {name: key for name, (key, _data) in rows.items()}))


@pytest.fixture
def production_town(transactional_db: None, tmp_path: Path, secret: str) -> Iterator[Town]:
    """Two servers on PostgreSQL, which hear each other through Redis."""
    school = build_school("a", 1, make_user("+79003000000", "Обоева Ольга"))
    rows = session_rows(people_of(school), SessionStore().encode)
    for key, data in rows.values():
        Session.objects.create(session_key=key, session_data=data, expire_date=datetime.now(UTC) + timedelta(days=1))
    database = connection.settings_dict
    password = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
    address = f"{database['USER']}{password}@{database['HOST']}:{database['PORT'] or 5432}"
    environment = {
        "SECRET_KEY": secret,
        "DATABASE_URL": f"postgres://{address}/{database['NAME']}",
        "REDIS_URL": current.CACHES["default"]["LOCATION"],
        **keys(),
    }
    servers = Servers(2, tmp_path, environment)
    yield from running(Town(servers, school, {name: key for name, (key, _data) in rows.items()}))


def keys() -> dict[str, str]:
    return {"INVITATION_KEY": current.INVITATION_KEY, "OUTBOX_KEY": current.OUTBOX_KEY}


def running(town: Town) -> Iterator[Town]:
    town.servers.start()
    try:
        yield town
    finally:
        town.servers.kill()


def storm(town: Town) -> tuple[int, list[Writer], list[Page]]:
    """Let everybody write and read through two deaths of the servers, and come to rest."""
    chat = town.open_general_chat()
    names = list(town.sessions)
    writers = []
    for number in range(WRITERS):
        name = names[number % len(names)]
        writers.append(Writer(f"{name} {number}", town.place(name, number), chat))
    pages = [
        Page(f"page of {name} {n}", town.place(name, n), town.school.people[name].pk, chat)
        for n, name in enumerate(names[:READERS])
    ]
    for thread in (*pages, *writers):
        thread.start()
    for _time in range(2):
        let_write(writers, pages)
        town.servers.kill()
        town.servers.start()
    let_write(writers, pages)
    for page in pages:
        page.is_calm.set()
    for writer in writers:
        writer.finish(15)
    return chat, writers, pages


def let_write(writers: list[Writer], pages: list[Page]) -> None:
    """Return when enough was written and the connection of every page was cut, however quick the machine is."""

    def written() -> int:
        return sum(len(writer.accepted) for writer in writers)

    enough, cuts = written() + MESSAGES_BETWEEN_DEATHS, [page.cuts for page in pages]
    deadline = time.monotonic() + 30
    while written() < enough or any(page.cuts == before for page, before in zip(pages, cuts, strict=True)):
        assert time.monotonic() < deadline, [thread.failure for thread in (*writers, *pages)]
        time.sleep(0.02)


def come_to_rest(town: Town, chat: int, pages: list[Page]) -> None:
    """Wait until the pages have caught up, by nothing but what the protocol makes them do."""
    last = Api(town.place("administrator")).get(f"chats/{chat}/")["last_event"]
    deadline = time.monotonic() + 20
    while not all(page.failure or (page.reader.rooms and page.reader.rooms[chat].known == last) for page in pages):
        assert time.monotonic() < deadline, [page.reader.rooms[chat].known for page in pages]
        time.sleep(0.05)
    time.sleep(0.2)
    for page in pages:
        page.finish(15)


def everything(town: Town, chat: int) -> list[dict[str, Any]]:
    """The chat's messages by their numbers, as the server keeps them."""
    api, messages, after = Api(town.place("administrator")), [], 0
    while True:
        page = api.get(f"chats/{chat}/messages/", after=after, limit=100)
        messages += page["messages"]
        if not page["has_after"]:
            return messages
        after = messages[-1]["number"]


def weather(town: Town) -> None:
    chat, writers, pages = storm(town)
    come_to_rest(town, chat, pages)
    messages = everything(town, chat)
    # Every accepted message is there exactly once, each writer's in the order of writing, numbers without a gap.
    assert sorted(message["text"] for message in messages) == sorted(
        text for writer in writers for text in writer.accepted
    )
    for writer in writers:
        own = [message["text"] for message in messages if message["text"].startswith(f"{writer.name}: ")]
        assert own == writer.accepted
    assert [message["number"] for message in messages] == list(range(1, len(messages) + 1))
    # And on every page.
    for page in pages:
        assert page.reader.rooms[chat].view()["messages"] == messages, page.name
        fresh = Reader(Api(page.place).get).start(page.person)
        assert page.reader.listing.view() == fresh.listing.view(), page.name
    assert "Traceback" not in town.servers.log.read_text()
    # It was a storm.
    assert sum(writer.tries for writer in writers) > len(messages)
    assert all(page.connections > 2 for page in pages)
    assert all(page.cuts > 2 for page in pages)


@pytest.mark.req("CHAT-4")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the embedded mode")
def test_nothing_is_lost_doubled_or_out_of_order_in_the_embedded_mode(embedded_town: Town) -> None:
    weather(embedded_town)


@pytest.mark.req("CHAT-4")
@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not current.REDIS_URL, reason="needs Redis (REDIS_URL)")
def test_nothing_is_lost_doubled_or_out_of_order_in_production(production_town: Town) -> None:
    weather(production_town)
