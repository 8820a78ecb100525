"""Circles of people in the API."""

from typing import Any

from rest_framework import serializers

from orgs.api.fields import Id, UnitRef
from orgs.models import Audience, AudienceRule

MOST_CIRCLES = 200


class Circle(serializers.Serializer[Any]):
    """A circle of people: of a unit, or of the whole organization."""

    audience = serializers.ChoiceField(choices=Audience.choices)
    unit = Id(required=False, allow_null=True, default=None)


class CircleShape(serializers.Serializer[AudienceRule]):
    """A circle of people a thing is for; without a unit of the whole organization."""

    audience = serializers.ChoiceField(choices=Audience.choices, read_only=True)
    unit = UnitRef(read_only=True, allow_null=True)


def circles_of(rows: list[dict[str, Any]]) -> list[tuple[str, int | None]]:
    """Return circles as services take them."""
    return [(row["audience"], row["unit"]) for row in rows]
