"""The list of chats together with the last word in each, for the page: one statement."""

from django.db.models import F, FilteredRelation, Q, QuerySet

from chats.models import Chat, Message
from chats.selectors.chats import list_of
from orgs.actor import Actor
from orgs.prepared import prepared

Listed = list[tuple[Chat, Message | None]]


def list_with_last(actor: Actor) -> Listed:
    """Return the actor's chats as `list_of` does, each with its last message, by the latest (CHAT-4)."""
    return [(chat, getattr(chat, "last", None)) for chat in _with_last(actor)]


@prepared
def _with_last(actor: Actor) -> QuerySet[Chat]:
    last = FilteredRelation("messages", condition=Q(messages__number=F("last_message_number")))
    # The type checker knows fields, not relations made for one query.
    return list_of(actor).annotate(last=last).select_related("last__author")  # type: ignore[misc]
