"""Jobs of the statistics; each may run late, twice, or twice at once."""

from celery import shared_task
from django.utils import timezone

from stats.services import keeping, reconciling, rollup, weekly


@shared_task(name="stats.tasks.roll_up")
def roll_up() -> int:
    """Count the days in which something has changed; returns how many."""
    return rollup.roll_up().days


@shared_task(name="stats.tasks.reconcile")
def reconcile() -> int:
    """Count days that are over once more; returns how many figures differed, which has to be 0."""
    return reconciling.reconcile()


@shared_task(name="stats.tasks.send_weekly_letters")
def send_weekly_letters() -> int:
    """Queue the weekly letters that are due; returns how many."""
    return weekly.send_weekly_letters()


@shared_task(name="stats.tasks.forget_people", time_limit=3600, soft_time_limit=3500)
def forget_people() -> int:
    """Remove who came and what they did, where it is older than it may be kept; returns how many rows."""
    return keeping.forget_people(timezone.now())
