"""Each night days that are over are counted once more from their sources: nothing may differ (STAT-4).

The roll-up counts a day when one of its sources says that it has changed. Reconciliation believes nobody: it counts
yesterday and one older day anew, compares every figure with what stood there, and leaves what is right. What differed
is a number that has to be 0, kept for each organization and logged.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef, Q
from django.utils import timezone

from orgs.models import Organization
from stats.models import Change, DayWindow, OrgDay, Period, PersonDay, RollupState, StaffAnswer, UnitDay
from stats.services.counting import SpanWindow, count_days
from stats.services.reach import recount_recent
from stats.services.rollup import roll_up, spans_of
from stats.services.windows import local_day, window

logger = logging.getLogger(__name__)

# Of each kind of row what tells it from others; every other column is a figure.
_KEYS: dict[type[Model], tuple[str, ...]] = {
    PersonDay: ("day", "person_id"),
    UnitDay: ("day", "unit_id"),
    OrgDay: ("day",),
    StaffAnswer: ("day", "message_id"),
    Period: ("span", "starts_on", "unit_id"),
}
# Older days are checked one a night: the 2nd before today, the 4th and so on to the 34th, and from the beginning.
_SWEEP = 17
# People write at night too: a day that is changed while it is compared is compared again.
_TRIES = 3

# {key of a row, the model among it: its figures}
Rows = dict[tuple[Any, ...], tuple[Any, ...]]


class _Disturbed(Exception):
    """Something was committed meanwhile; the transaction goes back and the roll-up counts it first."""


@dataclass(frozen=True)
class _Outcome:
    """Figures that differed, by day (of weeks and months by their first)."""

    differences: dict[date, int]

    @property
    def total(self) -> int:
        return sum(self.differences.values())


def reconcile(now: datetime | None = None) -> int:
    """Check every organization and return how many figures differed: 0 when all is well.

    Each is rolled up first. Then, under its lock, yesterday and one older day (each day comes once more within 34
    nights) are counted anew with their weeks and months; the differences go into its `RollupState` and, when there are
    any, into the log, without names. The reach of the last 35 days follows the roster. An organization that another
    worker holds, or in which too much is going on, is left to the next night.
    """
    moment = now or timezone.now()
    return sum(_reconcile(pk, moment) for pk in list(Organization.objects.order_by("pk").values_list("pk", flat=True)))


def days_to_check(today: date) -> tuple[date, date]:
    """Return the days that are checked in the night of `today`: the one that has ended, and the older one in turn."""
    age = 2 + 2 * (today.toordinal() % _SWEEP)
    return today - timedelta(days=1), today - timedelta(days=age)


def _reconcile(organization_id: int, now: datetime) -> int:
    for _try in range(_TRIES):
        roll_up([organization_id], now)
        try:
            outcome = _check(organization_id, now)
        except _Disturbed:
            continue
        if outcome is None:
            return 0
        for day, count in sorted(outcome.differences.items()):
            logger.error("Statistics: %s figures of organization %s on %s differed", count, organization_id, day)
        return outcome.total
    logger.warning("Statistics: organization %s could not be checked: it was written to all the time", organization_id)
    return 0


@transaction.atomic
def _check(organization_id: int, now: datetime) -> _Outcome | None:
    state = _locked(organization_id)
    if state is None or state.counted_at is None:
        return None
    organization, today = state.organization, local_day(state.organization, now)
    windows = [item for day in _checkable(state, today) if (item := window(organization, day)).starts_at < item.ends_at]
    spans = list(spans_of(organization, state, windows))
    before = _rows(organization, windows, spans)
    _count(windows, spans, now)
    outcome = _Outcome(_compared(before, _rows(organization, windows, spans)))
    # The change is committed with its cause: whatever has been counted here and not before is named in the queue.
    if outcome.total and Change.objects.filter(organization_id=organization_id).exists():
        raise _Disturbed
    recount_recent(organization, now)
    state.checked_day, state.checked_at = days_to_check(today)[0], now
    state.difference = outcome.total
    state.difference_total += outcome.total
    state.save(update_fields=["checked_day", "checked_at", "difference", "difference_total"])
    return outcome


def _locked(organization_id: int) -> RollupState | None:
    states = RollupState.objects.select_related("organization__chat_rules").filter(organization=organization_id)
    if connection.features.has_select_for_update_skip_locked:
        states = states.select_for_update(skip_locked=True, of=("self",))
    return states.first()


def _checkable(state: RollupState, today: date) -> Iterable[date]:
    """Neither days before the first one nor those whose messages have been removed since."""
    limits = [day for day in (state.first_day, state.frozen_before) if day is not None]
    return [day for day in sorted(days_to_check(today)) if all(day >= limit for limit in limits)]


def _count(windows: list[DayWindow], spans: list[SpanWindow], now: datetime) -> None:
    if not windows:
        return
    DayWindow.objects.bulk_create(windows)
    # Figures of the roster say what was known on the day; only a day that has none at all gets them anew.
    known = OrgDay.objects.filter(organization=OuterRef("organization"), day=OuterRef("day"))
    own = DayWindow.objects.filter(pk__in=[item.pk for item in windows])
    own.filter(~Exists(known)).update(with_roster=True)
    count_days(spans, now)
    own.delete()


# --- Comparing --------------------------------------------------------------------------------------------------------
def _rows(organization: Organization, windows: list[DayWindow], spans: list[SpanWindow]) -> Rows:
    """Read every figure of those days, weeks and months; five statements."""
    days = Q(day__in=[item.day for item in windows])
    periods = Q(pk=None)
    for span in spans:
        periods |= Q(span=span.span, starts_on=span.first)
    found: Rows = {}
    for model, key in _KEYS.items():
        figures = _figures_of(model)
        rows = model._default_manager.filter(periods if model is Period else days, organization=organization)
        for row in rows.values_list(*key, *figures):
            found[(model, *row[: len(key)])] = row[len(key) :]
    return found


def _figures_of(model: type[Model]) -> list[str]:
    left_out = {"id", "organization_id", *_KEYS[model]}
    return [field.attname for field in model._meta.concrete_fields if field.attname not in left_out]


def _compared(before: Rows, after: Rows) -> dict[date, int]:
    """Count the figures that differ, by day; of a row that came or went those that are not zero, at least one."""
    found: dict[date, int] = {}
    for key in before.keys() | after.keys():
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        if old is None or new is None:
            count = max(1, sum(map(bool, old or new or ())))
        else:
            count = sum(one != other for one, other in zip(old, new, strict=True))
        day = key[2] if key[0] is Period else key[1]
        found[day] = found.get(day, 0) + count
    return found
