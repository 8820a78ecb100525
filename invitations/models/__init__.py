"""Links, requests to join, and the rules for them; `from invitations.models import …` reaches all of them."""

from invitations.models.links import Invitation, InvitationQuerySet, InvitationUse, State, state_conditions
from invitations.models.requests import (
    ROLES_ASKED,
    JoinRequest,
    JoinRules,
    RequestState,
    StaffReview,
    WithdrawnConfirmation,
)

__all__ = [
    "ROLES_ASKED",
    "Invitation",
    "InvitationQuerySet",
    "InvitationUse",
    "JoinRequest",
    "JoinRules",
    "RequestState",
    "StaffReview",
    "State",
    "WithdrawnConfirmation",
    "state_conditions",
]
