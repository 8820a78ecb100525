"""What leaves the API of events."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from meetings import permissions
from meetings.models import Answer, BroadcastState, Event, EventKind, Participation, Registration
from meetings.selectors.people import AttendanceRow
from meetings.selectors.summaries import Summary
from orgs.api.circles import CircleShape
from orgs.api.fields import PersonRef

ANSWERS = [("", "not answered"), *Answer.choices]


class ListedEvent(serializers.Serializer[Event]):
    """An event in a list. `state` is that of a broadcast; `series` is the same for all events that recur together."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=EventKind.choices)
    title = serializers.CharField()
    place = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    series = serializers.IntegerField(source="series_id", allow_null=True)
    organizer = PersonRef(allow_null=True)
    registration = serializers.ChoiceField(choices=Registration.choices)
    places = serializers.IntegerField(allow_null=True)
    registration_until = serializers.DateTimeField(allow_null=True)
    going_count = serializers.IntegerField()
    waiting_count = serializers.IntegerField()
    state = serializers.ChoiceField(choices=BroadcastState.choices)
    cancelled_at = serializers.DateTimeField(allow_null=True)
    cancel_reason = serializers.CharField()
    answer = serializers.ChoiceField(choices=ANSWERS, help_text="What I answered, empty: nothing yet.")
    is_invited = serializers.BooleanField(help_text="Whether I am invited myself, not beside a child.")


class MayDo(serializers.Serializer[Any]):
    """What the reader may do with the event."""

    answer = serializers.BooleanField()
    manage = serializers.BooleanField()
    mark = serializers.BooleanField()


class EventDetail(ListedEvent):
    """One event. The address of a broadcast is given when it is opened (so it is counted), and to who runs it; `result`
    to those who note attendance."""

    text = serializers.CharField()
    html = serializers.CharField(help_text="The text, safe to show.")
    link = serializers.SerializerMethodField()
    circles = CircleShape(source="audiences.all", many=True)
    rule = serializers.SerializerMethodField()
    original_start = serializers.DateTimeField(allow_null=True, help_text="Its time by the rule of the series.")
    announcement = serializers.IntegerField(source="announcement_id", allow_null=True)
    on_air_at = serializers.DateTimeField(allow_null=True)
    over_at = serializers.DateTimeField(allow_null=True)
    opened_count = serializers.IntegerField()
    result = serializers.SerializerMethodField()
    sequence = serializers.IntegerField(help_text="How many times it was changed.")
    me = serializers.SerializerMethodField()

    def get_link(self, event: Event) -> str:
        is_shown = not event.is_broadcast or permissions.can_manage_event(self.context["actor"], event)
        return event.link if is_shown else ""

    def get_rule(self, event: Event) -> str:
        return event.series.rrule if event.series is not None else ""

    def get_result(self, event: Event) -> str:
        return event.result if permissions.can_see_people(self.context["actor"], event) else ""

    @extend_schema_field(MayDo)
    def get_me(self, event: Event) -> dict[str, bool]:
        actor = self.context["actor"]
        return {
            "answer": permissions.can_answer(actor, event) and event.takes_answers(),
            "manage": permissions.can_manage_event(actor, event),
            "mark": permissions.can_mark_attendance(actor, event),
        }


class EventList(serializers.Serializer[Any]):
    """The events that were made or changed together, by time."""

    count = serializers.IntegerField()
    events = ListedEvent(many=True)


class OwnAnswer(serializers.Serializer[Participation]):
    """What became of an answer."""

    answer = serializers.ChoiceField(choices=ANSWERS)
    answered_at = serializers.DateTimeField(allow_null=True)
    place_in_queue = serializers.IntegerField(allow_null=True, help_text="1 gets the next free place.")


class Participant(serializers.Serializer[Any]):
    """Somebody invited, and when the answer came."""

    person = PersonRef()
    answered_at = serializers.DateTimeField(allow_null=True)


class AnsweringPerson(Participant):
    """The same from the person's side."""

    person = PersonRef(source="*")


class Attendee(serializers.Serializer[AttendanceRow]):
    """One line of the list in which it is noted who came; `attended` null: not noted yet."""

    person = PersonRef()
    answer = serializers.ChoiceField(choices=ANSWERS)
    attended = serializers.BooleanField(allow_null=True)
    is_invited = serializers.BooleanField()


class Attendance(serializers.Serializer[Any]):
    """The whole list, by name."""

    people = Attendee(many=True)


class EventResult(serializers.Serializer[Any]):
    """What came of an event, in figures and in words."""

    event = ListedEvent()
    invited = serializers.IntegerField()
    going = serializers.IntegerField()
    waiting = serializers.IntegerField()
    declined = serializers.IntegerField()
    came = serializers.IntegerField()
    absent = serializers.IntegerField()
    opened = serializers.IntegerField()
    minutes = serializers.IntegerField(help_text="For how long those who opened the broadcast watched, on average.")
    result = serializers.CharField()


class Opened(serializers.Serializer[Any]):
    link = serializers.CharField()


class Watched(serializers.Serializer[Participation]):
    watched_seconds = serializers.IntegerField()


class Announced(serializers.Serializer[Any]):
    """The post about the event."""

    post = serializers.IntegerField()


class CalendarShape(serializers.Serializer[Any]):
    """The secret address of one's own calendar, for a phone to subscribe to."""

    url = serializers.CharField()
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True, help_text="When a calendar last read it, to the hour.")


def result_shape(event: Event, summary: Summary) -> dict[str, Any]:
    """Return an event with its figures."""
    figures = {name: getattr(summary, name) for name in summary.__dataclass_fields__}
    return {"event": event, "result": event.result, **figures}
