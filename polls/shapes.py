"""A poll in JSON, made by hand because pages full of messages need it fast; the serializers only describe it."""

from typing import Any

from rest_framework import serializers

from polls.selectors import PollResult


def poll_shape(result: PollResult, *, audience_count: int | None = None) -> dict[str, Any]:
    """The poll as everybody sees it; turnout = `voter_count` of `audience_count`, where the caller knows it."""
    return {
        "id": result.id,
        "question": result.question,
        "is_multiple": result.is_multiple,
        "is_anonymous": result.is_anonymous,
        "closes_at": result.closes_at.isoformat() if result.closes_at else None,
        "is_closed": result.is_closed,
        "voter_count": result.voter_count,
        "audience_count": audience_count,
        "options": [
            {"id": option.id, "text": option.text, "vote_count": option.vote_count, "percent": option.percent}
            for option in result.options
        ],
    }


class PollOptionSerializer(serializers.Serializer[Any]):
    """An answer of a poll with its votes."""

    id = serializers.IntegerField()
    text = serializers.CharField()
    vote_count = serializers.IntegerField()
    percent = serializers.IntegerField(help_text="Of those who voted.")


class PollSerializer(serializers.Serializer[Any]):
    """A poll as it stands. An anonymous vote is only counted: nobody can tell whose it is, so it cannot be changed."""

    id = serializers.IntegerField()
    question = serializers.CharField()
    is_multiple = serializers.BooleanField()
    is_anonymous = serializers.BooleanField()
    closes_at = serializers.DateTimeField(allow_null=True)
    is_closed = serializers.BooleanField()
    voter_count = serializers.IntegerField()
    audience_count = serializers.IntegerField(allow_null=True, help_text="How many may vote, where this is known.")
    options = PollOptionSerializer(many=True)
