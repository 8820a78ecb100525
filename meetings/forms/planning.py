"""The forms of an event: what, when, where, what is asked; how a new one recurs, which of a series are meant."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.forms import Form
from meetings.models import MOST_TITLE, Event, EventKind, Registration
from meetings.services.changing import Scope
from meetings.services.drafts import MOST_LINK, MOST_PLACE, MOST_PLACES
from meetings.services.planning import MOST_REASON, EventData, Recurrence
from meetings.services.recurrence import MOST_INTERVAL, MOST_OCCURRENCES, Frequency
from orgs.forms.base import DateField, apply_domain_error
from orgs.services.circles import Circle

# Where the form shows what a service says of a field of the event.
_FIELDS = {"starts_at": "day", "ends_at": "ends", "registration_until": "answers_day"}
REGISTRATIONS = [
    (Registration.ANSWER, _("whether they come")),
    (Registration.PLACES, _("to take one of the places; whoever finds none waits in a list")),
    (Registration.NONE, _("nothing: whoever is invited comes")),
]


class TimeInput(forms.TimeInput):
    """The device's own clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def _time(label: Any, **kwargs: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=TimeInput(), input_formats=["%H:%M", "%H:%M:%S", "%H.%M"], **kwargs)


def _kinds() -> list[tuple[str, str]]:
    return [(value, capfirst(str(label))) for value, label in EventKind.choices]


def _weekdays() -> list[tuple[str, str]]:
    """The days of the week from Monday, as the services number them."""
    monday = date(2024, 1, 1)
    return [(str(number), capfirst(date_format(monday + timedelta(days=number), "D"))) for number in range(7)]


class EventForm(Form):
    """What every event has."""

    kind = forms.ChoiceField(label=_("Kind"), choices=_kinds)
    title = forms.CharField(
        label=_("Name"), max_length=MOST_TITLE, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    text = forms.CharField(
        label=_("Description"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Agenda, what to bring. **Bold**, lists and links work as in messages."),
    )
    day = DateField(label=_("Day"))
    starts = _time(_("Begins at"))
    ends = _time(_("Ends at"))
    last_day = DateField(label=_("Last day"), required=False, help_text=_("Only when it ends on another day."))
    place = forms.CharField(label=_("Place"), required=False, max_length=MOST_PLACE)
    link = forms.CharField(
        label=_("Address of the transmission"),
        required=False,
        max_length=MOST_LINK,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
        help_text=_("A broadcast needs it; a meeting may have it for those who are far away."),
    )
    registration = forms.ChoiceField(
        label=_("What those invited are asked"), choices=REGISTRATIONS, widget=forms.RadioSelect
    )
    places = forms.IntegerField(
        label=_("Number of places"),
        required=False,
        min_value=1,
        max_value=MOST_PLACES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    answers_day = DateField(
        label=_("Answers until: day"), required=False, help_text=_("Empty means until the end of the event.")
    )
    answers_time = _time(_("Answers until: time"), required=False)

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("registration") == Registration.PLACES and not data.get("places") and "places" not in self.errors:
            self.add_error("places", _("Say how many places there are."))
        if data.get("answers_time") and not data.get("answers_day") and "answers_day" not in self.errors:
            self.add_error("answers_day", _("Choose the day as well."))
        return data

    def data_of(self, circles: list[Circle]) -> EventData:
        """Return what was typed as the services take it."""
        typed = self.cleaned_data
        ends_at = self._moment(typed["last_day"] or typed["day"], typed["ends"])
        is_limited = typed["registration"] == Registration.PLACES
        return EventData(
            **{name: typed[name] for name in ("kind", "title", "text", "place", "link", "registration")},
            starts_at=self.starts_at(),
            ends_at=ends_at,
            circles=circles,
            places=typed["places"] if is_limited else None,
            registration_until=self._answers_until(ends_at),
            client_key=typed.get("client_key"),
        )

    def starts_at(self) -> datetime:
        """Return the beginning by the organization's clock; of a valid form, or one whose time was typed."""
        return self._moment(self.cleaned_data["day"], self.cleaned_data["starts"])

    def _moment(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone)

    def _answers_until(self, ends_at: datetime) -> datetime | None:
        """A day without a time means its last minute, but never later than the end of the event."""
        day, clock = self.cleaned_data["answers_day"], self.cleaned_data["answers_time"]
        if day is None or self.cleaned_data["registration"] == Registration.NONE:
            return None
        if clock is not None:
            return self._moment(day, clock)
        return min(self._moment(day, time(23, 59)), ends_at) if day <= ends_at.date() else self._moment(day, time.max)

    def refuse(self, error: DomainError) -> None:
        """Show what a service refused at the fields of this form."""
        fields = {_FIELDS.get(name, name): text for name, text in error.fields.items()}
        apply_domain_error(self, DomainError(error.code, error.message, fields=fields, status=error.status))


class NewEventForm(EventForm):
    """A new event: also how it recurs, and where it is announced."""

    freq = forms.ChoiceField(label=_("Recurs"), required=False, choices=[("", _("does not recur")), *Frequency.choices])
    interval = forms.IntegerField(
        label=_("Every"),
        required=False,
        min_value=1,
        max_value=MOST_INTERVAL,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=_("2 means every other day, week or month."),
    )
    weekdays = forms.MultipleChoiceField(
        label=_("Days of the week"), required=False, choices=_weekdays, widget=forms.CheckboxSelectMultiple
    )
    until = DateField(label=_("Until which day"), required=False)
    count = forms.IntegerField(
        label=_("Or how many times"),
        required=False,
        min_value=2,
        max_value=MOST_OCCURRENCES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    channel = forms.TypedChoiceField(label=_("Announce in a channel"), required=False, coerce=int, empty_value=None)
    # A form that is sent twice plans once.
    client_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, channels: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if channels:
            self.fields["channel"].choices = [("", _("do not announce")), *channels]  # type: ignore[attr-defined]
        else:
            del self.fields["channel"]

    def recurrence(self) -> Recurrence | None:
        """Return how the event recurs, None for one alone; of what was typed without errors."""
        typed = self.cleaned_data
        freq = typed.get("freq")
        if not freq:
            return None
        weekdays = [int(day) for day in typed.get("weekdays") or ()] if freq == Frequency.WEEKLY else []
        return Recurrence(
            freq=freq,
            interval=typed.get("interval") or 1,
            weekdays=weekdays,
            until=typed.get("until"),
            count=typed.get("count"),
        )


class ChangeForm(EventForm):
    """An event that exists; of a series also which ones are meant."""

    scope = forms.ChoiceField(
        label=_("What is changed"), choices=Scope.choices, widget=forms.RadioSelect, initial=Scope.THIS
    )

    def __init__(self, *args: Any, is_series: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_series:
            del self.fields["scope"]


class CancelForm(Form):
    """Why it does not take place; of a series also which ones."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Everybody who was going to come reads it."),
    )
    scope = forms.ChoiceField(
        label=_("What is cancelled"), choices=Scope.choices, widget=forms.RadioSelect, initial=Scope.THIS
    )

    def __init__(self, *args: Any, is_series: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_series:
            del self.fields["scope"]


class AnnounceForm(Form):
    """In which channel an event is announced."""

    channel = forms.TypedChoiceField(label=_("Channel"), coerce=int)

    def __init__(self, *args: Any, channels: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = channels  # type: ignore[attr-defined]


def values_of(event: Event, zone: ZoneInfo) -> dict[str, Any]:
    """Return an event as the form shows it."""
    starts, ends = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    until = event.registration_until.astimezone(zone) if event.registration_until is not None else None
    return {
        **{name: getattr(event, name) for name in ("kind", "title", "text", "place", "link", "registration", "places")},
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "last_day": ends.date() if ends.date() != starts.date() else None,
        "answers_day": until.date() if until is not None else None,
        "answers_time": until.time() if until is not None else None,
    }


def values_of_new(day: date) -> dict[str, Any]:
    """Return what a new event on `day` begins with."""
    values = {"kind": EventKind.MEETING, "day": day, "registration": Registration.ANSWER, "interval": 1}
    return {**values, "client_key": uuid4()}


def values_of_copy(event: Event, zone: ZoneInfo) -> dict[str, Any]:
    """Return what a new event like `event` begins with: a week later, or a week from today if that has passed."""
    values = values_of(event, zone)
    week = timedelta(days=7)
    today = timezone.localdate(timezone=zone)
    day = values["day"] + week
    if day < today:
        day = today + week
    lasts = (values["last_day"] - values["day"]) if values["last_day"] else None
    return {
        **values,
        "day": day,
        "last_day": day + lasts if lasts is not None else None,
        "answers_day": None,
        "answers_time": None,
        "interval": 1,
        "client_key": uuid4(),
    }
