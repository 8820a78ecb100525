"""What open pages are told, after the transaction that caused it (docs/websocket.md).

Groups: `chat.<id>` — everybody in the chat; `person.<id>` — all pages of one person; `family.<child id>` — pages of
a student's parents; `unit.<id>` — people of a unit; `organization.<id>`.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.utils import translation

from chats.models import Chat, Message
from chats.selectors.messages import Parts, parts_of
from chats.shapes import Shape, chat_shape, message_shape
from common.live import broadcast, broadcast_many
from orgs.actor import Actor
from orgs.models import Enrolment, Organization, Person, Unit
from orgs.vocabulary import vocabulary_of


def chat_group(chat_id: int) -> str:
    """Return the group of everybody in the chat."""
    return f"chat.{chat_id}"


def person_group(person_id: int) -> str:
    """Return the group of all open pages of a person."""
    return f"person.{person_id}"


def groups_of(actor: Actor) -> set[str]:
    """Return the groups in which an open page of the actor hears that it has to look again where it belongs."""
    families = {f"family.{child.id}" for child in actor.children}
    units = {f"unit.{unit_id}" for unit_id in actor.own_unit_ids}
    return {person_group(actor.person.pk), f"organization.{actor.organization.pk}", *families, *units}


def to_chat(chat_id: int, make: Callable[[], Shape]) -> None:
    """Tell everybody in the chat what `make` returns, each in the language of their page.

    The message to the group holds the event in the platform's language, and under `in` those that read differently in
    another one: a notice, a chat that is named after the structure.
    """
    events = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            events[language] = make()
    event = events.pop(settings.LANGUAGE_CODE)
    others = {language: other for language, other in events.items() if other != event}
    broadcast(chat_group(chat_id), {"type": "chat.event", "event": event, **({"in": others} if others else {})})


def to_person(person_id: int, event: Shape) -> None:
    """Tell all open pages of one person."""
    broadcast(person_group(person_id), {"type": "chat.event", "event": event})


def message_changed(message: Message, organization: Organization, parts: Parts | None = None) -> None:
    """Tell the chat how the message stands now: new, edited, deleted, pinned, voted on."""
    found = parts or parts_of([message])

    def event() -> Shape:
        shape = message_shape(message, found, organization.slug)
        return {"type": "message", "chat": message.chat_id, "event": message.event, "message": shape}

    to_chat(message.chat_id, event)


def chat_changed(chat: Chat) -> None:
    """Tell the chat its new name or rules."""

    def event() -> Shape:
        shape = chat_shape(chat, vocabulary_of(chat.organization))
        if chat.is_personal:  # for each of the two it bears the other one's name
            del shape["title"]
        return {"type": "chat", "chat": chat.pk, "event": chat.last_event, "state": shape}

    to_chat(chat.pk, event)


def read_mark_moved(chat: Chat, person: Person, number: int, *, unread: int) -> None:
    """Tell the person's other pages, and, where readers are shown, the chat."""
    to_person(person.pk, {"type": "read", "chat": chat.pk, "number": number, "unread": unread})
    if chat.shows_readers:
        to_chat(chat.pk, lambda: {"type": "seen", "chat": chat.pk, "person": person.pk, "number": number})


def memberships_changed(person: Person, **_others: Any) -> None:
    """Listener of `orgs.membership_changed`: pages of the person, and of a student's parents, look again where they
    belong. Access itself never waits for this: every read asks anew (CHAT-8)."""
    for group in (person_group(person.pk), f"family.{person.pk}"):
        broadcast(group, {"type": "membership.changed"})


def unit_changed(unit: Unit, **_others: Any) -> None:
    """Listener of a unit's archiving."""
    broadcast(f"unit.{unit.pk}", {"type": "membership.changed"})


def unit_restored(unit: Unit, **_others: Any) -> None:
    """Listener of a unit's restoring: pages have left its group when it went into the archive."""
    people = Enrolment.objects.filter(unit=unit, until=None).values_list("person_id", flat=True)
    groups = [group for person_id in people for group in (person_group(person_id), f"family.{person_id}")]
    broadcast_many([(group, {"type": "membership.changed"}) for group in groups])


def organization_changed(organization_id: int) -> None:
    """The organization switched chats on or off."""
    broadcast(f"organization.{organization_id}", {"type": "membership.changed"})


def year_passed(organization: Organization, **_others: Any) -> None:
    """Listener of `movement.year_passed`: everybody's units are others now."""
    organization_changed(organization.pk)


def circles_changed(organization_id: int, unit_ids: Iterable[int | None]) -> None:
    """A chat was opened for circles of these units; None stands for the whole organization."""
    units = set(unit_ids)
    groups = [f"organization.{organization_id}"] if None in units else [f"unit.{unit_id}" for unit_id in units]
    for group in groups:
        broadcast(group, {"type": "membership.changed"})
