"""What cannot be added up from days: people counted once in a week or month, answers one by one, reach of one thing."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from orgs.models import Organization, Person, Unit
from stats.models.days import count


class Span(models.TextChoices):
    WEEK = "week", _("week")
    MONTH = "month", _("month")


class Period(models.Model):
    """Distinct people of one week (from Monday) or month, of the organization or of one unit (STAT-2)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    span = models.CharField(_("period"), max_length=5, choices=Span)
    starts_on = models.DateField(_("starts on"))
    # Empty: the whole organization.
    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    # Came or did something.
    people_active = count(_("people active"))
    staff_active = count(_("staff active"))
    students_active = count(_("students active"))
    parents_active = count(_("parents active"))
    # Did something beyond opening and reading.
    staff_acted = count(_("staff who did something"))
    students_acted = count(_("students who did something"))
    parents_acted = count(_("parents who did something"))
    chats_alive = count(_("chats in which somebody wrote"))

    class Meta:
        verbose_name = _("people of a period")
        verbose_name_plural = _("people of periods")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "span", "starts_on", "unit"],
                name="stats_period_once",
                condition=models.Q(unit__isnull=False),
            ),
            # A unique key lets rows without a unit through.
            models.UniqueConstraint(
                fields=["organization", "span", "starts_on"],
                name="stats_period_of_all_once",
                condition=models.Q(unit=None),
            ),
            models.CheckConstraint(condition=models.Q(span__in=Span.values), name="stats_period_span_known"),
        ]

    def __str__(self) -> str:
        return f"{self.span} {self.starts_on} of {self.organization_id}"


class StaffAnswer(models.Model):
    """One answer of staff to a parent in a personal chat: how long the parent's first unanswered message waited.

    It belongs to the day of the answer.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    day = models.DateField(_("day"))
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("who answered"))
    # A value: the message goes when its time is over, how long it took stays.
    message_id = models.BigIntegerField()
    seconds = models.PositiveIntegerField(_("waited, seconds"))

    class Meta:
        verbose_name = _("answer of staff")
        verbose_name_plural = _("answers of staff")
        constraints = [models.UniqueConstraint(fields=["message_id"], name="staff_answer_once")]
        indexes = [models.Index(fields=["organization", "day"], name="staff_answer_by_day")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.seconds} s"


class ReachKind(models.TextChoices):
    READING = "reading", _("required reading")
    POST = "post", _("post")
    POLL = "poll", _("poll")
    EVENT = "event", _("event")


class Reached(models.Model):
    """Of those whom one thing was meant for, how many it reached: read, voted, came."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=ReachKind)
    # A value: the number of the reading, post, poll or event. What a poll asks is not here: that is content.
    thing_id = models.BigIntegerField()
    # The day on which it was given out, published, asked or held.
    day = models.DateField(_("day"))
    asked = count(_("asked"))
    reached = count(_("reached"))
    # Of an event: attendance is marked; before that `reached` are those who said they come.
    is_marked = models.BooleanField(default=False)
    # Of required reading and posts: between giving out and reading; empty when nobody has read.
    median_seconds = models.PositiveIntegerField(_("median time, seconds"), null=True, blank=True)

    class Meta:
        verbose_name = _("reach of one thing")
        verbose_name_plural = _("reach of things")
        constraints = [
            models.UniqueConstraint(fields=["kind", "thing_id"], name="reached_once"),
            models.CheckConstraint(condition=models.Q(kind__in=ReachKind.values), name="reached_kind_known"),
        ]
        indexes = [models.Index(fields=["organization", "kind", "day"], name="reached_by_day")]

    def __str__(self) -> str:
        return f"{self.kind} {self.thing_id}: {self.reached} of {self.asked}"
