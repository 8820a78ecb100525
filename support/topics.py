"""Which topics a member is offered: a short list by role."""

from collections.abc import Mapping

from orgs.actor import Actor
from orgs.models import Role
from support.models import Topic

_EVERYBODY = (Topic.NOTIFICATIONS, Topic.DATA, Topic.FAULT, Topic.OTHER)
_BY_ROLE: Mapping[str, tuple[Topic, ...]] = {
    Role.ADMINISTRATOR: (Topic.SIGN_IN, Topic.INVITATIONS, Topic.ROSTER, Topic.UNITS, Topic.CHATS, Topic.STATISTICS),
    Role.HEAD: (Topic.CHANNELS, Topic.STATISTICS, Topic.ROSTER, Topic.CHATS),
    Role.TEACHER: (Topic.UNITS, Topic.INVITATIONS, Topic.CHATS, Topic.CHANNELS),
    Role.PARENT: (Topic.FAMILY, Topic.CHATS, Topic.CHANNELS, Topic.SAFETY),
    Role.STUDENT: (Topic.UNITS, Topic.CHATS, Topic.SAFETY),
}
# Of those who cannot get in.
OUTSIDE = (Topic.SIGN_IN, Topic.INVITATIONS, Topic.FAMILY, Topic.OTHER)


def topics_of(actor: Actor) -> list[Topic]:
    """Return what the roles of the actor may ask about, each once, in the order of `Topic`."""
    offered = {topic for role in actor.roles for topic in _BY_ROLE.get(role, ())}.union(_EVERYBODY)
    return [topic for topic in Topic if topic in offered]
