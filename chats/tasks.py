"""Jobs of chats; each may run late, twice, or twice at once."""

from celery import shared_task
from django.utils import timezone

from chats.services import keeping, notifying, upkeep


@shared_task(name="chats.tasks.notify", time_limit=120, soft_time_limit=90)
def notify(message_id: int) -> int:
    """Queue the pushes of a message; returns how many."""
    return notifying.notify(message_id)


@shared_task(name="chats.tasks.tell_moderators", time_limit=60, soft_time_limit=45)
def tell_moderators(report_id: int) -> int:
    """Tell the moderators of a report; returns how many notices."""
    return notifying.tell_moderators(report_id)


@shared_task(name="chats.tasks.remove_old_messages")
def remove_old_messages() -> int:
    """Remove messages whose time is over; returns how many."""
    return upkeep.remove_old_messages()


@shared_task(name="chats.tasks.forget_old", time_limit=1800, soft_time_limit=1740)
def forget_old() -> int:
    """Forget words of reports, mutes, looks and reading marks that are no longer needed; returns how many rows."""
    now = timezone.now()
    return keeping.forget_reported_words(now) + keeping.forget_measures(now) + keeping.forget_states(now)
