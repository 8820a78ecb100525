"""Events: meetings, seminars, parents' evenings, broadcasts (CHAN-5, CHAN-6)."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orgs.models import AudienceRule, Organization, Person

MOST_TITLE = 200
MOST_TEXT = 8000


class EventKind(models.TextChoices):
    MEETING = "meeting", _("meeting")
    SEMINAR = "seminar", _("seminar")
    PARENTS_EVENING = "parents_evening", _("parents' evening")
    BROADCAST = "broadcast", _("broadcast")
    OTHER = "other", _("other event")


class Registration(models.TextChoices):
    """What those invited are asked."""

    NONE = "none", _("nothing: come")
    ANSWER = "answer", _("whether they come")
    PLACES = "places", _("to take one of the places")


class BroadcastState(models.TextChoices):
    """CHAN-5; derived from the two time stamps."""

    PLANNED = "planned", _("planned")
    ON_AIR = "on_air", _("on air")
    OVER = "over", _("over")


class Series(models.Model):
    """A rule by which events recur (RFC 5545). Its events are rows made at once, so each can be moved, left out,
    answered and attended by itself; the rule is what calendars of phones are told."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    # «FREQ=WEEKLY;BYDAY=MO;COUNT=12», without DTSTART; always with an end (COUNT or UNTIL).
    rrule = models.CharField(_("rule"), max_length=200)
    # The first occurrence by the clock of the organization, from which the rule counts.
    starts_at = models.DateTimeField(_("first time"))
    created_at = models.DateTimeField(default=timezone.now, editable=False, verbose_name=_("created at"))

    class Meta:
        verbose_name = _("series of events")
        verbose_name_plural = _("series of events")
        constraints = [
            models.CheckConstraint(condition=~models.Q(rrule=""), name="series_has_rule"),
            models.UniqueConstraint(fields=["organization", "id"], name="series_in_organization"),
        ]

    def __str__(self) -> str:
        return self.rrule


class Event(models.Model):
    """One event at one time. Counters stand in the row: the last place is given under its lock."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="events", verbose_name=_("organization")
    )
    series = models.ForeignKey(
        Series, on_delete=models.SET_NULL, null=True, blank=True, related_name="events", verbose_name=_("series")
    )
    # Which occurrence of the series this is, wherever it has been moved to (RECURRENCE-ID).
    original_start = models.DateTimeField(null=True, blank=True, verbose_name=_("time by the rule"))
    kind = models.CharField(_("kind"), max_length=16, choices=EventKind, default=EventKind.MEETING)
    title = models.CharField(_("title"), max_length=MOST_TITLE)
    # As typed; `html` is made from it once (common.markup).
    text = models.TextField(_("description"), blank=True)
    html = models.TextField(blank=True, editable=False)
    search_text = models.TextField(blank=True, editable=False)
    place = models.CharField(_("place"), max_length=200, blank=True)
    # Where the transmission is; any https address.
    link = models.URLField(_("address of the transmission"), max_length=500, blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    registration = models.CharField(
        _("asked of those invited"), max_length=8, choices=Registration, default=Registration.ANSWER
    )
    places = models.PositiveIntegerField(_("places"), null=True, blank=True)
    registration_until = models.DateTimeField(_("answers until"), null=True, blank=True)
    going_count = models.PositiveIntegerField(_("coming"), default=0, editable=False)
    waiting_count = models.PositiveIntegerField(_("waiting for a place"), default=0, editable=False)
    organizer = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("organizer")
    )
    # The post that announced it, by number: channels are a neighbour that may be asked, never the other way round.
    announcement = models.ForeignKey(
        "channels_app.Post",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("announcement"),
    )
    on_air_at = models.DateTimeField(_("on air since"), null=True, blank=True)
    over_at = models.DateTimeField(_("over since"), null=True, blank=True)
    opened_count = models.PositiveIntegerField(_("opened the broadcast"), default=0, editable=False)
    # What the organizer tells the head afterwards.
    result = models.TextField(_("result"), max_length=2000, blank=True)
    # Made by the planner's page: sending again after a lost answer plans no second event. Of a series the first has it.
    client_key = models.UUIDField(null=True, blank=True)
    # How many times calendars have to read it anew (SEQUENCE of RFC 5545).
    sequence = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False, verbose_name=_("created at"))
    changed_at = models.DateTimeField(default=timezone.now, editable=False, verbose_name=_("changed at"))
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(title=""), name="event_has_title"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="event_ends_after_start"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=EventKind.values), name="event_kind_known"),
            models.CheckConstraint(
                condition=models.Q(registration=Registration.PLACES, places__gte=1)
                | (~models.Q(registration=Registration.PLACES) & models.Q(places=None)),
                name="event_places_when_limited",
            ),
            # The last place is one place.
            models.CheckConstraint(
                condition=models.Q(places=None) | models.Q(going_count__lte=models.F("places")),
                name="event_not_overbooked",
            ),
            models.CheckConstraint(
                condition=models.Q(over_at=None) | models.Q(on_air_at__isnull=False), name="event_over_was_on_air"
            ),
            models.CheckConstraint(
                condition=models.Q(on_air_at=None) | models.Q(kind=EventKind.BROADCAST), name="event_air_of_broadcast"
            ),
            models.CheckConstraint(
                condition=models.Q(kind=EventKind.BROADCAST) & ~models.Q(link="") | ~models.Q(kind=EventKind.BROADCAST),
                name="event_broadcast_has_link",
            ),
            models.CheckConstraint(
                condition=models.Q(series=None, original_start=None) | models.Q(original_start__isnull=False),
                name="event_of_series_has_place",
            ),
            # Making a series twice would double every meeting.
            models.UniqueConstraint(
                fields=["series", "original_start"],
                name="event_once_in_series",
                condition=models.Q(series__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["organizer", "client_key"],
                name="event_client_key_once",
                condition=models.Q(client_key__isnull=False),
            ),
            models.UniqueConstraint(fields=["organization", "id"], name="event_in_organization"),
        ]
        indexes = [models.Index(fields=["organization", "starts_at", "id"], name="event_by_time")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_broadcast(self) -> bool:
        return self.kind == EventKind.BROADCAST

    @property
    def state(self) -> BroadcastState:
        """Where a broadcast stands (CHAN-5)."""
        if self.over_at is not None:
            return BroadcastState.OVER
        return BroadcastState.PLANNED if self.on_air_at is None else BroadcastState.ON_AIR

    def takes_answers(self, now: datetime | None = None) -> bool:
        """Whether those invited may still answer."""
        moment = now or timezone.now()
        last = self.registration_until or self.ends_at
        return self.registration != Registration.NONE and self.cancelled_at is None and moment < last


class EventAudience(AudienceRule):
    """A circle of people who are invited."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="audiences", verbose_name=_("event"))

    class Meta(AudienceRule.Meta):
        verbose_name = _("audience of an event")
        verbose_name_plural = _("audiences of events")
        constraints = [
            *AudienceRule.Meta.constraints,
            models.UniqueConstraint(fields=["event", "audience", "unit"], name="event_audience_once"),
            # A unique key lets rows without a unit through.
            models.UniqueConstraint(
                fields=["event", "audience"], name="event_audience_of_all_once", condition=models.Q(unit=None)
            ),
        ]
        indexes = [models.Index(fields=["organization", "audience", "unit"], name="event_audience_lookup")]


class EventReminder(models.Model):
    """That people were reminded, so that a job that runs twice, or late, reminds once."""

    class Stage(models.TextChoices):
        DAY = "day", _("a day before")
        HOUR = "hour", _("an hour before")

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="reminders", verbose_name=_("event"))
    stage = models.CharField(_("stage"), max_length=4, choices=Stage)
    sent_at = models.DateTimeField(_("sent at"), default=timezone.now)

    class Meta:
        verbose_name = _("reminder of an event")
        verbose_name_plural = _("reminders of events")
        constraints = [models.UniqueConstraint(fields=["event", "stage"], name="event_reminder_once")]

    def __str__(self) -> str:
        return f"{self.stage} of {self.event_id}"
