"""Ports for servers that tests start."""

import random
import socket

# Below the ports that the system gives to outgoing connections: one of those would be taken again before the server
# has started. Drawn by chance, because several processes draw at once.
_RANGE = (12_000, 32_000)
_chance = random.SystemRandom()


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    for _try in range(100):
        port = _chance.randrange(*_RANGE)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no free port")
