"""What becomes of a request when its author comes in by another way."""

from datetime import datetime

from accounts.models import User
from invitations.models import Invitation, JoinRequest, RequestState


def answer_by_link(*, user: User, invitation: Invitation, now: datetime) -> None:
    """Close the waiting request of `user` for the role that `invitation` gives; one statement.

    It comes before the person is touched, as in the acceptance of a request: whoever does both at once must take the
    locks in one order.
    """
    JoinRequest.objects.filter(
        organization_id=invitation.organization_id, user=user, role=invitation.role, state=RequestState.PENDING
    ).update(state=RequestState.ACCEPTED, decided_at=now)
