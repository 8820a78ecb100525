"""Scheduled tidying of what belongs to packages; each may run twice, or twice at once."""

from celery import shared_task
from django.contrib.admin.models import LogEntry
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.utils import timezone

from common.retention import in_batches, limit_of, remove

BATCH = 1000


@shared_task(name="sferum_admin.tasks.forget_operators_log", time_limit=1800, soft_time_limit=1740)
def forget_operators_log() -> int:
    """Remove what operators did longer ago than it is kept; returns how many lines."""
    limit = limit_of("KEEP_OPERATOR_LOG_DAYS", timezone.now())
    return remove("operators' log", LogEntry.objects.filter(action_time__lt=limit))


@shared_task(name="sferum_admin.tasks.clear_cache")
def clear_cache() -> int:
    """Remove rows of the cache table whose time is over; returns how many. With Redis there is nothing to do.

    Django clears the table only when it is full: counters of tries would lie there for months.
    """
    cache = caches["default"]
    return in_batches("rows of the cache", lambda: _clear_some(cache)) if isinstance(cache, DatabaseCache) else 0


def _clear_some(cache: DatabaseCache) -> int:
    table = connection.ops.quote_name(cache._table)  # type: ignore[attr-defined]
    over = f"SELECT cache_key FROM {table} WHERE expires < %s LIMIT {BATCH}"  # noqa: S608 - our own table's name
    now = connection.ops.adapt_datetimefield_value(timezone.now().replace(microsecond=0))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE cache_key IN ({over})", [now])  # noqa: S608
        return int(cursor.rowcount)
