"""What chats add to the daily letter: in which chats how much is unread; no words of messages (CHAT-4)."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from chats.models import Notify
from chats.selectors.chats import list_of
from chats.selectors.recipients import people_who_missed
from chats.selectors.titles import title_of
from orgs.actor import Actor
from orgs.digest import Line, Part


def lines(actor: Actor, since: datetime) -> list[Line]:
    """Return the chats in which something was written after `since` and is unread, the latest first; one query."""
    chats = list_of(actor).filter(last_message_at__gt=since, unread__gt=0, notify=Notify.ALL)  # type: ignore[misc]
    root = settings.SITE_URL.rstrip("/")
    slug = actor.organization.slug
    return [
        Line(title_of(chat, actor.words), chat.unread, root + reverse("chats:chat", args=[slug, chat.pk]))  # type: ignore[attr-defined]
        for chat in chats
    ]


part = Part(gettext_lazy("Chats"), people_who_missed, lines)
