"""Who may change what in movement: pure predicates. Forbidden is 403."""

from movement.models import Notice
from orgs.actor import Actor
from orgs.models import Unit
from orgs.permissions import can_manage_people, can_report_movement, can_see_consents

__all__ = [
    "can_decide_on_notice",
    "can_give_consent",
    "can_manage_people",
    "can_record_consents",
    "can_record_consents_of",
    "can_report_movement",
    "can_see_consents",
    "can_take_notice_back",
]


def can_decide_on_notice(actor: Actor, notice: Notice) -> bool:
    """Carry a notice out, mark it as done, return it (ORG-6): whoever moves people."""
    return can_manage_people(actor) and notice.organization_id == actor.organization.pk


def can_take_notice_back(actor: Actor, notice: Notice) -> bool:
    """Withdraw a notice, send a returned one again: whoever reported it, and the head."""
    if not can_report_movement(actor) or notice.organization_id != actor.organization.pk:
        return False
    return notice.reported_by_id == actor.person.pk or actor.is_head


def can_record_consents(actor: Actor) -> bool:
    """Record consents of somebody at all (ORG-11): who manages people everywhere, leaders of their units."""
    return can_manage_people(actor) or bool(actor.led_unit_ids)


def can_record_consents_of(actor: Actor, units: set[int]) -> bool:
    """Record the consent of a child who is in `units` today."""
    return can_manage_people(actor) or bool(units & actor.led_unit_ids)


def can_record_consents_in(actor: Actor, unit: Unit) -> bool:
    """Record the consents of a whole unit at once."""
    return can_record_consents_of(actor, {unit.pk}) and unit.organization_id == actor.organization.pk


def can_give_consent(actor: Actor, child_id: int) -> bool:
    """Decide for a child oneself: its parent."""
    return any(child.id == child_id for child in actor.children)
