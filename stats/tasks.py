"""Jobs of the statistics; each may run late, twice, or twice at once."""

from celery import shared_task

from stats.services import reconciling, rollup, weekly


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
