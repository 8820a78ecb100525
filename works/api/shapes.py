"""Long work in JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from works.kinds import kind_of
from works.models import OVER, State, Work


class WorkLine(serializers.Serializer[Any]):
    """One figure of what came of a work."""

    title = serializers.CharField()
    number = serializers.IntegerField()


class WorkShape(serializers.ModelSerializer[Work]):
    """A long work."""

    state = serializers.ChoiceField(choices=State.choices, read_only=True)
    started_by = serializers.CharField(source="started_by.full_name", default=None, read_only=True)
    can_be_undone = serializers.BooleanField(read_only=True)
    lines = serializers.SerializerMethodField()

    class Meta:
        model = Work
        fields = [
            *("id", "kind", "state", "step", "done", "total", "error_code", "error_message", "started_by"),
            *("created_at", "finished_at", "undo_until", "undone_at", "can_be_undone", "lines"),
        ]
        read_only_fields = fields

    @extend_schema_field(WorkLine(many=True))
    def get_lines(self, work: Work) -> list[dict[str, Any]]:
        lines = kind_of(work.kind).lines(work) if work.state in OVER else []
        return [{"title": str(line.title), "number": line.number} for line in lines]


class ObstacleShape(serializers.Serializer[Any]):
    """What prevents the undoing of a work; `names` are the first twenty."""

    reason = serializers.CharField()
    count = serializers.IntegerField()
    names = serializers.ListField(child=serializers.CharField())


class Obstacles(serializers.Serializer[Any]):
    """Everything that prevents the undoing; nothing: it can be undone."""

    obstacles = ObstacleShape(many=True)
