"""Telling applicants the answer, and those who decide that somebody waits."""

from accounts.selectors import device_ids_of
from invitations.models import JoinRequest
from outbox.models import Channel
from outbox.services import Draft, queue_many


def reference_of_request(request: JoinRequest) -> str:
    """Return what the outbox calls this request."""
    return f"join-request:{request.pk}"


def tell_applicant(template: str, request: JoinRequest) -> int:
    """Queue the answer for the applicant: to the devices, else by e-mail, else by SMS; return how many messages.

    `request` comes with `user`. Told once for each answer, also by a job that runs again.
    """
    user = request.user
    devices = device_ids_of([user.pk]).get(user.pk, [])
    email = user.email or user.parent_email
    ways: list[tuple[str, str]] = [(Channel.PUSH, str(device)) for device in devices]
    if not ways:
        ways = [(Channel.EMAIL, email)] if email else [(Channel.SMS, user.phone)] if user.phone else []
    moment = int(request.decided_at.timestamp()) if request.decided_at else 0
    return queue_many(
        [
            Draft(
                channel=channel,
                recipient=recipient,
                template=template,
                context={"request": request.pk, "channel": channel, "letter": channel == Channel.EMAIL},
                organization_id=request.organization_id,
                reference=reference_of_request(request),
                dedupe_key=f"{template}:{request.pk}:{moment}:{channel}:{recipient}"[:120],
            )
            for channel, recipient in ways
        ]
    )
