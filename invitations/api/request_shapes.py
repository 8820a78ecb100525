"""Shapes of requests to join, of the answers to them, and of the confirmation of staff."""

from typing import Any

from rest_framework import serializers

from invitations.models import ROLES_ASKED, JoinRequest, JoinRules, RequestState, StaffReview
from invitations.services.rules import DAYS
from orgs.api.fields import Id, Ids, PastDate, PersonRef, Text, UnitRef
from orgs.models import Person, Role, Verification

ROLES_TO_ASK = [(role.value, role.value) for role in ROLES_ASKED]


class NewRequest(serializers.Serializer[Any]):
    """Who asks to be let in, as what and where; a member needs no name."""

    organization = serializers.SlugField(max_length=60, help_text="The slug.")
    role = serializers.ChoiceField(choices=ROLES_TO_ASK)
    last_name = Text(max_length=80, required=False, allow_blank=True, default="")
    first_name = Text(max_length=80, required=False, allow_blank=True, default="")
    patronymic = Text(max_length=80, required=False, allow_blank=True, default="")
    unit = Id(required=False, allow_null=True, default=None, help_text="Needed from students and parents.")
    child_name = Text(max_length=200, required=False, allow_blank=True, default="", help_text="Needed from parents.")
    child_birth_date = PastDate(required=False, allow_null=True, default=None)
    message = Text(max_length=500, required=False, allow_blank=True, default="")


class OwnRequest(serializers.ModelSerializer[JoinRequest]):
    """The applicant's own request."""

    organization = serializers.CharField(source="organization.slug", read_only=True, help_text="The slug.")
    unit = serializers.CharField(source="unit.name", read_only=True, default=None, allow_null=True)
    role = serializers.ChoiceField(choices=ROLES_TO_ASK, read_only=True)
    state = serializers.ChoiceField(choices=RequestState.choices, read_only=True)

    class Meta:
        model = JoinRequest
        fields = (
            "id",
            "organization",
            "role",
            "unit",
            "full_name",
            "child_name",
            "message",
            "state",
            "reason",
            "created_at",
            "decided_at",
        )
        read_only_fields = fields

    full_name = serializers.CharField(read_only=True)


class CandidateShape(serializers.Serializer[Any]):
    """A person of the roster without an account whom the applicant may be."""

    person = PersonRef(read_only=True)
    by_phone = serializers.BooleanField(read_only=True)
    by_name = serializers.BooleanField(read_only=True)
    differences = serializers.ListField(child=serializers.CharField(), read_only=True)


class QueuedRequest(serializers.Serializer[Any]):
    """A request with what the roster says of it (`Match`)."""

    id = serializers.IntegerField(source="request.pk", read_only=True)
    full_name = serializers.CharField(source="request.full_name", read_only=True)
    phone = serializers.CharField(source="request.user.phone", read_only=True, allow_null=True)
    role = serializers.ChoiceField(source="request.role", choices=ROLES_TO_ASK, read_only=True)
    unit = UnitRef(source="request.unit", read_only=True, allow_null=True)
    child_name = serializers.CharField(source="request.child_name", read_only=True)
    child_birth_date = serializers.DateField(source="request.child_birth_date", read_only=True, allow_null=True)
    message = serializers.CharField(source="request.message", read_only=True)
    invitation = serializers.IntegerField(
        source="request.invitation_id", read_only=True, allow_null=True, help_text="The link it came by."
    )
    state = serializers.ChoiceField(source="request.state", choices=RequestState.choices, read_only=True)
    reason = serializers.CharField(source="request.reason", read_only=True)
    created_at = serializers.DateTimeField(source="request.created_at", read_only=True)
    decided_at = serializers.DateTimeField(source="request.decided_at", read_only=True, allow_null=True)
    decided_by = PersonRef(source="request.decided_by", read_only=True, allow_null=True)
    member = PersonRef(read_only=True, allow_null=True, help_text="Who the applicant is here already.")
    candidates = CandidateShape(many=True, read_only=True)
    children = PersonRef(many=True, read_only=True, help_text="Students of the unit with the name a parent wrote.")
    duplicates = PersonRef(many=True, read_only=True, help_text="Of the same name or phone, with an account.")
    is_certain = serializers.BooleanField(read_only=True, help_text="Can be accepted among many at once.")


class RequestQuery(serializers.Serializer[Any]):
    """What the queue can be narrowed by."""

    q = Text(max_length=100, required=False, allow_blank=True, default="")
    state = serializers.ChoiceField(choices=RequestState.choices, required=False, default="")
    role = serializers.ChoiceField(choices=ROLES_TO_ASK, required=False, default="")
    unit = Id(required=False)


class RequestAcceptance(serializers.Serializer[Any]):
    """As whom and as what to accept; what is left out is as the applicant asked and as the roster suggests."""

    role = serializers.ChoiceField(choices=ROLES_TO_ASK, required=False)
    unit = Id(required=False, allow_null=True)
    person = Id(required=False, allow_null=True, help_text="A person of the roster; null makes a new one.")
    child = Id(required=False, allow_null=True)


class Reason(serializers.Serializer[Any]):
    """Why not; the other side reads it."""

    reason = Text(max_length=300)


class ManyRequests(serializers.Serializer[Any]):
    """Several requests at once."""

    requests = Ids(max_length=50)
    answer = serializers.ChoiceField(choices=[("accept", "accept"), ("reject", "reject")])
    reason = Text(max_length=300, required=False, allow_blank=True, default="", help_text="Needed to reject.")


class ManyAnswered(serializers.Serializer[Any]):
    """Which were answered, and which were left to be looked at."""

    answered = serializers.ListField(child=serializers.IntegerField(), read_only=True)
    left = serializers.ListField(child=serializers.IntegerField(), read_only=True)


class JoinRulesShape(serializers.ModelSerializer[JoinRules]):
    """How the organization takes in those who come by themselves."""

    is_open = serializers.BooleanField(required=False)
    staff_review = serializers.ChoiceField(choices=StaffReview.choices, required=False)
    days_until_stale = serializers.IntegerField(min_value=DAYS.start, max_value=DAYS.stop - 1, required=False)

    class Meta:
        model = JoinRules
        fields = ("is_open", "staff_review", "days_until_stale")


class VerificationShape(serializers.ModelSerializer[Person]):
    """A member and the confirmation of the status as staff."""

    person = PersonRef(source="*", read_only=True)
    state = serializers.ChoiceField(source="verification", choices=Verification.choices, read_only=True)
    reason = serializers.CharField(source="verification_reason", read_only=True)
    decided_at = serializers.DateTimeField(source="verified_at", read_only=True, allow_null=True)
    roles = serializers.SerializerMethodField()

    class Meta:
        model = Person
        fields = ("person", "state", "reason", "decided_at", "roles")

    def get_roles(self, person: Person) -> list[str]:
        return [str(held.role) for held in person.active_roles if held.role in Role.values]  # type: ignore[attr-defined]


class VerificationQuery(serializers.Serializer[Any]):
    """What the list can be narrowed by."""

    state = serializers.ChoiceField(choices=Verification.choices, required=False)
