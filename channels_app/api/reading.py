"""What readers do: the feed, search, views, reactions, votes, comments (CHAN-3)."""

from collections.abc import Sequence

from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from channels_app import permissions
from channels_app.api.base import ChannelsView
from channels_app.api.inputs import NewComment, PageQuery, ReactionChoice, SearchQuery, SeenPosts
from channels_app.api.serializers import CommentShape, PostPage, PostShape, SeenCount
from channels_app.models import Channel, Comment
from channels_app.selectors.channels import list_of
from channels_app.selectors.posts import (
    comments_of,
    feed_of,
    find_comment,
    page_of_posts,
    published_in,
    search_posts,
    seen_posts,
)
from channels_app.services import reading
from channels_app.shapes import Shape, comment_shape
from common.api import CursorPagination
from common.errors import require
from polls.inputs import Votes


class InOrder(CursorPagination):
    """Comments in their order."""

    ordering = ("id",)


class FeedView(ChannelsView):
    """`/o/<slug>/channels/feed/` and its neighbours."""

    serializer_class = PostPage
    pagination_class = None

    def get_channels(self, channel: int | None) -> list[Channel]:
        """Return the channels of the feed: those the actor reads, or one the actor may look into; 404."""
        if channel is not None:
            return [self.get_channel(channel)]
        return [row for row in list_of(self.actor) if row.is_reader or row.is_editor]  # type: ignore[attr-defined]

    @extend_schema(operation_id="channels_feed", tags=["posts"], parameters=[PageQuery], responses=PostPage)
    def feed(self, request: Request, slug: str) -> Response:
        """Published posts of my channels, or of one, the latest first. Eight statements whatever their number."""
        query = self.read_query(PageQuery)
        channels = self.get_channels(query.get("channel"))
        ids = [channel.pk for channel in channels]
        return self.answer_feed(feed_of(self.actor, ids, after=query["after"], limit=query["limit"]), channels)

    @extend_schema(operation_id="channels_search", tags=["posts"], parameters=[SearchQuery], responses=PostPage)
    def search(self, request: Request, slug: str) -> Response:
        """Posts of my channels, or of one, with every word of `q`, the latest first."""
        query = self.read_query(SearchQuery)
        channels = self.get_channels(query.get("channel"))
        posts = search_posts(published_in(self.actor, [channel.pk for channel in channels]), query["q"])
        page = page_of_posts(seen_posts(self.actor, posts), query["after"], query["limit"])
        return self.answer_feed(page, channels)

    @extend_schema(operation_id="channels_seen", tags=["posts"], request=SeenPosts, responses={200: SeenCount})
    def seen(self, request: Request, slug: str) -> Response:
        """Note that I have seen those posts; each counts once for each person."""
        return Response({"count": reading.mark_seen(actor=self.actor, post_ids=self.read(SeenPosts)["posts"])})


class ReaderView(ChannelsView):
    """What a reader does with one post."""

    serializer_class = PostShape
    pagination_class = None

    @extend_schema(operation_id="channel_posts_react", tags=["posts"], request=ReactionChoice, responses=PostShape)
    def react(self, request: Request, slug: str, pk: int) -> Response:
        """Give my reaction in place of an earlier one, or take it back."""
        post = self.get_published(pk)
        reading.react(actor=self.actor, post=post, kind=self.read(ReactionChoice)["kind"])
        return self.answer_anew(pk)

    @extend_schema(operation_id="channel_posts_vote", tags=["posts"], request=Votes, responses=PostShape)
    def vote(self, request: Request, slug: str, pk: int) -> Response:
        """Vote in the post's poll; in an open one this replaces the earlier choice, none takes it back.

        409 `poll_gone`, `poll_closed`, `poll_already_voted`.
        """
        post = self.get_published(pk)
        reading.vote(actor=self.actor, post=post, option_ids=self.read(Votes)["options"])
        return self.answer_anew(pk)

    @extend_schema(operation_id="channel_posts_close_poll", tags=["posts"], request=None, responses=PostShape)
    def close_poll(self, request: Request, slug: str, pk: int) -> Response:
        """Take no more votes. 409 `poll_gone`."""
        reading.close_poll(actor=self.actor, post=self.get_edited(pk))
        return self.answer_anew(pk)


class CommentView(ChannelsView):
    """`/o/<slug>/channels/posts/<id>/comments/`."""

    serializer_class = CommentShape
    pagination_class = InOrder

    @extend_schema(operation_id="channel_comments_list", tags=["posts"], responses=CommentShape(many=True))
    def list(self, request: Request, slug: str, pk: int) -> Response:
        """Comments on a post in their order."""
        post = self.get_post(pk)

        def shapes(comments: Sequence[Comment]) -> list[Shape]:
            return [comment_shape(self.actor, post.channel, comment) for comment in comments]

        return self.shaped_page(comments_of(post), shapes)

    @extend_schema(
        operation_id="channel_comments_create", tags=["posts"], request=NewComment, responses={201: CommentShape}
    )
    def create(self, request: Request, slug: str, pk: int) -> Response:
        """Comment a post. 403 where the channel takes no comments; 400 `text_empty`, `text_too_long`."""
        post = self.get_published(pk)
        require(permissions.can_comment(self.actor, post.channel, post))
        made = reading.comment(actor=self.actor, post=post, **self.read(NewComment))
        return Response(comment_shape(self.actor, post.channel, made), status=201)

    @extend_schema(
        operation_id="channel_comments_delete", tags=["posts"], responses={204: OpenApiResponse(description="Deleted")}
    )
    def destroy(self, request: Request, slug: str, pk: int) -> Response:
        """Delete my comment, or any where I publish; a trace without words stays. Twice is once."""
        found = find_comment(self.actor, pk)
        if found is None:
            raise Http404
        comment, post = found
        if comment.deleted_at is None:
            require(permissions.can_delete_comment(self.actor, post.channel, comment))
            reading.delete_comment(actor=self.actor, comment=comment)
        return Response(status=204)
