"""Jobs of the outbox; each may run twice, or at the same time."""

from celery import shared_task
from django.utils import timezone

from outbox import delivery, keeping, services


@shared_task(name="outbox.tasks.deliver", time_limit=90, soft_time_limit=60)
def deliver(message_id: int) -> None:
    """Send one message right after its transaction."""
    delivery.deliver(message_id)


@shared_task(name="outbox.tasks.deliver_urgent", time_limit=90, soft_time_limit=60)
def deliver_urgent(message_id: int) -> None:
    """Send one message that somebody waits for; in a queue of its own, which no slow push service holds up (ACC-1)."""
    delivery.deliver(message_id)


@shared_task(name="outbox.tasks.deliver_due_urgent")
def deliver_due_urgent() -> None:
    """Send the urgent messages that are due: their retries, and what a lost job left behind."""
    delivery.deliver_due(urgent_only=True)


@shared_task(name="outbox.tasks.deliver_due")
def deliver_due() -> None:
    """Send everything that is due: large batches, retries, and what a lost job left behind.

    Urgent messages too: with the urgent worker away a code comes late instead of never.
    """
    delivery.deliver_due()


@shared_task(name="outbox.tasks.forget_old_pushes")
def forget_old_pushes() -> None:
    """Remove pushes of the past weeks."""
    services.forget_old_pushes(timezone.now())


@shared_task(name="outbox.tasks.forget_old", time_limit=1800, soft_time_limit=1740)
def forget_old() -> int:
    """Wipe old codes and addresses, remove old letters; returns how many rows were touched."""
    now = timezone.now()
    return keeping.forget_codes(now) + keeping.forget_addresses(now) + keeping.forget_letters(now)
