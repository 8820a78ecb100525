"""What channels add to the daily letter: in which channels how many posts are not seen; no words of posts (CHAN-3)."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from channels_app.models import Channel, Notify
from channels_app.selectors.channels import unread_of
from channels_app.selectors.missed import readers_who_missed
from channels_app.selectors.titles import title_of
from orgs.actor import Actor
from orgs.digest import Line, Part


def lines(actor: Actor, since: datetime) -> list[Line]:
    """Return the channels in which something was published after `since` and is not seen, in the order of the list;
    one query."""
    return [_line(channel, actor) for channel in unread_of(actor) if _is_missed(channel, since)]


def _is_missed(channel: Channel, since: datetime) -> bool:
    return channel.last_post_at > since and channel.notify == Notify.ALL  # type: ignore[attr-defined]


def _line(channel: Channel, actor: Actor) -> Line:
    url = settings.SITE_URL.rstrip("/") + reverse("channels:channel", args=[actor.organization.slug, channel.pk])
    return Line(title_of(channel, actor.words), channel.unread, url)  # type: ignore[attr-defined]


part = Part(gettext_lazy("Channels"), readers_who_missed, lines)
