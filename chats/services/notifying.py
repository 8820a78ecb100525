"""Telling people who have no page open. Those without a device have the daily letter (chats/digest.py).

Quiet hours: writing is possible, telling waits until they end, once for each chat and device; urgent ones by right do
not wait (CHAT-9). Words are made when a notice leaves, so what was read or deleted meanwhile is not told any more.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.selectors import device_ids_of
from chats.models import Message, Report
from chats.selectors.recipients import moderators_to_tell, users_to_notify
from chats.selectors.rules import quiet_ends, rules_of
from orgs.models import Person
from orgs.telling import email_of
from outbox.models import Channel
from outbox.services import Draft, queue_many

BATCH = 500


def notify(message_id: int) -> int:
    """Queue the pushes of a message and return how many; a deleted message, and one notified of, queue none.

    A constant number of statements for each 500 devices. Safe to run twice: each device has its key.
    """
    message = (
        Message.objects.filter(pk=message_id, deleted_at=None).select_related("chat__organization__chat_rules").first()
    )
    if message is None:
        return 0
    people = users_to_notify(message)
    devices = device_ids_of(people.values())
    later = None if message.is_urgent else quiet_ends(rules_of(message.chat.organization))
    drafts = [
        _push(message, person_id, device, later)
        for person_id, user_id in people.items()
        for device in devices.get(user_id, ())
    ]
    return sum(_queue(batch) for batch in _batches(drafts))


def _push(message: Message, person_id: int, device: int, later: datetime | None) -> Draft:
    # At night one push for each chat, whatever was written; in the morning it tells how much.
    about = f"quiet:{message.chat_id}:{later:%Y%m%d}" if later else str(message.pk)
    return Draft(
        channel=Channel.PUSH,
        recipient=str(device),
        template="chat_message",
        context={"message": message.pk, "person": person_id},
        organization_id=message.organization_id,
        dedupe_key=f"chat:{about}:{device}",
        not_before=later,
    )


def _batches(drafts: list[Draft]) -> Iterable[list[Draft]]:
    return (drafts[start : start + BATCH] for start in range(0, len(drafts), BATCH))


@transaction.atomic
def _queue(drafts: list[Draft]) -> int:
    return queue_many(drafts)


@transaction.atomic
def tell_moderators(report_id: int) -> int:
    """Tell the chat's moderators of a report by push, or by e-mail where there is no device; safe to run twice."""
    report = Report.objects.select_related("chat", "message").filter(pk=report_id, decision="").first()
    if report is None:
        return 0
    people = moderators_to_tell(report.chat, report.message.author_id)
    devices = device_ids_of(person.user_id for person in people.values() if person.user_id)
    drafts = [
        Draft(
            channel=channel,
            recipient=recipient,
            template="chat_report",
            context={"report": report.pk},
            organization_id=report.organization_id,
            reference=f"chat-report:{report.pk}",
            dedupe_key=f"chat-report:{report.pk}:{channel}:{recipient}",
        )
        for person in people.values()
        for channel, recipient in _ways_to(person, devices)
    ]
    return queue_many(drafts)


def _ways_to(person: Person, devices: dict[int, list[int]]) -> list[tuple[str, str]]:
    own = devices.get(person.user_id or 0, [])
    if own:
        return [(Channel.PUSH, str(device)) for device in own]
    address = email_of(person)
    return [(Channel.EMAIL, address)] if address else []
