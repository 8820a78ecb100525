"""Telling many people something: a push to each device, a letter to those who have none.

For what comes seldom and concerns the school (posts, required reading, events); chats tell in their own way.
"""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.selectors import device_ids_of
from orgs.models import Organization, Person
from orgs.quiet import quiet_until
from outbox.models import Channel
from outbox.rendering import Rendered
from outbox.services import Draft, queue_many

BATCH = 500
# What fits into `outbox.models.Message.dedupe_key`; an address may have 254 characters.
_LONGEST_KEY = 120


def tell(
    *,
    organization: Organization,
    people: Iterable[Person],
    template: str,
    context: dict[str, Any],
    key: str,
    letters: bool = True,
    is_urgent: bool = False,
    now: datetime | None = None,
) -> int:
    """Queue a message of `template` for each of `people` who can be reached, and return how many messages.

    `people` come with `user` (`select_related("user")`); who never joined is left out. The template's context is
    `context` with `person`, and `letter` where it is a letter. `key` says what is told («reading:5:before»): told
    twice, by a job that ran again, it arrives once. In quiet hours it waits for their end, unless it `is_urgent`.
    `letters=False`: pushes only. A constant number of statements for each 500 messages.
    """
    reached = {person.pk: person for person in people if person.user is not None}
    devices = device_ids_of(person.user_id for person in reached.values() if person.user_id)
    later = None if is_urgent else quiet_until(organization, now)
    drafts = [
        Draft(
            channel=channel,
            recipient=recipient,
            template=template,
            context={**context, "person": person.pk, **({"letter": True} if channel == Channel.EMAIL else {})},
            organization_id=organization.pk,
            reference=key.rpartition(":")[0] or key,
            dedupe_key=dedupe_key(key, channel, recipient),
            not_before=later,
        )
        for person in reached.values()
        for channel, recipient in _ways_to(person, devices.get(person.user_id or 0, []), letters=letters)
    ]
    return sum(_queue(drafts[start : start + BATCH]) for start in range(0, len(drafts), BATCH))


def dedupe_key(key: str, channel: str, recipient: str) -> str:
    """Return what makes a message of `key` to `recipient` the same message; a very long address is told by its sum."""
    whole = f"{key}:{channel}:{recipient}"
    return whole if len(whole) <= _LONGEST_KEY else f"{key}:{channel}:{sha256(recipient.encode()).hexdigest()[:32]}"


def _ways_to(person: Person, devices: list[int], *, letters: bool) -> list[tuple[str, str]]:
    if devices:
        return [(Channel.PUSH, str(device)) for device in devices]
    address = email_of(person)
    return [(Channel.EMAIL, address)] if letters and address else []


def email_of(person: Person) -> str:
    """Return the address the school has of the person, else the account's own; empty when there is none."""
    return person.email or (person.user.email if person.user is not None else "")


@transaction.atomic
def _queue(drafts: list[Draft]) -> int:
    return queue_many(drafts)


def as_told(context: dict[str, Any], *, subject: str, text: str, path: str, tag: str) -> Rendered:
    """Return the words for a device or, where `context` says it is a letter, for a letter with the page's address.

    `path` is the page below the platform's address; pushes with the same `tag` replace each other.
    """
    url = settings.SITE_URL.rstrip("/") + path
    if context.get("letter"):
        return Rendered(subject, f"{text}\n\n{url}\n")
    return Rendered(subject, text, url=url, tag=tag)


def now_in(organization: Organization, now: datetime | None = None) -> datetime:
    """Return the moment by the organization's clock."""
    return (now or timezone.now()).astimezone(organization.zone)
