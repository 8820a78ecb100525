"""Scheduled tidying and deleting; each may run twice, or twice at once."""

from celery import shared_task
from django.utils import timezone

from registration.services import keeping, orders, removing

# A safety net against a bug that would find the same orders again and again.
MOST_BATCHES = 100


@shared_task(name="registration.tasks.remove_unused_orders", time_limit=240, soft_time_limit=200)
def remove_unused_orders() -> int:
    """Remove orders of forms that were not sent within a day; returns how many."""
    now, total = timezone.now(), 0
    for _batch in range(MOST_BATCHES):
        removed = orders.remove_unused(now)
        total += removed
        if not removed:
            break
    return total


@shared_task(name="registration.tasks.delete_due_organizations", time_limit=3600, soft_time_limit=3500)
def delete_due_organizations() -> int:
    """Delete the organizations whose delay is over; returns how many (REG-5)."""
    return removing.delete_due(timezone.now())


@shared_task(name="registration.tasks.remove_old_applications", time_limit=1800, soft_time_limit=1740)
def remove_old_applications() -> int:
    """Remove applications that came to nothing long ago, with their orders; returns how many."""
    return keeping.remove_old_applications(timezone.now())
