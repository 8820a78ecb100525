"""Putting messages into the outbox. Sending them is `outbox.delivery`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from common.jobs import enqueue
from common.retention import limit_of, remove
from outbox.models import Channel, Message, Status
from outbox.rendering import close_secret


@dataclass(frozen=True)
class Draft:
    """What to send, to whom, and by which template of `settings.OUTBOX_RENDERERS`.

    `context` holds ids only; `secret` the one thing that cannot be made anew; `reference` what the message is about;
    `dedupe_key` lets it be queued once only; nothing leaves earlier than `not_before`. The recipient of a push is the
    number of a subscription (outbox/push.py).
    """

    channel: str
    recipient: str
    template: str
    context: dict[str, Any] = field(default_factory=dict, hash=False)
    organization_id: int | None = None
    reference: str = ""
    dedupe_key: str | None = None
    secret: str = field(default="", repr=False)
    not_before: datetime | None = None

    def as_row(self) -> Message:
        """Return the unsaved row of this draft, its secret encrypted."""
        return Message(
            channel=self.channel,
            recipient=self.recipient,
            template=self.template,
            context=self.context,
            secret=close_secret(self.secret),
            organization_id=self.organization_id,
            reference=self.reference,
            dedupe_key=self.dedupe_key,
            next_attempt_at=self.not_before or timezone.now(),
        )


def queue(  # noqa: PLR0913 - the fields of a draft, for the many who send one message
    *,
    channel: str,
    recipient: str,
    template: str,
    context: dict[str, Any],
    organization_id: int | None = None,
    reference: str = "",
    dedupe_key: str | None = None,
    secret: str = "",
    not_before: datetime | None = None,
) -> Message | None:
    """Write one message in the current transaction; a worker sends it after the commit (INV-5).

    Takes what `Draft` takes. Returns None, and sends nothing, when `dedupe_key` was queued before.
    """
    draft = Draft(channel, recipient, template, context, organization_id, reference, dedupe_key, secret, not_before)
    row = draft.as_row()
    if dedupe_key is None:
        row.save(force_insert=True)
    elif not _insert_once(row):
        return None
    if _is_due(row):
        enqueue("outbox.tasks.deliver_urgent" if is_urgent(row) else "outbox.tasks.deliver", message_id=row.pk)
    return row


def is_urgent(row: Message) -> bool:
    """Tell whether somebody waits for the message at this very moment (`settings.OUTBOX_URGENT`)."""
    return row.template in settings.OUTBOX_URGENT


def _is_due(row: Message) -> bool:
    """What is to leave later is found by the sweep."""
    return row.next_attempt_at <= timezone.now()


def _insert_once(row: Message) -> bool:
    """Insert `row` unless its key is there; the savepoint keeps the caller's transaction usable after a collision."""
    if Message.objects.filter(dedupe_key=row.dedupe_key).exists():
        return False
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def queue_many(drafts: Sequence[Draft]) -> int:
    """Write many messages with a constant number of statements and one job for all of them.

    Drafts whose `dedupe_key` was queued before, or stands twice among them, are left out. Returns how many were new.
    """
    keys = [draft.dedupe_key for draft in drafts if draft.dedupe_key]
    seen = set(Message.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True)) if keys else set()
    rows = []
    for draft in drafts:
        if draft.dedupe_key not in seen:
            rows.append(draft.as_row())
        if draft.dedupe_key:
            seen.add(draft.dedupe_key)
    if rows:
        # Conflicts: another transaction queued the same key between the two statements.
        Message.objects.bulk_create(rows, ignore_conflicts=True)
    due = [row for row in rows if _is_due(row)]
    if due:
        enqueue("outbox.tasks.deliver_due")
    if any(map(is_urgent, due)):
        enqueue("outbox.tasks.deliver_due_urgent")
    return len(rows)


def send_again(ids: Sequence[int]) -> int:
    """Queue finished messages anew, with all their tries (the operator's action). Returns how many."""
    # Old ones have lost their address (outbox.keeping).
    again = Message.objects.filter(pk__in=ids).exclude(status=Status.QUEUED).exclude(recipient="")
    count = again.update(
        status=Status.QUEUED, attempts=0, last_error="", finished_at=None, next_attempt_at=timezone.now()
    )
    if count:
        enqueue("outbox.tasks.deliver_due")
    return count


def forget_old_pushes(now: datetime) -> int:
    """Remove pushes that were finished and written `KEEP_PUSHES_DAYS` ago. Returns how many."""
    old = Message.objects.filter(channel=Channel.PUSH, created_at__lt=limit_of("KEEP_PUSHES_DAYS", now))
    return remove("pushes", old.exclude(status=Status.QUEUED))
