"""What the API takes about polls, whatever they hang on."""

from typing import Any

from rest_framework import serializers

from orgs.api.fields import Ids


class NewPoll(serializers.Serializer[Any]):
    """A question with 2 to 20 answers (CHAT-6)."""

    question = serializers.CharField(allow_blank=True)
    options = serializers.ListField(child=serializers.CharField(allow_blank=True), max_length=100)
    is_multiple = serializers.BooleanField(required=False, default=False, help_text="Several answers may be chosen.")
    is_anonymous = serializers.BooleanField(required=False, default=False)
    closes_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class Votes(serializers.Serializer[Any]):
    options = Ids(min_length=0, max_length=100, help_text="Empty: take the vote back.")
