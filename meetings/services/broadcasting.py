"""Broadcasts: on air, over, who opened them and for how long (CHAN-5)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.jobs import enqueue
from meetings.models import BroadcastState, Event, Participation
from meetings.services.answering import locked
from meetings.words import journal_day
from orgs.actor import Actor
from orgs.audit import Action, Deed, record

# A page tells at least once a minute that it is open; what is longer apart was not watched in between.
LONGEST_BEAT = 90
FORGOTTEN_AFTER = timedelta(hours=3)
EARLIEST = timedelta(hours=24)


@transaction.atomic
def go_on_air(*, actor: Actor, event: Event) -> Event:
    """Begin the broadcast and return it; those who said they come (with nothing asked: all invited) get a push.

    Twice is once. Raises `DomainError` (409): `event_not_broadcast`, `event_cancelled`, `broadcast_over`,
    `broadcast_too_early`.
    """
    row = _broadcast(event)
    now = timezone.now()
    if row.cancelled_at is not None:
        raise DomainError("event_cancelled", _("The event has been cancelled."))
    if row.state == BroadcastState.OVER:
        raise DomainError("broadcast_over", _("The broadcast is over."))
    if row.state == BroadcastState.ON_AIR:
        return row
    if now < row.starts_at - EARLIEST:
        raise DomainError("broadcast_too_early", _("A broadcast begins a day before its time at the earliest."))
    row.on_air_at = now
    row.save(update_fields=["on_air_at"])
    _record(actor, row)
    enqueue("meetings.tasks.tell_on_air", event_id=row.pk)
    return row


@transaction.atomic
def end(*, actor: Actor, event: Event) -> Event:
    """End the broadcast and return it. Twice is once. Raises `DomainError` (409): `event_not_broadcast`,
    `broadcast_not_on_air`."""
    row = _broadcast(event)
    if row.state == BroadcastState.PLANNED:
        raise _not_on_air()
    if row.state == BroadcastState.ON_AIR:
        row.over_at = timezone.now()
        row.save(update_fields=["over_at"])
        _record(actor, row)
    return row


def _record(actor: Actor, event: Event) -> None:
    details = {"event": event.title, "day": journal_day(event.starts_at, actor.organization.zone)}
    state = {"id": event.pk, "state": str(event.state)}
    record(actor.organization, actor, [Deed(Action.EVENT_CHANGED, details={**details, **state})])


def _broadcast(event: Event) -> Event:
    row = locked(event)
    if not row.is_broadcast:
        raise DomainError("event_not_broadcast", _("This event is not a broadcast."))
    return row


def _not_on_air() -> DomainError:
    return DomainError("broadcast_not_on_air", _("The broadcast is not on air."))


@transaction.atomic
def open_broadcast(*, actor: Actor, event: Event) -> str:
    """Count that the actor opened the broadcast, each person once, and return the address of the transmission.

    Raises `DomainError` (409): `event_not_broadcast`, `broadcast_not_on_air`, `broadcast_over`, `event_cancelled`.
    """
    _require_on_air(event)
    now = timezone.now()
    own = Participation.objects.filter(event=event.pk, person=actor.person.pk)
    if own.filter(opened_at__isnull=False).update(seen_at=now):
        return event.link
    row = locked(event)
    _require_on_air(row)
    Participation.objects.bulk_create(
        [Participation(organization_id=row.organization_id, event=row, person=actor.person)], ignore_conflicts=True
    )
    # The condition stands in the statement: two taps at once are one who opened it.
    if own.filter(opened_at=None).update(opened_at=now, seen_at=now):
        Event.objects.filter(pk=row.pk).update(opened_count=F("opened_count") + 1)
    return row.link


def watched(*, actor: Actor, event: Event) -> Participation:
    """Add the time since the page was last heard of (at most 90 s) to what the actor has watched, and return it.

    Calling more often adds no more: only time that has passed counts. Three statements at most. Raises `DomainError`
    (409): `event_not_broadcast`, `broadcast_not_on_air`, `broadcast_over`, `event_cancelled`, `broadcast_not_opened`.
    """
    _require_on_air(event)
    own = Participation.objects.filter(event=event.pk, person=actor.person.pk, opened_at__isnull=False).first()
    if own is None:
        raise DomainError("broadcast_not_opened", _("Open the broadcast first."))
    now = timezone.now()
    last = own.seen_at or now
    passed = min(max(int((now - last).total_seconds()), 0), LONGEST_BEAT)
    if passed:
        # Of two pages that report at once one counts; and the rest of a second is kept for the next time.
        seen = now if passed == LONGEST_BEAT else last + timedelta(seconds=passed)
        same = Participation.objects.filter(pk=own.pk, seen_at=own.seen_at)
        same.update(seen_at=seen, watched_seconds=F("watched_seconds") + passed)
        own.refresh_from_db()
    return own


def _require_on_air(event: Event) -> None:
    if not event.is_broadcast:
        raise DomainError("event_not_broadcast", _("This event is not a broadcast."))
    if event.cancelled_at is not None:
        raise DomainError("event_cancelled", _("The event has been cancelled."))
    if event.state == BroadcastState.OVER:
        raise DomainError("broadcast_over", _("The broadcast is over."))
    if event.state == BroadcastState.PLANNED:
        raise _not_on_air()


def end_forgotten(now: datetime | None = None) -> int:
    """End the broadcasts that nobody ended three hours after their time; return how many. One statement."""
    moment = now or timezone.now()
    forgotten = Event.objects.filter(on_air_at__isnull=False, over_at=None, ends_at__lte=moment - FORGOTTEN_AFTER)
    return forgotten.update(over_at=moment)
