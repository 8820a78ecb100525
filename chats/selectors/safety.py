"""What moderators and the administration see: the queue of reports, the registry of chats (CHAT-9)."""

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from chats.models import Chat, ChatLink, ChatMember, Inspection, Mute, Report, Template
from chats.selectors.chats import chats_of, readable_by, seen_by
from orgs.actor import Actor
from orgs.capabilities import Capability


def registry_of(actor: Actor) -> QuerySet[Chat]:
    """Return every chat of the organization but the personal ones, with what is known without reading it.

    Owner, purpose, rules, number of chosen people, last activity; `open_reports`.
    """
    return (
        Chat.objects.filter(organization=actor.organization.pk)
        .exclude(template=Template.PERSONAL)
        .select_related("unit", "owner", "organization__chat_rules")
        .annotate(
            chosen_count=Count("members", filter=Q(members__until=None), distinct=True),
            open_reports=Count("reports", filter=Q(reports__decision=""), distinct=True),
        )
        .order_by("-last_message_at", "-id")
    )


def find_managed(actor: Actor, chat_id: int) -> Chat | None:
    """Return a chat whose settings and people the actor may see, with everything `seen_by` adds: one they may read, and
    any but personal ones for whoever keeps the registry or looks into chats. Gives no right to read messages."""
    chats = readable_by(actor)
    if actor.may(Capability.MANAGE_CHATS) or actor.may(Capability.HANDLE_REPORTS):
        others = Q(organization=actor.organization.pk) & ~Q(template=Template.PERSONAL)
        chats = Chat.objects.filter(Q(pk__in=chats.values("pk")) | others)
    return seen_by(actor, chats.filter(pk=chat_id)).first()


def moderated_by(actor: Actor) -> QuerySet[Chat]:
    """Return the chats the actor moderates: owned, named in, of led units, or by a granted right."""
    named = ChatMember.objects.filter(person=actor.person, until=None, is_moderator=True).values("chat_id")
    granted = {unit for name, unit in actor.granted if name == "moderate_chats" and unit is not None}
    moderated = Q(owner=actor.person) | Q(pk__in=named) | Q(unit__in=actor.led_unit_ids | granted)
    if actor.may(Capability.HANDLE_REPORTS):
        moderated |= Q(template=Template.GENERAL)
    return chats_of(actor).exclude(template=Template.PERSONAL).filter(moderated)


def reports_visible_to(actor: Actor) -> QuerySet[Report]:
    """Return the reports the actor may decide: all for the administration, else those of moderated chats.

    Nobody decides about an own message, or learns who reported it.
    """
    reports = Report.objects.filter(organization=actor.organization.pk).select_related(
        "chat__unit", "chat__organization", "message__author", "reporter", "decided_by"
    )
    reports = reports.exclude(message__author=actor.person)
    if actor.may(Capability.HANDLE_REPORTS):
        return reports
    return reports.filter(chat__in=moderated_by(actor).values("pk"))


def mutes_in(chat: Chat) -> QuerySet[Mute]:
    """Return who may not write in the chat right now."""
    return Mute.objects.filter(chat=chat, until__gt=timezone.now()).select_related("person", "created_by")


def looks_into(chat: Chat) -> QuerySet[Inspection]:
    """Return who looked into the chat without being in it, the latest first: its members may know (CHAT-9)."""
    return Inspection.objects.filter(chat=chat).select_related("person").order_by("-id")


def link_with(actor: Actor, link_id: int) -> ChatLink | None:
    """Return the link of this number into a chat of the actor's organization, working or not (INV-10)."""
    links = ChatLink.objects.filter(pk=link_id, organization=actor.organization.pk)
    return links.select_related("chat__unit", "chat__owner", "chat__organization", "created_by").first()


def link_into(chat: Chat) -> ChatLink | None:
    """Return the chat's link that works today, if any."""
    return ChatLink.objects.filter(chat=chat, revoked_at=None, expires_at__gt=timezone.now()).first()


def listed_in(chat: Chat) -> QuerySet[ChatMember]:
    """Return who was chosen into the chat, by name."""
    return (
        ChatMember.objects.filter(chat=chat, until=None)
        .select_related("person")
        .order_by("person__search_name", "person_id")
    )
