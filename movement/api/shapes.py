"""What the API says about movement, notices and consents, and what may come in."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from movement.models import Consent, Decision, Notice, NoticeKind, NoticeState
from movement.selectors.consents import STATES
from movement.selectors.register import KINDS, STAFF, STUDENTS
from movement.services.consents import CHANNEL_LENGTH, NUMBER_LENGTH
from movement.services.describing import sentence_of_notice
from movement.services.facts import MOST_PEOPLE
from movement.services.notices import TEXT_LENGTH, NoticeData
from movement.services.plan import Plan, What
from orgs.api.fields import Email, Id, Ids, OrderFields, PersonRef, Phone, Text, UnitRef
from orgs.audit import Order
from orgs.models import Part
from orgs.services.people import PersonData

REGISTER_KINDS = tuple(KINDS)
REGISTER_WHO = (STUDENTS, STAFF)
FAMILY_STATES = tuple(str(state) for state in STATES)


# --- In ---------------------------------------------------------------------------------------------------------------
class MovementQuery(serializers.Serializer[Any]):
    """What the register is narrowed by."""

    who = serializers.ChoiceField(choices=REGISTER_WHO, required=False, default=STUDENTS)
    q = Text(required=False, allow_blank=True, max_length=200, default="")
    kind = serializers.ChoiceField(choices=REGISTER_KINDS, required=False, default="", allow_blank=True)
    unit = Id(required=False)
    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)
    order = Text(required=False, allow_blank=True, max_length=40, default="", help_text="Number of the order.")


class NewPersonFields(serializers.Serializer[Any]):
    """Somebody who is not on the roster yet."""

    last_name = Text(max_length=80)
    first_name = Text(max_length=80)
    patronymic = Text(max_length=80, required=False, allow_blank=True, default="")
    phone = Phone(required=False, allow_blank=True, default="")
    email = Email(required=False, allow_blank=True, max_length=254, default="")
    position = Text(max_length=150, required=False, allow_blank=True, default="")
    birth_date = serializers.DateField(required=False, allow_null=True, default=None)


class MovementFields(OrderFields):
    """One movement of one or many."""

    what = serializers.ChoiceField(choices=What.choices)
    people = Ids(required=False, min_length=0, max_length=MOST_PEOPLE, default=list)
    newcomer = NewPersonFields(required=False, allow_null=True, default=None)
    unit = Id(required=False, allow_null=True, default=None, help_text="Where to.")
    from_unit = Id(required=False, allow_null=True, default=None, help_text="Where from, if there are several.")
    part = serializers.ChoiceField(choices=Part.choices, required=False, default=Part.STUDENT)
    keeps_parents = serializers.BooleanField(required=False, default=False)
    replaces_leader = serializers.BooleanField(required=False, default=False)


def plan_from(data: dict[str, Any]) -> Plan:
    """Return the movement that a body asks for."""
    return Plan(
        what=data["what"],
        people=tuple(data["people"]),
        unit_id=data["unit"],
        from_unit_id=data["from_unit"],
        part=data["part"],
        day=data["day"],
        order=Order(data["order_number"], data["order_date"]),
        keeps_parents=data["keeps_parents"],
        replaces_leader=data["replaces_leader"],
        newcomer=PersonData(**data["newcomer"]) if data["newcomer"] else None,
    )


class NoticeQuery(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=NoticeState.choices, required=False, default="", allow_blank=True)
    q = Text(required=False, allow_blank=True, max_length=200, default="")


class NoticeFields(OrderFields):
    """What is reported: people of the roster, or one new person."""

    kind = serializers.ChoiceField(choices=NoticeKind.choices)
    people = Ids(required=False, min_length=0, max_length=MOST_PEOPLE, default=list)
    newcomer = NewPersonFields(required=False, allow_null=True, default=None)
    unit = Id(required=False, allow_null=True, default=None, help_text="Where to.")
    remark = Text(required=False, allow_blank=True, max_length=TEXT_LENGTH, default="")


def notice_data_from(data: dict[str, Any]) -> NoticeData:
    """Return what a body reports."""
    return NoticeData(
        kind=data["kind"],
        people=data["people"],
        newcomer=PersonData(**data["newcomer"]) if data["newcomer"] else None,
        unit_id=data["unit"],
        day=data["day"],
        order=Order(data["order_number"], data["order_date"]),
        remark=data["remark"],
    )


class Answer(serializers.Serializer[Any]):
    """What is written back."""

    answer = Text(required=False, allow_blank=True, max_length=TEXT_LENGTH, default="")


class ConsentQuery(serializers.Serializer[Any]):
    """What the register of consents is narrowed by."""

    q = Text(required=False, allow_blank=True, max_length=200, default="")
    unit = Id(required=False)
    state = serializers.ChoiceField(choices=FAMILY_STATES, required=False, default="", allow_blank=True)
    unreached = serializers.BooleanField(required=False, default=False)


class ConsentFields(serializers.Serializer[Any]):
    """A decision."""

    decision = serializers.ChoiceField(choices=Decision.choices)
    channel = Text(required=False, allow_blank=True, max_length=CHANNEL_LENGTH, default="")
    signed_on = serializers.DateField(required=False, allow_null=True, default=None)
    document_number = Text(required=False, allow_blank=True, max_length=NUMBER_LENGTH, default="")
    remark = Text(required=False, allow_blank=True, max_length=CHANNEL_LENGTH, default="")


class ConsentOfParent(ConsentFields):
    """A decision of one parent; null: of the family, by a paper."""

    parent = Id(required=False, allow_null=True, default=None)  # type: ignore[assignment]


class ConsentsOfUnit(ConsentFields):
    """The same decision for those who have not decided yet."""

    children = Ids(required=False, allow_null=True, max_length=MOST_PEOPLE, default=None, help_text="null: all.")


class OwnConsent(serializers.Serializer[Any]):
    """A parent's own decision."""

    decision = serializers.ChoiceField(choices=Decision.choices)
    channel = Text(required=False, allow_blank=True, max_length=CHANNEL_LENGTH, default="")


# --- Out --------------------------------------------------------------------------------------------------------------
class MovementLine(serializers.Serializer[Any]):
    """One line of the register."""

    kind = serializers.ChoiceField(choices=REGISTER_KINDS)
    day = serializers.DateField()
    person = PersonRef()
    part = serializers.ChoiceField(choices=Part.choices)
    unit_from = serializers.CharField()
    unit_to = serializers.CharField()
    order_number = serializers.CharField()
    order_date = serializers.DateField(allow_null=True)


class MovementPreview(serializers.Serializer[Any]):
    """What would happen, in words."""

    sentence = serializers.CharField()
    notes = serializers.ListField(child=serializers.CharField())


class NoticeShape(serializers.ModelSerializer[Notice]):
    """A notice of movement."""

    kind = serializers.ChoiceField(choices=NoticeKind.choices, read_only=True)
    state = serializers.ChoiceField(choices=NoticeState.choices, read_only=True)
    sentence = serializers.SerializerMethodField()
    people = serializers.SerializerMethodField()
    unit = UnitRef(read_only=True, allow_null=True)
    reported_by = PersonRef(read_only=True, allow_null=True)
    decided_by = PersonRef(read_only=True, allow_null=True)

    class Meta:
        model = Notice
        fields = [
            *("id", "kind", "state", "sentence", "people", "unit", "day", "order_number", "order_date", "remark"),
            *("reported_by", "reported_at", "decided_by", "decided_at", "answer", "work"),
        ]
        read_only_fields = fields

    def get_sentence(self, notice: Notice) -> str:
        return sentence_of_notice(notice)

    @extend_schema_field(PersonRef(many=True))
    def get_people(self, notice: Notice) -> list[dict[str, Any]]:
        return [{"id": row.person_id, "full_name": row.person.full_name} for row in notice.people.all()]


class ConsentShape(serializers.ModelSerializer[Consent]):
    """A decision; the one without `until` holds."""

    decision = serializers.ChoiceField(choices=Decision.choices, read_only=True)
    parent = PersonRef(read_only=True, allow_null=True)

    class Meta:
        model = Consent
        fields = [
            *("id", "parent", "decision", "channel", "signed_on", "document_number", "remark", "is_electronic"),
            *("recorded_at", "until"),
        ]
        read_only_fields = fields


class ParentOfFamily(serializers.Serializer[Any]):
    """A parent with the decision of today; a phone the reader may not see is empty."""

    id = serializers.IntegerField(source="parent.pk")
    full_name = serializers.CharField(source="parent.full_name")
    joined = serializers.BooleanField(source="parent.has_joined")
    phone = serializers.CharField()
    decision = serializers.ChoiceField(
        choices=Decision.choices, source="consent.decision", default=None, allow_null=True
    )


class FamilyShape(serializers.Serializer[Any]):
    """A child with what the family has decided."""

    child = PersonRef()
    units = UnitRef(many=True)
    state = serializers.ChoiceField(choices=FAMILY_STATES)
    is_reached = serializers.BooleanField()
    parents = ParentOfFamily(many=True)
    channels = serializers.ListField(child=serializers.CharField())
    leaders = serializers.ListField(child=serializers.CharField())
