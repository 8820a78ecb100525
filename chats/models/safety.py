"""Reports, mutes and looks into chats: what keeps a school's chats safe (CHAT-9)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chats.models.chat import Chat
from chats.models.message import Message
from orgs.models import Organization, Person


class Reason(models.TextChoices):
    """Why somebody reports a message."""

    INSULT = "insult", _("insult or bullying")
    DANGER = "danger", _("danger to life or health")
    PERSONAL_DATA = "personal_data", _("somebody's personal data")
    ADVERTISING = "advertising", _("advertising or fraud")
    OFF_TOPIC = "off_topic", _("does not belong here")
    OTHER = "other", _("another reason")


class Decision(models.TextChoices):
    """What a moderator decided."""

    DISMISSED = "dismissed", _("left in place")
    REMOVED = "removed", _("message removed")
    WARNED = "warned", _("author warned")
    MUTED = "muted", _("author muted")


class Report(models.Model):
    """Somebody's report of a message, with what stood there at that moment, until a moderator decides."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="reports", verbose_name=_("chat"))
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="reports", verbose_name=_("message"))
    reporter = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("reported by")
    )
    reason = models.CharField(_("reason"), max_length=16, choices=Reason)
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    # The author may edit or delete it before a moderator comes.
    reported_text = models.TextField(_("what stood there"), blank=True)
    created_at = models.DateTimeField(_("reported at"), default=timezone.now)
    decision = models.CharField(_("decision"), max_length=12, choices=Decision, blank=True)
    decided_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    answer = models.CharField(_("explanation"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(fields=["message", "reporter"], name="report_once_per_person"),
            models.UniqueConstraint(fields=["organization", "id"], name="report_in_organization"),
            models.CheckConstraint(
                condition=models.Q(decision="", decided_at=None)
                | (~models.Q(decision="") & models.Q(decided_at__isnull=False)),
                name="report_decision_has_time",
            ),
        ]
        indexes = [models.Index(fields=["organization", "chat"], name="report_open", condition=models.Q(decision=""))]

    def __str__(self) -> str:
        return f"report {self.pk} of {self.message_id}"


class Mute(models.Model):
    """Somebody may not write in a chat until a moment."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="mutes", verbose_name=_("chat"))
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("person"))
    until = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=500)
    created_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("muted by")
    )
    created_at = models.DateTimeField(default=timezone.now, verbose_name=_("muted at"))

    class Meta:
        verbose_name = _("mute")
        verbose_name_plural = _("mutes")
        # Muting anew moves the moment; lifting puts it into the past.
        constraints = [models.UniqueConstraint(fields=["chat", "person"], name="mute_once_per_chat")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.chat_id} until {self.until:%Y-%m-%d %H:%M}"


class Inspection(models.Model):
    """A look into a chat by somebody who is not in it: with a documented reason, for an hour, shown to the chat."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="inspections", verbose_name=_("chat"))
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("who looks"))
    reason = models.CharField(_("reason"), max_length=500)
    report = models.ForeignKey(
        Report, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("report")
    )
    created_at = models.DateTimeField(default=timezone.now, verbose_name=_("looked at"))
    expires_at = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("look into a chat")
        verbose_name_plural = _("looks into chats")
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="inspection_has_reason"),
        ]
        indexes = [models.Index(fields=["person", "expires_at"], name="inspection_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.chat_id}"
