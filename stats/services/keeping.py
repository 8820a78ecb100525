"""How long it is known who came and what they did: names go, sums stay."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from common.retention import limit_of, remove
from orgs.models import Organization
from stats.models import PersonDay, Presence, RollupState, StaffAnswer
from stats.services.windows import local_day


def forget_people(now: datetime) -> int:
    """Remove days of people that are older than `KEEP_ACTIVITY_DAYS` by each organization's calendar; return how many.

    Days before stay as they were counted (`frozen_before`), so sums of units and organizations are not touched.
    """
    counted = Organization.objects.filter(rollup_state__last_day__isnull=False)
    return sum(_forget(organization, now) for organization in counted.order_by("pk").iterator())


def _forget(organization: Organization, now: datetime) -> int:
    limit = local_day(organization, limit_of("KEEP_ACTIVITY_DAYS", now))
    own = {"organization": organization, "day__lt": limit}
    tables = [model._default_manager.filter(**own) for model in (PersonDay, Presence, StaffAnswer)]
    if not any(rows.exists() for rows in tables):
        return 0
    _freeze(organization, limit)
    return sum(remove(f"{rows.model.__name__} of {organization.pk}", rows, size=2000) for rows in tables)


@transaction.atomic
def _freeze(organization: Organization, limit: date) -> None:
    """Before the first row goes: what its going leaves in the queue must not count those days anew."""
    state = RollupState.objects.select_for_update(of=("self",)).get(organization=organization)
    state.frozen_before = max(limit, state.frozen_before or date.min)
    state.save(update_fields=["frozen_before"])
