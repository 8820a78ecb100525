"""The feed of all my channels, and one channel's page (CHAN-1, CHAN-3)."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from channels_app import permissions
from channels_app.models import Channel, ChannelKind, Notify, Post
from channels_app.selectors.channels import channels_listed
from channels_app.selectors.posts import (
    Feed,
    feed_of,
    page_of_posts,
    pinned_of,
    published,
    published_in,
    search_posts,
    seen_posts,
)
from channels_app.selectors.titles import title_of
from channels_app.services import reading
from channels_app.views.cards import cards_of, mark_of
from channels_app.views.tools import address, read_channel
from common.notices import done
from orgs.actor import Actor
from orgs.pages import member_page
from orgs.views.tools import back_or, render_parts

PARTS = {"results": "channels/_results.html", "more": "channels/_posts.html"}
_PLACES = {ChannelKind.ORGANIZATION: 0, ChannelKind.STAFF: 0, ChannelKind.UNIT: 1, ChannelKind.FREE: 2}


@require_safe
@member_page
def feed(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the posts of all the actor's channels, the latest first; at most four queries of its own (CHAN-3)."""
    channels = channels_listed(actor)
    mine = [channel for channel in channels if is_mine(actor, channel)]
    ids = [channel.pk for channel in mine]
    is_search = bool(request.GET.get("q", "").strip())
    after = request.GET.get("after", "")
    page = _page(request, actor, published_in(actor, ids)) if is_search else feed_of(actor, ids, after=after)
    context = {
        **_page_context(request, actor, page, channels),
        **_list_context(actor, mine, None),
        "writable": _titled(actor, [channel for channel in channels if permissions.can_publish(actor, channel)]),
        "proposable": _titled(actor, [channel for channel in mine if permissions.can_propose(actor, channel)]),
        "can_manage": permissions.can_manage_channels(actor),
        "section": "feed",
    }
    return render_parts(request, "channels/feed.html", PARTS, context)


@require_safe
@member_page
def channel(request: HttpRequest, actor: Actor, channel_id: int) -> HttpResponse:
    """Show one channel: the pinned post, then the others, and what the actor may do there."""
    found = read_channel(actor, channel_id)
    channels = channels_listed(actor)
    page = _page(request, actor, published(found.posts.all()))
    is_first = not request.GET.get("after") and not request.GET.get("q")
    pinned = pinned_of(actor, found) if is_first else None
    page = Feed([post for post in page.posts if pinned is None or post.pk != pinned.pk], page.next)
    context = {
        **_page_context(request, actor, page, [found], pinned),
        **_list_context(actor, [row for row in channels if is_mine(actor, row)], found),
        **_rights(actor, found),
        "channel": found,
        "title": title_of(found, actor.words),
        "is_notified": found.notify == Notify.ALL,  # type: ignore[attr-defined]
        "section": "channel",
    }
    return render_parts(request, "channels/channel.html", PARTS, context)


def _rights(actor: Actor, found: Channel) -> dict[str, bool]:
    return {
        "can_publish": permissions.can_publish(actor, found),
        "can_propose": permissions.can_propose(actor, found),
        "can_manage": permissions.can_manage_channels(actor),
    }


def is_mine(actor: Actor, found: Channel) -> bool:
    """Tell whether the channel stands in the actor's own list: read, led, or written by a granted right."""
    return (
        found.is_reader or found.is_editor or found.unit_id in actor.led_unit_ids  # type: ignore[attr-defined]
    )


def _page(request: HttpRequest, actor: Actor, posts: Any) -> Feed:
    found = seen_posts(actor, posts)
    if request.GET.get("q", "").strip():
        found = search_posts(found, request.GET["q"])
    return page_of_posts(found, request.GET.get("after", ""))


def _page_context(
    request: HttpRequest, actor: Actor, page: Feed, channels: Sequence[Channel], pinned: Post | None = None
) -> dict[str, Any]:
    posts = [pinned, *page.posts] if pinned is not None else page.posts
    cards = cards_of(actor, posts, {channel.pk: channel for channel in channels})
    return {
        "cards": cards,
        "next": page.next,
        "is_continued": bool(request.GET.get("after")),
        "q": request.GET.get("q", "").strip()[:200],
    }


def _list_context(actor: Actor, mine: Sequence[Channel], chosen: Channel | None) -> dict[str, Any]:
    """The list of channels, built once: in groups at the left of a wide screen, as chips on a phone."""
    entries: list[dict[str, Any]] = [
        {
            "channel": row,
            "title": title_of(row, actor.words),
            "mark": mark_of(title_of(row, actor.words)),
            "url": address(actor, "channel", channel_id=row.pk),
            "unread": row.unread if row.is_reader else 0,  # type: ignore[attr-defined]
            "is_active": chosen is not None and row.pk == chosen.pk,
            "place": _PLACES[ChannelKind(row.kind)],
        }
        for row in mine
    ]
    entries.sort(key=lambda entry: entry["place"])  # stable: within a group the latest stay first
    return {"entries": entries, "unread": sum(entry["unread"] for entry in entries), "has_channels": bool(entries)}


def _titled(actor: Actor, channels: Sequence[Channel]) -> list[dict[str, Any]]:
    return [{"pk": channel.pk, "title": title_of(channel, actor.words)} for channel in channels]


# --- What a reader says about the whole ------------------------------------------------------------------------------
@require_POST
@member_page
def seen_all(request: HttpRequest, actor: Actor, channel_id: int | None = None) -> HttpResponse:
    """Let nothing be unread, in one channel or in all."""
    found = read_channel(actor, channel_id) if channel_id is not None else None
    reading.mark_all_seen(actor=actor, channel=found)
    done(request, _("Everything is marked as read."))
    back = address(actor, "feed") if found is None else address(actor, "channel", channel_id=found.pk)
    return redirect(back)


@require_POST
@member_page
def notify(request: HttpRequest, actor: Actor, channel_id: int) -> HttpResponse:
    """The bell: be told of new posts of the channel, or not."""
    found = read_channel(actor, channel_id)
    wanted = request.POST.get("notify", "")
    if wanted not in Notify.values:
        wanted = Notify.NONE if found.notify == Notify.ALL else Notify.ALL  # type: ignore[attr-defined]
    reading.set_notify(actor=actor, channel=found, notify=wanted)
    told = _("You will be told of new posts of this channel.")
    silent = _("New posts of this channel will not be announced to you.")
    done(request, told if wanted == Notify.ALL else silent)
    return back_or(request, address(actor, "channel", channel_id=found.pk))
