"""Posts: writing, publishing, changing, removing (CHAN-3); what has to be confirmed about them (CHAN-4)."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from channels_app import permissions
from channels_app.api.base import ChannelsView, poll_of, terms_from
from channels_app.api.inputs import NewPost, PlannedAt, PostFields
from channels_app.api.serializers import ChannelPerson, PostShape, PostVersionShape
from channels_app.models import Post
from channels_app.selectors.posts import parts_of, removed_of, seen_posts, unpublished_of, versions_of, viewers_of
from channels_app.services import publishing
from channels_app.services.posts import PostDraft, change, terms_of, write
from channels_app.shapes import Shape, person_shape, post_shapes, version_shape
from common.errors import require
from orgs.api.base import ByName, NewestFirst


class PostView(ChannelsView):
    """`/o/<slug>/channels/posts/`."""

    serializer_class = PostShape
    pagination_class = NewestFirst

    @extend_schema(operation_id="channel_posts_create", tags=["posts"], request=NewPost, responses={201: PostShape})
    def create(self, request: Request, slug: str, pk: int) -> Response:
        """Write a post: a draft, published now, or planned. The same `client_key` sent again answers with the post
        that is already there.

        400 `post_empty`, `text_too_long`, `title_too_long`, `file_not_yours`, `publish_at_past`, `publish_at_far`.
        """
        channel = self.get_channel(pk)
        require(permissions.can_publish(self.actor, channel))
        data = self.read(NewPost)
        how, at = data.pop("publish"), data.pop("publish_at")
        if how == "plan" and at is None:
            raise serializers.ValidationError({"publish_at": [_("Say when it is to appear.")]})
        draft = PostDraft(**{**data, "poll": poll_of(data["poll"]), "reading": terms_from(data["reading"])})
        if how == "now":
            post = publishing.publish_now(actor=self.actor, channel=channel, draft=draft)
        elif how == "plan":
            post = publishing.plan_new(actor=self.actor, channel=channel, draft=draft, at=at)
        else:
            post = write(actor=self.actor, channel=channel, draft=draft)
        return self.answer_anew(post.pk, status=201)

    @extend_schema(operation_id="channel_posts_unpublished", tags=["posts"], responses=PostShape(many=True))
    def unpublished(self, request: Request, slug: str) -> Response:
        """Drafts and planned posts of the channels in which I publish, the newest first."""
        return self.shaped_page(seen_posts(self.actor, unpublished_of(self.actor)), self.shapes)

    @extend_schema(operation_id="channel_posts_removed", tags=["posts"], responses=PostShape(many=True))
    def removed(self, request: Request, slug: str) -> Response:
        """Removed posts that can be brought back for 30 days, the newest first."""
        return self.shaped_page(seen_posts(self.actor, removed_of(self.actor)), self.shapes)

    def shapes(self, posts: Sequence[Post]) -> list[Shape]:
        for post in posts:
            post.channel.is_editor = post.is_editor  # type: ignore[attr-defined]
        return post_shapes(self.actor, posts, parts_of(posts, person_id=self.actor.person.pk), {})

    @extend_schema(operation_id="channel_posts_get", tags=["posts"])
    def retrieve(self, request: Request, slug: str, pk: int) -> Response:
        """One post as it is now."""
        return self.answer_anew(pk)

    @extend_schema(operation_id="channel_posts_change", tags=["posts"], request=PostFields, responses=PostShape)
    def partial_update(self, request: Request, slug: str, pk: int) -> Response:
        """Change a post. Of a published one the words before are kept, and who must confirm it is asked anew.

        409 `post_changed_meanwhile`: `revision` is not the latest.
        """
        post = self.get_edited(pk)
        data = self.read(PostFields)
        draft = PostDraft(
            title=data.get("title", post.title),
            text=data.get("text", post.text),
            file_ids=data.get("file_ids", [row.file_id for row in parts_of([post]).files.get(post.pk, [])]),
            poll=poll_of(data.get("poll")),
            keeps_poll="poll" not in data,
            reading=terms_from(data["reading"]) if "reading" in data else terms_of(post.reading),
        )
        change(actor=self.actor, post=post, draft=draft, revision=data["revision"])
        return self.answer_anew(pk)

    @extend_schema(
        operation_id="channel_posts_delete", tags=["posts"], responses={204: OpenApiResponse(description="Removed")}
    )
    def destroy(self, request: Request, slug: str, pk: int) -> Response:
        """Remove a post or a draft; for 30 days it can be brought back. Twice is once."""
        publishing.delete(actor=self.actor, post=self.get_edited(pk))
        return Response(status=204)

    @extend_schema(operation_id="channel_posts_publish", tags=["posts"], request=None)
    def publish(self, request: Request, slug: str, pk: int) -> Response:
        """Let a draft or a planned post appear now. Twice is once."""
        post = self.get_edited(pk)
        row = publishing.publish(actor=self.actor, post=post)
        if row.reading_id is not None:
            return self.answer_anew(pk)
        post.published_at, post.revision = row.published_at, row.revision
        post.title, post.text, post.html = row.title, row.text, row.html
        return self.answer_post(post)

    @extend_schema(operation_id="channel_posts_plan", tags=["posts"], request=PlannedAt)
    def plan(self, request: Request, slug: str, pk: int) -> Response:
        """Let a post appear by itself at a set time. 400 `publish_at_past`, `publish_at_far`, 409 `post_published`."""
        post = self.get_edited(pk)
        publishing.plan(actor=self.actor, post=post, at=self.read(PlannedAt)["publish_at"])
        return self.answer_anew(pk)

    @extend_schema(operation_id="channel_posts_unplan", tags=["posts"], request=None)
    def unplan(self, request: Request, slug: str, pk: int) -> Response:
        """Make a planned post a draft again. 409 `post_published`."""
        publishing.unplan(actor=self.actor, post=self.get_edited(pk))
        return self.answer_anew(pk)

    @extend_schema(operation_id="channel_posts_pin", tags=["posts"], request=None)
    def pin(self, request: Request, slug: str, pk: int) -> Response:
        """Pin a published post to the top of its channel, in place of the one pinned before."""
        publishing.pin(actor=self.actor, post=self.get_edited(pk), pinned=True)
        return self.answer_anew(pk)

    @extend_schema(operation_id="channel_posts_unpin", tags=["posts"], request=None)
    def unpin(self, request: Request, slug: str, pk: int) -> Response:
        """Unpin a post."""
        publishing.pin(actor=self.actor, post=self.get_edited(pk), pinned=False)
        return self.answer_anew(pk)

    @extend_schema(operation_id="channel_posts_restore", tags=["posts"], request=None)
    def restore(self, request: Request, slug: str, pk: int) -> Response:
        """Bring a removed post back where it stood. Twice is once."""
        publishing.restore(actor=self.actor, post=self.get_edited(pk))
        return self.answer_anew(pk)


class PostVersionView(ChannelsView):
    """`/o/<slug>/channels/posts/<id>/versions/`."""

    serializer_class = PostVersionShape
    pagination_class = None

    @extend_schema(operation_id="channel_posts_versions", tags=["posts"], responses=PostVersionShape(many=True))
    def list(self, request: Request, slug: str, pk: int) -> Response:
        """How a published post read before each edit, the latest first; for those who publish in the channel."""
        return Response([version_shape(version) for version in versions_of(self.get_edited(pk))])


class PostViewersView(ChannelsView):
    """`/o/<slug>/channels/posts/<id>/viewers/`."""

    serializer_class = ChannelPerson
    pagination_class = ByName

    @extend_schema(operation_id="channel_posts_viewers", tags=["posts"], responses=ChannelPerson(many=True))
    def list(self, request: Request, slug: str, pk: int) -> Response:
        """Who has seen the post, by name; the others see the number."""
        post = self.get_post(pk)
        require(permissions.can_see_viewers(self.actor, post.channel))

        def shapes(people: Sequence[Any]) -> list[Shape]:
            return [person_shape(person) or {} for person in people]

        return self.shaped_page(viewers_of(post), shapes)
