"""What the socket of an open page may hear, asked anew whenever something may have changed (CHAT-8)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from chats.models import Chat, Inspection
from chats.selectors.chats import chats_of, members_of, readable_by
from orgs.actor import Actor
from orgs.capabilities import Capability

# In larger chats nobody is told who is there: asking costs more than knowing is worth.
MOST_PRESENT = 100


@dataclass
class Heard:
    """A chat that a socket hears: up to which event its page was told, and for how long (a look ends by itself)."""

    last_event: int
    until: datetime | None = None

    @property
    def is_over(self) -> bool:
        return self.until is not None and self.until <= timezone.now()


@dataclass(frozen=True)
class Present:
    """A chat that is on somebody's screen: where it stands, and who might be there too (nobody in large chats)."""

    last_event: int
    member_ids: list[int]


def heard_by(actor: Actor) -> dict[int, Heard]:
    """Return the chats whose events the actor may hear, by id: one query, one more for who may look into chats."""
    heard = {pk: Heard(last) for pk, last in chats_of(actor).values_list("pk", "last_event")}
    if actor.may(Capability.HANDLE_REPORTS):
        looks = Inspection.objects.filter(
            organization=actor.organization.pk, person=actor.person, expires_at__gt=timezone.now()
        ).order_by("-expires_at")
        for pk, last, until in looks.values_list("chat_id", "chat__last_event", "expires_at"):
            heard.setdefault(pk, Heard(last, until))
    return heard


def last_events_of(chat_ids: Collection[int]) -> dict[int, int]:
    """Return where the chats stand, by id, in one query."""
    return dict(Chat.objects.filter(pk__in=chat_ids).values_list("pk", "last_event"))


def present_in(actor: Actor, chat_id: int) -> Present | None:
    """Return a chat the actor may read as its page asks for it every half a minute; None when it is not theirs.

    Three queries; one where members do not see who has read: those chats may have thousands.
    """
    chat = readable_by(actor).filter(pk=chat_id).first()
    if chat is None or not chat.shows_readers:
        return Present(chat.last_event, []) if chat is not None else None
    members = list(members_of(chat).order_by().values_list("pk", flat=True)[: MOST_PRESENT + 1])
    return Present(chat.last_event, members if len(members) <= MOST_PRESENT else [])
