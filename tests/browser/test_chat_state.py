"""What the scripts of the chat page know and how it changes, without a page and without a server: pure modules in a
real browser. A chat that lives in this test plays the server."""

import copy
import random
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from common.templatetags.ui import initials, tone
from tests.browser.running import ROOT

Json = dict[str, Any]
STATIC = ROOT / "sferum_admin" / "static"
ME, OTHER = 1, 2
SEEDS = range(8)


@pytest.fixture(scope="module")
def scripts(browser: Browser) -> Iterator[Page]:
    """An empty page that may import the modules by their names."""
    page = browser.new_page()

    def serve(route: Route) -> None:
        path = STATIC / route.request.url.removeprefix("http://chat.test/")
        if path.is_file():
            route.fulfill(body=path.read_text(encoding="utf-8"), content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html>", content_type="text/html")

    page.route("http://chat.test/**", serve)
    page.goto("http://chat.test/")
    yield page
    page.close()


@pytest.fixture
def run(scripts: Page) -> Callable[..., Any]:
    """`run("rows.js", "(m, a) => …", a)`: what a function of a module gives back."""

    def call(module: str, script: str, argument: Any = None) -> Any:
        wrapped = f"async (argument) => ({script})(await import('/js/chat/{module}'), argument)"
        return scripts.evaluate(wrapped, argument)

    return call


# --- A chat, as the server keeps it -----------------------------------------------------------------------------------
class Server:
    """Messages with their events, the list's row, and what is told of them."""

    def __init__(self) -> None:
        self.messages: list[Json] = []
        self.frames: list[Json] = []
        self.votes: dict[str, list[int]] = {}
        self.state: Json = {"id": 5, "title": "5А", "template": "unit_parents", "shows_readers": True}
        self.state |= {"last_event": 0, "kept_after": 0, "is_archived": False, "purpose": ""}
        self.chat_event = 0
        self.began = datetime(2025, 9, 15, tzinfo=UTC)

    def next_event(self) -> int:
        self.state["last_event"] += 1
        return int(self.state["last_event"])

    def send(self, author: int | None, text: str, reply_to: Json | None = None, poll: bool = False) -> Json:
        number = self.next_event()
        message = {
            "id": 100 + number,
            "chat": 5,
            "number": number,
            "event": number,
            "kind": "text" if author else "notice",
            "author": {"id": author, "name": f"Имя {author}"} if author else None,
            "text": text,
            "snippet": text,
            "html": text,
            "reply_to": reply_to and {name: reply_to[name] for name in ("id", "number", "author", "snippet")},
            "files": [],
            "poll": {"id": number, "is_anonymous": False, "is_closed": False, "closes_at": None} if poll else None,
            "mentions_all": False,
            "is_pinned": False,
            "client_key": None,
            "created_at": (self.began + timedelta(minutes=number)).isoformat(),
            "edited_at": None,
            "deleted_at": None,
        }
        self.messages.append(message)
        return self.tell(message)

    def tell(self, message: Json) -> Json:
        for answer in self.messages:
            if answer["reply_to"] and answer["reply_to"]["id"] == message["id"]:
                answer["reply_to"] = {**answer["reply_to"], "snippet": message["snippet"]}
        frame = {"type": "message", "chat": 5, "event": message["event"], "message": copy.deepcopy(message)}
        self.frames.append(frame)
        return message

    def change(self, message: Json, **values: Any) -> Json:
        message.update(values, event=self.next_event())
        return self.tell(message)

    def rename(self, title: str) -> None:
        self.state["title"] = title
        self.become()

    def forget_up_to(self, number: int) -> None:
        """Retention."""
        self.state["kept_after"] = number
        self.messages = [message for message in self.messages if message["number"] > number]
        for message in self.messages:
            if message["reply_to"] and message["reply_to"]["number"] <= number:
                message["reply_to"] = None
        self.become()

    def become(self) -> None:
        self.chat_event = self.next_event()
        self.frames.append({"type": "chat", "chat": 5, "event": self.chat_event, "state": dict(self.state)})

    def vote(self, message: Json, options: list[int]) -> None:
        self.votes[str(message["id"])] = options
        self.frames.append({"type": "vote", "chat": 5, "message": message["id"], "options": options})
        self.change(message)

    # --- What it answers ----------------------------------------------------------------------------------------------
    def detail(self) -> Json:
        others = [one["number"] for one in self.messages if one["author"] and one["author"]["id"] != ME]
        mine = [one["number"] for one in self.messages if one["author"] and one["author"]["id"] == ME]
        me = {"read_number": max(mine, default=0), "may_write": True, "may_pin": False, "may_moderate": False}
        return {**self.state, "me": {**me, "edit_minutes": 60}, "read_by_others": max(others, default=0)}

    def page(self) -> Json:
        return {"messages": copy.deepcopy(self.messages), "votes": self.votes, "has_before": False, "has_after": False}

    def pinned(self) -> list[Json]:
        return [copy.deepcopy(message) for message in reversed(self.messages) if message["is_pinned"]]

    def changes(self, after: int) -> Json:
        changed = sorted((one for one in self.messages if one["event"] > after), key=lambda one: one["event"])
        ids = {str(message["id"]) for message in changed}
        return {
            "messages": copy.deepcopy(changed),
            "votes": {key: options for key, options in self.votes.items() if key in ids},
            "chat": dict(self.state) if self.chat_event > after else None,
            "last_event": self.state["last_event"],
            "has_more": False,
            "kept_after": self.state["kept_after"],
            "read_by_others": self.detail()["read_by_others"],
        }


def live_on(server: Server, chance: random.Random, steps: int) -> None:
    """Let something happen `steps` times."""
    for step in range(steps):
        standing = [one for one in server.messages if one["kind"] == "text" and not one["deleted_at"]]
        what = chance.choice(["send", "send", "send", "answer", "edit", "delete", "pin", "vote", "notice", "rename"])
        if what == "send" or not standing:
            server.send(chance.choice([ME, OTHER]), f"слово {step}", poll=chance.random() < 0.3)
        elif what == "answer":
            server.send(chance.choice([ME, OTHER]), f"ответ {step}", reply_to=chance.choice(standing))
        elif what == "edit":
            server.change(chance.choice(standing), text=f"иначе {step}", snippet=f"иначе {step}", html=f"иначе {step}")
        elif what == "delete":
            gone = chance.choice(standing)
            server.votes.pop(str(gone["id"]), None)
            traces = {"text": "", "html": "", "snippet": "Сообщение удалено", "poll": None, "is_pinned": False}
            server.change(gone, deleted_at="2025-09-16T00:00:00+00:00", **traces)
        elif what == "pin":
            server.change(chance.choice(standing), is_pinned=chance.random() < 0.7)
        elif what == "vote":
            polls = [one for one in standing if one["poll"]]
            if polls:
                server.vote(chance.choice(polls), [chance.randint(1, 3)])
        elif what == "notice":
            server.send(None, f"объявление {step}")
        else:
            server.rename(f"5А {step}")


LIVE_THROUGH = """(m, { person, detail, page, pinned, frames, healings }) => {
  const chat = new m.Conversation(person, detail);
  chat.show(page);
  chat.pins(pinned);
  for (const frame of frames) {
    if (frame.type === "vote") chat.voted(frame.message, frame.options);
    else if (frame.type === "heal") chat.heal(frame.changes);
    else chat.receive(frame);
  }
  healings.forEach((changes) => chat.heal(changes));
  return {
    messages: chat.messages, votes: chat.votes, known: chat.known, pinned: chat.pinned.map((one) => one.id).sort(),
    title: chat.detail.title, keptAfter: chat.detail.kept_after, read: chat.readNumber, others: chat.readByOthers,
  };
}"""


def lived(run: Callable[..., Any], begin: Server, frames: list[Json], healings: list[Json]) -> Json:
    start = {"person": ME, "detail": begin.detail(), "page": begin.page(), "pinned": begin.pinned()}
    return run("conversation.js", LIVE_THROUGH, {**start, "frames": frames, "healings": healings})


@pytest.mark.req("CHAT-4")
@pytest.mark.parametrize("seed", SEEDS)
def test_events_in_their_order_give_what_reading_afresh_gives(run: Callable[..., Any], seed: int) -> None:
    chance, server = random.Random(seed), Server()
    live_on(server, chance, 15)
    begin = copy.deepcopy(server)
    server.frames.clear()
    live_on(server, chance, 40)
    assert lived(run, begin, server.frames, []) == lived(run, server, [], [])


@pytest.mark.req("CHAT-4")
@pytest.mark.parametrize("seed", SEEDS)
def test_events_lost_doubled_and_late_are_healed(run: Callable[..., Any], seed: int) -> None:
    chance, server = random.Random(seed), Server()
    live_on(server, chance, 15)
    begin = copy.deepcopy(server)
    server.frames.clear()
    live_on(server, chance, 40)
    frames = [frame for frame in server.frames for _times in range(chance.choice([0, 1, 1, 1, 2]))]
    # Late by a few places.
    frames = [frame for _place, frame in sorted(enumerate(frames), key=lambda pair: pair[0] + chance.uniform(0, 4))]
    # Asked in the middle and at the end, as after two gaps; the page may know less or more than it thinks.
    healings = [server.changes(begin.state["last_event"]), server.changes(server.state["last_event"])]
    assert lived(run, begin, frames, healings) == lived(run, server, [], [])


@pytest.mark.req("CHAT-4")
def test_two_events_that_overtook_each_other_need_no_question(run: Callable[..., Any]) -> None:
    server = Server()
    server.send(OTHER, "раз")
    server.send(OTHER, "два")
    after = lived(run, Server(), server.frames[::-1], [])
    assert ([message["text"] for message in after["messages"]], after["known"]) == (["раз", "два"], 2)


@pytest.mark.req("CHAT-4")
def test_an_answer_that_comes_late_takes_nothing_back(run: Callable[..., Any]) -> None:
    server = Server()
    message = server.send(ME, "раз")
    server.change(message, text="иначе")
    first = copy.deepcopy(server.frames[0]["message"])
    script = """(m, { detail, page, first }) => {
      const chat = new m.Conversation(1, detail);
      chat.show(page);
      chat.accept(first);
      chat.addEarlier({ messages: [first], votes: {}, has_before: false });
      return chat.messages.map((one) => one.text);
    }"""
    told = {"detail": server.detail(), "page": server.page(), "first": first}
    assert run("conversation.js", script, told) == ["иначе"]


@pytest.mark.req("CHAT-4")
def test_what_was_removed_by_age_is_forgotten(run: Callable[..., Any]) -> None:
    server = Server()
    old = server.send(OTHER, "старое")
    server.change(old, is_pinned=True)
    server.send(ME, "ответ", reply_to=old)
    begin = copy.deepcopy(server)
    server.frames.clear()
    server.forget_up_to(old["number"])
    after = lived(run, begin, server.frames, [])
    assert [(message["text"], message["reply_to"]) for message in after["messages"]] == [("ответ", None)]
    assert after["pinned"] == []


@pytest.mark.req("CHAT-4")
def test_a_window_of_an_old_part_takes_nothing_from_the_end(run: Callable[..., Any]) -> None:
    server = Server()
    for number in range(10):
        server.send(OTHER, str(number))
    window = {**server.page(), "messages": server.page()["messages"][2:5], "has_before": True, "has_after": True}
    script = """(m, { person, detail, window, frame, edited }) => {
      const chat = new m.Conversation(person, detail);
      chat.show(window);
      const outcome = [chat.receive(frame), chat.receive(edited)];
      return { outcome, texts: chat.messages.map((one) => one.text), known: chat.known };
    }"""
    detail = server.detail()
    server.send(OTHER, "новое")
    server.change(server.messages[3], text="иначе")
    frames = {"frame": server.frames[-2], "edited": server.frames[-1]}
    found = run("conversation.js", script, {"person": ME, "detail": detail, "window": window, **frames})
    assert found == {"outcome": ["applied", "applied"], "texts": ["2", "иначе", "4"], "known": 12}


RIGHTS = """(m, { me, message, now }) => {
  const known = { id: 5, last_event: 0, kept_after: 0, shows_readers: true, read_by_others: 0 };
  const chat = new m.Conversation(1, { ...known, me });
  return Object.entries(chat.rights(message, now)).filter(([, allowed]) => allowed).map(([name]) => name).sort();
}"""


@pytest.mark.parametrize(
    ("author", "minutes", "more", "allowed"),
    [
        (ME, 1, {}, ["copy", "delete", "edit", "link", "readers", "reply", "vote"]),
        (ME, 61, {}, ["copy", "link", "readers", "reply", "vote"]),
        (OTHER, 1, {}, ["copy", "link", "reply", "report", "vote"]),
        (
            OTHER,
            1,
            {"may_moderate": True, "may_pin": True},
            ["copy", "link", "pin", "remove", "reply", "report", "vote"],
        ),
        (OTHER, 1, {"is_member": False, "may_write": False}, ["copy", "link"]),
        (
            OTHER,
            1,
            {"may_write": False, "obstacle": {"code": "staff_only", "text": ""}},
            ["copy", "link", "report", "vote"],
        ),
        (OTHER, 1, {"may_write": False, "obstacle": {"code": "muted", "text": ""}}, ["copy", "link", "report"]),
    ],
)
def test_only_what_is_allowed_is_offered(
    run: Callable[..., Any], author: int, minutes: int, more: Json, allowed: list[str]
) -> None:
    server = Server()
    message = server.send(author, "слово")
    me = {"read_number": 0, "is_member": True, "may_write": True, "may_pin": False, "may_moderate": False}
    me |= {"edit_minutes": 60, "obstacle": None, **more}
    now = datetime.fromisoformat(message["created_at"]).timestamp() * 1000 + minutes * 60_000
    assert run("conversation.js", RIGHTS, {"me": me, "message": message, "now": now}) == allowed


# --- The list ---------------------------------------------------------------------------------------------------------
LIST = """(m, { chats, frames }) => {
  const list = new m.ChatList(1, chats);
  const outcomes = frames.map((frame) => list.receive(frame));
  return { outcomes, rows: list.ordered(), waiting: list.waiting() };
}"""


def listed(chat: int, event: int, **more: Any) -> Json:
    return {
        "id": chat,
        "template": "unit_parents",
        "title": str(chat),
        "last_event": event,
        "unread": 0,
        "mentioned": 0,
        "read_number": event,
        "notify": "all",
        "last_message": None,
        "kept_after": 0,
        "is_archived": False,
        **more,
    }


@pytest.mark.req("CHAT-4")
def test_a_new_message_lifts_its_chat_and_is_unread(run: Callable[..., Any]) -> None:
    server = Server()
    server.send(OTHER, "раз")
    frames = server.frames
    frames[0]["message"]["html"] = '<span class="mention" data-person="1">@Я</span>'
    found = run("chat_list.js", LIST, {"chats": [listed(4, 7), listed(5, 0)], "frames": [frames[0], frames[0]]})
    assert found["outcomes"] == ["applied", "old"]
    assert [(row["id"], row["unread"], row["mentioned"]) for row in found["rows"]] == [(5, 1, 1), (4, 0, 0)]
    assert found["rows"][0]["last_message"]["snippet"] == "раз"
    assert found["waiting"] == 1


def test_silenced_chats_call_only_when_one_is_mentioned(run: Callable[..., Any]) -> None:
    chats = [listed(4, 7, notify="none", unread=9), listed(5, 0, notify="mentions", unread=8, mentioned=2)]
    assert run("chat_list.js", LIST, {"chats": chats, "frames": []})["waiting"] == 2


def test_an_own_message_leaves_nothing_unread(run: Callable[..., Any]) -> None:
    server = Server()
    server.send(ME, "моё")
    found = run("chat_list.js", LIST, {"chats": [listed(5, 0, unread=3, mentioned=1)], "frames": server.frames})
    assert (found["rows"][0]["unread"], found["rows"][0]["mentioned"]) == (0, 0)


def test_a_gap_in_the_list_asks_for_it_anew(run: Callable[..., Any]) -> None:
    server = Server()
    server.send(OTHER, "раз")
    server.send(OTHER, "два")
    assert run("chat_list.js", LIST, {"chats": [listed(5, 0)], "frames": server.frames[1:]})["outcomes"] == ["stale"]
    assert run("chat_list.js", LIST, {"chats": [], "frames": server.frames[:1]})["outcomes"] == ["stale"]


# --- Rows, mentions, names --------------------------------------------------------------------------------------------
ROWS = """(m, { messages, newAfter, hasBefore }) => m.layOut({
  messages, votes: {}, person: 1, readByOthers: 2, showsReaders: true, pending: [], newAfter, hasBefore,
  dayOf: (iso) => iso.slice(0, 10), now: "2025-09-16T12:00:00+00:00",
}).map((row) => row.kind === "message" ? [row.message.text, row.isFirst, row.isLast, row.tick].join(" ") : row.kind)"""


def test_messages_are_laid_out_by_days_and_authors(run: Callable[..., Any]) -> None:
    server = Server()
    for author, text in ((ME, "а"), (ME, "б"), (OTHER, "в"), (OTHER, "г")):
        server.send(author, text)
    server.messages[3]["created_at"] = "2025-09-16T08:00:00+00:00"
    rows = run("rows.js", ROWS, {"messages": server.messages, "newAfter": 2, "hasBefore": False})
    assert rows == ["day", "а true false read", "б false true read", "line", "в true true ", "day", "г true true "]


def test_the_line_stands_only_where_it_belongs(run: Callable[..., Any]) -> None:
    server = Server()
    for _number in range(3):
        server.send(OTHER, "а")
    later = {"messages": server.messages[1:], "newAfter": 1, "hasBefore": True}
    # What is new begins before the window.
    assert "line" not in run("rows.js", ROWS, {**later, "newAfter": 0})
    assert "line" not in run("rows.js", ROWS, {**later, "newAfter": None})
    assert "line" in run("rows.js", ROWS, {**later, "messages": server.messages})


@pytest.mark.parametrize(
    ("typed", "people", "wire"),
    [
        ("@Анна Ковалёва, да", {"Анна Ковалёва": 12}, "@[12], да"),
        ("@Анна Ковалёва и @Анна", {"Анна Ковалёва": 12, "Анна": 13}, "@[12] и @[13]"),
        ("@Аннабель", {"Анна": 13}, "@Аннабель"),
        ("@все сюда, почта@все", {}, "@all сюда, почта@все"),
        ("@(Анна.*)", {"(Анна.*)": 14}, "@[14]"),
    ],
)
def test_names_become_mentions_on_their_way(run: Callable[..., Any], typed: str, people: Json, wire: str) -> None:
    assert run("mentions_text.js", '(m, a) => m.toWire(a[0], a[1], "все")', [typed, people]) == wire


def test_mentions_come_back_as_names_to_be_edited(run: Callable[..., Any]) -> None:
    html = '<span class="mention" data-person="12">@Анна О&#x27;Нил</span>, <span class="mention">@…</span>'
    found = run("mentions_text.js", '(m, a) => m.fromWire(a[0], a[1], "все")', ["@[12], @[99] @all", html])
    assert found == {"text": "@Анна О'Нил, @[99] @все", "people": {"Анна О'Нил": 12}}


@pytest.mark.parametrize("name", ["Иванова Анна", "Школа № 44", "«Солнышко»", "Ёлкин", "Цыренова-Ким Сэсэг Баировна"])
def test_faces_are_those_of_the_server(run: Callable[..., Any], name: str) -> None:
    assert run("names.js", "(m, name) => [m.initials(name), m.tone(name)]", name) == [initials(name), tone(name)]


def test_the_state_needs_no_document() -> None:
    """The modules above import none that reads the page."""
    for module in ("conversation.js", "chat_list.js", "rows.js", "mentions_text.js", "names.js"):
        source = (STATIC / "js/chat" / module).read_text(encoding="utf-8")
        assert not re.search(r"^import ", source, re.MULTILINE), module
