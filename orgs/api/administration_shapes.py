"""Shapes of administrators, handovers, rights and the journal."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from orgs.api.fields import CleanModelSerializer, Id, PersonRef, UnitRef
from orgs.audit import sentence_of
from orgs.capabilities import GRANTABLE_RIGHTS
from orgs.models import AuditEvent, HandoverOffer
from orgs.selectors.journal import GROUPS

HANDOVER_STATES = [(state, state) for state in ("open", "accepted", "declined", "withdrawn")]


class PersonKey(serializers.Serializer[Any]):
    person = Id()


class NewHandover(PersonKey):
    stays = serializers.BooleanField(
        default=False, help_text="Whether the one who hands over stays an additional administrator."
    )


class HandoverSerializer(CleanModelSerializer):
    from_person = PersonRef(read_only=True)
    to_person = PersonRef(read_only=True)
    state = serializers.SerializerMethodField()

    class Meta:
        model = HandoverOffer
        fields = ["id", "from_person", "to_person", "stays", "created_at", "state"]
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=HANDOVER_STATES))
    def get_state(self, offer: HandoverOffer) -> str:
        stamps = {"accepted": offer.accepted_at, "declined": offer.declined_at, "withdrawn": offer.withdrawn_at}
        return next((state for state, at in stamps.items() if at), "open")


class RightSerializer(serializers.Serializer[Any]):
    """A right beyond the role, on a unit or (null) on the organization."""

    person = PersonRef(read_only=True)
    right = serializers.ChoiceField(source="codename", choices=sorted(GRANTABLE_RIGHTS), read_only=True)
    unit = UnitRef(read_only=True, allow_null=True)


class RightKey(serializers.Serializer[Any]):
    person = Id()
    right = serializers.ChoiceField(choices=sorted(GRANTABLE_RIGHTS))
    unit = Id(required=False, allow_null=True, default=None, help_text="For rights that are given on a unit.")


class JournalQuery(serializers.Serializer[Any]):
    person = Id(required=False, help_text="What happened to this person, and what the person did.")
    actor = Id(required=False, help_text="What this person did.")
    by_platform = serializers.BooleanField(required=False, help_text="What nobody did: jobs and the operator.")
    unit = Id(required=False, help_text="What happened to this unit.")
    group = serializers.ChoiceField(choices=[(group, group) for group in GROUPS], required=False)
    action = serializers.CharField(required=False, max_length=60, help_text="One action, as `action` of a line.")
    since = serializers.DateField(required=False, help_text="From this day on, by the organization's clock.")
    until = serializers.DateField(required=False, help_text="Up to this day, itself included.")
    order = serializers.CharField(required=False, max_length=40, help_text="The number of an order, exactly.")
    search = serializers.CharField(required=False, max_length=200, help_text="A part of a name: whose, about whom.")


class Named(serializers.Serializer[Any]):
    """An id and a name as they were at the time of the deed."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class AuditEventSerializer(CleanModelSerializer):
    actor = serializers.SerializerMethodField()
    person = serializers.SerializerMethodField()
    unit = serializers.SerializerMethodField()
    sentence = serializers.SerializerMethodField()

    class Meta:
        model = AuditEvent
        fields = ["id", "at", "action", "sentence", "actor", "person", "unit", "order_number", "order_date"]
        read_only_fields = fields

    @extend_schema_field(Named(allow_null=True))
    def get_actor(self, event: AuditEvent) -> dict[str, Any] | None:
        return _named(event.actor_id, event.actor_name)

    @extend_schema_field(Named(allow_null=True))
    def get_person(self, event: AuditEvent) -> dict[str, Any] | None:
        return _named(event.person_id, event.person_name)

    @extend_schema_field(Named(allow_null=True))
    def get_unit(self, event: AuditEvent) -> dict[str, Any] | None:
        return _named(event.unit_id, event.unit_name)

    def get_sentence(self, event: AuditEvent) -> str:
        return sentence_of(event, self.context["actor"].words)


def _named(key: int | None, name: str) -> dict[str, Any] | None:
    return {"id": key, "name": name} if key is not None else None
