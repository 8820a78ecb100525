"""How long uploaded files are kept: they hold personal data (ORG-8)."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from roster.models import Load, LoadRow
from works.models import OPEN, OVER

# As long as a load can be undone, one can look up what its rows have done.
KEPT = timedelta(days=30)
BATCH = 100


@transaction.atomic
def forget_files() -> int:
    """Empty files that are older than 30 days, with what was found out about their rows; return how many.

    One that was brought in stays as a line without content: who brought in which file, when. One that never was
    disappears. Files that are being worked on wait. Running twice, or twice at once, is harmless.
    """
    old = Load.objects.filter(created_at__lt=timezone.now() - KEPT).exclude(
        Q(check_work__state__in=OPEN) | Q(import_work__state__in=OPEN)
    )
    brought_in = Q(import_work__state__in=OVER)
    stale = list(old.filter(brought_in).exclude(content=b"").order_by("pk").values_list("pk", flat=True)[:BATCH])
    never = list(old.exclude(brought_in).order_by("pk").values_list("pk", flat=True)[:BATCH])
    LoadRow.objects.filter(load__in=stale + never).delete()
    Load.objects.filter(pk__in=stale).update(content=b"", columns={})
    Load.objects.filter(pk__in=never).delete()
    return len(stale) + len(never)
