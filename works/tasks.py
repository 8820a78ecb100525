"""Jobs of long work; each may run late, twice, or twice at once."""

from celery import shared_task
from django.utils import timezone

from works.services import keeping, running, undoing


@shared_task(name="works.tasks.run", time_limit=1800, soft_time_limit=1740)
def run(work_id: int) -> None:
    """Do one work."""
    running.run(work_id)


@shared_task(name="works.tasks.undo", time_limit=1800, soft_time_limit=1740)
def undo(work_id: int) -> None:
    """Undo one work."""
    undoing.run(work_id)


@shared_task(name="works.tasks.take_up_lost")
def take_up_lost() -> int:
    """Find works whose job or process was lost; returns how many."""
    return running.take_up_lost()


@shared_task(name="works.tasks.forget_ledgers", time_limit=1800, soft_time_limit=1740)
def forget_ledgers() -> int:
    """Remove what works have changed row by row, when it can't be undone any more; returns how many rows."""
    return keeping.forget_ledgers(timezone.now())
