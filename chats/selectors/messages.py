"""Messages of a chat the actor was let into: pages of them by number, what changed, what was pinned or found."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import Max, Q, QuerySet

from chats.models import Chat, MemberState, Message, MessageFile
from chats.selectors.chats import chats_of, members_of
from common.prepared import Prepared
from common.text import normalise
from orgs.actor import Actor
from orgs.models import Person
from polls.selectors import PollResult, own_votes, results_of

PAGE = 50
MOST_CHANGES = 200
_BEYOND = 2**63 - 1


@dataclass(frozen=True)
class Changes:
    """What happened after an event: messages as they are now by their latest change, and where the chat stands."""

    messages: list[Message]
    last_event: int
    has_more: bool


@dataclass
class Parts:
    """What hangs on a page of messages, by the message's id, fetched for all of them at once."""

    files: dict[int, list[MessageFile]] = field(default_factory=dict)
    polls: dict[int, PollResult] = field(default_factory=dict)
    votes: dict[int, list[int]] = field(default_factory=dict)


def whole(messages: QuerySet[Message]) -> QuerySet[Message]:
    """Add what a message is shown with; search text stays in the database."""
    return messages.select_related("author", "reply_to__author").defer(
        "search_text", "reply_to__search_text", "reply_to__notice"
    )


def messages_of(chat: Chat) -> QuerySet[Message]:
    """Return the messages of `chat` in no order."""
    return Message.objects.filter(chat=chat.pk)


def latest(chat: Chat, *, before: int | None = None, limit: int = PAGE) -> list[Message]:
    """Return up to `limit` messages before the number `before` (the latest when None), oldest first.

    Keyset: as quick at the beginning of a million messages as at their end.
    """
    return _page(limit)(chat=chat.pk, before=_BEYOND if before is None else before)[::-1]


@lru_cache(maxsize=64)
def _page(limit: int) -> Prepared[Message]:
    return Prepared(
        lambda chat, before: whole(Message.objects.filter(chat=chat, number__lt=before)).order_by("-number")[:limit],
        chat=-1,
        before=-2,
    )


def following(chat: Chat, *, after: int, limit: int = PAGE) -> list[Message]:
    """Return up to `limit` messages after the number `after`, oldest first."""
    return list(whole(messages_of(chat)).filter(number__gt=after).order_by("number")[:limit])


def changes_after(chat: Chat, event: int) -> Changes:
    """Return what happened after `event` up to where `chat` stood when its row was read, at most `MOST_CHANGES`
    messages in the order of their latest change.

    Everything up to the row's counter is committed, because numbers are given under its lock. What came since is left
    for the next question, so the answer goes with the name and the rules that stand in the same row.
    """
    last = chat.last_event
    rows = whole(messages_of(chat)).filter(event__gt=event, event__lte=last).order_by("event")
    found = list(rows[: MOST_CHANGES + 1])
    if len(found) > MOST_CHANGES:
        found = found[:MOST_CHANGES]
        return Changes(found, found[-1].event, has_more=True)
    return Changes(found, last, has_more=False)


def parts_of(messages: Sequence[Message], *, person_id: int | None = None) -> Parts:
    """Return files and polls of `messages`, with the votes of `person_id`: no query for what none of them has."""
    parts = Parts()
    with_files = [message.pk for message in messages if message.has_files]
    if with_files:
        for row in MessageFile.objects.filter(message__in=with_files).select_related("file"):
            parts.files.setdefault(row.message_id, []).append(row)
    by_poll = {message.poll_id: message.pk for message in messages if message.poll_id is not None}
    if by_poll:
        parts.polls = {by_poll[poll]: result for poll, result in results_of(by_poll).items()}
        if person_id is not None:
            parts.votes = {by_poll[poll]: options for poll, options in own_votes(person_id, by_poll).items()}
    return parts


def pinned_in(chat: Chat) -> list[Message]:
    """Return the pinned messages, the latest pinned first (at most 50)."""
    return list(whole(messages_of(chat)).filter(pinned_at__isnull=False).order_by("-pinned_at")[:50])


def files_in(chat: Chat) -> QuerySet[MessageFile]:
    """Return the chat's materials, the newest first (CHAT-5)."""
    return MessageFile.objects.filter(chat=chat.pk).select_related("file", "message__author").order_by("-id")


def file_in(chat: Chat, file_id: int) -> MessageFile | None:
    """Return the file of a message of `chat`; None for any other file."""
    return MessageFile.objects.filter(chat=chat.pk, file=file_id).select_related("file").first()


def search(actor: Actor, text: str, *, chat: Chat | None = None) -> QuerySet[Message]:
    """Return the messages with every word of `text` in the actor's chats (or in `chat`), the newest first (CHAT-4).

    PostgreSQL finds Russian word forms by its index; SQLite looks for the words in the normalised text.
    """
    rows = Message.objects.filter(organization=actor.organization.pk, deleted_at=None)
    rows = rows.filter(chat=chat.pk) if chat is not None else rows.filter(chat__in=chats_of(actor).values("pk"))
    rows = whole(rows).select_related("chat__unit", "chat__organization").order_by("-id")
    words = normalise(text).split()[:10]
    if not words:
        return rows.none()
    if connection.vendor == "postgresql":
        vector = SearchVector("search_text", config="russian")
        return rows.annotate(found_in=vector).filter(found_in=SearchQuery(" ".join(words), config="russian"))
    found = Q()
    for word in words:
        found &= Q(search_text__contains=word)
    return rows.filter(found)


def readers_of(chat: Chat, message: Message) -> QuerySet[Person]:
    """Return who of today's members has read up to `message`, without its author, by name (CHAT-4)."""
    read = MemberState.objects.filter(chat=chat.pk, read_number__gte=message.number).values("person_id")
    return members_of(chat).filter(pk__in=read).exclude(pk=message.author_id or 0)


def read_by_others(chat: Chat, person_id: int) -> int:
    """Return up to which number somebody else has read: what turns one tick into two; 0 where readers are not shown."""
    if not chat.shows_readers:
        return 0
    furthest = _furthest(chat=chat.pk, person=person_id)
    return furthest[0][0] if furthest else 0


_furthest: Prepared[tuple[int]] = Prepared(
    lambda chat, person: (
        MemberState.objects.filter(chat=chat)
        .exclude(person=person)
        .order_by()
        .values("chat")
        .annotate(furthest=Max("read_number"))
        .values_list("furthest")
    ),
    chat=-1,
    person=-2,
)


def names_of(person_ids: Collection[int], chat: Chat) -> dict[int, str]:
    """Return the names of those of `person_ids` who are in the chat, as mentions write them: «Имя Фамилия»."""
    people = members_of(chat).filter(pk__in=person_ids).only("first_name", "last_name")
    return {person.pk: f"{person.first_name} {person.last_name}" for person in people}
