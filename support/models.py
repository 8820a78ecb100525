"""Requests for help, what was said about them, and the organization's rules of answering (SUP-1)."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from files.models import StoredFile
from orgs.models import Organization, Person


class Topic(models.TextChoices):
    """What a request is about; who is offered which, `support.topics` says."""

    SIGN_IN = "sign_in", _("Signing in and codes")
    FAMILY = "family", _("The child and the family")
    UNITS = "units", _("The class, the group, the list")
    CHATS = "chats", _("Chats and messages")
    CHANNELS = "channels", _("Channels, events, documents")
    NOTIFICATIONS = "notifications", _("Notifications")
    DATA = "data", _("A mistake in my data")
    INVITATIONS = "invitations", _("Invitations and joining")
    ROSTER = "roster", _("Import, movement, the school year")
    STATISTICS = "statistics", _("Statistics")
    SAFETY = "safety", _("Safety: insults, strangers, spam")
    FAULT = "fault", _("Something does not work")
    OTHER = "other", _("Something else")


class State(models.TextChoices):
    """Where a request stands."""

    NEW = "new", pgettext_lazy("help request", "new")
    IN_WORK = "in_work", pgettext_lazy("help request", "in work")
    WAITING = "waiting", pgettext_lazy("help request", "waits for the asker")
    ANSWERED = "answered", pgettext_lazy("help request", "answered")
    PASSED_ON = "passed_on", pgettext_lazy("help request", "with the platform’s support")
    CLOSED = "closed", pgettext_lazy("help request", "closed")


# An answer is owed: there is a day by which it has to come.
OWED = (State.NEW, State.IN_WORK, State.PASSED_ON)
# Of these the administrators owe it.
OWED_HERE = (State.NEW, State.IN_WORK)


class Side(models.TextChoices):
    """Who speaks."""

    ASKER = "asker", _("the asker")
    ADMINISTRATION = "administration", _("administrators")
    OPERATOR = "operator", _("the platform’s support")


class Step(models.TextChoices):
    """What an entry is; those with words of their own come first."""

    ASKED = "asked", _("wrote")
    ANSWERED = "answered", pgettext_lazy("step of a help request", "answered")
    QUESTION = "question", _("asked to specify")
    PASSED_ON = "passed_on", _("passed on to the platform’s support")
    GIVEN_BACK = "given_back", _("gave back to the administrators")
    TAKEN = "taken", _("took into work")
    CLOSED = "closed", pgettext_lazy("step of a help request", "closed")


WITH_WORDS = (Step.ASKED, Step.ANSWERED, Step.QUESTION)


class Reminded(models.TextChoices):
    """Which reminder of the deadline has been sent."""

    NONE = "", _("none")
    BEFORE = "before", _("on the last day")
    AFTER = "after", _("after the deadline")


class HelpRequest(models.Model):
    """A call for help: of a member to the administrators, or of somebody who cannot get in (SUP-1)."""

    # Empty: somebody who named a school in words, or none; such a request is the operator's.
    organization = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="help_requests",
        verbose_name=_("organization"),
    )
    # Empty: who cannot get in; then the fields below say who it is.
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("who asks")
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    school = models.CharField(_("school, in their own words"), max_length=200, blank=True)
    topic = models.CharField(_("topic"), max_length=16, choices=Topic)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW)
    # Another one at each change: an answer is about what its writer has seen, and the second of two is refused.
    revision = models.PositiveIntegerField(default=1, editable=False, verbose_name=_("revision"))
    # Given by the form that was filled in.
    attempt = models.UUIDField(default=uuid4, editable=False, verbose_name=_("attempt"))
    assignee = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("who deals with it")
    )
    # Words of the first message and the asker's name, normalised: what search looks in.
    search_text = models.CharField(max_length=500, editable=False)
    created_at = models.DateTimeField(_("sent at"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)
    # The last day on which the answer comes in time.
    due_on = models.DateField(_("answer until"), null=True, blank=True)
    reminded = models.CharField(
        _("reminded"), max_length=8, choices=Reminded, default=Reminded.NONE, blank=True, editable=False
    )
    # Since when the platform's operator sees it.
    passed_on_at = models.DateTimeField(_("passed on at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    # The asker has not yet looked at what came last.
    has_news = models.BooleanField(_("has news for the asker"), default=False, editable=False)

    class Meta:
        verbose_name = _("request for help")
        verbose_name_plural = _("requests for help")
        constraints = [
            # A double click on «Отправить» would make two requests.
            models.UniqueConstraint(fields=["attempt"], name="help_request_once_per_attempt"),
            # What composite keys of other tables point at (ACC-4).
            models.UniqueConstraint(fields=["organization", "id"], name="help_request_in_organization"),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="help_request_state_known"),
            models.CheckConstraint(condition=models.Q(topic__in=Topic.values), name="help_request_topic_known"),
            # A request of nobody: there would be nobody to answer.
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, organization__isnull=False)
                | (models.Q(person=None) & ~models.Q(name="") & (~models.Q(phone="") | ~models.Q(email=""))),
                name="help_request_has_asker",
            ),
            # An owed answer without a day would never be late; a day where nothing is owed would.
            models.CheckConstraint(
                condition=models.Q(state__in=OWED, due_on__isnull=False)
                | (~models.Q(state__in=OWED) & models.Q(due_on=None)),
                name="help_request_owed_has_day",
            ),
            models.CheckConstraint(
                condition=models.Q(state=State.CLOSED, closed_at__isnull=False)
                | (~models.Q(state=State.CLOSED) & models.Q(closed_at=None)),
                name="help_request_closed_has_date",
            ),
            # With the operator and hidden from the operator; of no organization and not the operator's.
            models.CheckConstraint(
                condition=models.Q(passed_on_at__isnull=False)
                | (~models.Q(state=State.PASSED_ON) & models.Q(organization__isnull=False)),
                name="help_request_operator_sees_own",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "state", "due_on"], name="help_request_queue"),
            models.Index(fields=["person", "-id"], name="help_request_own"),
            models.Index(
                fields=["state", "due_on"],
                name="help_request_of_operator",
                condition=models.Q(passed_on_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.pk}: {self.get_topic_display()}"

    @property
    def asker_name(self) -> str:
        """«Фамилия Имя Отчество», or the name that was typed."""
        return self.person.full_name if self.person is not None else self.name

    @property
    def is_open(self) -> bool:
        return self.state != State.CLOSED


class HelpEntry(models.Model):
    """One thing that was said or done about a request; never changed."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("organization")
    )
    request = models.ForeignKey(
        HelpRequest, on_delete=models.CASCADE, related_name="entries", verbose_name=_("request for help")
    )
    side = models.CharField(_("who speaks"), max_length=14, choices=Side)
    step = models.CharField(_("what it is"), max_length=10, choices=Step)
    # Empty: who cannot get in, the operator, the clock.
    author = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("author")
    )
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("operator"),
    )
    text = models.TextField(_("text"), max_length=4000, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("entry of a request for help")
        verbose_name_plural = _("entries of requests for help")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="help_entry_in_organization"),
            models.CheckConstraint(condition=models.Q(side__in=Side.values), name="help_entry_side_known"),
            models.CheckConstraint(condition=models.Q(step__in=Step.values), name="help_entry_step_known"),
            # An answer without a word.
            models.CheckConstraint(
                condition=~models.Q(step__in=WITH_WORDS) | ~models.Q(text=""), name="help_entry_has_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.step}"


class HelpFile(models.Model):
    """A file that an entry brought."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    entry = models.ForeignKey(
        HelpEntry, on_delete=models.CASCADE, related_name="files", verbose_name=_("entry of a request for help")
    )
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name=_("file"))

    class Meta:
        verbose_name = _("file of a request for help")
        verbose_name_plural = _("files of requests for help")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.file_id}"


class HelpRules(models.Model):
    """How soon the organization answers; without a row, as the defaults say."""

    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, related_name="help_rules", verbose_name=_("organization")
    )
    answer_days = models.PositiveSmallIntegerField(_("answer within, working days"), default=2)
    works_on_saturday = models.BooleanField(_("Saturday is a working day"), default=False)

    class Meta:
        verbose_name = _("rules of answering")
        verbose_name_plural = _("rules of answering")
        constraints = [
            # «Prompt» is not a month, and not «before it was asked».
            models.CheckConstraint(
                condition=models.Q(answer_days__gte=1, answer_days__lte=10), name="help_rules_days_sensible"
            ),
        ]

    def __str__(self) -> str:
        return str(self.organization)
