"""Events that an actor sees, with what the actor answered (CHAN-6)."""

from datetime import datetime, timedelta

from django.db.models import Case, CharField, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from meetings.models import BroadcastState, Event, EventAudience, Participation
from orgs.actor import Actor
from orgs.capabilities import Capability
from orgs.selectors.audiences import rules_matching

LONGEST = timedelta(days=14)
MAX_ID = 2**63 - 1


def events_visible_to(actor: Actor) -> QuerySet[Event]:
    """Return the events the actor may open, also cancelled ones (ACC-4): those for a circle of the actor or of the
    actor's child, the own ones, and for the administration all. One query."""
    events = Event.objects.filter(organization=actor.organization.pk)
    if actor.may(Capability.MANAGE_EVENTS):
        return events
    return events.filter(Exists(_rules(actor, with_children=True)) | Q(organizer=actor.person.pk))


def seen_by(actor: Actor, events: QuerySet[Event]) -> QuerySet[Event]:
    """Add what lists show: `answer` (what the actor answered, or ""), `is_invited` (the actor in person), `opened_at`,
    the organizer. No further query."""
    own = Participation.objects.filter(event=OuterRef("pk"), person=actor.person.pk)
    return events.select_related("organizer").annotate(
        answer=Coalesce(Subquery(own.values("answer")[:1]), Value(""), output_field=CharField()),
        is_invited=Case(When(Exists(_rules(actor)), then=Value(True)), default=Value(False)),
        opened_at=Subquery(own.values("opened_at")[:1]),
    )


def _rules(actor: Actor, *, with_children: bool = False) -> QuerySet[EventAudience]:
    return EventAudience.objects.filter(rules_matching(actor, with_children=with_children), event=OuterRef("pk"))


def events_between(actor: Actor, start: datetime, end: datetime) -> QuerySet[Event]:
    """Return the visible events that touch [`start`, `end`), by time, as `seen_by` shows them; one query.

    No event is longer than two weeks, so the index by the beginning finds them.
    """
    touching = Q(starts_at__lt=end, ends_at__gt=start, starts_at__gt=_earlier(start))
    return seen_by(actor, events_visible_to(actor).filter(touching)).order_by("starts_at", "id")


def _earlier(start: datetime) -> datetime:
    try:
        return start - LONGEST - timedelta(seconds=1)
    except OverflowError:
        return start


def find_event(actor: Actor, pk: int) -> Event | None:
    """Return one visible event as `seen_by` shows it, with its circles, their units and its series; two queries."""
    if not 0 < pk <= MAX_ID:
        return None
    events = seen_by(actor, events_visible_to(actor).filter(pk=pk)).select_related("series", "organization")
    return with_circles(events).first()


def with_circles(events: QuerySet[Event]) -> QuerySet[Event]:
    """Add the circles invited, each with its unit; one more query for all of `events`."""
    circles = EventAudience.objects.select_related("unit").order_by("unit__sort_key", "id")
    return events.prefetch_related(Prefetch("audiences", circles))


def past_events(actor: Actor) -> QuerySet[Event]:
    """Return what is over, the latest first; one query."""
    over = events_visible_to(actor).filter(ends_at__lte=timezone.now())
    return seen_by(actor, over).order_by("-starts_at", "-id")


def upcoming_events(actor: Actor) -> QuerySet[Event]:
    """Return what is not over, by time; one query."""
    now = timezone.now()
    coming = events_visible_to(actor).filter(ends_at__gt=now, starts_at__gt=now - LONGEST - timedelta(days=1))
    return seen_by(actor, coming).order_by("starts_at", "id")


def is_over(event: Event, now: datetime | None = None) -> bool:
    """Tell whether the event has ended, by its time or by hand (a broadcast)."""
    return event.over_at is not None or event.ends_at <= (now or timezone.now())


def series_of(event: Event) -> QuerySet[Event]:
    """Return all events of the event's series (the event itself when it has none) by their time in the rule."""
    if event.series_id is None:
        return Event.objects.filter(pk=event.pk)
    rows = Event.objects.filter(series=event.series_id, organization=event.organization_id)
    return rows.order_by("original_start", "id")


def free_places() -> Q:
    """Return the condition on events that one of the places is free."""
    return Q(going_count__lt=F("places"))


def is_on_air(event: Event) -> bool:
    """Tell whether the broadcast runs."""
    return event.state == BroadcastState.ON_AIR and event.cancelled_at is None
