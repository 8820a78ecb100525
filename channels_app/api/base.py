"""What the views of channels share: which channel, post or proposal an address means, and shapes built by hand."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from rest_framework.response import Response

from channels_app import permissions
from channels_app.models import Channel, Post, Proposal
from channels_app.selectors.channels import find_channel, people_of
from channels_app.selectors.posts import Feed, find_post, parts_of
from channels_app.selectors.proposals import files_of, find_proposal, turns_of
from channels_app.services.posts import ReadingTerms
from channels_app.shapes import Shape, channel_detail, post_shape, post_shapes, proposal_detail
from common.errors import require
from orgs.api.base import MemberViewSet
from orgs.api.circles import circles_of
from polls.services import PollData


class ChannelsView(MemberViewSet):
    """Base of everything below `/o/<slug>/channels/`."""

    def get_channel(self, pk: int) -> Channel:
        """Return a channel the actor may read, with what depends on who reads, in one query; 404."""
        channel = find_channel(self.actor, pk)
        if channel is None:
            raise Http404
        return channel

    def get_managed(self, pk: int) -> Channel:
        """Return a channel the actor runs; 404 or 403."""
        channel = self.get_channel(pk)
        require(permissions.can_manage_channels(self.actor))
        return channel

    def get_post(self, pk: int) -> Post:
        """Return a post the actor may open, in one query; 404."""
        post = find_post(self.actor, pk)
        if post is None:
            raise Http404
        return post

    def get_edited(self, pk: int) -> Post:
        """Return a post in whose channel the actor publishes; 404 or 403."""
        post = self.get_post(pk)
        require(permissions.can_publish(self.actor, post.channel))
        return post

    def get_published(self, pk: int) -> Post:
        """Return a post on which readers act; a draft or a removed one has no readers (404)."""
        post = self.get_post(pk)
        if not post.is_published:
            raise Http404
        return post

    def get_proposal(self, pk: int) -> Proposal:
        """Return a proposal the actor may see, whose channel knows what the rules ask; 404."""
        proposal = find_proposal(self.actor, pk)
        if proposal is None:
            raise Http404
        return proposal

    def answer_channel(self, pk: int, *, status: int = 200) -> Response:
        channel = self.get_channel(pk)
        return Response(channel_detail(self.actor, channel, reader_count=people_of(channel).count()), status=status)

    def answer_post(self, post: Post, *, status: int = 200) -> Response:
        """Answer with a post that `get_post` gave."""
        parts = parts_of([post], person_id=self.actor.person.pk)
        return Response(post_shape(self.actor, post, parts), status=status)

    def answer_anew(self, pk: int, *, status: int = 200) -> Response:
        """Answer with a post as it is after a change."""
        return self.answer_post(self.get_post(pk), status=status)

    def answer_feed(self, feed: Feed, channels: Sequence[Channel]) -> Response:
        parts = parts_of(feed.posts, person_id=self.actor.person.pk)
        shapes = post_shapes(self.actor, feed.posts, parts, {channel.pk: channel for channel in channels})
        return Response({"posts": shapes, "next": feed.next})

    def answer_proposal(self, pk: int, *, status: int = 200) -> Response:
        proposal = self.get_proposal(pk)
        shape = proposal_detail(self.actor, proposal, files_of(proposal), turns_of(proposal))
        return Response(shape, status=status)

    def shaped_page(self, rows: QuerySet[Any], shapes: Callable[[Sequence[Any]], list[Shape]]) -> Response:
        """Answer with one page of `rows`, which `shapes` turns into JSON all at once."""
        found = self.paginator.paginate_queryset(rows, self.request, view=self)  # type: ignore[union-attr]
        return self.paginator.get_paginated_response(shapes(found or []))  # type: ignore[union-attr]


def poll_of(data: dict[str, Any] | None) -> PollData | None:
    """Return a poll as services take it."""
    return PollData(**data) if data is not None else None


def terms_from(data: dict[str, Any] | None) -> ReadingTerms | None:
    """Return what has to be confirmed as services take it."""
    return ReadingTerms(**{**data, "circles": circles_of(data["circles"])}) if data is not None else None
