"""Shapes of the organization's API: what goes out and what may come in. Nothing here writes."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from orgs.actor import Actor
from orgs.api.fields import (
    MAX_ROWS,
    NULLABLE_TEXT,
    CleanModelSerializer,
    Email,
    Id,
    Ids,
    OrderFields,
    PastDate,
    PersonRef,
    Phone,
    Text,
    UnitRef,
)
from orgs.capabilities import Capability
from orgs.models import (
    AcademicYear,
    Enrolment,
    Organization,
    Part,
    Person,
    Role,
    Unit,
    UnitKind,
)
from orgs.permissions import can_see_contacts
from orgs.selectors.organizations import Membership
from orgs.services.organization import DETAILS
from orgs.vocabulary import EDITABLE, vocabulary_of

# Administrators are appointed from those who joined (REG-6), never written into the roster.
ROLES_OF_NEW_PERSON = [choice for choice in Role.choices if choice[0] != Role.ADMINISTRATOR]


class OrganizationSerializer(CleanModelSerializer):
    # As text: an empty one is no address.
    email = serializers.CharField(read_only=True)
    site = serializers.CharField(read_only=True)
    diary_url = serializers.CharField(read_only=True)

    class Meta:
        model = Organization
        fields = ["slug", "kind", *DETAILS, "logo_version", "created_at"]
        read_only_fields = fields
        extra_kwargs = {"logo_version": {"help_text": "0: there is no logo; raised at each change."}}


class OrganizationDetails(CleanModelSerializer):
    """The details that an administrator may change (REG-5)."""

    class Meta:
        model = Organization
        fields = [*DETAILS]


class MembershipSerializer(serializers.Serializer[Membership]):
    """An organization of mine and who I am there (ORG-4)."""

    slug = serializers.CharField(source="organization.slug", read_only=True)
    kind = serializers.CharField(source="organization.kind", read_only=True)
    name = serializers.CharField(source="organization.short_name", read_only=True)
    person_id = serializers.IntegerField(read_only=True)
    full_name = serializers.CharField(read_only=True)
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices), read_only=True)


class Labels(serializers.Serializer[Any]):
    """The organization's own words in place of its kind's; an empty one returns to the kind's (REG-7)."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {
            key: Text(required=False, allow_blank=True, max_length=60, help_text=str(title))
            for key, title in EDITABLE.items()
        }


class Words(serializers.Serializer[Organization]):
    """The own words and the words in use."""

    own = Labels(source="labels", read_only=True)
    in_use = serializers.SerializerMethodField()

    @extend_schema_field(Labels)
    def get_in_use(self, organization: Organization) -> dict[str, str]:
        words = vocabulary_of(organization)
        return {key: str(words[key]) for key in EDITABLE}


class AcademicYearSerializer(CleanModelSerializer):
    class Meta:
        model = AcademicYear
        fields = ["id", "name", "starts_on", "ends_on", "is_current"]
        read_only_fields = fields


# --- Structure ------------------------------------------------------------------------------------------------------
class YearRef(serializers.Serializer[AcademicYear]):
    id = serializers.IntegerField(read_only=True)
    name = serializers.CharField(read_only=True)


class UnitSerializer(CleanModelSerializer):
    academic_year = YearRef(read_only=True, allow_null=True)
    leaders = serializers.SerializerMethodField()
    student_count = serializers.IntegerField(read_only=True)
    joined_count = serializers.IntegerField(read_only=True, help_text="Students who have an account.")
    staff_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Unit
        fields = [
            "id",
            "kind",
            "name",
            "parallel",
            "letter",
            "age_group",
            "direction",
            "academic_year",
            "archived_at",
            "leaders",
            "student_count",
            "joined_count",
            "staff_count",
        ]
        read_only_fields = fields

    @extend_schema_field(PersonRef(many=True))
    def get_leaders(self, unit: Unit) -> list[Mapping[str, Any]]:
        leaders: list[Enrolment] = unit.leaders  # type: ignore[attr-defined]  # with_counts prefetches them
        return [PersonRef(row.person).data for row in leaders]


class UnitFields(serializers.Serializer[Any]):
    """What a unit is called and where it stands in the nomenclature (ORG-1)."""

    name = Text(max_length=100)
    parallel = serializers.IntegerField(min_value=1, max_value=12, required=False, allow_null=True)
    letter = Text(max_length=3, required=False, allow_blank=True)
    age_group = Text(max_length=60, required=False, allow_blank=True)
    direction = Text(max_length=120, required=False, allow_blank=True)


class NewUnit(UnitFields):
    kind = serializers.ChoiceField(choices=[choice for choice in UnitKind.choices if choice[0] != UnitKind.STAFF])


class NewUnits(serializers.Serializer[Any]):
    units = serializers.ListField(child=NewUnit(), min_length=1, max_length=MAX_ROWS)


class UnitQuery(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=UnitKind.choices, required=False)
    archived = serializers.BooleanField(
        required=False,
        allow_null=True,
        default=False,
        help_text="Only the archived ones; they are seen by administrators.",
    )
    search = serializers.CharField(required=False, max_length=100, help_text="Any part of the name.")


class EnrolmentSerializer(CleanModelSerializer):
    person = PersonRef(read_only=True)

    class Meta:
        model = Enrolment
        fields = ["id", "person", "part", "since", "until", "order_number", "order_date"]
        read_only_fields = fields


class MemberQuery(serializers.Serializer[Any]):
    part = serializers.ChoiceField(choices=Part.choices, required=False)


class NewMembers(OrderFields):
    """People to enrol into a unit (ORG-3, ORG-5)."""

    people = Ids()
    part = serializers.ChoiceField(choices=Part.choices)


# --- People ---------------------------------------------------------------------------------------------------------
class PersonUnit(serializers.Serializer[Enrolment]):
    """A unit somebody belongs to, and as what."""

    enrolment_id = serializers.IntegerField(source="id", read_only=True)
    unit = UnitRef(read_only=True)
    part = serializers.ChoiceField(choices=Part.choices, read_only=True)
    since = serializers.DateField(read_only=True)
    until = serializers.DateField(read_only=True, allow_null=True)


class PersonSerializer(CleanModelSerializer):
    """A line of the roster. Contacts the reader may not see are null; units the reader cannot open are left out."""

    full_name = serializers.CharField(read_only=True)
    joined = serializers.BooleanField(source="has_joined", read_only=True)
    roles = serializers.SerializerMethodField()
    units = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()
    email = serializers.SerializerMethodField()

    class Meta:
        model = Person
        fields = [
            "id",
            "last_name",
            "first_name",
            "patronymic",
            "full_name",
            "position",
            "phone",
            "email",
            "joined",
            "joined_at",
            "roles",
            "units",
        ]
        read_only_fields = fields

    @property
    def actor(self) -> Actor:
        actor: Actor = self.context["actor"]
        return actor

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=Role.choices)))
    def get_roles(self, person: Person) -> list[str]:
        return sorted(row.role for row in person.active_roles)  # type: ignore[attr-defined]

    @extend_schema_field(PersonUnit(many=True))
    def get_units(self, person: Person) -> list[Mapping[str, Any]]:
        rows: list[Enrolment] = person.active_enrolments  # type: ignore[attr-defined]
        return [PersonUnit(row).data for row in rows if _may_open(self.actor, row.unit_id)]

    @extend_schema_field(NULLABLE_TEXT)
    def get_phone(self, person: Person) -> str | None:
        return person.phone if can_see_contacts(self.actor, person) else None

    @extend_schema_field(NULLABLE_TEXT)
    def get_email(self, person: Person) -> str | None:
        return person.email if can_see_contacts(self.actor, person) else None


def _may_open(actor: Actor, unit_id: int) -> bool:
    return actor.may(Capability.SEE_ALL_UNITS) or unit_id in actor.own_unit_ids


class PersonDetailSerializer(PersonSerializer):
    """One person with family; the family members the reader cannot open are left out."""

    birth_date = serializers.SerializerMethodField()
    parents = serializers.SerializerMethodField()
    children = serializers.SerializerMethodField()

    class Meta(PersonSerializer.Meta):
        fields = [*PersonSerializer.Meta.fields, "birth_date", "parents", "children"]
        read_only_fields = fields

    @extend_schema_field({"type": ["string", "null"], "format": "date"})
    def get_birth_date(self, person: Person) -> str | None:
        is_shown = person.pk == self.actor.person.pk or self.actor.may(Capability.SEE_ALL_CONTACTS)
        return person.birth_date.isoformat() if is_shown and person.birth_date else None

    @extend_schema_field(PersonRef(many=True))
    def get_parents(self, person: Person) -> list[Mapping[str, Any]]:
        return [PersonRef(other).data for other in self.context["parents"]]

    @extend_schema_field(PersonRef(many=True))
    def get_children(self, person: Person) -> list[Mapping[str, Any]]:
        return [PersonRef(other).data for other in self.context["children"]]


class PeopleQuery(serializers.Serializer[Any]):
    search = serializers.CharField(
        required=False, max_length=250, help_text="Any part of the name, regardless of case and ё/е."
    )
    role = serializers.ChoiceField(choices=Role.choices, required=False)
    unit = Id(required=False, help_text="Members of the unit and the parents of its students.")
    joined = serializers.BooleanField(required=False, allow_null=True, default=None)
    without_child = serializers.BooleanField(required=False, default=False, help_text="Parents tied to no child.")
    without_parent = serializers.BooleanField(required=False, default=False, help_text="Students without a parent.")
    former = serializers.BooleanField(required=False, default=False, help_text="People without a role today.")


class PersonFields(serializers.Serializer[Any]):
    """What the roster holds about a person (ORG-7)."""

    last_name = Text(max_length=80)
    first_name = Text(max_length=80)
    patronymic = Text(max_length=80, required=False, allow_blank=True)
    phone = Phone(required=False, allow_blank=True)
    email = Email(required=False, allow_blank=True, max_length=254)
    position = Text(max_length=150, required=False, allow_blank=True)
    birth_date = PastDate(required=False, allow_null=True)


class NewPerson(PersonFields):
    roles = serializers.MultipleChoiceField(choices=ROLES_OF_NEW_PERSON, allow_empty=False)


class RoleSet(serializers.Serializer[Any]):
    """All roles that a person shall have from now on (ORG-4); an empty list ends them all."""

    roles = serializers.MultipleChoiceField(choices=Role.choices)


class PupilSignIn(serializers.Serializer[Any]):
    """One of the two: another e-mail of a parent, or a phone of the pupil's own (INV-7)."""

    parent_email = Email(required=False, max_length=254)
    phone = Phone(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if bool(attrs.get("phone")) == bool(attrs.get("parent_email")):
            raise serializers.ValidationError({"parent_email": _("Give either a phone or the e-mail of a parent.")})
        return attrs


class HistoryLine(PersonUnit):
    """A place in a unit, now or before («Были в классе»)."""

    order_number = serializers.CharField(read_only=True)
    order_date = serializers.DateField(read_only=True, allow_null=True)


class ParentRef(serializers.Serializer[Any]):
    parent = Id()  # type: ignore[assignment]  # a declared field; the serializer's own `parent` is another thing
