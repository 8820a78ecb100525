"""One-time codes on their way out, for both doors: by phone and by a parent's e-mail (ACC-1, INV-7)."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from common.errors import DomainError
from common.jobs import enqueue
from common.throttle import FailureLimit
from outbox.models import Channel
from outbox.services import queue


def new_code() -> str:
    """Return six random digits."""
    return f"{secrets.randbelow(10**6):06d}"


def count_code(limit: FailureLimit, key: str, field: str, text: str) -> None:
    """Count one more code asked for; raises `DomainError("too_many_codes")` with `text` for the form's `field`."""
    if limit.record(key) > limit.limit:
        raise DomainError("too_many_codes", text, fields={field: text}, status=429)


def void_codes(recipient: str) -> None:
    """Let no code that was sent to `recipient` until now fit any more (ACC-3)."""
    # Codes live no longer than this; whoever asks anew a moment later gets one that fits.
    cache.set(_voided(recipient), timezone.now().timestamp(), settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT + 60)


def is_void(recipient: str, sent_at: float) -> bool:
    """Tell whether a code sent to `recipient` at `sent_at` (a timestamp) was voided since."""
    return sent_at <= (cache.get(_voided(recipient)) or 0)


def _voided(recipient: str) -> str:
    return f"codes-void:{sha256(recipient.encode()).hexdigest()[:32]}"


@dataclass(frozen=True)
class Carrier:
    """By what a code travels, and in which words (a key of `OUTBOX_RENDERERS`)."""

    channel: Channel
    template: str

    def send(self, recipient: str, code: str) -> None:
        """Queue the message with the code."""
        valid_until = timezone.now() + timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
        queue(
            channel=self.channel,
            recipient=recipient,
            template=self.template,
            context={"valid_until": valid_until.isoformat()},
            reference="sign-in",
            secret=code,
        )

    def send_nobody(self, recipient: str, code: str) -> None:
        """Do the work of sending without a trace: the time of the answer must not tell that nobody is there."""
        with transaction.atomic():
            self.send(recipient, code)
            transaction.set_rollback(True)
        enqueue("outbox.tasks.deliver_urgent", message_id=0)
