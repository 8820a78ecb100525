"""Polls: a question with answers to choose from. What a poll hangs on says who may vote (CHAT-6)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orgs.models import Organization, Person


class Poll(models.Model):
    """A question. Counters stand in the rows, so that results cost the same for three voters and three thousand."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="polls", verbose_name=_("organization")
    )
    question = models.CharField(_("question"), max_length=300)
    is_multiple = models.BooleanField(_("several answers"), default=False)
    is_anonymous = models.BooleanField(_("anonymous"), default=False)
    voter_count = models.PositiveIntegerField(_("voters"), default=0)
    created_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("poll")
        verbose_name_plural = _("polls")
        constraints = [
            models.CheckConstraint(condition=~models.Q(question=""), name="poll_has_question"),
            # A poll that nobody could ever vote in.
            models.CheckConstraint(
                condition=models.Q(closes_at=None) | models.Q(closes_at__gt=models.F("created_at")),
                name="poll_closes_after_creation",
            ),
            models.UniqueConstraint(fields=["organization", "id"], name="poll_in_organization"),
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def is_open(self) -> bool:
        """Whether votes are taken now; no job is waited for."""
        return self.closed_at is None and (self.closes_at is None or timezone.now() < self.closes_at)


class PollOption(models.Model):
    """An answer to choose."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="options", verbose_name=_("poll"))
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.CharField(_("text"), max_length=120)
    vote_count = models.PositiveIntegerField(_("votes"), default=0)

    class Meta:
        verbose_name = _("answer of a poll")
        verbose_name_plural = _("answers of polls")
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="poll_option_has_text"),
            models.UniqueConstraint(fields=["poll", "position"], name="poll_option_position_once"),
            models.UniqueConstraint(fields=["organization", "id"], name="poll_option_in_organization"),
        ]

    def __str__(self) -> str:
        return self.text


class PollVote(models.Model):
    """Who chose what in an open poll; an anonymous one has none of these."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="votes", verbose_name=_("poll"))
    option = models.ForeignKey(PollOption, on_delete=models.CASCADE, related_name="votes", verbose_name=_("answer"))
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("person"))
    created_at = models.DateTimeField(_("given at"), default=timezone.now)
    # A copy of «one answer only», so that the database can refuse a second one.
    is_single = models.BooleanField(_("the only answer"))

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            # A double tap on one answer would count twice.
            models.UniqueConstraint(fields=["option", "person"], name="poll_vote_once_per_option"),
            # Two taps on two answers of a poll with one answer.
            models.UniqueConstraint(
                fields=["poll", "person"], name="poll_vote_one_answer", condition=models.Q(is_single=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.option_id}"


class PollBallot(models.Model):
    """That somebody voted in an anonymous poll — not what: the answers are only counted.

    It has no time and no order of its own that could be laid beside the counters.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="ballots", verbose_name=_("poll"))
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("person"))

    class Meta:
        verbose_name = _("ballot of an anonymous poll")
        verbose_name_plural = _("ballots of anonymous polls")
        constraints = [
            # Whoever taps twice, or in two windows, votes once.
            models.UniqueConstraint(fields=["poll", "person"], name="poll_ballot_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.poll_id}"
