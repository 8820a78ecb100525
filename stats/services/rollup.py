"""The roll-up: counts the days in which something has changed, however often and wherever it is started (STAT-4).

Changes are removed in the transaction that has counted the days they name. A worker that dies leaves them; one that
comes second finds the organization's state locked and passes on; a transaction that commits late leaves its changes
for the next time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from meetings.models import Event
from orgs.models import Organization
from stats.models import (
    Change,
    DayWindow,
    OrgDay,
    Period,
    PersonDay,
    ReachKind,
    RollupState,
    Source,
    Span,
    StaffAnswer,
    UnitDay,
)
from stats.periods import PeriodKind, days_of
from stats.services import queue
from stats.services.counting import SpanWindow, count_days
from stats.services.reach import recount_reach
from stats.services.windows import DAY, basis_of, local_day, window

MOST_ORGANIZATIONS = 50
MOST_WINDOWS = 2000


@dataclass
class Counted:
    """What a roll-up did: organizations and days counted, rows written or removed."""

    organizations: int = 0
    days: int = 0
    rows: int = 0


@dataclass
class Task:
    """What is to be done for one organization in one transaction."""

    organization: Organization
    state: RollupState
    today: date
    days: set[date] = field(default_factory=set)
    # The first day from which the roster's intervals look different.
    moved_since: date | None = None
    # Of what is left for the next transaction.
    is_unfinished: bool = False
    windows: list[DayWindow] = field(default_factory=list)


def roll_up(organization_ids: Collection[int] | None = None, now: datetime | None = None) -> Counted:
    """Count everything that waits, of all organizations or of `organization_ids`; safe to repeat and to run twice at
    once: an organization that another worker counts is left to it.

    `now` decides which day is today and which events have begun.
    """
    moment = now or timezone.now()
    total, waiting = Counted(), _waiting(organization_ids, moment)
    while batch := sorted(waiting)[:MOST_ORGANIZATIONS]:
        tasks, rows = _count_batch(batch, moment)
        total.organizations += sum(not task.is_unfinished for task in tasks)
        total.days += sum(len(task.windows) for task in tasks)
        total.rows += rows
        # What could not be taken whole comes again; what is done, or counted by another, does not.
        waiting -= set(batch) - {task.organization.pk for task in tasks if task.is_unfinished}
    return total


def _waiting(organization_ids: Collection[int] | None, now: datetime) -> set[int]:
    """Return the organizations with changes, without a state, with a new day, or by another basis."""
    queue.forget_strangers()
    organizations = Organization.objects.select_related("chat_rules", "rollup_state").annotate(
        has_changes=Exists(Change.objects.filter(organization_id=OuterRef("pk"))),
        # Nobody writes anything when an event begins.
        has_begun=Exists(
            Event.objects.filter(
                organization=OuterRef("pk"),
                starts_at__gt=OuterRef("rollup_state__counted_at"),
                starts_at__lte=now,
                cancelled_at=None,
            )
        ),
    )
    if organization_ids is not None:
        organizations = organizations.filter(pk__in=list(organization_ids))
    found = organizations.iterator(chunk_size=1000)
    return {row.pk for row in found if row.has_changes or row.has_begun or _is_behind(row, now)}


def _is_behind(organization: Organization, now: datetime) -> bool:
    state: RollupState | None = getattr(organization, "rollup_state", None)
    if state is None or state.counted_at is None or state.last_day is None:
        return True
    return state.basis != basis_of(organization) or state.last_day < local_day(organization, now)


@transaction.atomic
def _count_batch(organization_ids: list[int], now: datetime) -> tuple[list[Task], int]:
    tasks = _lock(organization_ids, now)
    if not tasks:
        return [], 0
    _note_calendar(tasks)
    things = _take_changes(tasks)
    _complete(tasks)
    _choose_windows(tasks)
    rows = _count(tasks, now)
    if things:
        recount_reach([task.organization.pk for task in tasks], sorted(things), now)
    _remember(tasks, now)
    return tasks, rows


def _lock(organization_ids: list[int], now: datetime) -> list[Task]:
    """Take the organizations nobody else is counting; make the states that are missing."""
    organizations = Organization.objects.select_related("chat_rules").in_bulk(organization_ids)
    known = set(RollupState.objects.filter(organization__in=organizations).values_list("organization_id", flat=True))
    if missing := organizations.keys() - known:
        RollupState.objects.bulk_create([RollupState(organization_id=pk) for pk in missing], ignore_conflicts=True)
    states = RollupState.objects.filter(organization__in=organizations).order_by("organization_id")
    if connection.features.has_select_for_update_skip_locked:
        states = states.select_for_update(skip_locked=True, of=("self",))
    return [
        Task(organizations[state.organization_id], state, local_day(organizations[state.organization_id], now))
        for state in states
    ]


# --- What is to be counted --------------------------------------------------------------------------------------------
def _note_calendar(tasks: list[Task]) -> None:
    """Note the days that are to be counted without a change: first fill, another basis, a new day."""
    anew = [task for task in tasks if task.state.counted_at is None or task.state.basis != basis_of(task.organization)]
    firsts = queue.first_moments([task.organization.pk for task in anew])
    for task in tasks:
        state = task.state
        if task in anew:
            moment = firsts.get(task.organization.pk)
            _begin_anew(task, min(local_day(task.organization, moment), task.today) if moment else task.today)
        elif state.last_day is not None and state.last_day < task.today:
            # Also the last one again: it has come to its end since.
            task.days |= set(days_between(state.last_day, task.today))


def _begin_anew(task: Task, first: date) -> None:
    state = task.state
    if state.counted_at is not None:
        _drop_outside(state, first, task.today)
    if state.last_day is not None:
        # Further west it may still be yesterday.
        state.last_day = min(state.last_day, task.today)
    task.days |= set(days_between(first, task.today))
    keeps_older = state.frozen_before is not None and state.first_day is not None
    state.first_day = min(first, state.first_day) if keeps_older and state.first_day else first
    state.basis = basis_of(task.organization)


def _drop_outside(state: RollupState, first: date, today: date) -> None:
    """Remove rows under days that are no longer days of anything; what is frozen stays."""
    kept = state.frozen_before or date.min
    outside = Q(day__gte=kept) & (Q(day__lt=first) | Q(day__gt=today))
    for model in (PersonDay, UnitDay, OrgDay, StaffAnswer):
        model._default_manager.filter(outside, organization=state.organization_id).delete()
    for span, kind in SPANS.items():
        outside = Q(starts_on__gte=kept) & (Q(starts_on__lt=days_of(kind, first).first) | Q(starts_on__gt=today))
        Period.objects.filter(outside, organization=state.organization_id, span=span).delete()


_REACHED: dict[str, str] = {
    Source.POST: ReachKind.POST,
    Source.VIEW: ReachKind.POST,
    Source.READING: ReachKind.READING,
    Source.CONFIRMATION: ReachKind.READING,
    Source.POLL: ReachKind.POLL,
    Source.VOTE: ReachKind.POLL,
    Source.EVENT: ReachKind.EVENT,
    Source.PARTICIPATION: ReachKind.EVENT,
}


def _take_changes(tasks: list[Task]) -> set[tuple[str, int]]:
    """Remove changes from the queue and note the days they name; return the things they name."""
    by_id = {task.organization.pk: task for task in tasks}
    taken, is_all = queue.take(list(by_id))
    things: set[tuple[str, int]] = set()
    for change in taken:
        task = by_id[change.organization_id]
        task.is_unfinished = not is_all
        if change.at is not None:
            _note(task, change.source, local_day(task.organization, change.at))
        elif change.thing_id is not None and change.source in _REACHED:
            things.add((_REACHED[change.source], change.thing_id))
    return things


def _note(task: Task, source: str, day: date) -> None:
    if source == Source.GONE:
        task.state.frozen_before = max(day + DAY, task.state.frozen_before or date.min)
    elif source == Source.ROSTER:
        task.moved_since = min(day, task.moved_since or day)
    else:
        task.days.add(day)


def _complete(tasks: list[Task]) -> None:
    """Add the days that follow from those noted, and leave out those that are not to be counted."""
    for task in tasks:
        first = task.state.first_day or task.today
        task.days.add(task.today)
        if task.moved_since is not None:
            # Who was somebody else in March was active in March as somebody else.
            task.days |= set(days_between(max(task.moved_since, first), task.today))
        earliest = min(task.days)
        if earliest < first:
            # No hole between what was imported and what was known.
            task.days |= set(days_between(earliest, first))
            task.state.first_day = earliest
        task.days = {day for day in task.days if day <= task.today}
    _leave_frozen(tasks)


def _leave_frozen(tasks: list[Task]) -> None:
    """Leave out days that were counted before messages of theirs were removed."""
    frozen = Q(pk=None)
    for task in tasks:
        limit = task.state.frozen_before
        if limit is not None and (old := [day for day in task.days if day < limit]):
            frozen |= Q(organization=task.organization, day__range=(min(old), max(old)), day__lt=limit)
    if not frozen.children[1:]:
        return
    counted: dict[int, set[date]] = defaultdict(set)
    for pk, day in OrgDay.objects.filter(frozen).values_list("organization_id", "day").iterator():
        counted[pk].add(day)
    for task in tasks:
        task.days -= counted[task.organization.pk]


def _choose_windows(tasks: list[Task]) -> None:
    """Choose the newest days as far as one transaction takes them, and put the rest back."""
    room, left = MOST_WINDOWS, []
    for task in tasks:
        newest = sorted(task.days, reverse=True)
        chosen, rest = newest[:room], newest[room:]
        room -= len(chosen)
        windows = (window(task.organization, day) for day in chosen)
        task.windows = [item for item in windows if item.ends_at > item.starts_at]
        if rest:
            task.is_unfinished = True
            left += [(task.organization, day) for day in rest]
    queue.add(left)
    postponed = [(task.organization, task.moved_since) for task in tasks if not task.windows and task.moved_since]
    queue.add(((organization, day) for organization, day in postponed if day), Source.ROSTER)


def days_between(first: date, last: date) -> Iterator[date]:
    """Give the days from `first` to `last`, both included."""
    return (first + DAY * step for step in range((last - first).days + 1))


# --- Counting it ------------------------------------------------------------------------------------------------------
def _count(tasks: list[Task], now: datetime) -> int:
    for task in tasks:
        last = task.state.last_day
        # Its roster has moved since it was counted last, or it has ended since.
        is_moved = task.moved_since is not None or last is None or last < task.today
        for item in task.windows:
            item.with_roster = is_moved and (last is None or item.day >= last)
    windows = [item for task in tasks for item in task.windows]
    DayWindow.objects.bulk_create(windows, batch_size=1000)
    known = OrgDay.objects.filter(organization=OuterRef("organization"), day=OuterRef("day"))
    DayWindow.objects.filter(~Exists(known), with_roster=False).update(with_roster=True)
    rows = count_days([span for task in tasks for span in spans_of(task.organization, task.state, task.windows)], now)
    DayWindow.objects.filter(organization__in=[task.organization for task in tasks]).delete()
    return rows


SPANS = {Span.WEEK: PeriodKind.WEEK, Span.MONTH: PeriodKind.MONTH}


def spans_of(organization: Organization, state: RollupState, windows: Iterable[DayWindow]) -> Iterator[SpanWindow]:
    """Give the weeks and months in which `windows` lie."""
    frozen = state.frozen_before
    for span, first in sorted(
        {(span, days_of(kind, item.day).first) for item in windows for span, kind in SPANS.items()}
    ):
        last = days_of(SPANS[span], first).last
        yield SpanWindow(
            organization_id=organization.pk,
            span=span,
            first=first,
            last=last,
            starts_at=window(organization, first).starts_at,
            ends_at=window(organization, last).ends_at,
            is_frozen=frozen is not None and first < frozen,
        )


def _remember(tasks: list[Task], now: datetime) -> None:
    for task in tasks:
        if task.windows:
            task.state.counted_at = now
            task.state.last_day = max(task.today, task.state.last_day or task.today)
    RollupState.objects.bulk_update(
        [task.state for task in tasks], ["basis", "counted_at", "first_day", "last_day", "frozen_before"]
    )
