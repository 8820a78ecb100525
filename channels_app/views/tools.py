"""What the pages of channels share: addresses, and which channel or post an address means to whom."""

from typing import Any

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from channels_app import permissions
from channels_app.models import Channel, Post, Proposal
from channels_app.selectors.channels import find_channel
from channels_app.selectors.posts import channel_of, find_post
from channels_app.selectors.proposals import find_proposal
from common.errors import require
from orgs.actor import Actor


def address(actor: Actor, name: str, **values: Any) -> str:
    """Return the address of the page `channels:<name>` in the actor's organization."""
    return reverse(f"channels:{name}", kwargs={"slug": actor.organization.slug, **values})


def to(actor: Actor, name: str, **values: Any) -> HttpResponseRedirect:
    """Redirect to the page `channels:<name>` of the actor's organization."""
    return redirect(address(actor, name, **values))


def read_channel(actor: Actor, channel_id: int) -> Channel:
    """Return a channel the actor may read; 404 for any other."""
    channel = find_channel(actor, channel_id)
    if channel is None:
        raise Http404
    return channel


def managed_channel(actor: Actor, channel_id: int) -> Channel:
    """Return a channel for a page that changes it: 404 when it is not visible, 403 for its readers."""
    channel = read_channel(actor, channel_id)
    require(permissions.can_manage_channels(actor))
    return channel


def published_channel(actor: Actor, channel_id: int) -> Channel:
    """Return a channel for a page that writes in it: 404 when it is not visible, 403 for its readers."""
    channel = read_channel(actor, channel_id)
    require(permissions.can_publish(actor, channel))
    return channel


def read_post(actor: Actor, post_id: int) -> Post:
    """Return a post the actor may open, with what depends on who reads; 404 for any other."""
    post = find_post(actor, post_id)
    if post is None:
        raise Http404
    return post


def read_published(actor: Actor, post_id: int) -> Post:
    """Return a post on which readers act; a draft or a removed one has no readers (404)."""
    post = read_post(actor, post_id)
    if not post.is_published:
        raise Http404
    return post


def edited_post(actor: Actor, post_id: int) -> tuple[Post, Channel]:
    """Return a post with its channel for those who publish there: 404 when it is not visible, 403 for readers."""
    post = read_post(actor, post_id)
    channel = channel_of(actor, post)
    require(permissions.can_publish(actor, channel))
    return post, channel


def known_proposal(actor: Actor, proposal_id: int) -> Proposal:
    """Return a proposal the actor may see; 404 for any other."""
    proposal = find_proposal(actor, proposal_id)
    if proposal is None:
        raise Http404
    return proposal
