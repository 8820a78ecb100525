"""Jobs of required reading; each may run late, twice, or twice at once."""

from celery import shared_task

from readings.services import reminding, telling


@shared_task(name="readings.tasks.tell_asked", time_limit=300, soft_time_limit=270)
def tell_asked(reading_id: int) -> int:
    """Tell people that there is something to read; returns how many."""
    return telling.tell_asked(reading_id)


@shared_task(name="readings.tasks.remind")
def remind() -> int:
    """Remind of deadlines where it is morning; returns how many reminders."""
    return reminding.remind()
