"""What each person made of an event: answered, waited, came, watched. And the address of one's own calendar."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models.event import Event
from orgs.models import Organization, Person


class Answer(models.TextChoices):
    YES = "yes", _("I will come")
    NO = "no", _("I will not come")
    # Wants to come; all places are taken. Who waits longest gets the next free one.
    WAITING = "waiting", _("on the waiting list")


class Participation(models.Model):
    """One person at one event; made when first needed."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="participations", verbose_name=_("event"))
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("person"))
    answer = models.CharField(_("answer"), max_length=8, choices=Answer, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    # Empty: not marked.
    attended = models.BooleanField(_("was there"), null=True, blank=True)
    marked_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("marked by")
    )
    # When the broadcast was opened here, when its page was last open, and for how long in all.
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    seen_at = models.DateTimeField(_("last seen at"), null=True, blank=True)
    watched_seconds = models.PositiveIntegerField(_("watched, seconds"), default=0)

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints = [
            # A double tap on «Приду» would take two places.
            models.UniqueConstraint(fields=["event", "person"], name="participation_once"),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at=None)
                | (~models.Q(answer="") & models.Q(answered_at__isnull=False)),
                name="participation_answer_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(opened_at__isnull=False) | models.Q(watched_seconds=0),
                name="participation_watched_was_opened",
            ),
        ]
        indexes = [
            models.Index(
                fields=["event", "answered_at", "id"],
                name="participation_waiting",
                condition=models.Q(answer="waiting"),
            ),
            models.Index(fields=["person", "event"], name="participation_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.event_id}: {self.answer}"


class CalendarAddress(models.Model):
    """That a person has a secret address of the own calendar (CHAN-6). Nothing here opens it: see meetings/tokens.py;
    renewing is the next generation."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, related_name="calendar_address", verbose_name=_("person")
    )
    generation = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False, verbose_name=_("created at"))
    read_at = models.DateTimeField(_("last read by a calendar"), null=True, blank=True)

    class Meta:
        verbose_name = _("address of a calendar")
        verbose_name_plural = _("addresses of calendars")
        constraints = [models.CheckConstraint(condition=models.Q(generation__gte=1), name="calendar_generation_from_1")]

    def __str__(self) -> str:
        return f"calendar of {self.person_id}"
