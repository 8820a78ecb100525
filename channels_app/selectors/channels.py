"""Channels somebody may read, with what the page and the rules ask about them in the same statement (CHAN-1)."""

from datetime import datetime, timedelta

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest

from channels_app.models import (
    SYSTEM_KINDS,
    Channel,
    ChannelAudience,
    ChannelKind,
    ChannelRules,
    ChannelUserObjectPermission,
    Notify,
    Post,
    PostView,
    ReaderState,
)
from channels_app.selectors.editors import PUBLISH
from common.prepared import now
from orgs.actor import Actor
from orgs.capabilities import Capability
from orgs.models import Organization, Person
from orgs.prepared import prepared
from orgs.selectors.audiences import people_in, rules_matching

# What is older is not counted as unread: nobody is behind by a year of posts.
UNREAD_DAYS = 30


def channels_of(actor: Actor) -> QuerySet[Channel]:
    """Return the channels the actor may read today: meant by an audience, beside a child, or as one who publishes.

    Archived ones and those of archived units are seen by those who run the channels.
    """
    channels = Channel.objects.filter(organization=actor.organization.pk)
    if actor.may(Capability.MANAGE_CHANNELS):
        return channels
    meant = ChannelAudience.objects.filter(rules_matching(actor, with_children=True)).values("channel_id")
    alive = channels.filter(in_use())
    return alive.filter(Q(pk__in=meant) | Q(pk__in=granted_to(actor).values("content_object_id")))


def in_use(prefix: str = "") -> Q:
    """Return the condition of `Channel.is_in_use`; `prefix` leads to the channel («channel__»)."""
    return Q(**{f"{prefix}archived_at": None, f"{prefix}unit__archived_at": None})


def publishable_by(actor: Actor) -> QuerySet[Channel]:
    """Return the channels in use where the actor publishes: all for those who run them, their own for leaders of
    units, and those where the right was granted (CHAN-1)."""
    alive = channels_of(actor).filter(in_use())
    if actor.may(Capability.MANAGE_CHANNELS):
        return alive
    return alive.filter(Q(unit__in=actor.led_unit_ids) | Q(pk__in=granted_to(actor).values("content_object_id")))


def granted_to(actor: Actor) -> QuerySet[ChannelUserObjectPermission]:
    """Return the rights to publish in channels that were granted to the actor's user; no query."""
    return ChannelUserObjectPermission.objects.filter(user=actor.user_id, permission__codename=PUBLISH)


def seen_by(actor: Actor, channels: QuerySet[Channel]) -> QuerySet[Channel]:
    """Add what depends on who looks: `is_editor` (granted the right), `is_reader` (meant by the audience, or beside a
    child), `unread`, `notify`. The unit and the organization come along; still one query."""
    meant = ChannelAudience.objects.filter(rules_matching(actor, with_children=True), channel=OuterRef("pk"))
    granted = granted_to(actor).filter(content_object=OuterRef("pk"))
    state = ReaderState.objects.filter(person=actor.person.pk, channel=OuterRef("pk"))
    return (
        channels.select_related("unit", "organization")
        .annotate(
            is_editor=Exists(granted),
            is_reader=Exists(meant),
            notify=Coalesce(Subquery(state.values("notify")), Value(Notify.ALL), output_field=CharField()),
            seen_until=Greatest(Coalesce(Subquery(state.values("seen_until")), *_since(actor)[:1]), *_since(actor)),
        )
        .annotate(unread=_unread(actor))
    )


def _since(actor: Actor) -> tuple[Value, Value]:
    """Two moments, the later of which is when posts began to be new to the actor."""
    joined: datetime = actor.person.joined_at or actor.person.created_at
    return Value(joined), Value(now() - timedelta(days=UNREAD_DAYS))


def _unread(actor: Actor) -> Coalesce:
    seen = PostView.objects.filter(post=OuterRef("pk"), person=actor.person.pk)
    new = Post.objects.filter(channel=OuterRef("pk"), published_at__gt=OuterRef("seen_until"), deleted_at=None).exclude(
        Exists(seen)
    )
    new = new.exclude(Q(author=actor.person.pk) | Q(editor=actor.person.pk))
    counted = new.order_by().values("channel").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


def list_of(actor: Actor, *, archived: bool = False) -> QuerySet[Channel]:
    """Return the actor's channels as the list shows them: the organization's first, then the latest (one query).

    Those who run the channels see also those they do not read; these say `is_reader` False. `archived`: those in the
    archive, and those of archived units, instead.
    """
    gone = Q(archived_at__isnull=False) | Q(unit__archived_at__isnull=False)
    first = Case(*(When(kind=kind, then=place) for place, kind in enumerate(SYSTEM_KINDS)), default=len(SYSTEM_KINDS))
    channels = channels_of(actor)
    wanted = channels.filter(gone) if archived else channels.exclude(gone)
    return seen_by(actor, wanted).order_by(first, "-last_post_at", "-id")


@prepared
def channels_listed(actor: Actor) -> QuerySet[Channel]:
    """Give what `list_of` does for the pages of every day, prepared."""
    return list_of(actor)


def find_channel(actor: Actor, pk: int) -> Channel | None:
    """Return a channel the actor may read with what depends on who looks, or None; one query."""
    return seen_by(actor, channels_of(actor)).filter(pk=pk).first()


def unread_of(actor: Actor) -> list[Channel]:
    """Return the channels with posts the actor has not seen, with `unread` (one query)."""
    return [channel for channel in list_of(actor) if channel.unread and channel.is_reader]  # type: ignore[attr-defined]


def people_of(channel: Channel) -> QuerySet[Person]:
    """Return who reads the channel today by its audience, with or without an account."""
    return people_in(channel.organization_id, channel.audiences.all())


def people_to_tell(channel: Channel) -> QuerySet[Person]:
    """Return the readers with an account who want to be told of new posts."""
    silent = ReaderState.objects.filter(channel=channel.pk, notify=Notify.NONE)
    people = people_of(channel).filter(user__isnull=False).exclude(pk__in=silent.values("person_id"))
    return people.select_related("user")


def gives_units_channels(organization: Organization) -> bool:
    """Tell whether each unit of the organization has a channel of its own from the start."""
    return ChannelRules.objects.filter(organization=organization, unit_channels=True).exists()


# --- Open to everybody ------------------------------------------------------------------------------------------------
def public_channels(slug: str) -> QuerySet[Channel]:
    """Return the channels of the organization `slug` that the administrator declared public, the organization's
    first; everything else does not exist for strangers (CHAN-3)."""
    channels = Channel.objects.filter(organization__slug=slug, is_public=True)
    first = Case(When(kind=ChannelKind.ORGANIZATION, then=0), default=1)
    return (
        channels.filter(in_use())
        .exclude(kind=ChannelKind.STAFF)
        .select_related("organization", "unit")
        .order_by(first, F("last_post_at").desc(), "-id")
    )
