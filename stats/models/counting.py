"""How the roll-up knows what to count: what has changed, which days are open, how far each organization is (STAT-4)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orgs.models import Organization


class Source(models.TextChoices):
    """What was written, changed or taken back; the database's triggers name it (stats/triggers.py)."""

    PRESENCE = "presence", _("presence")
    MESSAGE = "message", _("messages")
    POST = "post", _("posts")
    COMMENT = "comment", _("comments")
    REACTION = "reaction", _("reactions")
    VIEW = "view", _("views")
    READING = "reading", _("required reading")
    CONFIRMATION = "confirmation", _("confirmations")
    POLL = "poll", _("polls")
    VOTE = "vote", _("votes")
    FILE = "file", _("files")
    EVENT = "event", _("events")
    PARTICIPATION = "participation", _("answers and attendance")
    INVITATION = "invitation", _("invitations")
    JOINING = "joining", _("joinings")
    JOURNAL = "journal", _("journal")
    # Roles, enrolments and families are intervals: everything from that moment on may look different.
    ROSTER = "roster", _("roster")
    # Messages went because their time was over: the days up to this one stay as they were counted.
    GONE = "gone", _("messages whose time is over")
    # Nothing happened; the day is to be counted (first fill, another time zone, a rebuild).
    DAY = "day", _("day to be counted")


CHANGES = "stats_change"


class Change(models.Model):
    """That something of a day has changed; written by triggers in the transaction of the change, removed by the
    roll-up in the transaction that counted it. So nothing is missed, however late a transaction commits, and nothing
    has to be remembered about numbers or times.
    """

    # A value without a key: a removed organization must not be held back by its changes.
    organization_id = models.BigIntegerField()
    # Some moment of the day concerned, to the minute.
    at = models.DateTimeField()
    source = models.CharField(max_length=16, choices=Source)
    # Of readings, posts, polls and events: which one, for its reach.
    thing_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("change to count")
        verbose_name_plural = _("changes to count")
        db_table = CHANGES
        indexes = [models.Index(fields=["organization_id", "id"], name="stats_change_of_org")]

    def __str__(self) -> str:
        return f"{self.source} of {self.organization_id} at {self.at}"


class RollupState(models.Model):
    """How far the statistics of one organization are. Its row is the lock: one worker counts an organization."""

    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, related_name="rollup_state", verbose_name=_("organization")
    )
    # The time zone and the quiet hours by which the days were counted; others: everything is counted anew.
    basis = models.CharField(max_length=80, blank=True)
    # Counted with everything that had been committed by then: «на 10:05». Empty: never.
    counted_at = models.DateTimeField(_("counted at"), null=True, blank=True)
    # The first and the last day there are rows for.
    first_day = models.DateField(_("first day"), null=True, blank=True)
    last_day = models.DateField(_("last day"), null=True, blank=True)
    # Days before it stay as they were counted: messages of theirs have been removed because their time was over.
    frozen_before = models.DateField(_("unchangeable before"), null=True, blank=True)
    # Reconciliation: the day recomputed last, when, and how many figures differed (must be 0).
    checked_day = models.DateField(_("checked day"), null=True, blank=True)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    difference = models.PositiveIntegerField(_("difference found"), default=0)
    # Over the whole life, so that one bad night is not forgotten with the next good one.
    difference_total = models.PositiveIntegerField(_("differences found so far"), default=0)

    class Meta:
        verbose_name = _("state of the statistics")
        verbose_name_plural = _("states of the statistics")

    def __str__(self) -> str:
        return f"{self.organization_id}: {self.last_day}"


class DayWindow(models.Model):
    """A day that is being counted, as moments: where it begins and ends by the organization's clock (23 to 25 hours),
    and which parts of it are quiet. Rows live inside the transaction of one roll-up and are never committed.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    day = models.DateField(_("day"))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # Quiet from the start of the day until here, and from here to its end.
    # Where `quiet_from` comes first (13:00-15:00), quiet is what lies between the two instead.
    quiet_until = models.DateTimeField()
    quiet_from = models.DateTimeField()
    # Figures of the roster are derived too: the day has none yet, or has not ended.
    with_roster = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("day being counted")
        verbose_name_plural = _("days being counted")
        constraints = [
            models.UniqueConstraint(fields=["organization", "day"], name="day_window_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="day_window_has_length"),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id}: {self.day}"
