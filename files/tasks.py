"""Scheduled tidying of uploads; may run twice, or twice at once."""

import logging

from celery import shared_task
from django.utils import timezone

from files import services
from files.services import store

logger = logging.getLogger(__name__)

# A safety net against a bug that would find the same files again and again: 100 batches are 50,000 files.
MOST_BATCHES = 100


@shared_task(name="files.tasks.remove_unclaimed", time_limit=240, soft_time_limit=200)
def remove_unclaimed() -> int:
    """Remove uploads that were not used within a day, and what is left of interrupted ones; returns how many."""
    now, total = timezone.now(), 0
    services.remove_interrupted(now)
    for _batch in range(MOST_BATCHES):
        done = services.remove_unclaimed(now)
        total += done
        if not done:
            break
    return total


@shared_task(name="files.tasks.check_store", time_limit=3600, soft_time_limit=3500)
def check_store() -> int:
    """Count bytes that no row names and rows whose bytes are gone, and write both into the log; returns their sum.

    `manage.py check_files --remove` deletes the former: an operator looks first.
    """
    report = store.check(timezone.now())
    if found := len(report.orphans) + len(report.missing):
        logger.warning("files: %s without a row, %s rows without bytes", len(report.orphans), len(report.missing))
        return found
    return 0
