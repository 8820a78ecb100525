"""How long what people typed on their way in is kept. That they were invited stays: figures and journal count it."""

from datetime import datetime

from common.retention import clear, limit_of, remove
from invitations.models import InvitationUse, JoinRequest, RequestState


def forget_claims(now: datetime) -> int:
    """Empty the names of children that parents typed `KEEP_CLAIMS_DAYS` ago; return how many.

    A parent who was not tied to a child by then is tied by hand, or asks again.
    """
    old = InvitationUse.objects.filter(at__lt=limit_of("KEEP_CLAIMS_DAYS", now)).exclude(claimed_child="")
    return clear("names of children as typed", old, claimed_child="")


def forget_requests(now: datetime) -> int:
    """Remove join requests decided, withdrawn or gone stale `KEEP_JOIN_REQUESTS_DAYS` ago; return how many."""
    decided = JoinRequest.objects.exclude(state=RequestState.PENDING)
    return remove("join requests", decided.filter(decided_at__lt=limit_of("KEEP_JOIN_REQUESTS_DAYS", now)))
