"""Who may make and change which link (INV-2, INV-8)."""

from invitations.models import Invitation
from orgs.actor import Actor
from orgs.capabilities import Capability
from orgs.models import Part, Person, Role, Unit
from orgs.permissions import UNIT_ROLES, can_invite, can_invite_family, can_invite_somebody, may_use_parents_email

__all__ = [
    "can_change_invitation",
    "can_change_join_rules",
    "can_decide",
    "can_give",
    "can_invite",
    "can_invite_somebody",
    "can_revoke_all",
    "can_see_family_link",
    "may_join_by_email",
]


def can_give(actor: Actor, invitation: Invitation) -> bool:
    """Whether `actor` has the right that the link lives on; asked again at each redemption."""
    if can_invite(actor, invitation.unit, invitation.role):
        return True
    return invitation.student is not None and can_invite_family(actor, invitation.student)


def can_change_invitation(actor: Actor, invitation: Invitation) -> bool:
    """Renew, extend, annul: whoever could have made the link, or its owner."""
    return invitation.owner_id == actor.person.pk or can_invite(actor, invitation.unit, invitation.role)


def may_join_by_email(invitation: Invitation) -> bool:
    """Whether a child may join by this link with a code sent to a parent's e-mail (INV-7)."""
    return invitation.role == Role.STUDENT and may_use_parents_email(invitation.unit)


def can_revoke_all(actor: Actor) -> bool:
    """Annul all unclaimed links of the organization in one step: the administrator's duty (INV-4)."""
    return actor.may(Capability.INVITE_STAFF)


def can_see_family_link(actor: Actor, child: Person) -> bool:
    """The child, its parents, and whoever may invite parents into a unit of the child (INV-8)."""
    if can_invite_family(actor, child):
        return True
    places = Unit.objects.active().filter(
        enrolments__person=child, enrolments__part=Part.STUDENT, enrolments__until=None
    )
    return any(can_invite(actor, unit, Role.PARENT) for unit in places)


def can_decide(actor: Actor, role: str, unit: Unit | None) -> bool:
    """INV-6: administrators answer every request; others let students and parents into the units they invite into."""
    if unit is not None and (unit.organization_id != actor.organization.pk or unit.archived_at is not None):
        return False
    if actor.may(Capability.HANDLE_REQUESTS):
        return True
    return unit is not None and role in UNIT_ROLES and can_invite(actor, unit, role)


def can_see_requests(actor: Actor) -> bool:
    """Open the queue of requests at all (INV-6)."""
    return actor.may(Capability.HANDLE_REQUESTS) or can_invite_somebody(actor)


def can_verify_staff(actor: Actor) -> bool:
    """See and withdraw the confirmation of staff, and give it again (INV-9)."""
    return actor.may(Capability.HANDLE_REQUESTS)


def can_change_join_rules(actor: Actor) -> bool:
    """Open and close the page for joining, and say who waits for a confirmation."""
    return actor.may(Capability.HANDLE_REQUESTS)
