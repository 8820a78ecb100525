"""Who reviews applications; who deletes an organization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orgs.actor import Actor
from orgs.permissions import can_manage_organization

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def can_see_applications(user: User | AnonymousUser) -> bool:
    """The platform's operator, and a helper whom the operator let look (REG-2)."""
    return bool(user.is_active and user.is_staff and user.has_perm("registration.view_application"))


def can_decide_applications(user: User | AnonymousUser) -> bool:
    """The platform's operator, and a helper with the right to change applications (REG-2)."""
    return bool(user.is_active and user.is_staff and user.has_perm("registration.change_application"))


def can_delete_organization(actor: Actor) -> bool:
    """Any administrator asks for the deletion, and any administrator cancels it (REG-5)."""
    return can_manage_organization(actor)


def can_see_deletion(actor: Actor) -> bool:
    """Those who are told of it: administrators and the head."""
    return actor.is_administrator or actor.is_head
