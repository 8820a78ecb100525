"""The one shape of messages and chats in JSON: the API's answers, the socket's events and the page's first screen.

Built by hand: a page of fifty messages is read all day long, and a serializer would take most of its time.
`chats.api.serializers` describes the same shape for the documentation; a test compares the two.
"""

from collections.abc import Sequence
from html import unescape
from typing import Any

from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from chats import notices
from chats.models import Chat, Kind, Message, MessageFile
from chats.selectors.messages import Parts
from chats.selectors.titles import title_of
from files.shapes import file_shape
from orgs.models import Person
from orgs.vocabulary import Vocabulary
from polls.shapes import poll_shape

SNIPPET = 140
Shape = dict[str, Any]


def person_shape(person: Person | None) -> Shape | None:
    """`{"id", "name"}`: no phone number is ever shown (CHAT-9)."""
    return None if person is None else {"id": person.pk, "name": person.author_name}


def plain_text(message: Message) -> str:
    """Return the message's words without markup, in one line."""
    html = message.html.replace("<br>", " ")
    # Most messages are words and nothing else.
    words = strip_tags(html) if "<" in html else html
    return " ".join(unescape(words).split())


def words_of(message: Message) -> str:
    """Return the whole message in one line of words: what stands for a deleted one, a notice, a poll, a file."""
    if message.deleted_at is not None:
        return _("Message deleted")
    if message.kind == Kind.NOTICE:
        return notices.text_of(message.notice or {})
    return plain_text(message) or (_("Poll") if message.poll_id is not None else _("File"))


def snippet_of(message: Message) -> str:
    """Return the beginning of a message as lists, answers and notifications show it."""
    words = words_of(message)
    return words if len(words) <= SNIPPET else f"{words[: SNIPPET - 1]}…"


def held_file_shape(row: MessageFile, slug: str) -> Shape:
    """A file with the addresses under which members of the chat read it."""
    return file_shape(row.file, reverse("chats:file", args=[slug, row.chat_id, row.file_id]))


def message_shape(message: Message, parts: Parts, slug: str) -> Shape:
    """The message as everybody in the chat sees it; nothing in it depends on who looks."""
    is_notice = message.kind == Kind.NOTICE
    poll = parts.polls.get(message.pk)
    return {
        "id": message.pk,
        "chat": message.chat_id,
        "number": message.number,
        "event": message.event,
        "kind": message.kind,
        "author": person_shape(message.author),
        "text": notices.text_of(message.notice or {}) if is_notice else message.text,
        "snippet": snippet_of(message),
        "html": "" if is_notice else message.html,
        "reply_to": _reply_shape(message.reply_to),
        "files": [held_file_shape(row, slug) for row in parts.files.get(message.pk, ())],
        "poll": poll_shape(poll) if poll is not None else None,
        "mentions_all": message.mentions_all,
        "is_urgent": message.is_urgent,
        "is_pinned": message.pinned_at is not None,
        "client_key": str(message.client_key) if message.client_key else None,
        "created_at": message.created_at.isoformat(),
        "edited_at": message.edited_at.isoformat() if message.edited_at else None,
        "deleted_at": message.deleted_at.isoformat() if message.deleted_at else None,
        "removed_by_moderator": message.deleted_by_id is not None and message.deleted_by_id != message.author_id,
    }


def _reply_shape(message: Message | None) -> Shape | None:
    if message is None:
        return None
    return {
        "id": message.pk,
        "number": message.number,
        "author": person_shape(message.author),
        "snippet": snippet_of(message),
    }


def message_shapes(messages: Sequence[Message], parts: Parts, slug: str) -> list[Shape]:
    """A page of messages."""
    return [message_shape(message, parts, slug) for message in messages]


def votes_shape(messages: Sequence[Message], parts: Parts) -> dict[str, list[int]]:
    """The reader's own votes by the message's id: the only part of a page of messages that is personal."""
    return {str(message.pk): parts.votes[message.pk] for message in messages if message.pk in parts.votes}


def chat_shape(chat: Chat, words: Vocabulary) -> Shape:
    """What all members see of the chat itself."""
    return {
        "id": chat.pk,
        "template": chat.template,
        "title": title_of(chat, words),
        "purpose": chat.purpose,
        "unit": {"id": chat.unit_id, "name": chat.unit.name} if chat.unit is not None else None,
        "owner": person_shape(chat.owner),
        "writers": chat.writers,
        "slow_seconds": chat.slow_seconds,
        "shows_readers": chat.shows_readers,
        "is_archived": chat.archived_at is not None,
        "last_event": chat.last_event,
        "kept_after": chat.kept_after,
    }


def listed_shape(chat: Chat, last: Message | None, words: Vocabulary) -> Shape:
    """A chat of the reader's list: with the last message and what is unread."""
    return {
        **chat_shape(chat, words),
        "other": chat.other_id,  # type: ignore[attr-defined]
        "unread": max(0, chat.unread),  # type: ignore[attr-defined]
        "mentioned": chat.mentioned,  # type: ignore[attr-defined]
        "read_number": chat.read_number,  # type: ignore[attr-defined]
        "notify": chat.notify,  # type: ignore[attr-defined]
        "last_message": _last_shape(last),
    }


def _last_shape(message: Message | None) -> Shape | None:
    if message is None:
        return None
    return {
        "number": message.number,
        "kind": message.kind,
        "author": person_shape(message.author),
        "snippet": snippet_of(message),
        "created_at": message.created_at.isoformat(),
    }
