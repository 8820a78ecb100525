"""The journal as people read it (ORG-12)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from django.db.models import Q, QuerySet

from common.text import clean, normalise
from orgs.actor import Actor
from orgs.audit import Action
from orgs.capabilities import Capability
from orgs.models import STAFF_ROLES, AuditEvent, Organization, Person
from orgs.selectors.people import people_visible_to
from orgs.selectors.units import units_visible_to

# Beyond this many lines the page says «more than»: counting them all would cost more than showing them.
MOST_COUNTED = 10_000
BATCH = 2000

# Kinds of deeds: the first words of `Action`s, and single actions that belong to two kinds.
_KINDS: Mapping[str, tuple[str, ...]] = {
    "person": ("person.",),
    "movement": (
        "movement.",
        "notice.",
        Action.ENROLLED,
        Action.ENROLMENT_ENDED,
        Action.ENROLMENT_REOPENED,
        "person.passed_on",
        "person.held_back",
        "person.graduated",
        "person.left",
        "person.debts_settled",
        "person.transferred",
        "person.returned",
    ),
    "unit": ("unit.",),
    "roster": ("roster.",),
    "invitation": ("invitation.", Action.PERSON_JOINED, "person.pupil_joined"),
    "request": ("request.", "verification."),
    "consent": ("consent.",),
    "right": ("right.",),
    "handover": ("handover.",),
    "chat": ("chat.",),
    "channel": ("channel.",),
    "event": ("event.",),
    "reading": ("reading.",),
    "document": ("document.",),
    "help": ("help.",),
    "account": ("account.",),
    "statistics": ("statistics.",),
    "organization": ("organization.",),
}
GROUPS = tuple(_KINDS)


def actions_of(group: str) -> frozenset[str]:
    """Return the actions that the chip `group` stands for; an unknown group has none."""
    starts = tuple(str(start) for start in _KINDS.get(group, ()))
    return frozenset(value for value in Action.values if starts and value.startswith(starts))


@dataclass(frozen=True)
class JournalFilter:
    """What the journal can be narrowed by; empty means all. `since` and `until` are whole days, both included."""

    text: str = ""
    group: str = ""
    action: str = ""
    # Done by or to this person.
    person_id: int | None = None
    # Done by this one; `by_platform`: by nobody of the organization.
    actor_id: int | None = None
    by_platform: bool = False
    unit_id: int | None = None
    since: date | None = None
    until: date | None = None
    order: str = ""


def journal_visible_to(actor: Actor) -> QuerySet[AuditEvent]:
    """Return the organization's journal, newest first, for those who may read it; nothing for the others."""
    events = AuditEvent.objects.filter(organization_id=actor.organization.pk)
    return events if actor.may(Capability.SEE_JOURNAL) else events.none()


def journal_of_person(actor: Actor, person_id: int) -> QuerySet[AuditEvent]:
    """Return what happened to one person, newest first; also to the rows that were merged into that person (ORG-7)."""
    itself = Person.objects.filter(pk=person_id).order_by().values("pk")
    past = Person.objects.filter(merged_into=person_id).order_by().values("pk")
    return journal_visible_to(actor).filter(person_id__in=itself.union(past))


def filter_journal(actor: Actor, wanted: JournalFilter) -> QuerySet[AuditEvent]:
    """Return the journal the actor may read, narrowed to `wanted`; an action nobody knows finds nothing."""
    events = journal_visible_to(actor)
    if wanted.action:
        events = events.filter(action=wanted.action)
    elif wanted.group:
        events = events.filter(action__in=sorted(actions_of(wanted.group)))
    if wanted.person_id is not None:
        events = events.filter(Q(person_id=wanted.person_id) | Q(actor_id=wanted.person_id))
    if wanted.by_platform:
        events = events.filter(actor_id=None)
    elif wanted.actor_id is not None:
        events = events.filter(actor_id=wanted.actor_id)
    if wanted.unit_id is not None:
        events = events.filter(unit_id=wanted.unit_id)
    if number := clean(wanted.order).removeprefix("№").strip():
        events = events.filter(order_number=number)
    return _within(_about(events, actor, wanted.text), actor.organization, wanted)


def _about(events: QuerySet[AuditEvent], actor: Actor, text: str) -> QuerySet[AuditEvent]:
    """The journal keeps names as they were; the roster knows how to find them whatever the case and ё/е."""
    people = Person.objects.filter(organization_id=actor.organization.pk)
    for word in normalise(text).split():
        named = people.filter(search_name__contains=word).values("pk")
        events = events.filter(Q(person_id__in=named) | Q(actor_id__in=named))
    return events


def _within(events: QuerySet[AuditEvent], organization: Organization, wanted: JournalFilter) -> QuerySet[AuditEvent]:
    if wanted.since is not None:
        events = events.filter(at__gte=datetime.combine(wanted.since, time.min, organization.zone))
    if wanted.until is not None:
        events = events.filter(at__lt=datetime.combine(wanted.until + timedelta(days=1), time.min, organization.zone))
    return events


def counted(events: QuerySet[AuditEvent]) -> int:
    """Return how many `events` there are, at most `MOST_COUNTED` + 1."""
    return events.order_by()[: MOST_COUNTED + 1].count()


@dataclass(frozen=True)
class JournalPage:
    """Some lines, newest first, and by which keys the neighbours are found."""

    events: list[AuditEvent]
    earlier: int | None
    later: int | None

    @property
    def earlier_key(self) -> str:
        """`?page=` of what came before."""
        return f"b{self.earlier}"

    @property
    def later_key(self) -> str:
        """`?page=` of what came after."""
        return f"a{self.later}"


def journal_page(
    events: QuerySet[AuditEvent], size: int, *, before: int | None = None, after: int | None = None
) -> JournalPage:
    """Return the page of `events` that ends before the number `before`, or begins after `after`; else the first.

    By key: the last page of a journal of years is as quick as the first. One query.
    """
    if after is not None:
        rows = list(events.filter(pk__gt=after).order_by("pk")[: size + 1])
        shown = rows[:size][::-1]
        return JournalPage(shown, after + 1 if not shown else shown[-1].pk, shown[0].pk if len(rows) > size else None)
    rows = list((events.filter(pk__lt=before) if before is not None else events)[: size + 1])
    shown = rows[:size]
    later = None
    if before is not None:
        later = shown[0].pk if shown else before - 1
    return JournalPage(shown, shown[-1].pk if len(rows) > size else None, later)


def in_batches(events: QuerySet[AuditEvent], size: int = BATCH) -> Iterator[list[AuditEvent]]:
    """Yield all `events`, newest first, `size` at a time, each with a query of its own: nothing is held in memory,
    and no cursor stays open while somebody's slow line takes the file."""
    last: int | None = None
    while True:
        rows = list(islice((events if last is None else events.filter(pk__lt=last))[:size], size))
        if rows:
            yield rows
        if len(rows) < size:
            return
        last = rows[-1].pk


@dataclass(frozen=True)
class Reachable:
    """Which people and units of some lines still have a page that the reader may open."""

    people: frozenset[int]
    units: frozenset[int]


def reachable(actor: Actor, events: list[AuditEvent]) -> Reachable:
    """Return whose pages the lines may lead to; two queries whatever their number."""
    people = [pk for event in events for pk in (event.person_id, event.actor_id) if pk is not None]
    units = [event.unit_id for event in events if event.unit_id is not None]
    return Reachable(
        frozenset(people_visible_to(actor).filter(pk__in=people).values_list("pk", flat=True)),
        frozenset(units_visible_to(actor).filter(pk__in=units).values_list("pk", flat=True)),
    )


def doers(actor: Actor) -> QuerySet[Person]:
    """Return the staff, past and present, by name: whose deeds the journal can be narrowed to."""
    people = people_visible_to(actor).filter(roles__role__in=STAFF_ROLES)
    return people.order_by("search_name", "pk").distinct()
