"""Signs of life of what answers no requests: the schedule (beat) and the workers.

Every minute the schedule sends a tiny job into each queue of `settings.WORKER_QUEUES`; whoever takes it leaves two
moments in the shared cache: when the schedule sent it, and when it was taken.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache

# The job comes every minute: two may be lost, or stand behind a long one.
LATE_AFTER = 180.0
_REMEMBERED_FOR = 24 * 3600


@dataclass(frozen=True)
class Signs:
    """How many seconds ago each queue was last seen at work, and the schedule; None: never, or a day ago."""

    workers: dict[str, float | None]
    schedule: float | None


def leave(queue: str, *, sent_at: float, now: float) -> None:
    """Remember that a worker of `queue` took at `now` (seconds of the epoch) what the schedule sent at `sent_at`."""
    cache.set(_key(queue), (sent_at, now), _REMEMBERED_FOR)


def signs(now: float) -> Signs:
    """Return how old the signs of life are at `now`; asks the shared cache once."""
    names = {_key(queue): queue for queue in settings.WORKER_QUEUES}
    found = cache.get_many(names)
    workers = {queue: _age(found.get(key), 1, now) for key, queue in names.items()}
    sent = [age for key in names if (age := _age(found.get(key), 0, now)) is not None]
    return Signs(workers, min(sent, default=None))


def is_late(age: float | None) -> bool:
    """Tell whether a sign of life is so old that somebody should look."""
    return age is None or age > LATE_AFTER


def _age(moments: tuple[float, float] | None, which: int, now: float) -> float | None:
    return max(0.0, now - moments[which]) if moments else None


def _key(queue: str) -> str:
    return f"heartbeat:{queue}"
