"""Who may make and change which link (INV-2, INV-8)."""

from invitations.models import Invitation
from orgs.actor import Actor
from orgs.capabilities import Capability
from orgs.models import Part, Person, Role, Unit
from orgs.permissions import can_invite, can_invite_family, can_invite_somebody

__all__ = [
    "can_change_invitation",
    "can_give",
    "can_invite",
    "can_invite_somebody",
    "can_revoke_all",
    "can_see_family_link",
]


def can_give(actor: Actor, invitation: Invitation) -> bool:
    """Whether `actor` has the right that the link lives on; asked again at each redemption."""
    if can_invite(actor, invitation.unit, invitation.role):
        return True
    return invitation.student is not None and can_invite_family(actor, invitation.student)


def can_change_invitation(actor: Actor, invitation: Invitation) -> bool:
    """Renew, extend, annul: whoever could have made the link, or its owner."""
    return invitation.owner_id == actor.person.pk or can_invite(actor, invitation.unit, invitation.role)


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
