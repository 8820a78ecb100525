"""Who may change what in channels: predicates over what the selectors gave. Forbidden is 403."""

from channels_app.models import Channel, Comment, Post, Proposal, ProposalState
from orgs.actor import Actor
from orgs.capabilities import Capability


def can_manage_channels(actor: Actor) -> bool:
    """Open and archive channels, say whom they are for, who publishes, what is public (CHAN-1)."""
    return actor.may(Capability.MANAGE_CHANNELS)


def can_publish(actor: Actor, channel: Channel) -> bool:
    """Publish, change, pin and remove posts: those who run the channels, leaders in their unit's channel, and whom the
    right was granted (CHAN-1). `channel` comes from `selectors.channels`, which knows the last."""
    if channel.organization_id != actor.organization.pk or not channel.is_in_use:
        return False
    if can_manage_channels(actor):
        return True
    return channel.unit_id in actor.led_unit_ids or bool(getattr(channel, "is_editor", False))


def can_open_unit_channel(actor: Actor, unit_id: int) -> bool:
    """Open the channel of a unit: those who run the channels, and who leads the unit."""
    return can_manage_channels(actor) or unit_id in actor.led_unit_ids


def can_propose(actor: Actor, channel: Channel) -> bool:
    """Propose a text: administration and teachers, where they do not publish themselves (CHAN-2)."""
    return actor.may(Capability.PROPOSE_POSTS) and channel.is_in_use and not can_publish(actor, channel)


def can_comment(actor: Actor, channel: Channel, post: Post) -> bool:
    """Comment a published post where the channel takes comments."""
    return channel.has_comments and post.is_published and channel.is_in_use


def can_delete_comment(actor: Actor, channel: Channel, comment: Comment) -> bool:
    """Delete one's own comment; whoever publishes in the channel keeps order in it."""
    if comment.deleted_at is not None:
        return False
    return comment.author_id == actor.person.pk or can_publish(actor, channel)


def can_see_viewers(actor: Actor, channel: Channel) -> bool:
    """See by name who has seen a post: those who publish; the others see the number."""
    return can_publish(actor, channel)


def can_decide(actor: Actor, proposal: Proposal) -> bool:
    """Publish a proposed text or return it: those who publish in its channel (CHAN-2)."""
    return can_publish(actor, proposal.channel) and proposal.state == ProposalState.SENT


def can_change_proposal(actor: Actor, proposal: Proposal) -> bool:
    """Change or withdraw one's own proposal until it is accepted; a returned or withdrawn one can be sent again."""
    return proposal.author_id == actor.person.pk and proposal.state != ProposalState.ACCEPTED
