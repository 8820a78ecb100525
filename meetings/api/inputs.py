"""What may come into the API of events: shapes and bounds. What a text or a time may be is judged by the services."""

from typing import Any

from rest_framework import serializers

from meetings.models import Answer, EventKind, Registration
from meetings.services.attending import MOST_PEOPLE
from meetings.services.changing import Scope
from meetings.services.drafts import EventData
from meetings.services.recurrence import Frequency, Recurrence
from orgs.api.circles import Circle, circles_of
from orgs.api.fields import Id, Ids, Text

LISTS = ["upcoming", "past", "mine", "all"]
SAID = [Answer.YES, Answer.NO]
SAID_CHOICES = [choice for choice in Answer.choices if choice[0] in SAID]
PEOPLE_CHOICES = ["yes", "no", "waiting", "silent"]
MOST_NUMBER = 2**31 - 1


class Words(serializers.CharField):
    """A text in several lines, exactly as it was typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, allow_blank=True, **kwargs)


class Number(serializers.IntegerField):
    """A number whose bounds the service knows."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=-MOST_NUMBER, max_value=MOST_NUMBER, **kwargs)


class EventListQuery(serializers.Serializer[Any]):
    scope = serializers.ChoiceField(
        choices=LISTS, default="upcoming", help_text="`mine`: those I organize; `all`, `mine`: by time, old ones first."
    )

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of the language, so it cannot be written as the others."""
        moments = {
            "from": serializers.DateTimeField(required=False, help_text="Those that end after this moment."),
            "to": serializers.DateTimeField(required=False, help_text="Those that begin before this moment."),
        }
        return {**super().get_fields(), **moments}


class RecurrenceFields(serializers.Serializer[Any]):
    """How the event recurs: with a last day or a number of times, and at most 200 times within a year."""

    freq = serializers.ChoiceField(choices=Frequency.choices)
    interval = Number(required=False, default=1)
    weekdays = serializers.ListField(
        child=Number(), required=False, default=list, max_length=7, help_text="0 is Monday; for `weekly` only."
    )
    until = serializers.DateField(required=False, allow_null=True, default=None)
    count = Number(required=False, allow_null=True, default=None)


class EventFields(serializers.Serializer[Any]):
    """An event as somebody plans it. Times without a zone are those of the organization."""

    kind = serializers.ChoiceField(choices=EventKind.choices)
    title = Text(allow_blank=True)
    text = Words(required=False)
    place = Text(required=False, allow_blank=True)
    link = serializers.CharField(required=False, allow_blank=True, help_text="Where to watch or to call; https only.")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    circles = serializers.ListField(child=Circle())
    registration = serializers.ChoiceField(choices=Registration.choices, required=False)
    places = Number(required=False, allow_null=True, help_text="With the registration `places` only.")
    registration_until = serializers.DateTimeField(required=False, allow_null=True)


class NewEvent(EventFields):
    recurrence = RecurrenceFields(required=False, allow_null=True)
    client_key = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="Sent again, it plans no second event."
    )


class EventChanges(EventFields):
    """What is not named stays."""

    scope = serializers.ChoiceField(choices=Scope.choices, default=Scope.THIS)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for field in fields.values():
            field.required = False
        return fields


class NewRule(NewEvent):
    reason = Text(allow_blank=True, help_text="Why the events there are do not take place; people are told.")


class Cancellation(serializers.Serializer[Any]):
    reason = Text(allow_blank=True)
    scope = serializers.ChoiceField(choices=Scope.choices, default=Scope.THIS)


class MyAnswer(serializers.Serializer[Any]):
    answer = serializers.ChoiceField(choices=SAID_CHOICES)


class PeopleQuery(serializers.Serializer[Any]):
    answer = serializers.ChoiceField(choices=PEOPLE_CHOICES, default="yes")


class Marks(serializers.Serializer[Any]):
    """Ids of people; `cleared` takes a note back."""

    present = Ids(required=False, min_length=0, max_length=MOST_PEOPLE, default=list)
    absent = Ids(required=False, min_length=0, max_length=MOST_PEOPLE, default=list)
    cleared = Ids(required=False, min_length=0, max_length=MOST_PEOPLE, default=list)


class ResultText(serializers.Serializer[Any]):
    result = Words()


class ChannelChoice(serializers.Serializer[Any]):
    channel = Id()


def event_data(fields: dict[str, Any]) -> EventData:
    """Return what came in as services take it."""
    names = EventData.__dataclass_fields__.keys() & fields.keys()
    return EventData(**{**{name: fields[name] for name in names}, "circles": circles_of(fields["circles"])})


def recurrence_of(fields: dict[str, Any]) -> Recurrence | None:
    """Return the rule that came in, None for a single event."""
    return Recurrence(**fields["recurrence"]) if fields.get("recurrence") else None
