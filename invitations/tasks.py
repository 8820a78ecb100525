"""Jobs of invitations. Nothing that decides waits for them; each may run late, twice, or twice at once (INV-4)."""

from collections.abc import Callable
from datetime import datetime

from celery import shared_task
from django.utils import timezone

from invitations import services
from invitations.services import keeping, upkeep

# A safety net against a bug that would find the same links again and again: 100 batches are 50,000 links.
MOST_BATCHES = 100


@shared_task(name="invitations.tasks.expire_invitations", time_limit=240, soft_time_limit=200)
def expire_invitations() -> int:
    """Record the links that have expired and tell their owners; returns how many were recorded."""
    return _in_batches(services.record_expired)


@shared_task(name="invitations.tasks.remind_before_expiry", time_limit=240, soft_time_limit=200)
def remind_before_expiry() -> int:
    """Remind those who were sent a personal code or a family link that expires soon; returns how many reminders."""
    return services.remind_before_expiry(timezone.now())


@shared_task(name="invitations.tasks.tend_requests", time_limit=240, soft_time_limit=200)
def tend_requests() -> int:
    """Remind those who decide of requests that wait, and close the stale ones; returns how many of both."""
    return _in_batches(upkeep.mark_stale) + _in_batches(upkeep.remind_deciders)


def _in_batches(step: Callable[[datetime], int]) -> int:
    now, total = timezone.now(), 0
    for _batch in range(MOST_BATCHES):
        done = step(now)
        total += done
        if not done:
            break
    return total


@shared_task(name="invitations.tasks.forget_old", time_limit=1800, soft_time_limit=1740)
def forget_old() -> int:
    """Forget names of children as they were typed, and requests decided long ago; returns how many rows."""
    now = timezone.now()
    return keeping.forget_claims(now) + keeping.forget_requests(now)
