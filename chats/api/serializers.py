"""What leaves the API of chats. The busy shapes are built by hand (chats/shapes.py); these describe them, and a test
compares the two."""

from typing import Any

from rest_framework import serializers

from chats.models import Kind, Notify, Template, Writers
from chats.obstacles import OBSTACLES
from files.api.shapes import HeldFile
from orgs.api.fields import UnitRef
from polls.shapes import PollSerializer


class ChatPerson(serializers.Serializer[Any]):
    """Somebody in a chat: no phone number is ever shown (CHAT-9)."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class ChatRef(serializers.Serializer[Any]):
    """A chat in one line."""

    id = serializers.IntegerField()
    title = serializers.CharField()


# --- Messages ---------------------------------------------------------------------------------------------------------
class AnsweredMessage(serializers.Serializer[Any]):
    """The beginning of the message that is answered."""

    id = serializers.IntegerField()
    number = serializers.IntegerField()
    author = ChatPerson(allow_null=True)
    snippet = serializers.CharField()


class ChatMessage(serializers.Serializer[Any]):
    """A message as everybody in the chat sees it. `html` is safe to show; `event` numbers the latest change."""

    id = serializers.IntegerField()
    chat = serializers.IntegerField()
    number = serializers.IntegerField()
    event = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    author = ChatPerson(allow_null=True, help_text="Null for notices of the platform.")
    text = serializers.CharField()
    html = serializers.CharField()
    snippet = serializers.CharField(help_text="Its beginning, in one line: for the list, and for answers to it.")
    reply_to = AnsweredMessage(allow_null=True)
    files = HeldFile(many=True)
    poll = PollSerializer(allow_null=True)
    mentions_all = serializers.BooleanField()
    is_urgent = serializers.BooleanField()
    is_pinned = serializers.BooleanField()
    client_key = serializers.UUIDField(allow_null=True)
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    deleted_at = serializers.DateTimeField(allow_null=True)
    removed_by_moderator = serializers.BooleanField()


class OwnVotes(serializers.DictField):
    """The reader's own votes: ids of chosen answers by the id of the message."""

    child = serializers.ListField(child=serializers.IntegerField())


class MessageList(serializers.Serializer[Any]):
    """Messages with the reader's own votes."""

    messages = ChatMessage(many=True)
    votes = OwnVotes()


class MessagePage(MessageList):
    """Messages in their order. The reader knows everything up to `last_event` now."""

    last_event = serializers.IntegerField()
    has_before = serializers.BooleanField()
    has_after = serializers.BooleanField()


class FoundMessage(serializers.Serializer[Any]):
    """A message that was found, and where it stands."""

    message = ChatMessage()
    chat = ChatRef()


class Material(HeldFile):
    """A file of the chat with the message that brought it (CHAT-5)."""

    message_id = serializers.IntegerField()
    number = serializers.IntegerField(help_text="Of the message.")
    author = ChatPerson(allow_null=True)
    created_at = serializers.DateTimeField()


# --- Chats ------------------------------------------------------------------------------------------------------------
class Chat(serializers.Serializer[Any]):
    """What all members see of a chat."""

    id = serializers.IntegerField()
    template = serializers.ChoiceField(choices=Template.choices)
    title = serializers.CharField()
    purpose = serializers.CharField()
    unit = UnitRef(allow_null=True)
    owner = ChatPerson(allow_null=True)
    writers = serializers.ChoiceField(choices=Writers.choices)
    slow_seconds = serializers.IntegerField()
    shows_readers = serializers.BooleanField()
    is_archived = serializers.BooleanField()
    last_event = serializers.IntegerField()
    kept_after = serializers.IntegerField(help_text="Messages up to this number have been removed by age.")


class LastMessage(serializers.Serializer[Any]):
    """The latest message in one line."""

    number = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    author = ChatPerson(allow_null=True)
    snippet = serializers.CharField()
    created_at = serializers.DateTimeField()


class ListedChat(Chat):
    """A chat of my list."""

    other = serializers.IntegerField(allow_null=True, help_text="The other person of a personal chat.")
    unread = serializers.IntegerField()
    mentioned = serializers.IntegerField(help_text="Unread messages that mention me.")
    read_number = serializers.IntegerField()
    notify = serializers.ChoiceField(choices=Notify.choices)
    last_message = LastMessage(allow_null=True)


class Obstacle(serializers.Serializer[Any]):
    """Why I cannot write right now."""

    code = serializers.ChoiceField(choices=OBSTACLES)
    text = serializers.CharField()


class MyPart(serializers.Serializer[Any]):
    """What I may do in a chat, and what I made of it."""

    person = serializers.IntegerField()
    is_member = serializers.BooleanField(help_text="False while I only look into it.")
    may_write = serializers.BooleanField()
    obstacle = Obstacle(allow_null=True)
    may_moderate = serializers.BooleanField()
    may_pin = serializers.BooleanField()
    may_mention_all = serializers.BooleanField()
    may_send_urgent = serializers.BooleanField()
    may_change = serializers.BooleanField()
    may_change_members = serializers.BooleanField()
    may_archive = serializers.BooleanField()
    may_leave = serializers.BooleanField()
    edit_minutes = serializers.IntegerField(help_text="How long I may edit and delete what I wrote.")
    read_number = serializers.IntegerField()
    notify = serializers.ChoiceField(choices=Notify.choices)
    muted_until = serializers.DateTimeField(allow_null=True)


class ChatDetail(Chat):
    """A chat with what I may do in it."""

    member_count = serializers.IntegerField()
    me = MyPart()
    read_by_others = serializers.IntegerField(help_text="Somebody else has read up to this number.")
    unread = serializers.IntegerField()


class Changes(MessageList):
    """What came after an event: messages as they are now, by their latest change; ask again while `has_more`."""

    chat = Chat(allow_null=True, help_text="Null when the chat itself has not changed.")
    last_event = serializers.IntegerField()
    has_more = serializers.BooleanField()
    kept_after = serializers.IntegerField()
    read_by_others = serializers.IntegerField()


class ChatMemberShape(ChatPerson):
    """Somebody in the chat, and what they are here."""

    labels = serializers.ListField(child=serializers.CharField(), help_text="In the organization's own words.")
    is_owner = serializers.BooleanField()
    is_moderator = serializers.BooleanField()
    has_joined = serializers.BooleanField()


class LinkIntoChat(serializers.Serializer[Any]):
    """The link for people of this organization (INV-10)."""

    url = serializers.CharField()
    expires_at = serializers.DateTimeField()
    uses = serializers.IntegerField()


class UnreadCount(serializers.Serializer[Any]):
    unread = serializers.IntegerField()


class AddedCount(serializers.Serializer[Any]):
    count = serializers.IntegerField(help_text="How many were not in the chat yet.")
