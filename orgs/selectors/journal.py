"""The journal as people read it (ORG-12)."""

from django.db.models import Q, QuerySet

from common.text import normalise
from orgs.actor import Actor
from orgs.capabilities import Capability
from orgs.models import AuditEvent, Person

GROUPS = ("person", "unit", "invitation", "chat", "right", "handover", "organization")


def journal_visible_to(actor: Actor) -> QuerySet[AuditEvent]:
    """Return the organization's journal, newest first, for those who may read it; nothing for the others."""
    events = AuditEvent.objects.filter(organization_id=actor.organization.pk)
    return events if actor.may(Capability.SEE_JOURNAL) else events.none()


def journal_of_person(actor: Actor, person_id: int) -> QuerySet[AuditEvent]:
    """Return what happened to one person, newest first."""
    return journal_visible_to(actor).filter(person_id=person_id)


def filter_journal(
    events: QuerySet[AuditEvent], *, text: str = "", group: str = "", person_id: int | None = None
) -> QuerySet[AuditEvent]:
    """Narrow `events` to a kind of deed, to one person (done by or to), to people whose name holds `text`."""
    if group in GROUPS:
        events = events.filter(action__startswith=f"{group}.")
    if person_id is not None:
        events = events.filter(Q(person_id=person_id) | Q(actor_id=person_id))
    for word in normalise(text).split():
        # The journal keeps names as they were; the roster knows how to find them whatever the case and ё/е.
        named = Person.objects.filter(search_name__contains=word).values("pk")
        events = events.filter(Q(person_id__in=named) | Q(actor_id__in=named))
    return events
