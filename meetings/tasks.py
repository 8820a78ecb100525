"""Jobs of events; each may run late, twice, or twice at once."""

from celery import shared_task

from meetings.services import broadcasting, reminding


@shared_task(name="meetings.tasks.remind")
def remind() -> int:
    """Queue the reminders that are due; returns how many."""
    return reminding.remind()


@shared_task(name="meetings.tasks.end_broadcasts")
def end_broadcasts() -> int:
    """End broadcasts that nobody ended; returns how many."""
    return broadcasting.end_forgotten()


@shared_task(name="meetings.tasks.tell_planned")
def tell_planned(event_id: int) -> int:
    """Tell those invited of a new event; returns how many messages."""
    return reminding.tell_planned(event_id)


@shared_task(name="meetings.tasks.tell_changed")
def tell_changed(event_id: int, sequence: int) -> int:
    """Tell that an event was moved; returns how many messages."""
    return reminding.tell_changed(event_id, sequence)


@shared_task(name="meetings.tasks.tell_cancelled")
def tell_cancelled(event_id: int, count: int) -> int:
    """Tell that an event was cancelled; returns how many messages."""
    return reminding.tell_cancelled(event_id, count)


@shared_task(name="meetings.tasks.tell_on_air")
def tell_on_air(event_id: int) -> int:
    """Tell that a broadcast has begun; returns how many messages."""
    return reminding.tell_on_air(event_id)
