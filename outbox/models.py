"""Letters, SMS and pushes on their way out: written in the transaction that causes them, sent by Celery."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("SMS")
    # The recipient is the number of a subscription (outbox/push.py): its address would be too long, and tells too much.
    PUSH = "push", _("notification")


class Status(models.TextChoices):
    QUEUED = "queued", _("waiting")
    SENT = "sent", _("sent")
    KEPT = "kept", _("kept here")
    FAILED = "failed", _("not delivered")


class Message(models.Model):
    """One letter, SMS or push.

    Its words are made when it is sent, by `settings.OUTBOX_RENDERERS[template]` from `context` (ids): so neither
    an invitation's token nor anything else that opens a door lies in the database. `secret` holds the one thing
    that can't be made anew, a one-time code, encrypted, and is emptied when the message has left.
    """

    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    recipient = models.CharField(_("recipient"), max_length=254)
    template = models.CharField(_("what kind"), max_length=40)
    context = models.JSONField(default=dict)
    secret = models.TextField(blank=True)
    # A value, not a foreign key: the floors below `orgs` do not know organizations.
    organization_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    # What the message is about («invitation:15»), so that its page can show the delivery.
    reference = models.CharField(_("about"), max_length=60, blank=True, db_index=True)
    # The same key is queued once only: a repeated task or a double click sends nothing twice.
    dedupe_key = models.CharField(max_length=120, null=True, blank=True)
    status = models.CharField(_("state"), max_length=8, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_attempt_at = models.DateTimeField(_("next try"), default=timezone.now)
    last_error = models.CharField(_("what went wrong"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("written at"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("message in the outbox")
        verbose_name_plural = _("outbox")
        constraints = [
            # Two workers, a repeated job, a double click: one message.
            models.UniqueConstraint(fields=["dedupe_key"], name="outbox_message_once"),
            models.CheckConstraint(
                condition=models.Q(status="queued") | models.Q(finished_at__isnull=False),
                name="outbox_message_finished_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="outbox_due", condition=models.Q(status="queued")),
            models.Index(fields=["-created_at"], name="outbox_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.template} → {self.recipient}"
