"""What monitoring reads of the statistics (STAT-4): numbers of all organizations together, in Prometheus's format."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stats.selectors.health import health

_FORMAT = "text/plain; version=0.0.4; charset=utf-8"


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """`/metrics`: `statistics_difference` has to be 0. Nothing in it is about one organization."""
    now = timezone.now()
    found = health(now)
    lines = {
        "difference": found.difference,
        "difference_total": found.difference_total,
        "organizations": found.organizations,
        "organizations_differing": found.differing,
        "organizations_uncounted": found.uncounted,
        "organizations_unchecked": found.unchecked,
        "counted_seconds_ago": _seconds(found.counted_at, now),
        "checked_seconds_ago": _seconds(found.checked_at, now),
    }
    text = "".join(f"statistics_{name} {value}\n" for name, value in lines.items() if value is not None)
    return HttpResponse(text, content_type=_FORMAT)


def _seconds(moment: datetime | None, now: datetime) -> int | None:
    return round((now - moment).total_seconds()) if moment is not None else None
