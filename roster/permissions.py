"""Who brings people in and takes the roster away: the administrator (ORG-8). Forbidden is 403."""

from orgs.actor import Actor
from orgs.permissions import can_manage_people
from roster.models import Load


def can_exchange_roster(actor: Actor) -> bool:
    """Bring files into the roster and export it: whoever manages the people (ORG-8)."""
    return can_manage_people(actor)


def can_handle_load(actor: Actor, load: Load) -> bool:
    """Check, bring in and remove a file: any administrator of its organization (ORG-8)."""
    return can_exchange_roster(actor) and load.organization_id == actor.organization.pk
