"""Who may change the organization's files."""

from orgs.actor import Actor
from orgs.permissions import can_manage_organization


def can_change_logo(actor: Actor) -> bool:
    """The logo is one of the organization's details (REG-5)."""
    return can_manage_organization(actor)
