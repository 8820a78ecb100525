"""What open pages are told, after the transaction that caused it (docs/websocket.md).

Groups: `chat.<id>` — everybody in the chat; `person.<id>` — all pages of one person; `family.<child id>` — pages of
a student's parents; `unit.<id>` — people of a unit; `organization.<id>`.
"""

from typing import Any

from chats.models import Chat, Message
from chats.selectors.messages import Parts, parts_of
from chats.shapes import Shape, chat_shape, message_shape
from common.live import broadcast
from orgs.models import Organization, Person, Unit
from orgs.vocabulary import vocabulary_of


def chat_group(chat_id: int) -> str:
    """Return the group of everybody in the chat."""
    return f"chat.{chat_id}"


def person_group(person_id: int) -> str:
    """Return the group of all open pages of a person."""
    return f"person.{person_id}"


def to_chat(chat_id: int, event: Shape) -> None:
    """Tell everybody in the chat."""
    broadcast(chat_group(chat_id), {"type": "chat.event", "event": event})


def to_person(person_id: int, event: Shape) -> None:
    """Tell all open pages of one person."""
    broadcast(person_group(person_id), {"type": "chat.event", "event": event})


def message_changed(message: Message, organization: Organization, parts: Parts | None = None) -> Shape:
    """Tell the chat how the message stands now: new, edited, deleted, pinned, voted on. Returns its shape."""
    shape = message_shape(message, parts or parts_of([message]), organization.slug)
    to_chat(message.chat_id, {"type": "message", "chat": message.chat_id, "event": message.event, "message": shape})
    return shape


def chat_changed(chat: Chat) -> None:
    """Tell the chat its new name or rules."""
    shape = chat_shape(chat, vocabulary_of(chat.organization))
    to_chat(chat.pk, {"type": "chat", "chat": chat.pk, "event": chat.last_event, "state": shape})


def read_mark_moved(chat: Chat, person: Person, number: int, *, unread: int) -> None:
    """Tell the person's other pages, and, where readers are shown, the chat."""
    to_person(person.pk, {"type": "read", "chat": chat.pk, "number": number, "unread": unread})
    if chat.shows_readers:
        to_chat(chat.pk, {"type": "seen", "chat": chat.pk, "person": person.pk, "number": number})


def memberships_changed(person: Person, **_others: Any) -> None:
    """Listener of `orgs.membership_changed`: pages of the person, and of a student's parents, look again where they
    belong. Access itself never waits for this: every read asks anew (CHAT-8)."""
    for group in (person_group(person.pk), f"family.{person.pk}"):
        broadcast(group, {"type": "membership.changed"})


def unit_changed(unit: Unit, **_others: Any) -> None:
    """Listener of a unit's archiving and restoring."""
    broadcast(f"unit.{unit.pk}", {"type": "membership.changed"})


def organization_changed(organization_id: int) -> None:
    """The organization switched chats on or off."""
    broadcast(f"organization.{organization_id}", {"type": "membership.changed"})
