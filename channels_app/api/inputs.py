"""What may come into the API of channels: shapes and bounds. What a text may be is judged by the services."""

from typing import Any

from rest_framework import serializers

from channels_app.models import Notify, ReactionKind
from channels_app.services.reading import MOST_SEEN
from orgs.api.circles import MOST_CIRCLES, Circle
from orgs.api.fields import MAX_ID, Id, Ids, Text
from polls.inputs import NewPoll
from readings.models import ParentsConfirm

MOST_POSTS = 100
PUBLISHING = ["draft", "now", "plan"]
SCOPES = ["mine", "queue"]


class Words(serializers.CharField):
    """A text in several lines, exactly as it was typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, allow_blank=True, **kwargs)


class Circles(serializers.ListField):
    child = Circle()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MOST_CIRCLES, **kwargs)


class Revision(serializers.IntegerField):
    """Which version of the words the writer has seen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=MAX_ID, **kwargs)


class ClientKey(serializers.UUIDField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False, allow_null=True, default=None, help_text="Sent again, it makes nothing twice.", **kwargs
        )


# --- Channels ---------------------------------------------------------------------------------------------------------
class ListQuery(serializers.Serializer[Any]):
    archived = serializers.BooleanField(default=False, help_text="Those in the archive instead.")


class NewChannel(serializers.Serializer[Any]):
    title = Text(max_length=120)
    description = Text(required=False, allow_blank=True, max_length=300, default="")
    circles = Circles(help_text="Whom it is for.")
    has_comments = serializers.BooleanField(required=False, default=False)


class ChannelFields(serializers.Serializer[Any]):
    """What is not named stays."""

    title = Text(required=False, allow_blank=True, max_length=120, help_text="Empty: its own name again.")
    description = Text(required=False, allow_blank=True, max_length=300)
    circles = Circles(required=False)
    has_comments = serializers.BooleanField(required=False)


class Publicity(serializers.Serializer[Any]):
    is_public = serializers.BooleanField()


class ChannelNotifyChoice(serializers.Serializer[Any]):
    notify = serializers.ChoiceField(choices=Notify.choices)


class UnitsWanted(serializers.Serializer[Any]):
    wanted = serializers.BooleanField(help_text="Each unit has a channel of its own, also every new one.")


class OneUnit(serializers.Serializer[Any]):
    unit = Id()


# --- Posts ------------------------------------------------------------------------------------------------------------
class PageQuery(serializers.Serializer[Any]):
    after = serializers.CharField(
        required=False, allow_blank=True, max_length=60, default="", help_text="`next` of the page before."
    )
    channel = Id(required=False, help_text="This channel only.")
    limit = serializers.IntegerField(required=False, min_value=1, max_value=MOST_POSTS, default=20)


class SearchQuery(PageQuery):
    q = Text(required=False, allow_blank=True, max_length=200, default="", help_text="Words, all of which must occur.")


class NewReading(serializers.Serializer[Any]):
    """Who must confirm the post (CHAN-4)."""

    circles = Circles(required=False, default=list, help_text="None: whom the channel is for.")
    due_on = serializers.DateField(required=False, allow_null=True, default=None, help_text="The last day.")
    parents_confirm = serializers.ChoiceField(choices=ParentsConfirm.choices, default=ParentsConfirm.EACH)


class NewPost(serializers.Serializer[Any]):
    """A post needs words, files or a poll."""

    title = Words(required=False, default="")
    text = Words(required=False, default="", help_text="Markdown: bold, italic, code, quotes, lists.")
    file_ids = Ids(required=False, min_length=0, default=list, help_text="Uploads of one's own, see files/.")
    poll = NewPoll(required=False, allow_null=True, default=None)
    reading = NewReading(required=False, allow_null=True, default=None)
    client_key = ClientKey()
    publish = serializers.ChoiceField(choices=PUBLISHING, default="draft")
    publish_at = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="With `plan`: when it appears by itself."
    )


class PostFields(serializers.Serializer[Any]):
    """What is not named stays."""

    revision = Revision()
    title = Words(required=False)
    text = Words(required=False)
    file_ids = Ids(required=False, min_length=0, help_text="Those that stay and new ones, in the order wanted.")
    poll = NewPoll(required=False, allow_null=True, help_text="Until the post is published.")
    reading = NewReading(required=False, allow_null=True, help_text="Null: nobody is asked any more.")


class PlannedAt(serializers.Serializer[Any]):
    publish_at = serializers.DateTimeField()


class SeenPosts(serializers.Serializer[Any]):
    posts = Ids(max_length=MOST_SEEN)


class ReactionChoice(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=ReactionKind.choices, allow_blank=True, help_text="Empty: take it back.")


class NewComment(serializers.Serializer[Any]):
    text = Words()
    client_key = ClientKey()


# --- Proposed texts ---------------------------------------------------------------------------------------------------
class ProposalsQuery(serializers.Serializer[Any]):
    scope = serializers.ChoiceField(
        choices=SCOPES, default="mine", help_text="`queue`: what waits for my decision, the oldest first."
    )


class NewProposal(serializers.Serializer[Any]):
    title = Words(required=False, default="")
    text = Words(required=False, default="")
    file_ids = Ids(required=False, min_length=0, default=list)
    wanted_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    client_key = ClientKey()


class ProposalFields(serializers.Serializer[Any]):
    """What is not named stays."""

    title = Words(required=False)
    text = Words(required=False)
    file_ids = Ids(required=False, min_length=0)
    wanted_at = serializers.DateTimeField(required=False, allow_null=True)


class Remark(serializers.Serializer[Any]):
    revision = Revision()
    remark = Words(help_text="What is to be changed; the author reads it.")


class Acceptance(serializers.Serializer[Any]):
    """What is not named is taken from the proposed text."""

    revision = Revision()
    title = Words(required=False)
    text = Words(required=False)
    file_ids = Ids(required=False, min_length=0)
    poll = NewPoll(required=False, allow_null=True, default=None)
    reading = NewReading(required=False, allow_null=True, default=None)
    publish_at = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="When it appears by itself; null: now."
    )
    client_key = ClientKey()
