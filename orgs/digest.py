"""The daily letter about what was missed, for those who have no device that tells at once.

One letter a person and day, whatever was missed: upper floors add their part through `settings.DIGEST_PARTS`.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import Digest
from accounts.selectors import users_with_devices
from orgs.actor import Actor
from orgs.models import Organization, Person
from orgs.telling import email_of, now_in
from outbox.models import Channel
from outbox.services import Draft, queue_many

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

DIGEST_HOUR = 18
REACHES_BACK = timedelta(days=1)
BATCH = 500
MOST_LINES = 20


@dataclass(frozen=True)
class Line:
    """One line of the letter: where how much is unread; `url` is the whole address."""

    title: str
    count: int
    url: str


@dataclass(frozen=True)
class Part:
    """What an upper floor adds to the letter.

    `missed` takes the organization and a moment and gives {person: how much came later and is unread} for those who
    have joined and want to be told; at most so many queries as there are places where something came. `lines` takes
    the reader and that moment and gives the same in words when the letter leaves; a constant number of queries.
    """

    title: "StrOrPromise"
    missed: Callable[[Organization, datetime], Mapping[int, int]]
    lines: Callable[[Actor, datetime], list[Line]]


@dataclass(frozen=True)
class Section:
    """A part that has something to say to this reader."""

    title: str
    lines: list[Line]
    # How many more lines there would be: a letter is no list.
    others: int


def send_digests(now: datetime | None = None) -> int:
    """Queue the daily letter in every organization where it is six in the evening; return how many.

    For people without a device who missed something of the last day; one letter a day. Safe to run twice.
    """
    moment = now or timezone.now()
    due = [one for one in Organization.objects.order_by("pk") if now_in(one, moment).hour == DIGEST_HOUR]
    return sum(_send_digests_of(organization, moment) for organization in due)


def _send_digests_of(organization: Organization, moment: datetime) -> int:
    since = moment - REACHES_BACK
    missed: Counter[int] = Counter()
    for part in _parts():
        missed.update(part.missed(organization, since))
    ids = sorted(person_id for person_id, count in missed.items() if count > 0)
    return sum(_queue(organization, ids[start : start + BATCH], moment) for start in range(0, len(ids), BATCH))


@transaction.atomic
def _queue(organization: Organization, person_ids: list[int], moment: datetime) -> int:
    wanting = Person.objects.filter(organization=organization, pk__in=person_ids, user__digest=Digest.DAILY)
    people = list(wanting.exclude(email="", user__email="").select_related("user"))
    with_device = users_with_devices(person.user_id for person in people if person.user_id)
    return queue_many(
        [
            Draft(
                channel=Channel.EMAIL,
                recipient=email_of(person),
                template="daily_digest",
                context={"person": person.pk, "since": (moment - REACHES_BACK).isoformat()},
                organization_id=organization.pk,
                dedupe_key=f"digest:{person.pk}:{now_in(organization, moment).date()}",
            )
            for person in people
            if person.user_id not in with_device
        ]
    )


def sections_of(actor: Actor, since: datetime) -> list[Section]:
    """Return what `actor` missed after `since` and has not read meanwhile, part by part; none when all was read."""
    found = [(str(part.title), part.lines(actor, since)) for part in _parts()]
    return [Section(title, lines[:MOST_LINES], max(0, len(lines) - MOST_LINES)) for title, lines in found if lines]


def _parts() -> list[Part]:
    return [_part(path) for path in settings.DIGEST_PARTS]


@cache
def _part(path: str) -> Part:
    return import_string(path)
