"""How long applications are kept that came to nothing: no organization, no ground to hold the applicant's data."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from common.retention import in_batches, limit_of
from registration.models import Application, OrderFile, State
from registration.services.orders import remove_orders

BATCH = 200


def remove_old_applications(now: datetime) -> int:
    """Remove applications rejected or withdrawn `KEEP_APPLICATIONS_DAYS` ago, or returned then and not sent again.

    Their steps and orders go with them. Returns how many; may run twice, or twice at once.
    """
    limit = limit_of("KEEP_APPLICATIONS_DAYS", now)
    return in_batches("applications", lambda: _remove_batch(limit))


@transaction.atomic
def _remove_batch(limit: datetime) -> int:
    over = Q(state__in=[State.REJECTED, State.WITHDRAWN], decided_at__lt=limit)
    rows = Application.objects.select_for_update(skip_locked=True, of=("self",)).filter(organization=None)
    closed = list(rows.filter(over).order_by("pk")[:BATCH])
    # Returned: the last step, whoever made it, is as old.
    returned = rows.filter(state=State.RETURNED).exclude(events__at__gte=limit).order_by("pk")
    found = closed + list(returned.filter(submitted_at__lt=limit)[:BATCH])
    orders = list(OrderFile.objects.filter(application__in=found))
    Application.objects.filter(pk__in=[application.pk for application in found]).delete()
    remove_orders(orders)
    return len(found)
