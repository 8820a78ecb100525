"""Open pages of a school: sockets of its people while services are called beside them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.test import Client, TestCase

from common.live import _send
from tests.sockets import Socket
from tests.world import School

T = TypeVar("T")


class Page(Socket):
    """A page of `name` in `school`."""

    def __init__(
        self, school: School, browser: Client | None, network: asyncio.Queue[Any] | None = None, **headers: str
    ) -> None:
        super().__init__(f"/ws/o/{school.slug}/", browser, **headers)
        self._output_queue = network
        self.welcome: dict[str, Any] = {}

    async def come(self) -> Page:
        """Open the socket and hear its welcome."""
        assert await self.open()
        self.welcome = await self.hear()
        assert self.welcome["type"] == "welcome"
        return self

    async def hears(self, kind: str, seconds: float = 5) -> Any:
        """Return the next frame, which must be a `kind`."""
        frame = await self.hear(seconds)
        assert frame["type"] == kind, frame
        return frame

    async def heard(self) -> list[Any]:
        """Return everything that came until now."""
        frames = []
        # The first ping may overtake an event that came at the same moment, the second cannot.
        for _time in range(2):
            await self.say({"type": "ping"})
            while (frame := await self.hear())["type"] != "pong":
                frames.append(frame)
        return frames

    @property
    def chats(self) -> set[int]:
        return {chat["id"] for chat in self.welcome["chats"]}


async def do(function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Call what writes, as a request does: what waits for the commit happens, although the test rolls back.

    Returns when every socket has been told, so a test may also ask what was not heard.
    """

    def deed() -> T:
        with TestCase.captureOnCommitCallbacks(execute=True):
            return function(*args, **kwargs)

    result = await sync_to_async(deed)()
    await _told()
    return result


async def _told() -> None:
    """Return when what was sent before has arrived: with Redis it takes a way of its own."""
    layer = get_channel_layer()
    name = await layer.new_channel()
    await layer.group_add("last", name)
    await sync_to_async(_send)("last", {"type": "last"})
    await layer.receive(name)
    await layer.group_discard("last", name)
    while any(not queue.empty() for queue in layer.channels.values()):
        await asyncio.sleep(0)


def names_in_groups() -> dict[str, Any]:
    """Who is in which group of the channel layer of this event loop."""
    layer = get_channel_layer()
    found = layer.groups
    return {name: members for name, members in found.items() if members}
