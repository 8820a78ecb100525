"""Connections to Redis that tell when they had to be made anew: what was said meanwhile went past this process."""

from collections.abc import Callable
from typing import Any

from redis.asyncio.connection import AbstractConnection, Connection, parse_url

SECONDS_TO_CONNECT = 5
# Called, inside the event loop, after a lost connection stands again.
when_connected_again: list[Callable[[], None]] = []


class _Watched(AbstractConnection):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.was_connected = False
        self.register_connect_callback(self.tell)

    async def tell(self, connection: Any) -> None:
        if self.was_connected:
            for call in when_connected_again:
                call()
        self.was_connected = True


def watched(url: str) -> dict[str, Any]:
    """Return the channel layer's configuration of the Redis at `url`.

    A subscription may be silent for hours; redis-py would take five seconds of silence for a failure.
    """
    options: dict[str, Any] = {**parse_url(url)}
    kind = options.get("connection_class", Connection)
    options["connection_class"] = type("WatchedConnection", (_Watched, kind), {})
    return options | {"socket_timeout": None, "socket_connect_timeout": SECONDS_TO_CONNECT}
