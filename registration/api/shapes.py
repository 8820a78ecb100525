"""Applications and deletions in JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from orgs.api.fields import Text
from registration.models import Application, ApplicationEvent, Deletion, State
from registration.selectors.applications import Duplicate, duplicates_of, history_of
from registration.services.deciding import FIELDS, TEXT_LENGTH


class ApplicationStep(serializers.ModelSerializer[ApplicationEvent]):
    """A step of an application; without an operator it was the applicant's."""

    operator = serializers.SerializerMethodField()
    fields_to_correct = serializers.ListField(child=serializers.CharField(), source="fields", read_only=True)

    class Meta:
        model = ApplicationEvent
        fields = ["at", "state", "operator", "text", "fields_to_correct"]
        read_only_fields = fields

    @extend_schema_field({"type": ["string", "null"]})
    def get_operator(self, event: ApplicationEvent) -> str | None:
        return str(event.operator) if event.operator is not None else None


class DuplicateShape(serializers.Serializer[Duplicate]):
    """An organization, or another application, that may be about the same."""

    name = serializers.CharField()
    place = serializers.CharField()
    same_inn = serializers.BooleanField()
    organization_id = serializers.IntegerField(allow_null=True)
    application_id = serializers.IntegerField(allow_null=True)


class ApplicationRow(serializers.ModelSerializer[Application]):
    """An application in the queue. `revision` goes back with a decision: it is about what was seen."""

    state = serializers.ChoiceField(choices=State.choices, read_only=True)
    has_double = serializers.BooleanField(read_only=True, help_text="The same INN is known already.")

    class Meta:
        model = Application
        fields = [
            *("id", "state", "revision", "kind", "name", "short_name", "inn", "region", "municipality"),
            *("submitted_at", "decided_at", "has_double"),
        ]
        read_only_fields = fields


class ApplicationShape(serializers.ModelSerializer[Application]):
    """One application with everything that a decision needs."""

    state = serializers.ChoiceField(choices=State.choices, read_only=True)
    # As text: an empty one is no address.
    site = serializers.CharField(read_only=True)
    diary_url = serializers.CharField(read_only=True)
    organization = serializers.SerializerMethodField(help_text="The address of the space, once it is approved.")
    order_name = serializers.CharField(source="order.original_name", read_only=True)
    steps = serializers.SerializerMethodField()
    duplicates = serializers.SerializerMethodField()

    class Meta:
        model = Application
        fields = [
            *("id", "state", "revision", "kind", "name", "short_name", "inn", "region", "municipality", "address"),
            *("time_zone", "site", "diary_url", "last_name", "first_name", "patronymic", "position", "email", "phone"),
            *("order_name", "rules_version", "submitted_at", "decided_at", "organization", "steps", "duplicates"),
        ]
        read_only_fields = fields

    @extend_schema_field({"type": ["string", "null"]})
    def get_organization(self, application: Application) -> str | None:
        return application.organization.slug if application.organization is not None else None

    @extend_schema_field(ApplicationStep(many=True))
    def get_steps(self, application: Application) -> Any:
        return ApplicationStep(history_of(application), many=True).data

    @extend_schema_field(DuplicateShape(many=True))
    def get_duplicates(self, application: Application) -> Any:
        found = duplicates_of(application) if application.is_open else []
        return DuplicateShape(found, many=True).data  # type: ignore[arg-type]


class Decision(serializers.Serializer[Any]):
    """A step without words. `revision`: of the application as it was seen."""

    revision = serializers.IntegerField(min_value=1, max_value=10**9)


class DecisionWithReason(Decision):
    """Why it is rejected; the applicant reads it."""

    text = serializers.CharField(max_length=TEXT_LENGTH)


class DecisionWithRemarks(DecisionWithReason):
    """What has to be corrected, and in which fields."""

    fields_to_correct = serializers.MultipleChoiceField(choices=FIELDS, required=False)


class StatusShape(serializers.ModelSerializer[Application]):
    """Where an application stands, for whoever has its address."""

    state = serializers.ChoiceField(choices=State.choices, read_only=True)
    steps = serializers.SerializerMethodField()

    class Meta:
        model = Application
        fields = ["id", "state", "short_name", "submitted_at", "decided_at", "steps"]
        read_only_fields = fields

    @extend_schema_field(ApplicationStep(many=True))
    def get_steps(self, application: Application) -> Any:
        events = history_of(application)
        for event in events:
            event.operator = None  # who decides is not the applicant's to know
        return ApplicationStep(events, many=True).data


class DeletionShape(serializers.ModelSerializer[Deletion]):
    """The deletion that waits for its day."""

    class Meta:
        model = Deletion
        fields = ["requested_name", "requested_at", "due_at"]
        read_only_fields = fields


class DeletionRequest(serializers.Serializer[Any]):
    """The organization's short name, as a proof that the one who deletes it knows what."""

    short_name = Text(max_length=120)
