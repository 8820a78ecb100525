"""Messages and what hangs on them."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chats.models.chat import Chat
from files.models import StoredFile
from orgs.models import Organization, Person
from polls.models import Poll

MAX_TEXT = 4000


class Kind(models.TextChoices):
    """Written by a person, or by the platform."""

    TEXT = "text", _("message")
    NOTICE = "notice", _("notice of the platform")


class Message(models.Model):
    """One message. A deleted one stays as a trace without its words until its time is over."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="messages", verbose_name=_("chat"))
    # Numbers of `Chat.last_event`: when the message came, and its latest change.
    number = models.BigIntegerField(_("number"))
    event = models.BigIntegerField()
    # How many messages the chat had with this one: unread counts are subtractions.
    ordinal = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.TEXT, verbose_name=_("kind"))
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("author"))
    # As typed; `html` is made from it once, at writing (common.markup), and never from outside.
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(blank=True, editable=False)
    # Words without markup, normalised: what search looks in.
    search_text = models.TextField(blank=True, editable=False)
    # Equal for equal words of one author (chats.services.fingerprint), 0 where they are too short to tell: so repeated
    # messages are counted as such without anybody reading them (STAT-5).
    fingerprint = models.BigIntegerField(default=0, editable=False)
    # A notice's words are made by its reader's language: {"code": …, names as values}.
    notice = models.JSONField(null=True, blank=True)
    reply_to = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("answer to")
    )
    poll = models.OneToOneField(
        Poll, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("poll")
    )
    has_files = models.BooleanField(default=False)
    mentions_all = models.BooleanField(_("mentions everyone"), default=False)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    # Made by the sender's device: sending again after a lost answer makes no second message.
    client_key = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(_("sent at"), default=timezone.now)
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)
    pinned_at = models.DateTimeField(_("pinned at"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)
    # Another than the author: removed by a moderator.
    deleted_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("deleted by")
    )

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(fields=["chat", "number"], name="message_number_once"),
            # A repeated POST after a lost answer would double the message.
            models.UniqueConstraint(
                fields=["author", "client_key"],
                name="message_client_key_once",
                condition=models.Q(client_key__isnull=False),
            ),
            models.CheckConstraint(
                condition=models.Q(event__gte=models.F("number")), name="message_event_after_number"
            ),
            models.UniqueConstraint(fields=["organization", "id"], name="message_in_organization"),
            # What is deleted is gone: no words stay behind.
            models.CheckConstraint(
                condition=models.Q(deleted_at=None) | models.Q(text="", html="", search_text="", fingerprint=0),
                name="message_deleted_is_empty",
            ),
        ]
        indexes = [
            models.Index(fields=["chat", "event"], name="message_by_event"),
            models.Index(fields=["chat", "created_at"], name="message_by_time"),
            models.Index(
                fields=["chat", "-pinned_at"], name="message_pinned", condition=models.Q(pinned_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.number} in {self.chat_id}"


class MessageFile(models.Model):
    """A file of a message; «Материалы» lists these (CHAT-5)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="+", verbose_name=_("chat"))
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="files", verbose_name=_("message"))
    file = models.OneToOneField(StoredFile, on_delete=models.CASCADE, related_name="+", verbose_name=_("file"))
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("file of a message")
        verbose_name_plural = _("files of messages")
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["chat", "-id"], name="message_file_newest")]

    def __str__(self) -> str:
        return f"{self.file_id} of {self.message_id}"


class Mention(models.Model):
    """Somebody named in a message."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="+", verbose_name=_("chat"))
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions", verbose_name=_("message"))
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("person"))
    number = models.BigIntegerField()

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [models.UniqueConstraint(fields=["message", "person"], name="mention_once")]
        indexes = [models.Index(fields=["person", "chat", "number"], name="mention_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.message_id}"
