"""Dropping the statistics of one organization and counting them anew (STAT-4)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from orgs.models import Organization
from stats.models import OrgDay, PersonDay, RollupState, StaffAnswer, UnitDay
from stats.services import queue
from stats.services.rollup import days_between, roll_up
from stats.services.windows import local_day


def rebuild(
    organization: Organization, first: date | None = None, last: date | None = None, now: datetime | None = None
) -> int:
    """Drop the days from `first` to `last` (both included; without them: all) and count them anew; return how many.

    Days whose messages have been removed because their time was over stay as they were counted. Figures of the roster
    are derived from the intervals of roles and enrolments. If it is interrupted, the next roll-up goes on with it.
    """
    moment = now or timezone.now()
    days = _drop(organization, first, last, moment)
    roll_up([organization.pk], moment)
    return days


@transaction.atomic
def _drop(organization: Organization, first: date | None, last: date | None, now: datetime) -> int:
    RollupState.objects.get_or_create(organization=organization)
    # Waits for a roll-up that is under way.
    state = RollupState.objects.select_for_update().get(organization=organization)
    today = local_day(organization, now)
    begins, ends = _begins(organization, state, first, today), min(last or today, today)
    if begins > ends:
        return 0
    _forget(organization, begins, ends, is_whole=first is None and last is None)
    if first is None and state.frozen_before is None:
        state.first_day = begins
    else:
        state.first_day = min(begins, state.first_day or begins)
    state.save(update_fields=["first_day"])
    days = list(days_between(begins, ends))
    queue.add((organization, day) for day in days)
    return len(days)


def _begins(organization: Organization, state: RollupState, first: date | None, today: date) -> date:
    moment = queue.first_moments([organization.pk]).get(organization.pk)
    known = local_day(organization, moment) if moment else today
    begins = first or min(known, state.first_day or known)
    if first is None and state.frozen_before is None:
        begins = min(known, today)
    return max(begins, state.frozen_before) if state.frozen_before else begins


def _forget(organization: Organization, first: date, last: date, *, is_whole: bool) -> None:
    """Remove the rows of these days; of all of them, also those under days nobody would count."""
    days = Q(organization=organization)
    days &= ~Q(day__lt=first) if is_whole else Q(day__range=(first, last))
    for model in (PersonDay, UnitDay, OrgDay, StaffAnswer):
        model._default_manager.filter(days).delete()
