"""How long a work's ledger is kept: it holds people's data as they were before and after."""

from datetime import datetime

from django.db.models import Q

from common.retention import limit_of, remove
from works.models import OPEN, Change


def forget_ledgers(now: datetime) -> int:
    """Remove ledgers of works that nobody can undo any more, `KEEP_LEDGERS_DAYS` after the last day for it.

    Of works that were undone, and of kinds that cannot be undone, the same time after they ended. The work itself
    stays: who did what, when. Returns how many rows of ledgers.
    """
    limit = limit_of("KEEP_LEDGERS_DAYS", now)
    over = Q(work__undo_until__lt=limit) | Q(work__undone_at__lt=limit)
    over |= Q(work__undo_until=None, work__finished_at__lt=limit)
    # One row may hold a thousand rows of a table.
    return remove("ledgers", Change.objects.filter(over).exclude(work__state__in=OPEN), size=50)
