"""Long work of an organization: how far it has come, what it changed, and what its undoing puts back."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orgs.models import Organization, Person


class State(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("work", "waits")
    RUNNING = "running", pgettext_lazy("work", "under way")
    DONE = "done", pgettext_lazy("work", "done")
    FAILED = "failed", pgettext_lazy("work", "failed")
    CANCELLED = "cancelled", pgettext_lazy("work", "called off")
    UNDOING = "undoing", pgettext_lazy("work", "is being undone")
    UNDONE = "undone", pgettext_lazy("work", "undone")


OPEN = (State.WAITING, State.RUNNING, State.UNDOING)
# What came of it stands in `outcome`.
OVER = (State.DONE, State.UNDOING, State.UNDONE)


class Work(models.Model):
    """One piece of work: all of it or nothing is done, in the background or at once.

    `kind` is a key of `settings.WORK_KINDS`; what it works on stands in `parameters`, what came of it in `outcome`.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="works", verbose_name=_("organization")
    )
    kind = models.CharField(_("kind"), max_length=30)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    parameters = models.JSONField(_("parameters"), default=dict)
    outcome = models.JSONField(_("outcome"), default=dict)
    error_code = models.CharField(_("error code"), max_length=60, blank=True)
    error_message = models.CharField(_("error"), max_length=500, blank=True)
    step = models.CharField(_("step"), max_length=30, blank=True)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), default=0)
    started_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("started by")
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    # The last sign of life of whoever runs or undoes it; null: nobody has begun.
    alive_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    cancel_asked_at = models.DateTimeField(_("asked to stop at"), null=True, blank=True)
    # Null: this kind of work cannot be undone.
    undo_until = models.DateTimeField(_("can be undone until"), null=True, blank=True)
    undo_asked_at = models.DateTimeField(_("undoing asked for at"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    # Who asked for it, from the moment they asked.
    undone_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("undone by")
    )

    class Meta:
        verbose_name = _("long work")
        verbose_name_plural = _("long works")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="work_state_known"),
            # Two imports at once, or one and the undoing of another, would not know of each other's people.
            models.UniqueConstraint(
                fields=["organization"], name="work_one_at_a_time", condition=models.Q(state__in=OPEN)
            ),
            models.UniqueConstraint(fields=["organization", "id"], name="work_in_organization"),
            models.CheckConstraint(condition=models.Q(done__lte=models.F("total")), name="work_done_within_total"),
        ]
        indexes = [models.Index(fields=["state"], name="work_open", condition=models.Q(state__in=OPEN))]

    def __str__(self) -> str:
        return f"{self.kind} № {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def can_be_undone(self) -> bool:
        """Whether the time for it is not over; what else prevents it says `works.services.undoing.obstacles`."""
        return self.state == State.DONE and self.undo_until is not None and self.undo_until > timezone.now()

    @property
    def percent(self) -> int:
        """How much of the present step is done, 0 to 100."""
        return self.done * 100 // self.total if self.total else 0


class Change(models.Model):
    """Rows of one table that a work has made or changed, as its undoing needs them; many rows in one.

    `rows` of what was made: {id: fingerprint of the row}. Of what was changed: {id: {column: [before, after]}}.
    """

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="changes", verbose_name=_("work"))
    # «orgs.person»
    model = models.CharField(max_length=60)
    is_creation = models.BooleanField()
    rows = models.JSONField()

    class Meta:
        verbose_name = _("change of a work")
        verbose_name_plural = _("changes of works")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.work_id}: {self.model}"
