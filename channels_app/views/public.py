"""Channels that are open to everybody: pages without signing in, files, and an Atom feed. All else is not found."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import condition, require_safe

from channels_app.models import Channel, Post, PostFile
from channels_app.selectors.channels import public_channels
from channels_app.selectors.posts import page_of_posts, public_posts, published
from channels_app.selectors.titles import title_of
from channels_app.services.posts import label_of
from channels_app.views.atom import Entry, atom_of
from channels_app.views.cards import public_cards
from files.serving import respond
from orgs.models import Organization
from orgs.vocabulary import vocabulary_of

ENTRIES = 30


def open_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Make a page that strangers read: `view(request, channels, …)` gets the open channels of the organization; where
    there are none, the organization is as if it did not exist. Times are shown in its zone."""

    @wraps(view)
    def page(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
        channels = list(public_channels(slug))
        if not channels:
            raise Http404
        with timezone.override(channels[0].organization.zone):
            return view(request, channels, **kwargs)

    return require_safe(page)


@open_page
def public_list(request: HttpRequest, channels: list[Channel]) -> HttpResponse:
    """The open channels of an organization, with the latest posts of all."""
    context = _page_context(request, channels, channels)
    return render(request, "channels/public/list.html", context)


@open_page
def public_channel(request: HttpRequest, channels: list[Channel], channel_id: int) -> HttpResponse:
    """One open channel."""
    channel = _one(channels, channel_id)
    context = _page_context(request, channels, [channel])
    return render(request, "channels/public/channel.html", context | {"channel": channel})


def _page_context(request: HttpRequest, channels: list[Channel], shown: list[Channel]) -> dict[str, Any]:
    organization = channels[0].organization
    words = vocabulary_of(organization)
    page = page_of_posts(posts_of(shown), request.GET.get("after", ""))
    return {
        "organization": organization,
        "entries": [{"channel": row, "title": title_of(row, words)} for row in channels],
        "cards": public_cards(page.posts, words),
        "title": title_of(shown[0], words),
        "next": page.next,
        "is_continued": bool(request.GET.get("after")),
    }


def posts_of(channels: list[Channel]) -> QuerySet[Post]:
    """Return what strangers read of those open channels."""
    if len(channels) == 1:
        return public_posts(channels[0])
    posts = published(Post.objects.filter(channel__in=[channel.pk for channel in channels]))
    return posts.select_related("channel__unit", "channel__organization").defer("search_text")


def _one(channels: list[Channel], channel_id: int) -> Channel:
    channel = next((row for row in channels if row.pk == channel_id), None)
    if channel is None:
        raise Http404
    return channel


def _open_post(channels: list[Channel], post_id: int) -> Post:
    return get_object_or_404(posts_of(channels).filter(channel__in=[row.pk for row in channels]), pk=post_id)


@open_page
def public_post(request: HttpRequest, channels: list[Channel], post_id: int) -> HttpResponse:
    """One post of an open channel."""
    post = _open_post(channels, post_id)
    organization = channels[0].organization
    words = vocabulary_of(organization)
    context = {
        "organization": organization,
        "card": public_cards([post], words)[0],
        "channel": post.channel,
        "title": title_of(post.channel, words),
        "label": label_of(post),
    }
    return render(request, "channels/public/post.html", context)


@open_page
def public_file(request: HttpRequest, channels: list[Channel], post_id: int, file_id: int) -> HttpResponseBase:
    """A file of a published post of an open channel."""
    post = _open_post(channels, post_id)
    held = get_object_or_404(PostFile.objects.select_related("file"), post=post.pk, file=file_id)
    return respond(held.file, request=request, preview="preview" in request.GET, download="download" in request.GET)


# --- Atom -------------------------------------------------------------------------------------------------------------
def _state(slug: str, channel_id: int) -> tuple[Organization, Channel, datetime] | None:
    channel = public_channels(slug).filter(pk=channel_id).first()
    if channel is None:
        return None
    # A removed post changes the feed as well.
    dates = channel.posts.filter(published_at__isnull=False).aggregate(
        Max("published_at"), Max("edited_at"), Max("deleted_at")
    )
    latest = max((value for value in dates.values() if value is not None), default=channel.created_at)
    return channel.organization, channel, latest


def _changed(request: HttpRequest, slug: str, channel_id: int) -> datetime | None:
    state = _state(slug, channel_id)
    return state[2] if state is not None else None


def _etag(request: HttpRequest, slug: str, channel_id: int) -> str | None:
    state = _state(slug, channel_id)
    if state is None:
        return None
    organization, channel, _latest = state
    rows = public_posts(channel).order_by("-published_at", "-id").values_list("pk", "revision")[:ENTRIES]
    facts = [organization.short_name, channel.title, channel.description, settings.SITE_URL, *map(str, rows)]
    return f'"{sha256("|".join(facts).encode()).hexdigest()[:32]}"'


@require_safe
@condition(etag_func=_etag, last_modified_func=_changed)
def public_feed(request: HttpRequest, slug: str, channel_id: int) -> HttpResponse:
    """The latest posts of an open channel for feed readers; an unchanged feed is answered by 304."""
    channels = list(public_channels(slug))
    channel = _one(channels, channel_id)
    organization = channel.organization
    words = vocabulary_of(organization)
    posts = list(posts_of([channel]).order_by("-published_at", "-id")[:ENTRIES])
    entries = [
        Entry(
            path=reverse("channels:public_post", args=[slug, card.post.pk]),
            title=label_of(card.post),
            card=card,
            name=organization.short_name,
        )
        for card in public_cards(posts, words)
    ]
    title = f"{title_of(channel, words)} — {organization.short_name}"
    path = reverse("channels:public_channel", args=[slug, channel.pk])
    own = reverse("channels:public_feed", args=[slug, channel.pk])
    body = atom_of(title, channel.description, path, own, entries)
    return HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
