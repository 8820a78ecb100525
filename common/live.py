"""Live updates: what was committed is told to the open pages of those whom it concerns.

The state is in the database. An event only says what changed; one that got lost is made up for when the page asks for
what came after the last it knows. So telling may fail and never fails, or slows, the request whose data are safe.

With Redis every process hears every other one. Without it (the embedded mode) events stay in the process: those of the
web server reach its pages, those of the Celery worker reach nobody.
"""

import asyncio
import atexit
import logging
import os
import queue
import threading
from collections.abc import Iterable
from functools import partial
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.db import transaction
from redis.exceptions import ConnectionError

logger = logging.getLogger(__name__)
Message = dict[str, Any]

MOST_WAITING = 10_000
SECONDS_A_MESSAGE = 5
SECONDS_AT_EXIT = 2


def broadcast(group: str, message: Message) -> None:
    """Hand `message` to the sockets in `group` once the current transaction has committed (at once without one).

    `message` is made of what JSON can hold; its "type" names the consumer's method («chat.event»: `chat_event`).
    Messages of one transaction arrive in the order in which they were given. Raises nothing (CHAT-4).
    """
    broadcast_many([(group, message)])


def broadcast_many(pairs: Iterable[tuple[str, Message]]) -> None:
    """Do as `broadcast` does with several pairs of group and message, in their order."""
    transaction.on_commit(partial(_send_all, list(pairs)), robust=True)


def _send_all(pairs: list[tuple[str, Message]]) -> None:
    for group, message in pairs:
        _send(group, message)


def _send(group: str, message: Message) -> None:
    try:
        layer = get_channel_layer()
        if isinstance(layer, InMemoryChannelLayer):
            async_to_sync(layer.group_send)(group, message)
        else:
            _publisher().put(group, message)
    except Exception as error:  # the data are safe, whatever happened to the event
        _complain(error)


class _Publisher(threading.Thread):
    """Sends what threads of this process hand over, one after another, through one connection that it keeps.

    The layer keeps a connection per event loop, and each `async_to_sync` of a thread would bring a loop of its own.
    """

    def __init__(self) -> None:
        super().__init__(name="live", daemon=True)
        # Bounded: while Redis is away, events must not fill the memory.
        self.waiting: queue.Queue[tuple[str, Message] | None] = queue.Queue(MOST_WAITING)

    def put(self, group: str, message: Message) -> None:
        """Queue a message; raises `queue.Full`."""
        self.waiting.put_nowait((group, message))

    def run(self) -> None:
        with asyncio.Runner() as runner:
            while (pair := self.waiting.get()) is not None:
                try:
                    runner.run(self._hand_over(*pair))
                except Exception as error:
                    _complain(error)

    async def _hand_over(self, group: str, message: Message) -> None:
        async with asyncio.timeout(SECONDS_A_MESSAGE):
            try:
                await get_channel_layer().group_send(group, message)
            except ConnectionError:
                # That a kept connection was closed meanwhile is noticed by the first who uses it.
                await get_channel_layer().group_send(group, message)

    def finish(self) -> None:
        """Let what waits go out, for a moment at most."""
        try:
            self.waiting.put_nowait(None)
        except queue.Full:
            return
        self.join(SECONDS_AT_EXIT)


_current: _Publisher | None = None
_starting = threading.Lock()


def _publisher() -> _Publisher:
    """The thread of this process, started with its first message."""
    global _current
    if _current is None:
        with _starting:
            if _current is None:
                publisher = _Publisher()
                publisher.start()
                _current = publisher
    return _current


def _forget() -> None:
    """In a forked child: threads and held locks stayed with the parent."""
    global _current, _starting
    _current, _starting = None, threading.Lock()


def _finish() -> None:
    if _current is not None:
        _current.finish()


def _complain(error: Exception) -> None:
    logger.error("Live updates do not go out: %s: %s", type(error).__name__, error)  # once a minute, see LOGGING


os.register_at_fork(after_in_child=_forget)
atexit.register(_finish)
