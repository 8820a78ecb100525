"""Jobs by the clock; each may run late, twice, or twice at once."""

from celery import shared_task

from support.services import tending


@shared_task(name="support.tasks.tend", time_limit=300, soft_time_limit=270)
def tend() -> int:
    """Remind of answers that are due or late, close what is settled; returns how many."""
    return tending.remind() + tending.close_settled()


@shared_task(name="support.tasks.forget", time_limit=300, soft_time_limit=270)
def forget() -> int:
    """Remove what was closed long ago; returns how many."""
    return tending.forget()
