"""Shapes of required reading."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from orgs.api.circles import CircleShape
from orgs.api.fields import PersonRef
from readings.models import ParentsConfirm, Reading
from readings.selectors.progress import STAFF_KEY, Count
from readings.selectors.rows import Row


class ReadingShape(serializers.Serializer[Reading]):
    """Something to be read. `path` is its page below `/o/<slug>/`, `content_hash` the SHA-256 of what is confirmed."""

    id = serializers.IntegerField(read_only=True)
    title = serializers.CharField(read_only=True)
    path = serializers.CharField(read_only=True)
    version = serializers.IntegerField(read_only=True)
    content_hash = serializers.CharField(read_only=True)
    due_on = serializers.DateField(read_only=True, allow_null=True)
    parents_confirm = serializers.ChoiceField(choices=ParentsConfirm.choices, read_only=True)
    opened_at = serializers.DateTimeField(read_only=True, allow_null=True)
    closed_at = serializers.DateTimeField(read_only=True, allow_null=True)


class AskedReading(ReadingShape):
    """Something the reader is asked to read, and whether that is done: by oneself, or by the other parent."""

    confirmed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    is_done = serializers.BooleanField(read_only=True)


class CountShape(serializers.Serializer[Count]):
    """How many answers are asked for, how many are there; where one parent of a child suffices, a family's is one."""

    asked = serializers.IntegerField(read_only=True)
    confirmed = serializers.IntegerField(read_only=True)


class GivenReading(ReadingShape):
    """Something given out to be read, with how far it has come."""

    created_by = PersonRef(read_only=True, allow_null=True)
    count = serializers.SerializerMethodField()

    @extend_schema_field(CountShape)
    def get_count(self, reading: Reading) -> dict[str, Any]:
        return dict(CountShape(self.context["counts"][reading.pk]).data)


class GroupShape(CountShape):
    """The answers of one unit; `key` is the unit's id, «staff» or «none», and filters the people."""

    key = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    asked = serializers.IntegerField(read_only=True)
    confirmed = serializers.IntegerField(read_only=True)


class ReadingProgress(ReadingShape):
    """One reading with its progress by unit."""

    created_by = PersonRef(read_only=True, allow_null=True)
    replaced_by = serializers.IntegerField(source="replaced_by_id", read_only=True, allow_null=True)
    reminded_at = serializers.DateTimeField(read_only=True, allow_null=True)
    circles = CircleShape(source="audiences", many=True, read_only=True)
    count = serializers.SerializerMethodField()
    groups = serializers.SerializerMethodField()

    @extend_schema_field(CountShape)
    def get_count(self, reading: Reading) -> dict[str, Any]:
        return dict(CountShape(self.context["progress"]).data)

    @extend_schema_field(GroupShape(many=True))
    def get_groups(self, reading: Reading) -> list[dict[str, Any]]:
        return list(GroupShape(self.context["progress"].groups, many=True).data)


class ReadingPerson(serializers.Serializer[Any]):
    """Somebody in a line."""

    id = serializers.IntegerField(read_only=True)
    full_name = serializers.CharField(read_only=True)
    has_joined = serializers.BooleanField(read_only=True)


class LineChild(serializers.Serializer[Any]):
    """A child through whom parents are asked, with the names of its units."""

    id = serializers.IntegerField(read_only=True)
    full_name = serializers.CharField(read_only=True)
    units = serializers.CharField(read_only=True)


class ReadingLine(serializers.Serializer[Row]):
    """One answer that is expected: of `people`; of a family any one of them may give it."""

    people = ReadingPerson(many=True, read_only=True)
    position = serializers.CharField(read_only=True)
    children = LineChild(many=True, read_only=True)
    confirmed_by = ReadingPerson(read_only=True, allow_null=True)
    confirmed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    is_on_paper = serializers.BooleanField(read_only=True)
    noted_by = serializers.CharField(read_only=True)


class ConfirmationShape(serializers.Serializer[Any]):
    """That somebody has read it."""

    confirmed_at = serializers.DateTimeField(read_only=True)
    is_on_paper = serializers.BooleanField(read_only=True)


class AskedQuery(serializers.Serializer[Any]):
    """What the list of what I am asked can be narrowed by."""

    state = serializers.ChoiceField(choices=["waiting", "done"], required=False, default="")


class GivenQuery(serializers.Serializer[Any]):
    """What the register can be narrowed by."""

    q = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
    state = serializers.ChoiceField(choices=["open", "overdue", "closed"], required=False, default="")


class LinesQuery(serializers.Serializer[Any]):
    """What the people of a reading can be narrowed by; `unit` is the key of a group: a unit's id, «staff», «none»."""

    q = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
    state = serializers.ChoiceField(choices=["waiting", "confirmed"], required=False, default="")
    unit = serializers.RegexField(rf"^([0-9]{{1,19}}|{STAFF_KEY}|none)$", required=False, default="")


class NewDeadline(serializers.Serializer[Any]):
    """Another last day; null: none."""

    due_on = serializers.DateField(allow_null=True)
