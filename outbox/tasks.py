"""Jobs of the outbox; both may run twice, or at the same time."""

from celery import shared_task

from outbox import delivery


@shared_task(name="outbox.tasks.deliver", time_limit=90, soft_time_limit=60)
def deliver(message_id: int) -> None:
    """Send one message right after its transaction."""
    delivery.deliver(message_id)


@shared_task(name="outbox.tasks.deliver_due")
def deliver_due() -> None:
    """Send everything that is due: large batches, retries, and what a lost job left behind."""
    delivery.deliver_due()
