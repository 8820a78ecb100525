"""What happened on one day of an organization's own calendar (STAT-4).

These rows are the memory: they stay when messages go because their time is over. All are written by the roll-up alone
(`stats.services.rollup`), with absolute values: counting a day again changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orgs.models import Organization, Person, Unit

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise


def count(label: StrOrPromise) -> models.PositiveIntegerField:
    """A counter of a day."""
    return models.PositiveIntegerField(label, default=0)


class Presence(models.Model):
    """That a person opened the platform on a day: one row, written with the first request of that day."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("person"))
    day = models.DateField(_("day"))
    at = models.DateTimeField(_("first seen at"), default=timezone.now)

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presence")
        constraints = [
            # Two devices, two tabs, two workers: one row.
            models.UniqueConstraint(fields=["person", "day"], name="presence_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.day}"


class PersonDay(models.Model):
    """One person on one day; no row: neither came nor did anything."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    day = models.DateField(_("day"))
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("person"))
    # The roles held on that day.
    is_staff = models.BooleanField(_("staff"), default=False)
    is_student = models.BooleanField(_("student"), default=False)
    is_parent = models.BooleanField(_("parent"), default=False)
    # Opened the platform; what was done by an integration's key or noted by somebody else leaves it false.
    came = models.BooleanField(_("came"), default=False)
    messages = count(_("messages"))
    # Of these: in quiet hours; in bursts, repeated, or to oneself (STAT-5).
    quiet_messages = count(_("messages in quiet hours"))
    doubtful_messages = count(_("doubtful messages"))
    posts = count(_("posts"))
    comments = count(_("comments"))
    reactions = count(_("reactions"))
    views = count(_("views"))
    confirmations = count(_("confirmations"))
    votes = count(_("votes in open polls"))
    files = count(_("files"))
    answers = count(_("answers to invitations to events"))
    attended = count(_("events attended"))
    watched = count(_("broadcasts opened"))
    invitations = count(_("invitations made"))
    actions = count(_("actions of the administration"))

    class Meta:
        verbose_name = _("day of a person")
        verbose_name_plural = _("days of people")
        constraints = [
            models.UniqueConstraint(fields=["organization", "day", "person"], name="person_day_once"),
            models.CheckConstraint(
                condition=models.Q(quiet_messages__lte=models.F("messages"))
                & models.Q(doubtful_messages__lte=models.F("messages")),
                name="person_day_parts_within_whole",
            ),
        ]
        indexes = [models.Index(fields=["person", "day"], name="person_day_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.day}"


class UnitDay(models.Model):
    """One unit on one day. The roster's figures are those of the day's end as the platform knew them then."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    day = models.DateField(_("day"))
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", verbose_name=_("unit"))
    # Of the roster; a family is a student's parents, connected when at least one of them has a confirmed account.
    staff_total = count(_("staff"))
    staff_joined = count(_("staff connected"))
    students_total = count(_("students"))
    students_joined = count(_("students connected"))
    families_total = count(_("families"))
    families_joined = count(_("families connected"))
    # Came or did something; each once.
    staff_active = count(_("staff active"))
    students_active = count(_("students active"))
    parents_active = count(_("parents active"))
    # In the unit's own chats and channel.
    messages = count(_("messages"))
    quiet_messages = count(_("messages in quiet hours"))
    doubtful_messages = count(_("doubtful messages"))
    posts = count(_("posts"))

    class Meta:
        verbose_name = _("day of a unit")
        verbose_name_plural = _("days of units")
        constraints = [
            models.UniqueConstraint(fields=["organization", "day", "unit"], name="unit_day_once"),
            models.CheckConstraint(
                condition=models.Q(staff_joined__lte=models.F("staff_total"))
                & models.Q(students_joined__lte=models.F("students_total"))
                & models.Q(families_joined__lte=models.F("families_total")),
                name="unit_day_joined_of_roster",
            ),
        ]
        indexes = [models.Index(fields=["unit", "day"], name="unit_day_of_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} on {self.day}"


class OrgDay(models.Model):
    """One day of the whole organization."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    day = models.DateField(_("day"))
    staff_total = count(_("staff"))
    staff_joined = count(_("staff connected"))
    students_total = count(_("students"))
    students_joined = count(_("students connected"))
    parents_total = count(_("parents"))
    parents_joined = count(_("parents connected"))
    families_total = count(_("families"))
    families_joined = count(_("families connected"))
    # Came or did something; `people` counts a teacher who is a parent too once.
    people_active = count(_("people active"))
    staff_active = count(_("staff active"))
    students_active = count(_("students active"))
    parents_active = count(_("parents active"))
    messages = count(_("messages"))
    quiet_messages = count(_("messages in quiet hours"))
    doubtful_messages = count(_("doubtful messages"))
    chats_alive = count(_("chats in which somebody wrote"))
    posts = count(_("posts"))
    comments = count(_("comments"))
    reactions = count(_("reactions"))
    views = count(_("views"))
    confirmations = count(_("confirmations"))
    votes = count(_("votes in open polls"))
    files = count(_("files"))
    answers = count(_("answers to invitations to events"))
    events = count(_("events held"))
    broadcasts = count(_("of them broadcasts"))
    attended = count(_("people at events"))
    watched = count(_("broadcasts opened"))
    invitations_made = count(_("invitations made"))
    invitations_expired = count(_("invitations expired"))
    invitations_annulled = count(_("invitations annulled"))
    joined = count(_("people joined by an invitation"))
    actions = count(_("actions of the administration"))

    class Meta:
        verbose_name = _("day of an organization")
        verbose_name_plural = _("days of organizations")
        constraints = [models.UniqueConstraint(fields=["organization", "day"], name="org_day_once")]

    def __str__(self) -> str:
        return f"{self.organization_id} on {self.day}"
