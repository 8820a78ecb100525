"""A poll in JSON; `PollSerializer` describes the same shape for the documentation."""

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
    id = serializers.IntegerField()
    text = serializers.CharField()
    vote_count = serializers.IntegerField()
    percent = serializers.IntegerField()


class PollSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    question = serializers.CharField()
    is_multiple = serializers.BooleanField()
    is_anonymous = serializers.BooleanField()
    closes_at = serializers.DateTimeField(allow_null=True)
    is_closed = serializers.BooleanField()
    voter_count = serializers.IntegerField()
    audience_count = serializers.IntegerField(allow_null=True)
    options = PollOptionSerializer(many=True)
