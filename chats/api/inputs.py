"""What may come into the API of chats: shapes and bounds. What a text may be is judged by the services."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from chats.models import SYSTEM_TEMPLATES, Decision, Notify, Reason, Template, Writers
from chats.selectors.rules import Group, Reach
from chats.services.chats import MOST_LISTED, SLOW_CHOICES
from chats.services.members import LINK_DAYS
from chats.services.safety import MUTE_HOURS
from chats.services.system import MOST_DAYS, MOST_EDIT_MINUTES
from files.models import FileKind
from orgs.api.circles import MOST_CIRCLES, Circle
from orgs.api.fields import MAX_ID, Id, Ids, Text
from polls.inputs import NewPoll

MOST_MESSAGES = 100
HOURS = [(hours, str(hours)) for hours in MUTE_HOURS]
REPORT_STATES = ["open", "decided"]
SWITCHED = [choice for choice in Template.choices if choice[0] in SYSTEM_TEMPLATES]
REACHES = [reach.value for reach in Reach]
OPENED_BY_HAND = [choice for choice in Template.choices if choice[0] not in (*SYSTEM_TEMPLATES, Template.PERSONAL)]


class Number(serializers.IntegerField):
    """A number of an event; 0 stands before the first."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=MAX_ID, **kwargs)


class Words(serializers.CharField):
    """A text in several lines, exactly as it was typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, allow_blank=True, **kwargs)


# --- Chats ------------------------------------------------------------------------------------------------------------
class ListQuery(serializers.Serializer[Any]):
    archived = serializers.BooleanField(default=False, help_text="Those in the archive instead.")


class FindQuery(serializers.Serializer[Any]):
    q = Text(required=False, allow_blank=True, max_length=200, default="", help_text="Words, all of which must occur.")


class NewChat(serializers.Serializer[Any]):
    title = Text(max_length=120)
    purpose = Text(required=False, allow_blank=True, max_length=300, default="")
    template = serializers.ChoiceField(choices=OPENED_BY_HAND, default=Template.FREE)
    people = Ids(required=False, min_length=0, max_length=MOST_LISTED, default=list)
    circles = serializers.ListField(child=Circle(), required=False, default=list, max_length=MOST_CIRCLES)
    writers = serializers.ChoiceField(choices=Writers.choices, default=Writers.EVERYONE)


class ChatFields(serializers.Serializer[Any]):
    """What is not named stays."""

    title = Text(required=False, max_length=120)
    purpose = Text(required=False, allow_blank=True, max_length=300)
    writers = serializers.ChoiceField(required=False, choices=Writers.choices)
    slow_seconds = serializers.ChoiceField(required=False, choices=SLOW_CHOICES)
    retention_days = serializers.IntegerField(
        required=False, min_value=0, max_value=3650, help_text="0: as the organization rules."
    )


class OnePerson(serializers.Serializer[Any]):
    person = Id()


class SeveralPeople(serializers.Serializer[Any]):
    people = Ids()


class Token(serializers.Serializer[Any]):
    token = serializers.CharField(max_length=200)


class LinkTerms(serializers.Serializer[Any]):
    days = serializers.IntegerField(required=False, min_value=1, max_value=90, default=LINK_DAYS)


# --- Messages ---------------------------------------------------------------------------------------------------------
class WindowQuery(serializers.Serializer[Any]):
    """At most one place to look from; without one the latest messages come."""

    before = Number(required=False)
    after = Number(required=False)
    around = Number(required=False, help_text="The number of a message.")
    date = serializers.DateField(required=False, help_text="From the first message of this day on.")
    limit = serializers.IntegerField(required=False, min_value=1, max_value=MOST_MESSAGES, default=50)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        places = [name for name in ("before", "after", "around", "date") if name in attrs]
        if len(places) > 1:
            raise serializers.ValidationError({places[1]: [_("Give one place only.")]})
        return attrs


class NewMessage(serializers.Serializer[Any]):
    """A message needs words, files or a poll."""

    text = Words(required=False, default="", help_text="Markdown: bold, italic, code, quotes, lists; @[id], @all.")
    reply_to = Id(required=False, allow_null=True, default=None)
    file_ids = Ids(required=False, min_length=0, default=list, help_text="Uploads of one's own, see files/.")
    poll = NewPoll(required=False, allow_null=True, default=None)
    is_urgent = serializers.BooleanField(required=False, default=False, help_text="Also in quiet hours, by right.")
    client_key = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="Sent again, it makes no second message."
    )


class NewText(serializers.Serializer[Any]):
    text = Words()


class VotersQuery(serializers.Serializer[Any]):
    option = Id()


class NewReport(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=Reason.choices)
    comment = Text(required=False, allow_blank=True, max_length=500, default="")


class Explanation(serializers.Serializer[Any]):
    reason = Text(max_length=500)


class ChangesQuery(serializers.Serializer[Any]):
    after = Number(help_text="The event up to which everything is known.")


class ReadMark(serializers.Serializer[Any]):
    number = Number()


class NotifyChoice(serializers.Serializer[Any]):
    notify = serializers.ChoiceField(choices=Notify.choices)


class MaterialsQuery(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=FileKind.choices, required=False)


# --- Safety -----------------------------------------------------------------------------------------------------------
class RulesFields(serializers.Serializer[Any]):
    """What is not named stays."""

    switched_on = serializers.ListField(
        child=serializers.ChoiceField(choices=SWITCHED), required=False, max_length=len(SWITCHED)
    )
    contacts = serializers.DictField(
        child=serializers.DictField(child=serializers.ChoiceField(choices=REACHES)),
        required=False,
        help_text="{from: {to: reach}} where it differs from the default; groups: " + ", ".join(Group) + ".",
    )
    safe_mode = serializers.BooleanField(required=False)
    quiet_from = serializers.TimeField(required=False, allow_null=True)
    quiet_until = serializers.TimeField(required=False, allow_null=True)
    edit_minutes = serializers.IntegerField(required=False, min_value=0, max_value=MOST_EDIT_MINUTES)
    retention_days = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=MOST_DAYS)


class NewMute(serializers.Serializer[Any]):
    person = Id()
    hours = serializers.ChoiceField(choices=HOURS)
    reason = Text(max_length=500)


class NewLook(serializers.Serializer[Any]):
    """A report is reason enough."""

    reason = Text(required=False, allow_blank=True, max_length=500, default="")
    report = Id(required=False, allow_null=True, default=None)


class ReportsQuery(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=REPORT_STATES, required=False)


class NewDecision(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(choices=Decision.choices)
    answer = Text(max_length=500, help_text="Why; the author and the journal get it.")
    mute_hours = serializers.ChoiceField(choices=HOURS, required=False, default=24)
