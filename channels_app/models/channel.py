"""Channels: what they are, whom they are for, who publishes (CHAN-1)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from orgs.models import AudienceRule, Organization, Person, Unit


class ChannelKind(models.TextChoices):
    ORGANIZATION = "organization", _("the organization's channel")
    STAFF = "staff", _("channel of the staff")
    UNIT = "unit", _("channel of a unit")
    FREE = "free", _("further channel")


# These exist from the start and cannot be archived (CHAN-1).
SYSTEM_KINDS = (ChannelKind.ORGANIZATION, ChannelKind.STAFF)


class ChannelRules(models.Model):
    """The organization's rules for its channels; a missing row means the defaults."""

    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, related_name="channel_rules", verbose_name=_("organization")
    )
    # Each unit has a channel of its own, new ones from the start.
    unit_channels = models.BooleanField(_("a channel for each unit"), default=False)

    class Meta:
        verbose_name = _("rules of the channels")
        verbose_name_plural = _("rules of the channels")

    def __str__(self) -> str:
        return f"channel rules of {self.organization_id}"


class Channel(models.Model):
    """A place where a few publish and many read. Its readers are derived from its audience."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="channels", verbose_name=_("organization")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=ChannelKind, default=ChannelKind.FREE)
    # Empty: worded by the organization's kind, or called by the unit (channels_app.selectors.titles).
    title = models.CharField(_("name"), max_length=120, blank=True)
    description = models.CharField(_("what it is about"), max_length=300, blank=True)
    unit = models.OneToOneField(
        Unit, on_delete=models.CASCADE, null=True, blank=True, related_name="channel", verbose_name=_("unit")
    )
    # Its posts are read by anybody, without signing in; said by the administrator.
    is_public = models.BooleanField(_("open to everybody"), default=False)
    has_comments = models.BooleanField(_("comments"), default=False)
    created_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False, verbose_name=_("created at"))
    # The list's order; a channel without posts stands where it was made.
    last_post_at = models.DateTimeField(_("last post"), default=timezone.now)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        permissions = [("publish_in_channel", _("Publish in the channel"))]
        constraints = [
            # A channel of the organization that is made twice would split its readers.
            models.UniqueConstraint(
                fields=["organization", "kind"],
                name="channel_system_once",
                condition=models.Q(kind__in=SYSTEM_KINDS),
            ),
            models.CheckConstraint(
                condition=models.Q(kind=ChannelKind.UNIT, unit__isnull=False)
                | (~models.Q(kind=ChannelKind.UNIT) & models.Q(unit=None)),
                name="channel_of_unit_has_unit",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=ChannelKind.FREE) | ~models.Q(title=""), name="channel_free_has_name"
            ),
            # The channels that exist from the start cannot go.
            models.CheckConstraint(
                condition=models.Q(archived_at=None) | ~models.Q(kind__in=SYSTEM_KINDS),
                name="channel_system_stays",
            ),
            # What is for the staff alone is never open to everybody.
            models.CheckConstraint(
                condition=models.Q(is_public=False) | ~models.Q(kind=ChannelKind.STAFF), name="channel_staff_is_closed"
            ),
            models.UniqueConstraint(fields=["organization", "id"], name="channel_in_organization"),
        ]

    def __str__(self) -> str:
        # Shown by the operator's tool, where the school's own words have no place.
        return f"{self.get_kind_display()} № {self.pk}"

    @property
    def is_system(self) -> bool:
        return self.kind in SYSTEM_KINDS

    @property
    def is_in_use(self) -> bool:
        """Whether anything can be published here: neither the channel nor its unit is in the archive."""
        return self.archived_at is None and (self.unit is None or self.unit.archived_at is None)


class ChannelAudience(AudienceRule):
    """A circle of people who read the channel."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="audiences", verbose_name=_("channel"))

    class Meta(AudienceRule.Meta):
        verbose_name = _("audience of a channel")
        verbose_name_plural = _("audiences of channels")
        constraints = [
            *AudienceRule.Meta.constraints,
            models.UniqueConstraint(fields=["channel", "audience", "unit"], name="channel_audience_once"),
            # A unique key lets rows without a unit through.
            models.UniqueConstraint(
                fields=["channel", "audience"], name="channel_audience_of_all_once", condition=models.Q(unit=None)
            ),
        ]
        indexes = [models.Index(fields=["organization", "audience", "unit"], name="channel_audience_lookup")]


class ChannelUserObjectPermission(UserObjectPermissionBase):
    """Who may publish in a channel beside those whose role gives it."""

    content_object = models.ForeignKey(Channel, on_delete=models.CASCADE)


class ChannelGroupObjectPermission(GroupObjectPermissionBase):
    """Not used by the pages; guardian wants the pair."""

    content_object = models.ForeignKey(Channel, on_delete=models.CASCADE)


class Notify(models.TextChoices):
    """What a reader wants to be notified of."""

    ALL = "all", _("every post")
    NONE = "none", _("nothing")


class ReaderState(models.Model):
    """Up to when a person has seen a channel, and what they want to be notified of; made when first needed."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="states", verbose_name=_("channel"))
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("person"))
    # Posts published later are unread. Without a row: since the person joined.
    seen_until = models.DateTimeField(_("seen until"), null=True, blank=True)
    notify = models.CharField(_("notify of"), max_length=8, choices=Notify, default=Notify.ALL)

    class Meta:
        verbose_name = _("state of a reader")
        verbose_name_plural = _("states of readers")
        constraints = [models.UniqueConstraint(fields=["channel", "person"], name="channel_state_once")]
        indexes = [models.Index(fields=["person", "channel"], name="channel_state_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.channel_id}"
