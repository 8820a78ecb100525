"""Removing what is no longer needed, a little at a time: how long stands in the settings `KEEP_…_DAYS` (152-ФЗ)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

logger = logging.getLogger(__name__)

BATCH = 500
# A safety net against a bug that would find the same rows again and again; the next run goes on.
MOST_BATCHES = 400


def limit_of(setting: str, now: datetime) -> datetime:
    """Return the moment before which things are kept no longer, by the setting of that name in days."""
    return now - timedelta(days=getattr(settings, setting))


def in_batches(what: str, step: Callable[[], int]) -> int:
    """Call `step` until it finds nothing, and return how much it did in all; each call is a transaction of its own.

    What is done is written into the log as a number, with `what`.
    """
    total = 0
    for _batch in range(MOST_BATCHES):
        done = step()
        total += done
        if not done:
            break
    if total:
        logger.info("retention: %s: %s", what, total)
    return total


def remove(what: str, rows: QuerySet[Any], size: int = BATCH) -> int:
    """Delete `rows` with what hangs on them, in batches, and return how many of them; may run twice, or at once."""

    def step() -> int:
        ids = list(rows.order_by("pk").values_list("pk", flat=True)[:size])
        # Asked again: what was changed between the two statements may have become needed.
        _all, by_model = rows.model._base_manager.filter(pk__in=rows.filter(pk__in=ids).values("pk")).delete()
        return by_model.get(rows.model._meta.label, 0)

    return in_batches(what, step)


def clear(what: str, rows: QuerySet[Any], size: int = BATCH, **values: Any) -> int:
    """Set `values` in `rows`, in batches, and return in how many; `rows` must not find them any more afterwards."""

    def step() -> int:
        ids = list(rows.order_by("pk").values_list("pk", flat=True)[:size])
        return rows.filter(pk__in=ids).order_by().update(**values) if ids else 0

    return in_batches(what, step)
