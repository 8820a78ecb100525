"""The door of every WebSocket: only pages of this very site, only addresses that exist.

ASGI wrappers and applications; they know nothing of what goes through a socket.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from common.metrics import sockets as open_sockets
from common.redis_watch import when_connected_again

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

NO_SUCH_ADDRESS = 4404
COME_AGAIN = 1012
SECONDS_TO_SUBSCRIBE = 0.5


class SameOrigin:
    """Refuses (403) whatever was not opened by a page of the host it comes to (ACC-7).

    Browsers let any site open a socket to any other and send the cookie along, so the origin must be looked at. It is
    compared with the host instead of a list, because the embedded mode answers to any name.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if is_same_origin(header(scope, b"origin"), header(scope, b"host")):
            await self.application(scope, receive, send)
        else:
            await send({"type": "websocket.close"})


def is_same_origin(origin: str, host: str) -> bool:
    """Tell whether a page of `origin` belongs to the site at `host`, and the site answers to that name."""
    domain, _port = split_domain_port(host)
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
        return False
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    schemes = {"https"} if settings.SESSION_COOKIE_SECURE else {"http", "https"}
    return parts.scheme in schemes and parts.netloc.lower() == host.lower()


def header(scope: Scope, name: bytes) -> str:
    """Return the header `name` (in lower case), or nothing when it is missing or given twice."""
    found = [value for key, value in scope["headers"] if key == name]
    return found[0].decode("latin-1") if len(found) == 1 else ""


class ClosedTogether:
    """Closes all open sockets of the process (1012) when its connection to Redis was lost and stands again.

    Their pages are connected to us and would wait for what is next, not knowing that something went past us. Now they
    come again and ask for it.
    """

    def __init__(self, application: Application) -> None:
        self.application = application
        self.open: set[_Open] = set()
        self.loop: asyncio.AbstractEventLoop | None = None
        self.closing: asyncio.Task[None] | None = None
        when_connected_again.append(self.close_soon)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.loop = asyncio.get_running_loop()
        socket = _Open(send)
        self.open.add(socket)
        open_sockets.inc()
        try:
            await self.application(scope, receive, socket.send)
        finally:
            self.open.discard(socket)
            open_sockets.dec()

    def close_soon(self) -> None:
        """Begin, unless it is the connection of another thread that was lost."""
        if self.loop is asyncio.get_running_loop() and (self.closing is None or self.closing.done()):
            self.closing = self.loop.create_task(self._close())

    async def _close(self) -> None:
        await asyncio.sleep(SECONDS_TO_SUBSCRIBE)  # a page must not be back before our subscriptions are
        await asyncio.gather(*(socket.close() for socket in self.open), return_exceptions=True)


class _Open:
    """A socket's way out, which an application that has not noticed the end may go on using."""

    def __init__(self, send: Send) -> None:
        self.pass_on = send
        self.is_accepted = self.is_closed = False

    async def send(self, message: dict[str, Any]) -> None:
        if self.is_closed:
            return
        self.is_accepted = self.is_accepted or message["type"] == "websocket.accept"
        self.is_closed = message["type"] == "websocket.close"
        await self.pass_on(message)

    async def close(self) -> None:
        if self.is_accepted:
            await self.send({"type": "websocket.close", "code": COME_AGAIN})


async def unknown_address(scope: Scope, receive: Receive, send: Send) -> None:
    """Accept and close with a code of its own: a refused handshake would tell the page nothing."""
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": NO_SUCH_ADDRESS})
