"""A browser's WebSocket without a network: the whole ASGI application, in an event loop of the test's own.

    async def story() -> None:
        socket = Socket("/ws/o/school-a/", user_client)
        await socket.open()
        await socket.say({"type": "typing"})
        assert await socket.hear() == {…}
    run(story)

Wants the fixture `live` when something that is broadcast has to arrive. (Channels' own communicator cannot be imported
without another web server.)
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.test import Client

from sferum_admin.asgi import application


def run(story: Callable[[], Awaitable[None]]) -> None:
    """Run `story` with the test's own database connection, so that it sees what the test has made."""
    async_to_sync(story)()


class Socket(ApplicationCommunicator):
    """One socket of a page of this site; `browser` is whoever is signed in there."""

    def __init__(self, path: str, browser: Client | None = None, **headers: str) -> None:
        given = {"host": "testserver", "origin": "http://testserver"} | headers
        cookies = browser.cookies.values() if browser is not None else []
        given["cookie"] = "; ".join(f"{cookie.key}={cookie.value}" for cookie in cookies)
        pairs = [(name.encode(), value.encode()) for name, value in given.items() if value]
        path, _, query = path.partition("?")
        scope = {"type": "websocket", "path": path, "query_string": query.encode(), "headers": pairs}
        super().__init__(application, {**scope, "subprotocols": []})

    async def open(self) -> bool:
        """Knock; tell whether the socket was accepted (it may be closed right afterwards, see `closed`)."""
        await self.send_input({"type": "websocket.connect"})
        answer = await self.receive_output(5)
        return bool(answer["type"] == "websocket.accept")

    async def say(self, message: Any) -> None:
        """Send `message` as JSON (a string goes as it is)."""
        text = message if isinstance(message, str) else json.dumps(message)
        await self.send_input({"type": "websocket.receive", "text": text})

    async def hear(self, seconds: float = 5) -> Any:
        """Return the next message, read as JSON."""
        answer = await self.receive_output(seconds)
        assert answer["type"] == "websocket.send", answer
        return json.loads(answer["text"])

    async def closed(self, seconds: float = 5) -> int:
        """Return the code with which the application closes the socket."""
        answer = await self.receive_output(seconds)
        assert answer["type"] == "websocket.close", answer
        return int(answer.get("code", 1000))

    async def close(self, code: int = 1000) -> None:
        """Leave as a closed page does, and wait until the application has noticed."""
        await self.send_input({"type": "websocket.disconnect", "code": code})
        await self.wait(5)
