"""Chats from outside: which of a leader's units have them, how much is unread, the rows of the registry (CHAT-9)."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from chats.models import (
    SYSTEM_TEMPLATES,
    UNIT_TEMPLATES,
    Chat,
    ChatAudience,
    ChatMember,
    Message,
    Notify,
    Report,
    Template,
)
from chats.selectors.chats import chats_of, seen_by
from chats.selectors.titles import title_of
from common.text import normalise
from orgs.actor import Actor
from orgs.models import Enrolment, Organization, Part
from orgs.prepared import prepared
from orgs.vocabulary import Vocabulary

SILENT_FOR = timedelta(days=30)
# What the registry is narrowed to, by the word in the address.
KINDS: dict[str, tuple[Template, ...]] = {
    "general": (Template.GENERAL,),
    "unit": UNIT_TEMPLATES,
    "head": (Template.DEPUTIES, Template.ALL_STAFF, Template.PARENTS_COUNCIL, Template.STUDENTS_COUNCIL),
    "free": (Template.FREE,),
}
STATES = ("reported", "unowned", "silent", "archived")


def unit_chats_of(actor: Actor) -> QuerySet[Chat]:
    """Return the chats that exist by themselves in the units the actor leads."""
    return chats_of(actor).filter(unit__in=actor.led_unit_ids, template__in=UNIT_TEMPLATES)


@dataclass(frozen=True)
class Unread:
    """How many messages wait, and in which chats."""

    messages: int
    chat_ids: tuple[int, ...]


def unread_of(actor: Actor) -> Unread:
    """Return what is unread in the actor's chats, but for those they want to hear nothing of (one query)."""
    waiting = dict(_unread_chats(actor))
    return Unread(sum(waiting.values()), tuple(waiting))


@prepared
def _unread_chats(actor: Actor) -> QuerySet[Chat, tuple[int, int]]:
    chats = seen_by(actor, chats_of(actor).filter(archived_at=None, message_count__gt=0))
    heard = chats.filter(unread__gt=0).exclude(notify=Notify.NONE)  # type: ignore[misc]
    return heard.values_list("pk", "unread")  # type: ignore[misc]


@dataclass(frozen=True)
class RegistryFilter:
    """What the registry is narrowed by; empty means all that are in use."""

    text: str = ""
    kind: str = ""
    state: str = ""


def filter_registry(chats: QuerySet[Chat], wanted: RegistryFilter, words: Vocabulary) -> QuerySet[Chat]:
    """Narrow the registry's `chats`; one query more when a text is looked for."""
    chats = chats.filter(archived_at__isnull=wanted.state != "archived")
    if wanted.kind in KINDS:
        chats = chats.filter(template__in=KINDS[wanted.kind])
    if wanted.state == "unowned":
        chats = chats.filter(owner=None).exclude(template__in=SYSTEM_TEMPLATES)
    elif wanted.state == "silent":
        chats = chats.filter(last_message_at__lt=timezone.now() - SILENT_FOR)
    elif wanted.state == "reported":
        chats = chats.filter(pk__in=Report.objects.filter(decision="").values("chat_id"))
    if wanted.text.strip():
        # A unit's chat is named by words that are in no column; an organization has some hundreds of chats.
        chats = chats.filter(pk__in=[chat.pk for chat in chats if _is_called(chat, wanted.text, words)])
    return chats


def _is_called(chat: Chat, text: str, words: Vocabulary) -> bool:
    owner = chat.owner.full_name if chat.owner is not None else ""
    hay = normalise(f"{title_of(chat, words)} {chat.purpose} {owner}")
    return all(word in hay for word in normalise(text).split())


def with_registry_columns(chats: QuerySet[Chat]) -> QuerySet[Chat]:
    """Add what a row of the registry shows: `named` — chosen moderators, `circles`, `leaders` of its unit."""
    named = ChatMember.objects.filter(until=None, is_moderator=True).select_related("person")
    leaders = Enrolment.objects.filter(part=Part.LEADER, until=None).select_related("person")
    return chats.prefetch_related(
        Prefetch("members", queryset=named.order_by("person__search_name"), to_attr="named"),
        Prefetch("audiences", queryset=ChatAudience.objects.select_related("unit").order_by("pk"), to_attr="circles"),
        Prefetch("unit__enrolments", queryset=leaders.order_by("person__search_name"), to_attr="leaders"),
    )


def count_older(organization: Organization, days: int | None, chat: Chat | None = None) -> int:
    """Return how many messages of `chat` (without one: of all that have no rule of their own) are older than `days`."""
    if not days:
        return 0
    old = Message.objects.filter(organization=organization, created_at__lt=timezone.now() - timedelta(days=days))
    return old.filter(chat=chat).count() if chat is not None else old.filter(chat__retention_days=None).count()
