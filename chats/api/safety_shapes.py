"""Shapes of what moderators and the administration see. They are asked for rarely, so serializers make them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from chats.api.inputs import REACHES, SWITCHED
from chats.api.serializers import ChatPerson, ChatRef
from chats.models import Chat, ChatRules, Decision, Mute, Reason, Report, Template, Writers
from chats.selectors.rules import Group, reach
from chats.selectors.titles import title_of
from chats.shapes import Shape, person_shape
from orgs.api.circles import CircleShape
from orgs.api.fields import UnitRef


class MuteShape(serializers.Serializer[Mute]):
    """Somebody who may only read the chat for now."""

    person = serializers.SerializerMethodField()
    until = serializers.DateTimeField(read_only=True)
    reason = serializers.CharField(read_only=True)
    created_by = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField(read_only=True)

    @extend_schema_field(ChatPerson)
    def get_person(self, mute: Mute) -> Shape | None:
        return person_shape(mute.person)

    @extend_schema_field(ChatPerson(allow_null=True))
    def get_created_by(self, mute: Mute) -> Shape | None:
        return person_shape(mute.created_by)


class RulesShape(serializers.Serializer[ChatRules]):
    """The organization's rules for its chats."""

    switched_on = serializers.ListField(child=serializers.ChoiceField(choices=SWITCHED), read_only=True)
    contacts = serializers.DictField(
        child=serializers.DictField(child=serializers.ChoiceField(choices=REACHES)),
        read_only=True,
        help_text="What was chosen: {from: {to: reach}}.",
    )
    contacts_in_use = serializers.SerializerMethodField(help_text="With the defaults, and as the safe mode limits it.")
    safe_mode = serializers.BooleanField(read_only=True)
    quiet_from = serializers.TimeField(read_only=True, allow_null=True)
    quiet_until = serializers.TimeField(read_only=True, allow_null=True)
    edit_minutes = serializers.IntegerField(read_only=True)
    retention_days = serializers.IntegerField(read_only=True, allow_null=True)

    @extend_schema_field(
        serializers.DictField(child=serializers.DictField(child=serializers.ChoiceField(choices=REACHES)))
    )
    def get_contacts_in_use(self, rules: ChatRules) -> dict[str, dict[str, str]]:
        return {
            source.value: {target.value: reach(rules, source, target).value for target in Group} for source in Group
        }


class RegisteredChat(serializers.Serializer[Chat]):
    """A chat of the registry: everything but what is said in it (CHAT-9)."""

    id = serializers.IntegerField(read_only=True)
    title = serializers.SerializerMethodField()
    template = serializers.ChoiceField(choices=Template.choices, read_only=True)
    purpose = serializers.CharField(read_only=True)
    unit = UnitRef(read_only=True, allow_null=True)
    owner = serializers.SerializerMethodField()
    moderators = serializers.SerializerMethodField()
    circles = CircleShape(many=True, read_only=True, source="audiences", help_text="Whom the chat is for.")
    chosen_count = serializers.IntegerField(read_only=True, help_text="People on its list.")
    writers = serializers.ChoiceField(choices=Writers.choices, read_only=True)
    slow_seconds = serializers.IntegerField(read_only=True)
    retention_days = serializers.IntegerField(read_only=True, allow_null=True)
    message_count = serializers.IntegerField(read_only=True)
    open_reports = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    last_message_at = serializers.DateTimeField(read_only=True)
    archived_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def get_title(self, chat: Chat) -> str:
        return title_of(chat, self.context["actor"].words)

    @extend_schema_field(ChatPerson(allow_null=True))
    def get_owner(self, chat: Chat) -> Shape | None:
        return person_shape(chat.owner)

    @extend_schema_field(ChatPerson(many=True))
    def get_moderators(self, chat: Chat) -> list[Shape | None]:
        return [person_shape(person) for person in self.context["moderators"].get(chat.pk, ())]


class ReportedMessage(serializers.Serializer[Any]):
    """The message as far as a moderator needs it; its words are those of the moment of the report."""

    id = serializers.IntegerField(read_only=True)
    number = serializers.IntegerField(read_only=True)
    author = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField(read_only=True)
    deleted_at = serializers.DateTimeField(read_only=True, allow_null=True)

    @extend_schema_field(ChatPerson(allow_null=True))
    def get_author(self, message: Any) -> Shape | None:
        return person_shape(message.author)


class ReportShape(serializers.Serializer[Report]):
    """A report in the queue of those who decide (CHAT-9)."""

    id = serializers.IntegerField(read_only=True)
    chat = serializers.SerializerMethodField()
    message = ReportedMessage(read_only=True)
    reporter = serializers.SerializerMethodField()
    reason = serializers.ChoiceField(choices=Reason.choices, read_only=True)
    comment = serializers.CharField(read_only=True)
    reported_text = serializers.CharField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    decision = serializers.SerializerMethodField()
    decided_by = serializers.SerializerMethodField()
    decided_at = serializers.DateTimeField(read_only=True, allow_null=True)
    answer = serializers.CharField(read_only=True)

    @extend_schema_field(ChatRef)
    def get_chat(self, report: Report) -> Shape:
        return {"id": report.chat_id, "title": title_of(report.chat, self.context["actor"].words)}

    @extend_schema_field(ChatPerson(allow_null=True))
    def get_reporter(self, report: Report) -> Shape | None:
        return person_shape(report.reporter)

    @extend_schema_field(serializers.ChoiceField(choices=Decision.choices, allow_null=True))
    def get_decision(self, report: Report) -> str | None:
        return report.decision or None

    @extend_schema_field(ChatPerson(allow_null=True))
    def get_decided_by(self, report: Report) -> Shape | None:
        return person_shape(report.decided_by)
