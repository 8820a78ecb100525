"""The socket of an open page (docs/websocket.md): it authorises, relays, and keeps nothing that is not in the database.

Frames of the page, messages of the channel layer and the socket's own alarms go through `dispatch` one after another:
while the database is asked, nothing else happens in the same socket.
"""

import asyncio
import json
import logging
import random
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum
from functools import partial
from typing import Any, NoReturn

from channels.consumer import AsyncConsumer, get_handler_name
from channels.db import database_sync_to_async as in_database
from channels.exceptions import StopConsumer
from channels.layers import get_channel_layer
from channels.utils import await_many_dispatch
from django.conf import settings
from django.http import parse_cookie

from accounts.sockets import session_group, signed_in_user
from chats.live import chat_group, groups_of
from chats.obstacles import obstacle
from chats.presence import note_online, online_among
from chats.selectors.chats import find_chat
from chats.selectors.hearing import Heard, heard_by, last_events_of, present_in
from common.sockets import Receive, Scope, Send, header
from orgs.actor import Actor, load_actor

logger = logging.getLogger(__name__)
Message = dict[str, Any]

FRAME_BYTES = 4096
MOST_FRAMES, FRAMES_SECONDS = 60, 10
SILENT_SECONDS = 75
CHECK_SECONDS = 60
GATHER_SECONDS = 0.3
ONLINE_SECONDS = 30
TYPING_SECONDS = 2
MAY_TYPE_SECONDS = 60
SEND_SECONDS = 10
MAX_ID = 2**63 - 1
FIELDS = {"ping": {"type"}, "watch": {"type", "chat"}, "typing": {"type", "chat"}}


class Code(IntEnum):
    """Why a socket was closed."""

    SIGNED_OUT = 4401
    NO_PLACE = 4404
    NONSENSE = 4408
    FAILED = 1011


class Nonsense(ValueError):
    """A frame that no page of ours sends."""


def read_frame(message: Message) -> Message:
    """Return what the page sent; raises `Nonsense` for anything but the three frames of the protocol."""
    text = message.get("text")
    if text is None or len(text) > FRAME_BYTES or len(text.encode()) > FRAME_BYTES:
        raise Nonsense
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Nonsense from error
    if not isinstance(frame, dict) or set(frame) != FIELDS.get(str(frame.get("type"))):
        raise Nonsense
    if "chat" in frame and not (type(frame["chat"]) is int and 0 < frame["chat"] <= MAX_ID):
        raise Nonsense
    return frame


@dataclass
class _Typing:
    """Whether the person may write in a chat, as of `asked_at`, and when the others were last told of their typing."""

    is_allowed: bool
    asked_at: float
    told_at: float = field(default=float("-inf"))


class OrganizationConsumer(AsyncConsumer):
    """`/ws/o/<slug>/`: everything that one page hears of an organization (CHAT-4, CHAT-8)."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self.base_send = scope, send
        self.clock = asyncio.get_running_loop().time
        self.alarms: asyncio.Queue[Message] = asyncio.Queue()
        self.timers: dict[str, asyncio.TimerHandle] = {}
        self.groups: set[str] = set()
        self.heard: dict[int, Heard] = {}
        self.typing: dict[int, _Typing] = {}
        self.is_stale = False
        self.frames, self.frames_since = 0, self.clock()
        self.frame_at = self.frames_since
        self.online_at = float("-inf")
        self.channel_layer = get_channel_layer()
        self.channel_name = await self.channel_layer.new_channel()
        sources = [receive, partial(self.channel_layer.receive, self.channel_name), self.alarms.get]
        try:
            await await_many_dispatch(sources, self.dispatch)
        except StopConsumer:
            pass
        finally:
            for timer in self.timers.values():
                timer.cancel()
            # Also when the network failed: a name left in a group would be told for ever.
            for group in self.groups:
                with suppress(Exception):
                    await self.channel_layer.group_discard(group, self.channel_name)

    async def dispatch(self, message: Message) -> None:
        """Handle one message. A failure of ours is logged and closes the socket: the page comes again and heals."""
        try:
            await getattr(self, get_handler_name(message))(message)
        except StopConsumer:
            raise
        except Exception:
            logger.exception("A socket failed at «%s»", message["type"])
            await self.close(Code.FAILED)

    # --- Coming and going ---------------------------------------------------------------------------------------------
    async def websocket_connect(self, message: Message) -> None:
        await self.transmit({"type": "websocket.accept"})
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.close(Code.SIGNED_OUT)
        self.user_id: int = user.pk
        self.session_key: str = self.scope["session_key"]
        self.slug: str = self.scope["url_route"]["kwargs"]["slug"]
        language = parse_cookie(header(self.scope, b"cookie")).get(settings.LANGUAGE_COOKIE_NAME, "")
        self.language = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        await self.look()
        await self.tell({"type": "welcome", "person": self.actor.person.pk, "chats": self.where_chats_stand()})
        # After a restart all pages come back at once; they must not ask at once every minute.
        self.ring("check", CHECK_SECONDS * random.uniform(0.3, 1))  # noqa: S311
        self.ring("silence", SILENT_SECONDS)
        await self.be_online()

    async def websocket_disconnect(self, message: Message) -> None:
        raise StopConsumer

    async def close(self, code: Code) -> NoReturn:
        """Say why, and end the socket."""
        await self.transmit({"type": "websocket.close", "code": int(code)})
        raise StopConsumer

    async def tell(self, message: Message) -> None:
        """Send a frame to the page."""
        await self.transmit({"type": "websocket.send", "text": json.dumps(message, ensure_ascii=False)})

    async def transmit(self, message: Message) -> None:
        """Hand a message to the server. Who does not take it in time is dropped: what waits for them fills the memory.
        They come again and ask for what they missed."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self.base_send(message)
        except OSError as error:  # also the timeout
            raise StopConsumer from error

    def ring(self, kind: str, seconds: float) -> None:
        """Have the handler `kind` called in a while."""
        ring = partial(self.alarms.put_nowait, {"type": kind})
        self.timers[kind] = asyncio.get_running_loop().call_later(seconds, ring)

    # --- Where the person belongs -------------------------------------------------------------------------------------
    async def look(self) -> None:
        """Ask who the person is today and which chats they hear; join and leave accordingly. At most five queries.

        First one joins, then one asks what there is: nothing that happens in between is lost.
        """
        actor = await in_database(load_actor)(self.user_id, self.slug)
        if actor is None:
            await self.close(Code.NO_PLACE)
        places = groups_of(actor) | {session_group(self.session_key)}
        await self.join(places)
        heard = await in_database(heard_by)(actor)
        rooms = {chat_group(pk) for pk in heard}
        is_new = not rooms <= self.groups
        await self.join(rooms)
        await self.leave(self.groups - places - rooms)
        if is_new:
            for pk, last_event in (await in_database(last_events_of)(heard)).items():
                heard[pk].last_event = last_event
        self.actor: Actor = actor
        self.heard = heard
        self.typing.clear()

    async def join(self, groups: set[str]) -> None:
        """Enter the groups; again also those one is in, because the embedded mode's layer forgets after a day."""
        for group in groups:
            self.groups.add(group)
            await self.channel_layer.group_add(group, self.channel_name)

    async def leave(self, groups: set[str]) -> None:
        for group in groups:
            await self.channel_layer.group_discard(group, self.channel_name)
        self.groups -= groups

    def where_chats_stand(self) -> list[dict[str, int]]:
        return [{"id": pk, "last_event": heard.last_event} for pk, heard in sorted(self.heard.items())]

    async def membership_changed(self, message: Message) -> None:
        """From here until the database was asked nothing is relayed; the page heals what it missed.

        An import changes many things at once: they are gathered.
        """
        if not self.is_stale:
            self.is_stale = True
            self.ring("look_again", GATHER_SECONDS)

    async def look_again(self, message: Message) -> None:
        self.is_stale = False
        await self.look()
        await self.tell({"type": "chats", "chats": self.where_chats_stand()})

    async def session_ended(self, message: Message) -> None:
        await self.check_session()

    async def check_session(self) -> None:
        user = await in_database(signed_in_user)(self.session_key)
        if user is None or user.pk != self.user_id:
            await self.close(Code.SIGNED_OUT)

    async def check(self, message: Message) -> None:
        """Once a minute, whatever got lost: does the session live, where does the person belong, what was not told."""
        await self.check_session()
        before = self.heard
        await self.look()
        is_behind = any(pk in before and before[pk].last_event < now.last_event for pk, now in self.heard.items())
        if is_behind or set(before) != set(self.heard):
            await self.tell({"type": "chats", "chats": self.where_chats_stand()})
        self.ring("check", CHECK_SECONDS)

    # --- What happens -------------------------------------------------------------------------------------------------
    async def chat_event(self, message: Message) -> None:
        """Relay an event in the page's language, unless it is of a chat the person is not in (any more)."""
        event = message.get("in", {}).get(self.language, message["event"])
        heard = self.heard.get(event["chat"])
        if self.is_stale or heard is None or heard.is_over:
            return
        if event["type"] == "typing" and event["person"] == self.actor.person.pk:
            return
        heard.last_event = max(heard.last_event, event.get("event", 0))
        await self.tell(event)

    # --- What the page says -------------------------------------------------------------------------------------------
    async def websocket_receive(self, message: Message) -> None:
        self.frame_at = self.clock()
        if self.frame_at - self.frames_since > FRAMES_SECONDS:
            self.frames, self.frames_since = 0, self.frame_at
        self.frames += 1
        try:
            frame = read_frame(message)
        except Nonsense:
            await self.close(Code.NONSENSE)
        if self.frames > MOST_FRAMES:
            await self.close(Code.NONSENSE)
        if frame["type"] == "ping":
            await self.tell({"type": "pong"})
            await self.be_online()
        elif frame["type"] == "watch":
            await self.watch(frame["chat"])
        else:
            await self.tell_typing(frame["chat"])

    async def silence(self, message: Message) -> None:
        """A page pings; whoever does not is gone without having said so."""
        left = self.frame_at + SILENT_SECONDS - self.clock()
        if left <= 0:
            await self.close(Code.NONSENSE)
        self.ring("silence", left)

    async def be_online(self) -> None:
        if self.clock() - self.online_at >= ONLINE_SECONDS:
            self.online_at = self.clock()
            await in_database(note_online)(self.actor.organization.pk, self.actor.person.pk)

    async def watch(self, chat_id: int) -> None:
        """Answer who is in the chat now and where it stands; where it is not the person's (any more), which are."""
        if self.is_stale:
            await self.look_again({})
        here = await in_database(_who_is_here)(self.actor, chat_id)
        heard = self.heard.get(chat_id)
        if here is None or heard is None or heard.is_over:
            await self.look_again({})
            return
        last_event, online = here
        heard.last_event = max(heard.last_event, last_event)
        await self.tell({"type": "presence", "chat": chat_id, "online": online, "last_event": last_event})

    async def tell_typing(self, chat_id: int) -> None:
        """Tell the others; who may not write, and large chats, are asked about once a minute and passed over."""
        heard = self.heard.get(chat_id)
        if self.is_stale or heard is None or heard.until is not None:
            return
        now = self.clock()
        state = self.typing.get(chat_id)
        if state is None or now - state.asked_at > MAY_TYPE_SECONDS:
            state = _Typing(await in_database(_may_type)(self.actor, chat_id), now)
            self.typing[chat_id] = state
        if state.is_allowed and now - state.told_at >= TYPING_SECONDS:
            state.told_at = now
            person = self.actor.person
            event = {"type": "typing", "chat": chat_id, "person": person.pk, "name": person.full_name}
            await self.channel_layer.group_send(chat_group(chat_id), {"type": "chat.event", "event": event})


def _who_is_here(actor: Actor, chat_id: int) -> tuple[int, list[int]] | None:
    chat = present_in(actor, chat_id)
    return None if chat is None else (chat.last_event, online_among(actor.organization.pk, chat.member_ids))


def _may_type(actor: Actor, chat_id: int) -> bool:
    chat = find_chat(actor, chat_id)
    return chat is not None and chat.shows_readers and obstacle(actor, chat) is None
