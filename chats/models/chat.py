"""Chats: what they are, whom they are for, and what each member made of them."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orgs.models import AudienceRule, Organization, Person, Unit


class Template(models.TextChoices):
    """How a chat came to be (CHAT-1, CHAT-2, CHAT-3)."""

    GENERAL = "general", _("the general chat")
    UNIT_STUDENTS = "unit_students", _("students of a unit")
    UNIT_PARENTS = "unit_parents", _("parents of a unit")
    UNIT_STAFF = "unit_staff", _("staff of a unit")
    DEPUTIES = "deputies", _("head and deputies")
    ALL_STAFF = "all_staff", _("head and staff")
    PARENTS_COUNCIL = "parents_council", _("parents' council")
    STUDENTS_COUNCIL = "students_council", _("students' council")
    FREE = "free", _("free chat")
    PERSONAL = "personal", _("personal messages")


# These exist by themselves while the organization has them switched on, and have no list of members.
SYSTEM_TEMPLATES = (Template.GENERAL, Template.UNIT_STUDENTS, Template.UNIT_PARENTS, Template.UNIT_STAFF)
UNIT_TEMPLATES = (Template.UNIT_STUDENTS, Template.UNIT_PARENTS, Template.UNIT_STAFF)


class Writers(models.TextChoices):
    """Who may write; the others read (CHAT-9)."""

    EVERYONE = "everyone", _("everyone in the chat")
    STAFF = "staff", _("staff only")
    MODERATORS = "moderators", _("moderators only")


class Notify(models.TextChoices):
    """What a member wants to be notified of."""

    ALL = "all", _("every message")
    MENTIONS = "mentions", _("mentions of me only")
    NONE = "none", _("nothing")


class ChatRules(models.Model):
    """The organization's rules for its chats; a missing row means the defaults."""

    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, related_name="chat_rules", verbose_name=_("organization")
    )
    # Templates of SYSTEM_TEMPLATES that are switched on.
    switched_on = models.JSONField(_("chats that exist by themselves"), default=list, blank=True)
    # {from: {to: reach}} where it differs from chats.contacts.DEFAULT_REACH (CHAT-3).
    contacts = models.JSONField(_("who may write to whom"), default=dict, blank=True)
    safe_mode = models.BooleanField(_("safe mode for students"), default=True)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    edit_minutes = models.PositiveIntegerField(_("minutes in which the author may edit"), default=24 * 60)
    retention_days = models.PositiveIntegerField(_("days for which messages are kept"), null=True, blank=True)

    class Meta:
        verbose_name = _("rules of the chats")
        verbose_name_plural = _("rules of the chats")
        constraints = [
            # Half a pair would mean quiet for ever or never.
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_until=None)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="chat_rules_quiet_hours_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"rules of {self.organization_id}"


class Chat(models.Model):
    """A conversation. Its members are derived from its audience; free ones keep a list besides.

    `last_event` counts every change in the chat; a message carries the number of its latest change. Numbers are
    given under the lock of this row, so they are committed in their order and without a gap: who knows everything
    up to N misses nothing when asking for what came after N.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="chats", verbose_name=_("organization")
    )
    template = models.CharField(_("kind"), max_length=16, choices=Template, default=Template.FREE)
    # Empty for personal chats (the other one's name) and for those of a unit (the unit's name and whom it is for).
    title = models.CharField(_("name"), max_length=120, blank=True)
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, null=True, blank=True, related_name="chats", verbose_name=_("unit")
    )
    # Who answers for it; the system's own chats have nobody.
    owner = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    # «smaller id:larger id» of a personal chat.
    pair = models.CharField(max_length=41, null=True, blank=True, editable=False)
    writers = models.CharField(_("who may write"), max_length=12, choices=Writers, default=Writers.EVERYONE)
    slow_seconds = models.PositiveIntegerField(_("seconds between messages of one person"), default=0)
    retention_days = models.PositiveIntegerField(_("days for which messages are kept"), null=True, blank=True)
    last_event = models.BigIntegerField(default=0, editable=False)
    # The number of the latest change of the chat itself: name, rules, pinned messages.
    changed_event = models.BigIntegerField(default=0, editable=False)
    message_count = models.BigIntegerField(default=0, editable=False)
    # Messages up to this number have been removed because their time was over.
    kept_after = models.BigIntegerField(default=0, editable=False)
    last_message_number = models.BigIntegerField(default=0, editable=False)
    # The list's order; a new chat without messages stands where it was made.
    last_message_at = models.DateTimeField(_("last message"), default=timezone.now)
    # Whether members see who has read: not where thousands are (no audience of the whole organization).
    shows_readers = models.BooleanField(default=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False, verbose_name=_("created at"))
    archived_at = models.DateTimeField(null=True, blank=True, verbose_name=_("archived at"))

    class Meta:
        verbose_name = _("chat")
        verbose_name_plural = _("chats")
        constraints = [
            # Two first messages at once would open two chats of the same two people.
            models.UniqueConstraint(fields=["organization", "pair"], name="chat_one_per_pair"),
            # Switching on twice would make two chats of the parents of 5А.
            models.UniqueConstraint(
                fields=["unit", "template"], name="chat_one_per_unit", condition=models.Q(template__in=UNIT_TEMPLATES)
            ),
            models.UniqueConstraint(
                fields=["organization"], name="chat_one_general", condition=models.Q(template=Template.GENERAL)
            ),
            models.CheckConstraint(
                condition=models.Q(template__in=UNIT_TEMPLATES, unit__isnull=False)
                | (~models.Q(template__in=UNIT_TEMPLATES)),
                name="chat_of_unit_has_unit",
            ),
            models.CheckConstraint(
                condition=models.Q(template=Template.PERSONAL, pair__isnull=False)
                | (~models.Q(template=Template.PERSONAL) & models.Q(pair=None)),
                name="chat_pair_is_personal",
            ),
            models.CheckConstraint(condition=models.Q(slow_seconds__lte=3600), name="chat_slow_at_most_an_hour"),
            models.UniqueConstraint(fields=["organization", "id"], name="chat_in_organization"),
        ]
        indexes = [models.Index(fields=["organization", "-last_message_at", "-id"], name="chat_latest")]

    def __str__(self) -> str:
        # Shown by the operator's tool, where the school's own words have no place.
        return f"{self.get_template_display()} № {self.pk}"

    @property
    def is_personal(self) -> bool:
        return self.template == Template.PERSONAL

    @property
    def is_system(self) -> bool:
        """Exists by itself: it has no owner and no list of members, and cannot be archived by hand."""
        return self.template in SYSTEM_TEMPLATES

    def other_of(self, person_id: int) -> int | None:
        """Return the other one's id in a personal chat."""
        ids = [int(key) for key in (self.pair or "").split(":") if key]
        return next((key for key in ids if key != person_id), None)

    @property
    def has_member_list(self) -> bool:
        return not self.is_system


class ChatAudience(AudienceRule):
    """A circle of people the chat is for (CHAT-8)."""

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="audiences", verbose_name=_("chat"))

    class Meta(AudienceRule.Meta):
        verbose_name = _("audience of a chat")
        verbose_name_plural = _("audiences of chats")
        constraints = [
            *AudienceRule.Meta.constraints,
            models.UniqueConstraint(fields=["chat", "audience", "unit"], name="chat_audience_once"),
            # A unique key lets rows without a unit through.
            models.UniqueConstraint(
                fields=["chat", "audience"], name="chat_audience_of_all_once", condition=models.Q(unit=None)
            ),
        ]
        indexes = [models.Index(fields=["organization", "audience", "unit"], name="chat_audience_lookup")]


class ChatMember(models.Model):
    """Somebody chosen into a free, template or personal chat; ended, never deleted."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="members", verbose_name=_("chat"))
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="chat_memberships", verbose_name=_("person")
    )
    is_moderator = models.BooleanField(_("moderator"), default=False)
    since = models.DateTimeField(default=timezone.now, verbose_name=_("since"))
    until = models.DateTimeField(null=True, blank=True, verbose_name=_("until"))

    class Meta:
        verbose_name = _("member of a chat")
        verbose_name_plural = _("members of chats")
        constraints = [
            models.UniqueConstraint(
                fields=["chat", "person"], name="chat_member_once_at_a_time", condition=models.Q(until=None)
            ),
        ]
        indexes = [models.Index(fields=["person", "chat"], name="chat_member_active", condition=models.Q(until=None))]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.chat_id}"


class MemberState(models.Model):
    """How far a person has read a chat, and what they want to be notified of; made when first needed."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="states", verbose_name=_("chat"))
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("person"))
    # The number of the latest message read, and how many messages the chat had then: unread is a subtraction.
    read_number = models.BigIntegerField(default=0)
    read_count = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(null=True, blank=True, verbose_name=_("read at"))
    notify = models.CharField(_("notify of"), max_length=8, choices=Notify, default=Notify.ALL)

    class Meta:
        verbose_name = _("state of a member")
        verbose_name_plural = _("states of members")
        constraints = [models.UniqueConstraint(fields=["chat", "person"], name="chat_state_once")]
        indexes = [models.Index(fields=["person"], name="chat_state_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.chat_id}: {self.read_number}"


class ChatLink(models.Model):
    """A link into a chat for the people of this organization (INV-10). Nothing here opens it: see chats/tokens.py."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="links", verbose_name=_("chat"))
    created_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False, verbose_name=_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(null=True, blank=True, verbose_name=_("annulled at"))
    uses = models.PositiveIntegerField(_("uses"), default=0)

    class Meta:
        verbose_name = _("link into a chat")
        verbose_name_plural = _("links into chats")
        constraints = [
            # One link at a time: a new one kills the old one.
            models.UniqueConstraint(fields=["chat"], name="chat_link_one_alive", condition=models.Q(revoked_at=None)),
        ]

    def __str__(self) -> str:
        return f"link {self.pk} into {self.chat_id}"
