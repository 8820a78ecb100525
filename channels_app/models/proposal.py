"""Proposed posts: administration and teachers propose, the administrator publishes (CHAN-2)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from channels_app.models.channel import Channel
from channels_app.models.post import MOST_TITLE, Post
from files.models import StoredFile
from orgs.models import Organization, Person


class ProposalState(models.TextChoices):
    SENT = "sent", _("waits for the editor")
    RETURNED = "returned", _("returned with remarks")
    ACCEPTED = "accepted", _("accepted")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Proposal(models.Model):
    """A text somebody proposes for a channel. It stays as its author wrote it, whatever the editor publishes."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="proposals", verbose_name=_("channel"))
    author = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="post_proposals", verbose_name=_("author")
    )
    title = models.CharField(_("title"), max_length=MOST_TITLE, blank=True)
    text = models.TextField(_("text"), blank=True)
    # When the author would like it to appear.
    wanted_at = models.DateTimeField(_("wished time"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ProposalState, default=ProposalState.SENT)
    # Counts what the author sent: an editor decides about the words he or she has seen.
    revision = models.PositiveIntegerField(default=1, editable=False)
    client_key = models.UUIDField(null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=1000, blank=True)
    decided_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    # What came of it.
    post = models.OneToOneField(
        Post, on_delete=models.SET_NULL, null=True, blank=True, related_name="proposal", verbose_name=_("post")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False, verbose_name=_("proposed at"))
    changed_at = models.DateTimeField(default=timezone.now, editable=False, verbose_name=_("changed at"))

    class Meta:
        verbose_name = _("proposed post")
        verbose_name_plural = _("proposed posts")
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=ProposalState.values), name="proposal_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state=ProposalState.RETURNED) | ~models.Q(remark=""),
                name="proposal_returned_says_why",
            ),
            # Only what was accepted became a post, and what was decided has its time.
            models.CheckConstraint(
                condition=models.Q(post=None) | models.Q(state=ProposalState.ACCEPTED), name="proposal_post_is_accepted"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[ProposalState.SENT, ProposalState.WITHDRAWN])
                | models.Q(decided_at__isnull=False),
                name="proposal_decision_has_time",
            ),
            # A repeated POST after a lost answer would propose the text twice.
            models.UniqueConstraint(
                fields=["author", "client_key"],
                name="proposal_client_key_once",
                condition=models.Q(client_key__isnull=False),
            ),
            models.UniqueConstraint(fields=["organization", "id"], name="proposal_in_organization"),
        ]
        indexes = [
            models.Index(
                fields=["organization", "changed_at"], name="proposal_waiting", condition=models.Q(state="sent")
            ),
            models.Index(fields=["author", "-changed_at"], name="proposal_of_author"),
        ]

    def __str__(self) -> str:
        return self.title or f"proposal {self.pk}"


class ProposalFile(models.Model):
    """A file the author attached; the post that comes of it shows the same file."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    proposal = models.ForeignKey(
        Proposal, on_delete=models.CASCADE, related_name="files", verbose_name=_("proposed post")
    )
    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="+", verbose_name=_("file"))
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("file of a proposed post")
        verbose_name_plural = _("files of proposed posts")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["proposal", "file"], name="proposal_file_once")]

    def __str__(self) -> str:
        return f"{self.file_id} of {self.proposal_id}"


class ProposalTurn(models.Model):
    """One turn between the author and the editors, with the words as they stood; append only: no text is lost."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    proposal = models.ForeignKey(
        Proposal, on_delete=models.CASCADE, related_name="turns", verbose_name=_("proposed post")
    )
    state = models.CharField(_("state"), max_length=10, choices=ProposalState)
    person = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by whom")
    )
    title = models.CharField(_("title"), max_length=MOST_TITLE, blank=True)
    text = models.TextField(_("text"), blank=True)
    remark = models.CharField(_("remark"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("turn of a proposed post")
        verbose_name_plural = _("turns of proposed posts")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.state} of {self.proposal_id}"
