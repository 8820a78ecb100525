"""Jobs of the outbox; each may run twice, or at the same time."""

from celery import shared_task
from django.utils import timezone

from outbox import delivery, services


@shared_task(name="outbox.tasks.deliver", time_limit=90, soft_time_limit=60)
def deliver(message_id: int) -> None:
    """Send one message right after its transaction."""
    delivery.deliver(message_id)


@shared_task(name="outbox.tasks.deliver_due")
def deliver_due() -> None:
    """Send everything that is due: large batches, retries, and what a lost job left behind."""
    delivery.deliver_due()


@shared_task(name="outbox.tasks.forget_old_pushes")
def forget_old_pushes() -> None:
    """Remove pushes of the past weeks."""
    services.forget_old_pushes(timezone.now())
