"""Planning, changing and cancelling events, alone and in series (CHAN-5, CHAN-6)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.jobs import enqueue
from common.text import clean_line
from meetings.models import Event, EventAudience, Series
from meetings.selectors.events import is_over, series_of
from meetings.services.announcing import announce
from meetings.services.changing import Scope, change
from meetings.services.changing import concerned as _concerned
from meetings.services.drafts import EventData, checked_audience, checked_fields, refused, set_words
from meetings.services.recurrence import Frequency, Recurrence, occurrences
from meetings.words import journal_day
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.services.circles import Circle

__all__ = [
    "EventData",
    "Frequency",
    "Recurrence",
    "Scope",
    "announce",
    "cancel",
    "change",
    "plan",
    "replan_following",
]

MOST_REASON = 300
BATCH = 1000


@transaction.atomic
def plan(*, actor: Actor, data: EventData, recurrence: Recurrence | None = None) -> list[Event]:
    """Plan one event, or with `recurrence` a series with all its events at once, and return them by time (CHAN-6).

    Each event of a series is a row of its own, at the same time by the organization's clock. Those invited are told
    once, after the commit. At most ten statements for any number of events (a statement more for each 1000 circles).
    Raises `DomainError`: the codes of `drafts.checked_fields`, `drafts.checked_audience`, `recurrence.occurrences`,
    and `series_overlaps` (400).
    """
    if known := _planned_before(actor, data):
        return known
    fields = checked_fields(data)
    circles = checked_audience(actor, data)
    first = Event(organization=actor.organization, organizer=actor.person, **fields)
    set_words(first)
    try:
        events = _write(actor, first, recurrence, data)
    except IntegrityError:
        # The same form, sent twice at once: the other one was quicker.
        if known := _planned_before(actor, data):
            return known
        raise
    _invite(events, circles)
    details = {"event": first.title, "day": _day(actor, first.starts_at), "id": events[0].pk, "count": len(events)}
    record(actor.organization, actor, [Deed(Action.EVENT_CREATED, details=details)])
    enqueue("meetings.tasks.tell_planned", event_id=events[0].pk)
    return events


def _planned_before(actor: Actor, data: EventData) -> list[Event]:
    if data.client_key is None:
        return []
    found = Event.objects.filter(organizer=actor.person, client_key=data.client_key).first()
    if found is None:
        return []
    return [found] if found.series_id is None else list(series_of(found))


def _write(actor: Actor, first: Event, recurrence: Recurrence | None, data: EventData) -> list[Event]:
    # A savepoint only where a key can collide.
    with transaction.atomic(savepoint=data.client_key is not None):
        events = [first] if recurrence is None else _series(actor, first, recurrence)
        events[0].client_key = data.client_key
        return Event.objects.bulk_create(events)


def _series(actor: Actor, first: Event, recurrence: Recurrence) -> list[Event]:
    """The unsaved events of a new series: copies of `first`, each at its time."""
    times, rule = occurrences(recurrence, first.starts_at, actor.organization.zone)
    lasts = first.ends_at - first.starts_at
    if any(later - earlier < lasts for earlier, later in pairwise(times)):
        message = _("The next time begins before the last one has ended.")
        raise refused("series_overlaps", "ends_at", message)
    answers_end = None if first.registration_until is None else first.registration_until - first.starts_at
    series = Series.objects.create(organization=actor.organization, rrule=rule, starts_at=times[0])
    return [_occurrence(first, series, moment, lasts, answers_end) for moment in times]


def _occurrence(
    first: Event, series: Series, moment: datetime, lasts: timedelta, answers_end: timedelta | None
) -> Event:
    return Event(
        organization=first.organization,
        organizer=first.organizer,
        series=series,
        original_start=moment,
        kind=first.kind,
        title=first.title,
        text=first.text,
        html=first.html,
        search_text=first.search_text,
        place=first.place,
        link=first.link,
        starts_at=moment,
        ends_at=moment + lasts,
        registration=first.registration,
        places=first.places,
        registration_until=None if answers_end is None else moment + answers_end,
    )


def _invite(events: Iterable[Event], circles: Sequence[Circle]) -> None:
    rows = [
        EventAudience(organization_id=event.organization_id, event=event, audience=audience, unit_id=unit_id)
        for event in events
        for audience, unit_id in circles
    ]
    EventAudience.objects.bulk_create(rows, batch_size=BATCH)


def _day(actor: Actor, moment: datetime) -> str:
    return journal_day(moment, actor.organization.zone)


@transaction.atomic
def cancel(*, actor: Actor, event: Event, reason: str, scope: str = Scope.THIS) -> int:
    """Cancel the event, or with `scope` the following ones or all of its series that are not over; return how many.

    They stay where they were, with the reason; a running broadcast ends. Who is invited and did not decline, and who
    comes or waits, is told after the commit. Twice is once (0). Raises `DomainError`: `event_reason_required`,
    `text_too_long`, `event_scope_unknown` (400), `event_over`, `event_gone` (409).
    """
    reason = _reason(reason)
    now = timezone.now()
    rows = _concerned(event, scope)
    if scope == Scope.THIS and rows[0].cancelled_at is None and is_over(rows[0], now):
        raise DomainError("event_over", _("The event is over already."))
    rows = [row for row in rows if row.cancelled_at is None and not is_over(row, now)]
    for row in rows:
        row.cancelled_at, row.cancel_reason = now, reason
        row.sequence += 1
        row.changed_at = now
        if row.on_air_at is not None:
            row.over_at = now
    fields = ["cancelled_at", "cancel_reason", "sequence", "changed_at", "over_at"]
    Event.objects.bulk_update(rows, fields)
    if rows:
        details = {"event": rows[0].title, "day": _day(actor, rows[0].starts_at), "reason": reason}
        more = {"id": rows[0].pk, "count": len(rows)}
        record(actor.organization, actor, [Deed(Action.EVENT_CANCELLED, details={**details, **more})])
        enqueue("meetings.tasks.tell_cancelled", event_id=rows[0].pk, count=len(rows))
    return len(rows)


def _reason(typed: str) -> str:
    try:
        reason = clean_line(typed, most=MOST_REASON)
    except DomainError as error:
        raise DomainError(error.code, error.message, fields={"reason": error.message}, status=400) from error
    if not reason:
        raise refused("event_reason_required", "reason", _("Say why: people have planned for it."))
    return reason


@transaction.atomic
def replan_following(
    *, actor: Actor, event: Event, data: EventData, recurrence: Recurrence | None, reason: str
) -> list[Event]:
    """Change the rule itself: cancel the event with the following ones of its series and plan `data` anew; return the
    new events. Answers given to the old ones stay with them; both are told.

    Raises `DomainError`: the codes of `plan` and `cancel`, `event_not_in_series` (409).
    """
    if event.series_id is None or not series_of(event).exists():
        raise DomainError("event_not_in_series", _("This event does not recur."))
    cancel(actor=actor, event=event, reason=reason, scope=Scope.FOLLOWING)
    return plan(actor=actor, data=data, recurrence=recurrence)
