"""What moderators and the administration see: the queue of reports, the registry of chats (CHAT-9)."""

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from chats.models import Chat, ChatLink, ChatMember, Inspection, Mute, Report, Template
from chats.permissions import can_handle_reports
from chats.selectors.chats import chats_of
from orgs.actor import Actor


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


def moderated_by(actor: Actor) -> QuerySet[Chat]:
    """Return the chats the actor moderates: owned, named in, of led units, or by a granted right."""
    named = ChatMember.objects.filter(person=actor.person, until=None, is_moderator=True).values("chat_id")
    granted = {unit for name, unit in actor.granted if name == "moderate_chats" and unit is not None}
    moderated = Q(owner=actor.person) | Q(pk__in=named) | Q(unit__in=actor.led_unit_ids | granted)
    if can_handle_reports(actor):
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
    if can_handle_reports(actor):
        return reports
    return reports.filter(chat__in=moderated_by(actor).values("pk"))


def mutes_in(chat: Chat) -> QuerySet[Mute]:
    """Return who may not write in the chat right now."""
    return Mute.objects.filter(chat=chat, until__gt=timezone.now()).select_related("person", "created_by")


def inspections_of(actor: Actor) -> QuerySet[Inspection]:
    """Return the looks into chats of the organization, the latest first: everybody of the administration sees all."""
    looks = Inspection.objects.filter(organization=actor.organization.pk)
    return looks.select_related("person", "chat__unit").order_by("-id")


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
