"""The frozen matrix role × capability. What it does not give can be granted to one person on one thing."""

from collections.abc import Mapping
from enum import Enum, auto

from orgs.models import Role


class Capability(Enum):
    SEE_ALL_UNITS = auto()
    SEE_ALL_PEOPLE = auto()
    SEE_STAFF = auto()
    SEE_ALL_CONTACTS = auto()
    MANAGE_ORGANIZATION = auto()
    MANAGE_STRUCTURE = auto()
    MANAGE_PEOPLE = auto()
    MANAGE_ADMINISTRATORS = auto()
    MANAGE_RIGHTS = auto()
    SEE_JOURNAL = auto()
    INVITE_STAFF = auto()
    INVITE_EVERYWHERE = auto()
    INVITE_INTO_OWN_UNITS = auto()
    CREATE_CHATS = auto()
    MANAGE_CHATS = auto()
    HANDLE_REPORTS = auto()
    MANAGE_CHANNELS = auto()
    PROPOSE_POSTS = auto()
    MANAGE_DOCUMENTS = auto()
    SEE_ALL_READINGS = auto()
    MANAGE_EVENTS = auto()
    CREATE_EVENTS = auto()
    HANDLE_REQUESTS = auto()
    ANSWER_HELP = auto()
    REPORT_MOVEMENT = auto()
    SEE_CONSENTS = auto()
    SEE_STATISTICS = auto()
    GRANT_STATISTICS = auto()


ROLE_CAPABILITIES: Mapping[str, frozenset[Capability]] = {
    # Who sees the figures is the head's to say (STAT-1); administrators see them while the organization lets them.
    Role.ADMINISTRATOR: frozenset(Capability) - {Capability.GRANT_STATISTICS},
    Role.HEAD: frozenset(
        {
            Capability.SEE_ALL_UNITS,
            Capability.SEE_ALL_PEOPLE,
            Capability.SEE_STAFF,
            Capability.SEE_ALL_CONTACTS,
            Capability.SEE_JOURNAL,
            Capability.INVITE_EVERYWHERE,
            Capability.CREATE_CHATS,
            Capability.HANDLE_REPORTS,
            Capability.PROPOSE_POSTS,
            Capability.MANAGE_DOCUMENTS,
            Capability.SEE_ALL_READINGS,
            Capability.MANAGE_EVENTS,
            Capability.CREATE_EVENTS,
            Capability.REPORT_MOVEMENT,
            Capability.SEE_CONSENTS,
            Capability.SEE_STATISTICS,
            Capability.GRANT_STATISTICS,
        }
    ),
    Role.TEACHER: frozenset(
        {
            Capability.SEE_ALL_UNITS,
            Capability.SEE_STAFF,
            Capability.INVITE_INTO_OWN_UNITS,
            Capability.CREATE_CHATS,
            Capability.PROPOSE_POSTS,
            Capability.CREATE_EVENTS,
        }
    ),
    Role.STUDENT: frozenset(),
    Role.PARENT: frozenset(),
}


def capabilities_of(roles: frozenset[str]) -> frozenset[Capability]:
    """Return the sum of what `roles` give."""
    return frozenset().union(*(ROLE_CAPABILITIES[role] for role in roles))


# Rights beyond the role that «Права» grants and takes back: codename → on a unit (True) or on the organization.
GRANTABLE_RIGHTS: Mapping[str, bool] = {
    "invite_into_unit": True,
    "moderate_chats": True,
    "view_statistics": False,
}
# Students and parents are never given these.
RIGHTS_OF_STAFF = frozenset({"view_statistics"})
