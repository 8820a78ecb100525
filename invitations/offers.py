"""Requests that wait, at the entrance beside the user's own organizations (INV-6)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from invitations.models import JoinRequest, RequestState
from orgs.choosing import Offer


def to_follow(user_id: int) -> list[Offer]:
    """Return the way to the state of each request that waits for an answer; one query."""
    waiting = JoinRequest.objects.filter(user_id=user_id, state=RequestState.PENDING).select_related("organization")
    organizations = {request.organization_id: request.organization for request in waiting.order_by("created_at")}
    return [
        Offer(
            one.short_name,
            _("Your request is waiting for an answer"),
            reverse("invitations:apply_status", args=[one.slug]),
            "hourglass",
        )
        for one in organizations.values()
    ]
