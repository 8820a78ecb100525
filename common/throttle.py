"""Counting failures: tries that go wrong are limited, those that succeed never are (INV-11)."""

from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache


@dataclass(frozen=True)
class FailureLimit:
    """At most `limit` failures of one key within `seconds`; the counter lives in the shared cache."""

    scope: str
    limit: int
    seconds: int = 3600

    def exceeded(self, key: str) -> bool:
        """Tell whether `key` has used up its failures."""
        return (cache.get(self._name(key)) or 0) >= self.limit

    def record(self, key: str) -> None:
        """Count one failure of `key`."""
        name = self._name(key)
        if not cache.add(name, 1, self.seconds):
            try:
                cache.incr(name)
            except ValueError:  # expired between the two calls
                cache.add(name, 1, self.seconds)

    def _name(self, key: str) -> str:
        return f"failures:{self.scope}:{sha256(key.encode()).hexdigest()[:32]}"
