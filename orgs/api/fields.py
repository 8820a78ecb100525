"""Fields and shapes that several parts of the API use."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.phones import normalise_phone
from common.errors import DomainError
from common.text import clean

MAX_ID = 2**63 - 1
MAX_ROWS = 200


class Text(serializers.CharField):
    """One line of text, cleaned before it is judged: invisible characters alone are as empty as nothing."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(clean(data) if isinstance(data, str) else data)


class Email(serializers.EmailField):
    """An e-mail address, cleaned before it is judged."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(clean(data) if isinstance(data, str) else data)


class Id(serializers.IntegerField):
    """A number that can be a key of a row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=MAX_ID, **kwargs)


@extend_schema_field({"type": "string", "example": "+79123456789"})
class Phone(serializers.CharField):
    """A phone as people type it in, in E.164 out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        try:
            return normalise_phone(text)
        except DomainError as error:
            raise serializers.ValidationError([error.message]) from error


class PastDate(serializers.DateField):
    """A day that has already come."""

    def to_internal_value(self, value: Any) -> date:
        day: date = super().to_internal_value(value)
        if day > date.today() or day.year < 1900:
            raise serializers.ValidationError([_("This day cannot be right.")])
        return day


class Ids(serializers.ListField):
    """A bounded list of keys, each taken once, in the given order."""

    child = Id()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_length": 1, "max_length": MAX_ROWS, **kwargs})

    def to_internal_value(self, data: Any) -> list[int]:
        return list(dict.fromkeys(super().to_internal_value(data)))


class CleanModelSerializer(serializers.ModelSerializer[Any]):
    """A model serializer whose texts are cleaned before they are judged."""

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        **{
            field: Text
            for field, made in serializers.ModelSerializer.serializer_field_mapping.items()
            if made is serializers.CharField
        },
    }


class PersonRef(serializers.Serializer[Any]):
    """A person in one line."""

    id = serializers.IntegerField(read_only=True)
    full_name = serializers.CharField(read_only=True)


class UnitRef(serializers.Serializer[Any]):
    """A unit in one line."""

    id = serializers.IntegerField(read_only=True)
    name = serializers.CharField(read_only=True)


class Count(serializers.Serializer[Any]):
    """How many rows an operation concerned."""

    count = serializers.IntegerField(read_only=True)


class OrderFields(serializers.Serializer[Any]):
    """From which day and by which order (приказ) people move; no day means the organization's today."""

    day = serializers.DateField(required=False, allow_null=True, default=None)
    order_number = Text(required=False, allow_blank=True, max_length=40, default="")
    order_date = serializers.DateField(required=False, allow_null=True, default=None)


NULLABLE_TEXT = {"type": ["string", "null"]}
TEXT = OpenApiTypes.STR
