"""Requests for help in JSON."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from files.api.shapes import HeldFile
from files.shapes import file_shape
from orgs.api.fields import Text
from support.models import HelpEntry, HelpRequest, HelpRules, Side, State, Step, Topic
from support.selectors.requests import entries_of
from support.services.moving import MOST_FILES, TEXT_LENGTH


class HelpEntryShape(serializers.ModelSerializer[HelpEntry]):
    """What was said or done; the text may be empty for steps."""

    side = serializers.ChoiceField(choices=Side.choices, read_only=True)
    step = serializers.ChoiceField(choices=Step.choices, read_only=True)
    author = serializers.SerializerMethodField(help_text="A name; null for the platform's support and for the clock.")
    files = serializers.SerializerMethodField()

    class Meta:
        model = HelpEntry
        fields = ["id", "side", "step", "author", "text", "at", "files"]
        read_only_fields = fields

    @extend_schema_field({"type": ["string", "null"]})
    def get_author(self, entry: HelpEntry) -> str | None:
        return entry.author.author_name if entry.author is not None else None

    @extend_schema_field(HeldFile(many=True))
    def get_files(self, entry: HelpEntry) -> Any:
        route, names = self.context["file_route"], self.context["file_names"]
        held = entry.files.all()
        return [file_shape(row.file, reverse(route, args=[*names, entry.request_id, row.file_id])) for row in held]


class HelpRequestRow(serializers.ModelSerializer[HelpRequest]):
    """A request in a list. `revision` goes back with an answer: it is about what was seen."""

    state = serializers.ChoiceField(choices=State.choices, read_only=True)
    topic = serializers.ChoiceField(choices=Topic.choices, read_only=True)
    asker = serializers.CharField(source="asker_name", read_only=True)
    assignee = serializers.SerializerMethodField()
    organization = serializers.SerializerMethodField(help_text="The address of the space; null for who is in none.")

    class Meta:
        model = HelpRequest
        fields = [
            *("id", "state", "revision", "topic", "asker", "assignee", "organization"),
            *("created_at", "changed_at", "due_on", "closed_at", "has_news"),
        ]
        read_only_fields = fields

    @extend_schema_field({"type": ["string", "null"]})
    def get_assignee(self, row: HelpRequest) -> str | None:
        return row.assignee.full_name if row.assignee is not None else None

    @extend_schema_field({"type": ["string", "null"]})
    def get_organization(self, row: HelpRequest) -> str | None:
        return row.organization.slug if row.organization is not None else None


class HelpRequestShape(HelpRequestRow):
    """One request with its thread; how to reach somebody who cannot sign in."""

    # Empty where somebody is signed in, which an e-mail's format would not allow.
    email = serializers.CharField(read_only=True)
    entries = serializers.SerializerMethodField()

    class Meta(HelpRequestRow.Meta):
        fields = [*HelpRequestRow.Meta.fields, "name", "phone", "email", "school", "entries"]
        read_only_fields = fields

    @extend_schema_field(HelpEntryShape(many=True))
    def get_entries(self, row: HelpRequest) -> Any:
        entries = entries_of(row, for_asker=self.context["for_asker"])
        return HelpEntryShape(entries, many=True, context=self.context).data


class HelpWords(serializers.Serializer[Any]):
    """A message; `file_ids` are the writer's own uploads that hang on nothing yet."""

    text = serializers.CharField(max_length=TEXT_LENGTH)
    file_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1), max_length=MOST_FILES, required=False, default=list
    )


class NewHelpRequest(HelpWords):
    """What a member asks. `attempt` makes sending twice safe. `to_operator`: administrators always, the head may."""

    topic = serializers.ChoiceField(choices=Topic.choices)
    to_operator = serializers.BooleanField(required=False, default=False)
    attempt = serializers.UUIDField(required=False)


class HelpSeen(serializers.Serializer[Any]):
    """The revision of the request as it was seen."""

    revision = serializers.IntegerField(min_value=1, max_value=10**9)


class HelpAnswer(HelpWords):
    """An answer, or with `is_question` a question to the asker."""

    revision = serializers.IntegerField(min_value=1, max_value=10**9)
    is_question = serializers.BooleanField(required=False, default=False)


class HelpPassingOn(HelpSeen):
    """A note for the platform's support."""

    note = Text(max_length=TEXT_LENGTH, required=False, default="", allow_blank=True)


class OperatorAnswer(HelpSeen):
    """The operator's answer, or with `is_question` a question to the asker."""

    text = serializers.CharField(max_length=TEXT_LENGTH)
    is_question = serializers.BooleanField(required=False, default=False)


class HelpGivingBack(HelpSeen):
    """Why it goes back to the administrators."""

    text = serializers.CharField(max_length=TEXT_LENGTH)


class HelpRulesShape(serializers.ModelSerializer[HelpRules]):
    """How soon the organization answers, in working days."""

    answer_days = serializers.IntegerField(min_value=1, max_value=10)
    works_on_saturday = serializers.BooleanField()

    class Meta:
        model = HelpRules
        fields = ["answer_days", "works_on_saturday"]
