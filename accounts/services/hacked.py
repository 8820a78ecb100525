"""«Мой аккаунт взломали» (ACC-3): everything that could be in a stranger's hands ends at once."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import limits
from accounts.codes import void_codes
from accounts.models import ApiKey, PushDevice, User
from accounts.selectors import address_of
from accounts.services import end_other_sessions
from common.errors import DomainError
from common.events import publish
from outbox.models import Message, Status
from outbox.services import queue


@dataclass(frozen=True)
class Ended:
    """How much was ended."""

    sessions: int
    keys: int
    devices: int


def report_hacked(user: User, current_key: str | None, by: object = None) -> Ended:
    """End all sessions but `current_key` with their sockets, all keys, devices with notifications and codes under way.

    Listeners of `accounts.account_hacked` annul what was handed out in the person's name and tell the administrators.
    `by`: the administrator who did it for the person. Raises `DomainError("too_often")` after a few times a day.
    """
    limit = limits.hacked()
    if limit.record(str(user.pk)) > limit.limit:
        text = _("This was done several times today. Tell the administrator of your organization.")
        raise DomainError("too_often", text, status=429)
    with transaction.atomic():
        ended = Ended(
            sessions=end_other_sessions(user, current_key),
            keys=ApiKey.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now()),
            devices=PushDevice.objects.filter(user=user).exclude(session_key=current_key or "").delete()[0],
        )
        _void_codes(user)
        publish("accounts.account_hacked", user=user, by=by)
        channel, recipient = address_of(user)
        event = {"event": "accounts/hacked"}
        queue(
            channel=channel, recipient=recipient, template="security_notice", context=event, reference=f"user:{user.pk}"
        )
    return ended


def _void_codes(user: User) -> None:
    """Codes that were asked for and not typed yet; those that wait to be sent never leave."""
    recipient = user.phone or user.parent_email
    waiting = Message.objects.filter(recipient=recipient, status=Status.QUEUED)
    waiting.filter(template__in=("sign_in_code", "parent_code")).delete()
    void_codes(recipient)
