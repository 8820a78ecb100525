"""What leaves the API of channels. The shapes are built by hand (channels_app/shapes.py); these describe them, and a
test compares the two."""

from typing import Any

from rest_framework import serializers

from channels_app.models import ChannelKind, Notify, ProposalState
from files.api.shapes import HeldFile
from orgs.api.circles import CircleShape
from orgs.api.fields import UnitRef
from polls.shapes import PollSerializer

POST_STATES = ["draft", "planned", "published", "removed"]


class ChannelPerson(serializers.Serializer[Any]):
    """Somebody in a channel: no phone number is ever shown."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class ChannelRef(serializers.Serializer[Any]):
    """A channel in one line."""

    id = serializers.IntegerField()
    title = serializers.CharField()


class ListedChannel(ChannelRef):
    """A channel of my list (CHAN-1)."""

    kind = serializers.ChoiceField(choices=ChannelKind.choices)
    description = serializers.CharField()
    unit = UnitRef(allow_null=True)
    is_public = serializers.BooleanField(help_text="Its posts are read by anybody, without signing in.")
    has_comments = serializers.BooleanField()
    is_archived = serializers.BooleanField()
    last_post_at = serializers.DateTimeField()
    is_reader = serializers.BooleanField(help_text="False for those who only run the channels.")
    unread = serializers.IntegerField()
    notify = serializers.ChoiceField(choices=Notify.choices)
    may_publish = serializers.BooleanField()
    may_propose = serializers.BooleanField()
    may_manage = serializers.BooleanField()


class ChannelDetail(ListedChannel):
    """One channel, with whom it is for."""

    circles = CircleShape(many=True)
    reader_count = serializers.IntegerField(help_text="Today, with or without an account.")


# --- Posts ------------------------------------------------------------------------------------------------------------
class PostReading(serializers.Serializer[Any]):
    """What has to be confirmed about a post (CHAN-4)."""

    id = serializers.IntegerField()
    due_on = serializers.DateField(allow_null=True)
    version = serializers.IntegerField()
    is_open = serializers.BooleanField()
    is_asked = serializers.BooleanField(help_text="I am asked today.")
    is_done = serializers.BooleanField(help_text="Nothing is left to me.")
    confirmed_at = serializers.DateTimeField(allow_null=True, help_text="By me.")


class PostShape(serializers.Serializer[Any]):
    """A post as I see it. `html` is safe to show."""

    id = serializers.IntegerField()
    channel = ChannelRef()
    state = serializers.ChoiceField(choices=POST_STATES)
    author = ChannelPerson(allow_null=True)
    title = serializers.CharField()
    text = serializers.CharField()
    html = serializers.CharField()
    files = HeldFile(many=True, help_text="Pictures are the gallery, in this order.")
    poll = PollSerializer(allow_null=True)
    votes = serializers.ListField(
        child=serializers.IntegerField(), allow_null=True, help_text="My choice; null: I have not voted."
    )
    reading = PostReading(allow_null=True)
    publish_at = serializers.DateTimeField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    edited_at = serializers.DateTimeField(allow_null=True)
    deleted_at = serializers.DateTimeField(allow_null=True)
    revision = serializers.IntegerField(help_text="Name it when you change the post.")
    is_pinned = serializers.BooleanField()
    view_count = serializers.IntegerField()
    comment_count = serializers.IntegerField()
    reactions = serializers.DictField(child=serializers.IntegerField(), help_text="How many of each kind.")
    my_reaction = serializers.CharField()
    is_seen = serializers.BooleanField()
    may_edit = serializers.BooleanField()
    may_comment = serializers.BooleanField()


class PostPage(serializers.Serializer[Any]):
    """A page of posts, the latest first."""

    posts = PostShape(many=True)
    next = serializers.CharField(help_text="Give it as `after` for the following page; empty at the end.")


class PostVersionShape(serializers.Serializer[Any]):
    """How a published post read before an edit."""

    revision = serializers.IntegerField()
    title = serializers.CharField()
    text = serializers.CharField()
    files = serializers.ListField(child=serializers.CharField(), help_text="Their names.")
    changed_by = ChannelPerson(allow_null=True)
    changed_at = serializers.DateTimeField()


class CommentShape(serializers.Serializer[Any]):
    """A comment; of a deleted one a trace without words stays."""

    id = serializers.IntegerField()
    author = ChannelPerson(allow_null=True)
    text = serializers.CharField()
    html = serializers.CharField()
    created_at = serializers.DateTimeField()
    is_deleted = serializers.BooleanField()
    may_delete = serializers.BooleanField()


class SeenCount(serializers.Serializer[Any]):
    count = serializers.IntegerField(help_text="How many of them were new to me.")


# --- Proposed texts ---------------------------------------------------------------------------------------------------
class ProposalShape(serializers.Serializer[Any]):
    """A text that somebody proposes for a channel (CHAN-2). It stays as its author wrote it."""

    id = serializers.IntegerField()
    channel = ChannelRef()
    author = ChannelPerson()
    title = serializers.CharField()
    text = serializers.CharField()
    html = serializers.CharField()
    state = serializers.ChoiceField(choices=ProposalState.choices)
    revision = serializers.IntegerField(help_text="Name it when you decide.")
    remark = serializers.CharField()
    wanted_at = serializers.DateTimeField(allow_null=True)
    decided_by = ChannelPerson(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    post = serializers.IntegerField(allow_null=True, help_text="The post that came of it.")
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    may_decide = serializers.BooleanField()
    may_change = serializers.BooleanField()


class ProposalTurnShape(serializers.Serializer[Any]):
    """One turn between author and editors, with the words as they stood."""

    state = serializers.ChoiceField(choices=ProposalState.choices)
    person = ChannelPerson(allow_null=True)
    title = serializers.CharField()
    text = serializers.CharField()
    remark = serializers.CharField()
    created_at = serializers.DateTimeField()


class ProposalDetail(ProposalShape):
    """A proposed text with everything that was said about it."""

    files = HeldFile(many=True)
    turns = ProposalTurnShape(many=True)
