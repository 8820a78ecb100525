"""The journal as people read it (ORG-12)."""

from django.db.models import QuerySet

from orgs.actor import Actor
from orgs.capabilities import Capability
from orgs.models import AuditEvent


def journal_visible_to(actor: Actor) -> QuerySet[AuditEvent]:
    """Return the organization's journal, newest first, for those who may read it; nothing for the others."""
    events = AuditEvent.objects.filter(organization_id=actor.organization.pk)
    return events if actor.may(Capability.SEE_JOURNAL) else events.none()


def journal_of_person(actor: Actor, person_id: int) -> QuerySet[AuditEvent]:
    """Return what happened to one person, newest first."""
    return journal_visible_to(actor).filter(person_id=person_id)
