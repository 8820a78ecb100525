"""Counting failures: tries that go wrong are limited, those that succeed never are (INV-11)."""

import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache

# Who signed in, what did not fit, which limit was reached: for whoever watches over the platform (docs/operation.md).
logger = logging.getLogger("security")


@dataclass(frozen=True)
class FailureLimit:
    """At most `limit` failures of one key in each window of `seconds`; the counter lives in the shared cache."""

    scope: str
    limit: int
    seconds: int = 3600

    def exceeded(self, key: str) -> bool:
        """Tell whether `key` has used up its failures."""
        is_used_up = (cache.get(self._name(key)) or 0) >= self.limit
        if is_used_up:
            logger.info("limit reached: %s", self.scope)
        return is_used_up

    def record(self, key: str) -> int:
        """Count one failure of `key` and return how many there are now."""
        name = self._name(key)
        if not cache.add(name, 1, self.seconds):
            try:
                count = cache.incr(name)
            except ValueError:  # expired between the two calls
                cache.add(name, 1, self.seconds)
            else:
                cache.touch(name, self.seconds)  # the database cache's incr() falls back to five minutes
                return count
        return 1

    def forgive(self, key: str) -> None:
        """Take one failure of `key` back: the try turned out well after all."""
        name = self._name(key)
        with suppress(ValueError):
            if cache.get(name):
                cache.decr(name)

    def forget(self, key: str) -> None:
        """Begin anew with `key`."""
        cache.delete(self._name(key))

    def _name(self, key: str) -> str:
        window = int(time.time()) // self.seconds
        return f"failures:{self.scope}:{window}:{sha256(key.encode()).hexdigest()[:32]}"
