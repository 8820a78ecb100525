"""Shapes of the invitations' API."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from invitations.addresses import code_of, join_url
from invitations.models import Invitation, State
from invitations.permissions import can_change_invitation
from invitations.selectors import Answer
from invitations.services.sending import MAX_RECIPIENTS
from invitations.services.terms import DEFAULT_DAYS, MAX_DAYS, MAX_USES, LinkTerms
from orgs.actor import Actor
from orgs.api.fields import NULLABLE_TEXT, CleanModelSerializer, Id, Ids, PersonRef, Phone, Text, UnitRef
from orgs.models import Role
from outbox.models import Channel, Status
from outbox.selectors import Delivery

ROLES_BY_LINK = [choice for choice in Role.choices if choice[0] != Role.ADMINISTRATOR]
# An invitation is for those who have no account yet, and so no device.
CHANNELS = [choice for choice in Channel.choices if choice[0] != Channel.PUSH]
ROLES_BY_CODE = [choice for choice in ROLES_BY_LINK if choice[0] != Role.HEAD]


class InvitationSerializer(CleanModelSerializer):
    """A link. `url`, `code` and `qr_url` are null for those who may not change it (INV-11)."""

    unit = UnitRef(read_only=True)
    person = PersonRef(read_only=True, allow_null=True, help_text="A personal code: who it is for.")
    student = PersonRef(read_only=True, allow_null=True, help_text="A family link: whose parents it is for.")
    owner = PersonRef(read_only=True)
    state = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    code = serializers.SerializerMethodField()
    qr_url = serializers.SerializerMethodField()

    class Meta:
        model = Invitation
        fields = [
            "id",
            "unit",
            "role",
            "person",
            "student",
            "owner",
            "state",
            "max_uses",
            "uses",
            "created_at",
            "expires_at",
            "revoked_at",
            "url",
            "code",
            "qr_url",
        ]
        read_only_fields = fields

    def _opens_for(self, link: Invitation) -> bool:
        actor: Actor = self.context["actor"]
        return self.context.get("opens", False) or can_change_invitation(actor, link)

    @extend_schema_field(serializers.ChoiceField(choices=State.choices))
    def get_state(self, link: Invitation) -> str:
        return link.state_at(timezone.now()).value

    @extend_schema_field(NULLABLE_TEXT)
    def get_url(self, link: Invitation) -> str | None:
        return join_url(link) if self._opens_for(link) else None

    @extend_schema_field(NULLABLE_TEXT)
    def get_code(self, link: Invitation) -> str | None:
        return code_of(link) if self._opens_for(link) else None

    @extend_schema_field({**NULLABLE_TEXT, "description": "The QR code as SVG."})
    def get_qr_url(self, link: Invitation) -> str | None:
        if not self._opens_for(link):
            return None
        return reverse("api_invitations-qr", args=[self.context["actor"].organization.slug, link.pk])


class Join(serializers.Serializer[Any]):
    """Somebody who joined by a link."""

    person = PersonRef(read_only=True)
    at = serializers.DateTimeField(read_only=True)
    claimed_child = serializers.CharField(
        read_only=True, help_text="What a parent said the child's name is, when the roster did not know it."
    )


class InvitationDetailSerializer(InvitationSerializer):
    """A link with everybody who joined by it (INV-3)."""

    joined = Join(many=True, read_only=True)

    class Meta(InvitationSerializer.Meta):
        fields = [*InvitationSerializer.Meta.fields, "joined"]
        read_only_fields = fields


class InvitationQuery(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=State.choices, required=False)
    unit = Id(required=False)
    role = serializers.ChoiceField(choices=ROLES_BY_LINK, required=False)


class StateCounts(serializers.Serializer[Any]):
    """How many links are in each state."""

    active = serializers.IntegerField(read_only=True)
    used_up = serializers.IntegerField(read_only=True)
    expired = serializers.IntegerField(read_only=True)
    revoked = serializers.IntegerField(read_only=True)


class Days(serializers.Serializer[Any]):
    days = serializers.IntegerField(min_value=1, max_value=MAX_DAYS, default=DEFAULT_DAYS)


class Terms(Days):
    """How long a link lives and how many may join by it (INV-3)."""

    max_uses = serializers.IntegerField(min_value=1, max_value=MAX_USES, default=LinkTerms().max_uses)


class NewLinks(Terms):
    units = Ids(help_text="One link is made for each.")
    role = serializers.ChoiceField(choices=ROLES_BY_LINK)


class NewCodes(serializers.Serializer[Any]):
    """Personal codes: for the unit's students themselves, for their families, or for staff who have not joined."""

    role = serializers.ChoiceField(choices=ROLES_BY_CODE)
    people = Ids(required=False, help_text="Only these; needed for staff.")


class RecipientFields(serializers.Serializer[Any]):
    channel = serializers.ChoiceField(choices=CHANNELS)
    address = Text(max_length=254, help_text="An e-mail address or a phone.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        shape = Phone() if attrs["channel"] == Channel.SMS else serializers.EmailField()
        try:
            return {**attrs, "address": shape.run_validation(attrs["address"])}
        except serializers.ValidationError as error:
            raise serializers.ValidationError({"address": error.detail}) from error


class Recipients(serializers.Serializer[Any]):
    recipients = serializers.ListField(child=RecipientFields(), min_length=1, max_length=MAX_RECIPIENTS)


class CodesToSend(serializers.Serializer[Any]):
    invitations = Ids(help_text="Personal and family codes; each goes to the addresses the roster knows.")


class SentCodes(serializers.Serializer[Any]):
    count = serializers.IntegerField(read_only=True)
    unreached = PersonRef(many=True, read_only=True, help_text="People whom no known address reaches.")


class DeliverySerializer(serializers.Serializer[Delivery]):
    """Where one message stands (INV-5)."""

    channel = serializers.ChoiceField(choices=CHANNELS, read_only=True)
    recipient = serializers.CharField(read_only=True)
    status = serializers.ChoiceField(choices=Status.choices, read_only=True)
    attempts = serializers.IntegerField(read_only=True)
    last_error = serializers.CharField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    finished_at = serializers.DateTimeField(read_only=True, allow_null=True)


# --- Joining --------------------------------------------------------------------------------------------------------
class Presented(serializers.Serializer[Any]):
    """What a guest holds: the token of a link or a personal code, typed in any way."""

    token = serializers.CharField(max_length=200)


class Preview(serializers.Serializer[Any]):
    """What a link opens, told before anything is asked. Only `open` lets somebody in."""

    answer = serializers.ChoiceField(choices=[(answer.value, answer.value) for answer in Answer], read_only=True)
    organization = serializers.CharField(read_only=True, allow_null=True, help_text="Its short name.")
    unit = serializers.CharField(read_only=True, allow_null=True)
    role = serializers.ChoiceField(choices=ROLES_BY_LINK, read_only=True, allow_null=True)
    needs_name = serializers.BooleanField(read_only=True, help_text="Whether the newcomer's name is asked for.")
    needs_child = serializers.BooleanField(read_only=True, help_text="Whether the child's name is asked for.")


class JoinRequestFields(Presented):
    """The newcomer's answers; a member or somebody recognised needs none."""

    last_name = Text(max_length=80, required=False, allow_blank=True)
    first_name = Text(max_length=80, required=False, allow_blank=True)
    patronymic = Text(max_length=80, required=False, allow_blank=True)
    child_name = Text(max_length=250, required=False, allow_blank=True)
    child_unknown_is_fine = serializers.BooleanField(
        default=False, help_text="Join although the roster does not know the child; an administrator ties them later."
    )


class JoinedSerializer(serializers.Serializer[Any]):
    """Who one is now, and where."""

    organization = serializers.CharField(read_only=True, help_text="The slug: its API is /api/v1/o/<slug>/.")
    person = PersonRef(read_only=True)
    unit = serializers.CharField(source="unit.name", read_only=True)
    role = serializers.ChoiceField(choices=ROLES_BY_LINK, read_only=True)
    already = serializers.BooleanField(read_only=True, help_text="It was so before; nothing was used up.")
    children = PersonRef(many=True, read_only=True)
