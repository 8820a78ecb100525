"""Changing an event, the following ones or all of its series, with what people answered (CHAN-6)."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from common.errors import DomainError
from common.jobs import enqueue
from meetings.models import Event, EventAudience, EventKind, EventReminder
from meetings.selectors.events import is_over, series_of
from meetings.services.answering import give_places
from meetings.services.drafts import EventData, checked_audience, checked_fields, refused, set_words
from meetings.words import journal_day
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.services.circles import Circle

BATCH = 1000
# What people have to know when it changes.
_WORTH_TELLING = {"title", "place", "link", "starts_at", "ends_at"}
# One makes no sense without the other.
_TOGETHER = (("kind", "link"), ("registration", "places"))
_TIMES = ("starts_at", "ends_at", "registration_until")


class Scope(models.TextChoices):
    """Which events of a series are meant."""

    THIS = "this", _lazy("only this one")
    FOLLOWING = "following", _lazy("this one and the following")
    ALL = "all", _lazy("all that are not over")


def concerned(event: Event, scope: str) -> list[Event]:
    """Return the rows of this moment that `scope` means, locked, by time; an event alone is always itself only.

    Raises `DomainError`: `event_scope_unknown` (400), `event_gone` (409).
    """
    if scope not in Scope.values:
        raise refused("event_scope_unknown", "scope", _("Choose which events are meant."))
    # What the page shows may be old, the row's place in the series is not.
    rows = Event.objects.filter(pk=event.pk, organization=event.organization_id)
    if scope != Scope.THIS and event.series_id is not None:
        rows = series_of(event)
        if scope == Scope.FOLLOWING:
            rows = rows.filter(original_start__gte=event.original_start)
    found = list(rows.select_for_update(no_key=True).order_by("pk"))
    if event.pk not in {row.pk for row in found}:
        raise DomainError("event_gone", _("This event has been removed meanwhile."))
    return sorted(found, key=lambda row: (row.original_start or row.starts_at, row.pk))


@transaction.atomic
def change(*, actor: Actor, event: Event, data: EventData, scope: str = Scope.THIS) -> list[Event]:
    """Change the event to `data`, or with `scope` also the others of its series that are not over; return them.

    Others get what is changed here against the event itself, the rest stays theirs: the time of the day, not the
    day (another day or rule is `planning.replan_following`). Answers stay; more places go to who waits longest. An
    event keeps its place in the series wherever it is moved. At most twelve statements, and a few for each event
    whose waiting list moves. Raises `DomainError`: the codes of `drafts.checked_fields` and `checked_audience`,
    `series_day_fixed`, `event_scope_unknown` (400), `event_cancelled`, `event_places_taken`, `event_was_on_air`,
    `event_gone` (409).
    """
    now = timezone.now()
    rows = concerned(event, scope)
    own = next(row for row in rows if row.pk == event.pk)
    if own.cancelled_at is not None:
        raise DomainError("event_cancelled", _("The event has been cancelled."))
    known = [(rule.audience, rule.unit_id) for rule in EventAudience.objects.filter(event=own)]
    circles = checked_audience(actor, data, known=known)
    changes = _changes(own, checked_fields(data, was=own))
    timing = _Timing.between(own, changes, actor.organization.zone)
    if len(rows) > 1 or scope != Scope.THIS:
        _check_day(own, data, actor)
        rows = [row for row in rows if row.pk == own.pk or (row.cancelled_at is None and not is_over(row, now))]
    moved = [row for row in rows if _apply(row, own, changes, timing, now)]
    Event.objects.bulk_update(rows, _columns(changes))
    if set(circles) != set(known):
        _invite_others(rows, circles)
    if moved:
        # Whoever was reminded of the old time is reminded of the new one.
        EventReminder.objects.filter(event__in=moved).delete()
    for row in rows:
        give_places(row, now)
    _tell(actor, rows, changes, now)
    return rows


def _changes(own: Event, fields: dict[str, Any]) -> dict[str, Any]:
    """What differs from the event as it is; two that belong together change together."""
    changed = {name for name, value in fields.items() if getattr(own, name) != value}
    for pair in _TOGETHER:
        if changed.intersection(pair):
            changed.update(pair)
    return {name: fields[name] for name in fields if name in changed}


def _check_day(own: Event, data: EventData, actor: Actor) -> None:
    zone = actor.organization.zone
    if own.starts_at.astimezone(zone).date() != data.starts_at.astimezone(zone).date():
        message = _("Several events keep their days. Move one alone, or plan the following anew.")
        raise refused("series_day_fixed", "starts_at", message)


def _columns(changes: dict[str, Any]) -> list[str]:
    return [*(changes.keys() | {*_TIMES}), "html", "search_text", "sequence", "changed_at"]


@dataclass(frozen=True)
class _Timing:
    """What a change of one event does to the times of the others; None: nothing."""

    zone: ZoneInfo
    clock: time | None
    lasts: timedelta | None
    answers_end: timedelta | None
    moves_answers_end: bool

    @classmethod
    def between(cls, own: Event, changes: dict[str, Any], zone: ZoneInfo) -> "_Timing":
        after = {name: changes.get(name, getattr(own, name)) for name in _TIMES}
        lasts = after["ends_at"] - after["starts_at"]
        answers_end = _before(after["registration_until"], after["starts_at"])
        return cls(
            zone=zone,
            clock=after["starts_at"].astimezone(zone).time() if "starts_at" in changes else None,
            lasts=lasts if lasts != own.ends_at - own.starts_at else None,
            answers_end=answers_end,
            moves_answers_end=answers_end != _before(own.registration_until, own.starts_at),
        )

    def apply(self, row: Event) -> None:
        lasts = self.lasts if self.lasts is not None else row.ends_at - row.starts_at
        had = _before(row.registration_until, row.starts_at)
        answers_end = self.answers_end if self.moves_answers_end else had
        if self.clock is not None:
            day = row.starts_at.astimezone(self.zone).date()
            row.starts_at = datetime.combine(day, self.clock, self.zone).astimezone(UTC)
        row.ends_at = row.starts_at + lasts
        row.registration_until = None if answers_end is None else row.starts_at + answers_end


def _before(moment: datetime | None, starts_at: datetime) -> timedelta | None:
    return None if moment is None else moment - starts_at


def _apply(row: Event, own: Event, changes: dict[str, Any], timing: _Timing, now: datetime) -> bool:
    """Write `changes` into the unsaved `row`; return whether it begins at another time."""
    before = row.starts_at
    for name, value in changes.items():
        if row is own or name not in _TIMES:
            setattr(row, name, value)
    if row is not own:
        timing.apply(row)
    _check_row(row)
    set_words(row)
    row.sequence += 1
    row.changed_at = now
    return row.starts_at != before


def _check_row(row: Event) -> None:
    """Refuse what the people who have answered, or have watched, rule out."""
    if row.places is not None and row.going_count > row.places:
        message = _("%(count)s have been promised a place already.") % {"count": row.going_count}
        raise refused("event_places_taken", "places", message, status=409)
    if row.on_air_at is not None and row.kind != EventKind.BROADCAST:
        message = _("This broadcast has been on air: it stays one.")
        raise refused("event_was_on_air", "kind", message, status=409)


def _invite_others(rows: list[Event], circles: list[Circle]) -> None:
    """Let the `rows` invite `circles` and nobody else."""
    EventAudience.objects.filter(event__in=rows).delete()
    rules = [
        EventAudience(organization_id=row.organization_id, event=row, audience=audience, unit_id=unit_id)
        for row in rows
        for audience, unit_id in circles
    ]
    EventAudience.objects.bulk_create(rules, batch_size=BATCH)


def _tell(actor: Actor, rows: list[Event], changes: dict[str, Any], now: datetime) -> None:
    first = rows[0]
    details = {"event": first.title, "day": journal_day(first.starts_at, actor.organization.zone)}
    more = {"id": first.pk, "count": len(rows), "fields": sorted(changes)}
    record(actor.organization, actor, [Deed(Action.EVENT_CHANGED, details={**details, "changed": more})])
    coming = next((row for row in rows if not is_over(row, now)), None)
    if coming is not None and _WORTH_TELLING.intersection(changes):
        enqueue("meetings.tasks.tell_changed", event_id=coming.pk, sequence=coming.sequence)
