"""How long messages stay in the outbox: codes least, then addresses, then the fact that something was sent."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from common.retention import clear, limit_of, remove
from outbox.models import Channel, Message, Status

# A code works for minutes; in the embedded mode it is kept to be read on /dev/outbox/.
CODES_ARE_KEPT_FOR = timedelta(days=1)


def forget_codes(now: datetime) -> int:
    """Wipe one-time codes that are a day old, and give up messages that never left with them; return how many.

    Codes of messages that have left were wiped with that; these are what is kept here, and what was left behind.
    """
    old = Message.objects.filter(created_at__lt=now - CODES_ARE_KEPT_FOR).exclude(secret="")
    given_up = clear(
        "codes that never left", old.filter(status=Status.QUEUED), secret="", status=Status.FAILED, finished_at=now
    )
    return given_up + clear("codes", old.exclude(status=Status.QUEUED), secret="")


def forget_addresses(now: datetime) -> int:
    """Wipe whom letters and SMS went to, and what about, `KEEP_LETTER_ADDRESSES_DAYS` after they were finished."""
    old = _letters().filter(finished_at__lt=limit_of("KEEP_LETTER_ADDRESSES_DAYS", now)).exclude(recipient="")
    return clear("addresses of letters", old, recipient="", context={}, last_error="", secret="")


def forget_letters(now: datetime) -> int:
    """Remove letters and SMS `KEEP_LETTERS_DAYS` after they were finished; return how many.

    What was sent, and where the letters about it stand, is counted by the funnel of invitations until then.
    """
    return remove("letters", _letters().filter(finished_at__lt=limit_of("KEEP_LETTERS_DAYS", now)))


def _letters() -> QuerySet[Message]:
    return Message.objects.exclude(channel=Channel.PUSH).exclude(status=Status.QUEUED)
