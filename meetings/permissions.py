"""Who may do what with events: pure predicates over the actor and an event as `find_event` gives it."""

from meetings.models import Event
from orgs.actor import Actor
from orgs.capabilities import Capability
from orgs.permissions import can_gather
from orgs.selectors.audiences import is_meant


def can_create_events(actor: Actor) -> bool:
    """Plan events: staff (CHAN-6)."""
    return actor.may(Capability.CREATE_EVENTS)


def can_invite_circle(actor: Actor, audience: str, unit_id: int | None) -> bool:
    """Invite a whole circle: the administration anybody, teachers colleagues and the circles of their units."""
    return can_gather(actor, audience, unit_id)


def can_see_all_events(actor: Actor) -> bool:
    """See every event of the organization and the figures about them."""
    return actor.may(Capability.MANAGE_EVENTS)


def can_manage_event(actor: Actor, event: Event) -> bool:
    """Change, cancel, run, tell the result: who organizes it while on the staff, and the administration."""
    is_own = event.organizer_id == actor.person.pk and actor.may(Capability.CREATE_EVENTS)
    return is_own or can_see_all_events(actor)


def can_mark_attendance(actor: Actor, event: Event) -> bool:
    """Note who came: who manages it, and whoever works in a unit that is invited. No query where circles came along."""
    if can_manage_event(actor, event):
        return True
    return any(rule.unit_id in actor.worked_unit_ids for rule in event.audiences.all() if rule.unit_id is not None)


def can_see_people(actor: Actor, event: Event) -> bool:
    """See by name who comes, waits, declined and was there: whoever notes it."""
    return can_mark_attendance(actor, event)


def can_answer(actor: Actor, event: Event) -> bool:
    """Say «приду / не приду»: who is invited in person, not as a parent beside the child."""
    return is_meant(actor, [(rule.audience, rule.unit_id) for rule in event.audiences.all()])


def can_open_broadcast(actor: Actor, event: Event) -> bool:
    """Open a broadcast: everybody who sees it (`selectors.events.find_event`)."""
    return event.is_broadcast
