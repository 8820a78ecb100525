"""Files of the roster in JSON, and what may come in (ORG-8)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from orgs.api.fields import PersonRef, Text
from roster.models import Format, Load, LoadRow, Outcome
from roster.reading.tables import DELIMITERS, ENCODINGS, MOST_COLUMNS, MOST_ROWS
from roster.selectors import REMARKS, LoadState, state_of


# --- In ---------------------------------------------------------------------------------------------------------------
class RosterUpload(serializers.Serializer[Any]):
    file = serializers.FileField(
        allow_empty_file=True, help_text="XLSX, CSV or a OneRoster 1.2 ZIP; what it is is found by its content."
    )


class RosterLoadChanges(serializers.Serializer[Any]):
    """What is not named stays. Another reading guesses the columns anew, before those named here are set."""

    sheet = serializers.CharField(required=False, allow_blank=True, max_length=100)
    encoding = serializers.CharField(required=False, allow_blank=True, max_length=20)
    delimiter = serializers.CharField(required=False, allow_blank=True, max_length=1, trim_whitespace=False)
    heading_row = serializers.IntegerField(
        required=False, min_value=0, max_value=MOST_ROWS, help_text="From 1, as spreadsheets count; 0: found out."
    )
    columns = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=30),
        required=False,
        help_text="Place of a column from 0 → name of the field, empty: left out. Remembered for the next file.",
    )
    removes_missing = serializers.BooleanField(required=False)
    removal_confirmed = serializers.BooleanField(required=False)
    skip_errors = serializers.BooleanField(required=False)
    order_number = Text(required=False, allow_blank=True, max_length=40)
    order_date = serializers.DateField(required=False, allow_null=True)

    def validate_encoding(self, value: str) -> str:
        """One that can be read."""
        return _one_of(value, ENCODINGS)

    def validate_delimiter(self, value: str) -> str:
        """One that tables have."""
        return _one_of(value, DELIMITERS)

    def validate_columns(self, value: dict[str, str]) -> dict[int, str]:
        """Places of columns are numbers."""
        if not all(place.isascii() and place.isdigit() and int(place[:4]) < MOST_COLUMNS for place in value):
            raise serializers.ValidationError("0 … 99")
        return {int(place): name for place, name in value.items()}


def _one_of(value: str, known: Collection[str]) -> str:
    if value and value not in known:
        raise serializers.ValidationError(", ".join(map(repr, known)))
    return value


class RosterRowsQuery(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(
        required=False,
        choices=[*Outcome.choices, (REMARKS, REMARKS)],
        help_text="`remarks`: rows about which something was remarked, whatever they come to.",
    )
    q = Text(required=False, allow_blank=True, max_length=200, default="", help_text="Words of the name.")


# --- Out --------------------------------------------------------------------------------------------------------------
class RosterLeaver(serializers.Serializer[Any]):
    """Somebody who is not in the file and would leave."""

    person = serializers.IntegerField()
    name = serializers.CharField()
    unit = serializers.CharField()


class RosterSummary(serializers.Serializer[Any]):
    """What the check has found out, in numbers."""

    rows = serializers.IntegerField(default=0)
    new = serializers.IntegerField(default=0)
    changed = serializers.IntegerField(default=0)
    same = serializers.IntegerField(default=0)
    error = serializers.IntegerField(default=0)
    remarks = serializers.IntegerField(default=0)
    people_new = serializers.IntegerField(default=0)
    parents_new = serializers.IntegerField(default=0)
    units = serializers.ListField(child=serializers.CharField(), default=list, help_text="Units to be created.")
    leaving = serializers.IntegerField(default=0)
    leaving_of = serializers.IntegerField(default=0)
    leaving_people = RosterLeaver(many=True, default=list, help_text="The first 500.")
    removal_over_threshold = serializers.BooleanField(default=False)


class RosterLoad(serializers.ModelSerializer[Load]):
    """A file on its way into the roster; `check_work` and `import_work` are long works (`works_retrieve`)."""

    format = serializers.ChoiceField(choices=Format.choices, read_only=True)
    state = serializers.SerializerMethodField()
    created_by = PersonRef(read_only=True, allow_null=True)
    summary = serializers.SerializerMethodField()
    check_work = serializers.IntegerField(source="check_work_id", read_only=True, allow_null=True)
    import_work = serializers.IntegerField(source="import_work_id", read_only=True, allow_null=True)
    is_check_outdated = serializers.BooleanField(read_only=True)

    class Meta:
        model = Load
        fields = [
            *("id", "file_name", "format", "state", "created_by", "created_at", "checked_at", "is_check_outdated"),
            *("sheet", "encoding", "delimiter", "heading_row", "removes_missing", "removal_confirmed", "skip_errors"),
            *("order_number", "order_date", "summary", "check_work", "import_work"),
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=LoadState.choices))
    def get_state(self, load: Load) -> str:
        return state_of(load)

    @extend_schema_field(RosterSummary(allow_null=True))
    def get_summary(self, load: Load) -> dict[str, Any] | None:
        if load.checked_at is None:
            return None
        fields = RosterSummary().fields
        told = {
            name: load.summary.get(name, field.default() if callable(field.default) else field.default)
            for name, field in fields.items()
        }
        return dict(RosterSummary(told).data)


class RosterLoadDetail(RosterLoad):
    """A file with its headings and what they mean; both are empty of a OneRoster file."""

    headings = serializers.SerializerMethodField()
    columns = serializers.DictField(child=serializers.CharField(allow_blank=True), read_only=True)

    class Meta(RosterLoad.Meta):
        fields = [*RosterLoad.Meta.fields, "headings", "columns"]
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.CharField(allow_blank=True)))
    def get_headings(self, load: Load) -> list[str]:
        return list(self.context["headings"])


class RosterChange(serializers.Serializer[Any]):
    """What a row changes; `what` is a field, `unit`, `role` or `parent`, `who` the parent it is about."""

    what = serializers.CharField()
    who = serializers.CharField(allow_blank=True)
    old = serializers.CharField(allow_blank=True)
    new = serializers.CharField(allow_blank=True)

    def to_representation(self, instance: Any) -> dict[str, str]:
        return {str(name): str(instance.get(name) or "") for name in self.fields}


class RosterProblem(serializers.Serializer[Any]):
    """Why a row cannot be taken, or what was mended on the way; `cell` as spreadsheets name it."""

    code = serializers.CharField()
    cell = serializers.CharField(allow_blank=True)
    message = serializers.CharField()

    def to_representation(self, instance: Any) -> dict[str, str]:
        return {str(name): str(instance.get(name) or "") for name in self.fields}


class RosterRow(serializers.ModelSerializer[LoadRow]):
    """What the check said about one row; `number` as the spreadsheet counts it."""

    outcome = serializers.ChoiceField(choices=Outcome.choices, read_only=True)
    person = serializers.IntegerField(source="person_id", read_only=True, allow_null=True)
    changes = RosterChange(many=True, read_only=True)
    problems = RosterProblem(many=True, read_only=True)
    remarks = RosterProblem(many=True, read_only=True)

    class Meta:
        model = LoadRow
        fields = ["number", "outcome", "name", "unit_name", "person", "changes", "problems", "remarks"]
        read_only_fields = fields
