"""Sending what waits in the outbox: claim, send, record — never inside one long transaction.

A claim is a lease: it counts the attempt and moves `next_attempt_at` on, so that a second worker leaves the message
alone, and a worker that died in the middle is followed by another when the lease ends. A message may thus leave
twice only if a worker dies between handing it over and recording that.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import connections
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from outbox.adapters import Adapter, adapter_of
from outbox.models import Message, Status
from outbox.rendering import Obsolete, open_secret, render

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 6
LEASE = timedelta(minutes=2)
FIRST_DELAY = timedelta(seconds=30)
BATCH = 100
# The web process's clock may be a little ahead of the worker's.
CLOCK_SKEW = timedelta(seconds=5)


def deliver(message_id: int) -> None:
    """Send one message if it is due and nobody else is sending it; safe to call twice."""
    message = _claim(message_id, timezone.now())
    if message is not None:
        with adapter_of(message.channel) as adapter:
            _send(message, adapter)


def deliver_due(*, urgent_only: bool = False) -> int:
    """Send everything that is due, in batches over one connection per channel. Returns how many were tried.

    With `urgent_only` those of `settings.OUTBOX_URGENT` alone.
    """
    tried = 0
    while ids := _due(timezone.now(), urgent_only):
        for channel in {channel for _id, channel in ids}:
            with adapter_of(channel) as adapter:
                tried += _deliver_batch([pk for pk, its_channel in ids if its_channel == channel], adapter)
    return tried


def _deliver_batch(ids: list[int], adapter: Adapter) -> int:
    """Send those of `ids` that nobody else sends, several at once where the adapter allows it. Returns how many."""
    if adapter.parallel == 1:
        return _deliver_each(ids, adapter)
    shares = [ids[start :: adapter.parallel] for start in range(adapter.parallel)]
    with ThreadPoolExecutor(adapter.parallel) as pool:
        return sum(pool.map(partial(_deliver_in_thread, adapter=adapter), filter(None, shares)))


def _deliver_in_thread(ids: list[int], adapter: Adapter) -> int:
    try:
        return _deliver_each(ids, adapter)
    finally:
        # The thread's own, which nobody would close after it.
        connections.close_all()


def _deliver_each(ids: list[int], adapter: Adapter) -> int:
    tried = 0
    for message_id in ids:
        if (message := _claim(message_id, timezone.now())) is not None:
            _send(message, adapter)
            tried += 1
    return tried


def delay_after(attempts: int) -> timedelta:
    """Return how long to wait after the given number of failures: 30 s, 1 min, 2, 4, 8 min."""
    return FIRST_DELAY * 2 ** (attempts - 1)


def _due(now: datetime, urgent_only: bool) -> list[tuple[int, str]]:
    waiting = Message.objects.filter(status=Status.QUEUED, next_attempt_at__lte=now)
    if urgent_only:
        waiting = waiting.filter(template__in=settings.OUTBOX_URGENT)
    return list(waiting.order_by("next_attempt_at", "pk").values_list("pk", "channel")[:BATCH])


def _claim(message_id: int, now: datetime) -> Message | None:
    """One conditional UPDATE decides who sends, on either database."""
    claimed = Message.objects.filter(pk=message_id, status=Status.QUEUED, next_attempt_at__lte=now + CLOCK_SKEW).update(
        attempts=F("attempts") + 1, next_attempt_at=now + CLOCK_SKEW + LEASE
    )
    return Message.objects.get(pk=message_id) if claimed else None


def _send(message: Message, adapter: Adapter) -> None:
    if message.attempts > MAX_ATTEMPTS:
        # Its worker died again and again while sending: better one letter too few than one every two minutes.
        _finish(message, Status.FAILED, message.last_error or _("Sending was interrupted each time."))
        return
    try:
        adapter.send(message.recipient, render(message))
    except Obsolete as reason:
        _finish(message, Status.FAILED, str(reason))
    except Exception as error:
        logger.warning("outbox: message %s was not delivered (%s)", message.pk, type(error).__name__)
        _record_failure(message, _readable(error, message))
    else:
        _finish(message, Status.KEPT if adapter.keeps else Status.SENT)


def _record_failure(message: Message, reason: str) -> None:
    if message.attempts >= MAX_ATTEMPTS:
        _finish(message, Status.FAILED, reason)
        return
    _own(message).update(last_error=reason, next_attempt_at=timezone.now() + delay_after(message.attempts))


def _finish(message: Message, status: Status, reason: str = "") -> None:
    values = {"status": status, "last_error": reason[:300], "finished_at": timezone.now()}
    if status != Status.KEPT:
        values["secret"] = ""
    _own(message).update(**values)


def _own(message: Message) -> QuerySet[Message]:
    """The one row, as long as our claim on it holds."""
    return Message.objects.filter(pk=message.pk, status=Status.QUEUED, attempts=message.attempts)


def _readable(error: Exception, message: Message) -> str:
    text = f"{type(error).__name__}: {error}"
    secret = open_secret(message)
    return (text.replace(secret, "…") if secret else text)[:300]
