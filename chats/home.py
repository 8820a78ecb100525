"""What chats add to the home page: reports that wait for a moderator, messages that wait for me."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chats.selectors.overview import unread_of
from chats.selectors.safety import reports_visible_to
from orgs.actor import Actor
from orgs.home import Attention


def attention(actor: Actor) -> list[Attention]:
    """Return what waits for `actor`; two queries, one for parents and students."""
    found = [_reports(actor) if actor.is_staff else None, _unread(actor)]
    return [entry for entry in found if entry is not None]


def _reports(actor: Actor) -> Attention | None:
    count = reports_visible_to(actor).filter(decision="").count()
    if not count:
        return None
    title = ngettext("%(count)s report of a message waits", "%(count)s reports of messages wait", count)
    url = reverse("chats:reports", args=[actor.organization.slug])
    text = _("Look at the message and decide: leave it, remove it, warn, pause.")
    return Attention(title % {"count": count}, text, url, count, "flag", "warn")


def _unread(actor: Actor) -> Attention | None:
    unread = unread_of(actor)
    if not unread.messages:
        return None
    title = ngettext("%(count)s unread message", "%(count)s unread messages", unread.messages)
    chats = ngettext("in %(count)s chat", "in %(count)s chats", len(unread.chat_ids)) % {"count": len(unread.chat_ids)}
    slug = actor.organization.slug
    only = unread.chat_ids[0] if len(unread.chat_ids) == 1 else None
    url = reverse("chats:list", args=[slug]) if only is None else reverse("chats:chat", args=[slug, only])
    return Attention(title % {"count": unread.messages}, chats, url, unread.messages, "messages", group="new")
