"""A page of chats that follows docs/websocket.md to the letter: what events and `changes` do to what it knows.

`Room` and `Listing` are state without a network; `Reader` asks the API and feeds them the frames of a socket.
`Reader.view()` is comparable: a reader who lived through events must see what one sees who reads everything afresh.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]
# `get("chats/5/changes/", after=3)`: an answer of the API inside an organization, or `NotThere`.
Get = Callable[..., Json]
WINDOW = 100
LAST_MESSAGE = ("number", "kind", "author", "snippet", "created_at")
OLD, APPLIED, GAP = "old", "applied", "gap"


class NotThere(Exception):
    """404: it is not the person's, or not any more."""


class Room:
    """An open chat: everything up to `known` is known; between the first and the last message nothing is missing."""

    def __init__(self, person: int, detail: Json, pinned: Json, page: Json) -> None:
        self.person = person
        self.state = {name: detail[name] for name in detail if name not in {"me", "member_count", "unread"}}
        self.read_number: int = detail["me"]["read_number"]
        self.read_by_others: int = detail["read_by_others"]
        # The chat was asked before its messages: what they hold beyond is told once more.
        self.known: int = detail["last_event"]
        self.pinned = {message["id"] for message in pinned["messages"]}
        self.votes: dict[int, list[int]] = {}
        self.messages: dict[int, Json] = {}
        self.has_before: bool = page["has_before"]
        self.first = page["messages"][0]["number"] if page["messages"] else 0
        self.early: dict[int, Json] = {}
        for message in page["messages"]:
            self._put(message)
        self._take_votes(page["votes"])

    # --- Events -------------------------------------------------------------------------------------------------------
    def receive(self, frame: Json) -> str:
        """Apply an event, drop a repetition, or keep aside what comes too early."""
        if frame["event"] <= self.known:
            return OLD
        self.early[frame["event"]] = frame
        if frame["event"] > self.known + 1:
            return GAP
        self._go_on()
        return APPLIED

    def _go_on(self) -> None:
        while frame := self.early.pop(self.known + 1, None):
            self.known += 1
            if frame["type"] == "message":
                self._apply(frame["message"])
            else:
                self._become(frame["state"])
        self.early = {event: frame for event, frame in self.early.items() if event > self.known}

    def heal(self, changes: Json) -> bool:
        """Take an answer of `changes`; true while there is more to ask for."""
        if changes["chat"] is not None:
            self._become(changes["chat"])
        self._become({"kept_after": changes["kept_after"]})
        for message in changes["messages"]:
            self.votes.pop(message["id"], None)
            self._apply(message)
        self._take_votes(changes["votes"])
        self.read_by_others = max(self.read_by_others, changes["read_by_others"])
        self.known = max(self.known, changes["last_event"])
        self._go_on()
        return bool(changes["has_more"])

    # --- What they change ---------------------------------------------------------------------------------------------
    def _apply(self, message: Json) -> None:
        self._follow_pin(message)
        for answer in self.messages.values():
            if answer["reply_to"] and answer["reply_to"]["id"] == message["id"]:
                answer["reply_to"] = {**answer["reply_to"], "snippet": message["snippet"]}
        if message["author"] is not None:
            if message["author"]["id"] == self.person:
                self.read_number = max(self.read_number, message["number"])
            else:
                self.read_by_others = max(self.read_by_others, message["number"])
        if message["deleted_at"]:
            self.votes.pop(message["id"], None)
        if not self.has_before or message["number"] >= self.first:
            self._put(message)

    def _put(self, message: Json) -> None:
        known = self.messages.get(message["id"])
        if message["number"] > self.state["kept_after"] and (known is None or known["event"] <= message["event"]):
            self.messages[message["id"]] = dict(message)

    def _follow_pin(self, message: Json) -> None:
        if message["is_pinned"]:
            self.pinned.add(message["id"])
        else:
            self.pinned.discard(message["id"])

    def _become(self, state: Json) -> None:
        self.state.update(state)
        kept_after = self.state["kept_after"]
        gone = {key for key, message in self.messages.items() if message["number"] <= kept_after}
        self.messages = {key: message for key, message in self.messages.items() if key not in gone}
        self.pinned -= gone
        for message in self.messages.values():
            if message["reply_to"] and message["reply_to"]["number"] <= kept_after:
                message["reply_to"] = None

    def _take_votes(self, votes: Json) -> None:
        self.votes |= {int(key): options for key, options in votes.items()}

    def vote(self, message_id: int, options: list[int]) -> None:
        """Another page of mine voted."""
        message = self.messages.get(message_id)
        is_anonymous = message is not None and message["poll"] and message["poll"]["is_anonymous"]
        if options or is_anonymous:
            self.votes[message_id] = options
        else:
            self.votes.pop(message_id, None)

    def view(self) -> Json:
        """Return what is on the screen."""
        state = {**self.state, "last_event": self.known, "read_by_others": self.read_by_others}
        if not self.state["shows_readers"]:
            del state["read_by_others"]  # nobody is told in large chats
        return {
            "messages": [_at_this_moment(message) for _number, message in sorted(self._by_number())],
            "votes": {key: options for key, options in self.votes.items() if key in self.messages},
            "pinned": self.pinned,
            "state": state,
            "read_number": self.read_number,
        }

    def _by_number(self) -> Iterable[tuple[int, Json]]:
        return ((message["number"], message) for message in self.messages.values())


class Listing:
    """The list of chats: the latest first, with the last message and what is unread."""

    def __init__(self, person: int, chats: list[Json]) -> None:
        self.person = person
        self.chats = {chat["id"]: chat for chat in chats}
        self.order = list(self.chats)
        # Something happened that the server counts: the list is read again.
        self.is_stale = False

    def receive(self, frame: Json) -> str:
        """Apply an event, drop a repetition, or see that the list has to be read again."""
        chat = self.chats.get(frame["chat"])
        if chat is None or frame["event"] > chat["last_event"] + 1:
            self.is_stale = True
            return GAP
        if frame["event"] <= chat["last_event"]:
            return OLD
        chat["last_event"] = frame["event"]
        if frame["type"] == "chat":
            # What was removed by age is counted by the server; what goes into the archive leaves the list.
            told = {name: frame["state"][name] for name in ("kept_after", "is_archived")}
            self.is_stale = self.is_stale or any(chat[name] != value for name, value in told.items())
            chat.update(frame["state"])
        else:
            self._hear(chat, frame["message"])
        return APPLIED

    def _hear(self, chat: Json, message: Json) -> None:
        is_new = message["number"] == message["event"]
        last = chat["last_message"]
        if is_new or (last is not None and last["number"] == message["number"]):
            chat["last_message"] = {name: message[name] for name in LAST_MESSAGE}
        if not is_new:
            # A mention may have come or gone with the change.
            self.is_stale = True
            return
        self.order = [chat["id"], *(key for key in self.order if key != chat["id"])]
        if message["author"] is not None and message["author"]["id"] == self.person:
            self.read(chat["id"], message["number"], 0)
        else:
            chat["unread"] += 1
            chat["mentioned"] += f'data-person="{self.person}"' in message["html"]

    def read(self, chat_id: int, number: int, unread: int) -> None:
        """A mark of mine moved."""
        chat = self.chats.get(chat_id)
        if chat is not None and number >= chat["read_number"]:
            chat["read_number"], chat["unread"] = number, unread
            chat["mentioned"] = 0 if unread == 0 else chat["mentioned"]

    def view(self) -> list[Json]:
        """Return what is on the screen."""
        return [self.chats[key] for key in self.order if not self.chats[key]["is_archived"]]


class Reader:
    """A page of one person: the list, and the chats that are open in it."""

    def __init__(self, get: Get, *, window: int = WINDOW) -> None:
        self.get = get
        self.window = window
        self.person = 0
        self.listing = Listing(0, [])
        self.rooms: dict[int, Room] = {}
        self.behind: set[int] = set()

    def start(self, person: int, opened: Collection[int] = ()) -> Reader:
        """Read everything afresh."""
        self.person = person
        self.read_list()
        for chat_id in opened:
            self.open(chat_id)
        return self

    def read_list(self) -> None:
        self.listing = Listing(self.person, self.get("chats/")["results"])
        for chat_id, chat in self.listing.chats.items():
            if room := self.rooms.get(chat_id):
                room.read_number = max(room.read_number, chat["read_number"])

    def open(self, chat_id: int) -> None:
        detail = self.get(f"chats/{chat_id}/")
        pinned = self.get(f"chats/{chat_id}/pinned/")
        page = self.get(f"chats/{chat_id}/messages/", limit=self.window)
        self.rooms[chat_id] = Room(self.person, detail, pinned, page)

    # --- Frames of the socket -----------------------------------------------------------------------------------------
    def receive(self, frame: Json) -> None:
        """Take one frame; what it uncovers is asked for by `settle`."""
        kind, room = frame["type"], self.rooms.get(frame.get("chat", 0))
        if kind in {"welcome", "chats"}:
            self._compare(frame["chats"])
        if kind == "welcome":
            self.behind |= set(self.rooms)  # marks have no numbers
        elif kind in {"message", "chat"}:
            self.listing.receive(frame)
            if room is not None and room.receive(frame) == GAP:
                self.behind.add(frame["chat"])
        elif kind == "read":
            self.listing.read(frame["chat"], frame["number"], frame["unread"])
        elif kind == "notify" and frame["chat"] in self.listing.chats:
            self.listing.chats[frame["chat"]]["notify"] = frame["notify"]
        if room is not None:
            self._mark(room, frame)

    def _mark(self, room: Room, frame: Json) -> None:
        """Marks only move forward."""
        if frame["type"] == "read":
            room.read_number = max(room.read_number, frame["number"])
        elif frame["type"] == "seen" and frame["person"] != self.person:
            room.read_by_others = max(room.read_by_others, frame["number"])
        elif frame["type"] == "vote":
            room.vote(frame["message"], frame["options"])
        elif frame["type"] == "presence" and frame["last_event"] > room.known:
            self.behind.add(frame["chat"])

    def _compare(self, chats: list[Json]) -> None:
        told = {chat["id"]: chat["last_event"] for chat in chats}
        self.listing.is_stale = True
        for chat_id in set(self.rooms) - set(told):
            del self.rooms[chat_id]  # not mine any more: closed at once
        self.behind |= {chat_id for chat_id, room in self.rooms.items() if room.known < told[chat_id]}

    def settle(self) -> None:
        """Ask for everything that is known to be missing."""
        for chat_id in self.behind & set(self.rooms):
            self.heal(chat_id)
        self.behind = set()
        if self.listing.is_stale:
            self.read_list()

    def heal(self, chat_id: int) -> None:
        room = self.rooms[chat_id]
        try:
            while room.heal(self.get(f"chats/{chat_id}/changes/", after=room.known)):
                pass
        except NotThere:
            del self.rooms[chat_id]
            self.listing.is_stale = True

    def view(self) -> Json:
        """Return all that can be seen."""
        return {"list": self.listing.view(), "rooms": {key: room.view() for key, room in sorted(self.rooms.items())}}


def _at_this_moment(message: Json) -> Json:
    """A poll whose time has come is closed without an event."""
    poll = message["poll"]
    if poll is None or poll["closes_at"] is None:
        return message
    is_over = datetime.fromisoformat(poll["closes_at"]) <= datetime.now(UTC)
    return {**message, "poll": {**poll, "is_closed": poll["is_closed"] or is_over}}
