"""The organization's rules for its chats, with the defaults where nothing was chosen."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils import timezone

from chats.models import Chat, ChatRules
from orgs.models import Organization


class Group(StrEnum):
    """What somebody is when personal messages are concerned (CHAT-3)."""

    ADMINISTRATION = "administration"
    TEACHER = "teacher"
    PARENT = "parent"
    STUDENT = "student"


class Reach(StrEnum):
    """How far a group may write to another."""

    NOBODY = "nobody"
    OWN_UNITS = "own_units"
    EVERYONE = "everyone"


# The default of CHAT-3: a parent to staff of the child's units and to the administration; students write to each
# other only where a teacher is present.
DEFAULT_REACH: Mapping[Group, Mapping[Group, Reach]] = {
    Group.ADMINISTRATION: dict.fromkeys(Group, Reach.EVERYONE),
    Group.TEACHER: {
        Group.ADMINISTRATION: Reach.EVERYONE,
        Group.TEACHER: Reach.EVERYONE,
        Group.PARENT: Reach.OWN_UNITS,
        Group.STUDENT: Reach.OWN_UNITS,
    },
    Group.PARENT: {
        Group.ADMINISTRATION: Reach.EVERYONE,
        Group.TEACHER: Reach.OWN_UNITS,
        Group.PARENT: Reach.NOBODY,
        Group.STUDENT: Reach.NOBODY,
    },
    Group.STUDENT: {
        Group.ADMINISTRATION: Reach.EVERYONE,
        Group.TEACHER: Reach.OWN_UNITS,
        Group.PARENT: Reach.NOBODY,
        Group.STUDENT: Reach.NOBODY,
    },
}


def rules_of(organization: Organization) -> ChatRules:
    """Return the organization's rules; an unsaved row with the defaults when none were chosen.

    No query when `organization` came with `select_related("chat_rules")`.
    """
    try:
        return organization.chat_rules
    except ChatRules.DoesNotExist:
        return ChatRules(organization=organization)


def reach(rules: ChatRules, source: Group, target: Group) -> Reach:
    """Return how far `source` may write to `target`; in the safe mode students are reached from their units only."""
    chosen = rules.contacts.get(source, {}).get(target)
    found = Reach(chosen) if chosen in set(Reach) else DEFAULT_REACH[source][target]
    if rules.safe_mode and target == Group.STUDENT and found == Reach.EVERYONE:
        return Reach.OWN_UNITS
    return found


def retention_of(chat: Chat, rules: ChatRules) -> int | None:
    """Return for how many days the chat's messages are kept: its own rule, else the organization's, else for ever."""
    return chat.retention_days or rules.retention_days


def quiet_ends(rules: ChatRules, now: datetime | None = None) -> datetime | None:
    """Return when the quiet hours that hold at `now` end, in the organization's clock; None outside them.

    Quiet hours may pass midnight (21:00-7:00). During them one may write, but notices wait (CHAT-9).
    """
    if rules.quiet_from is None or rules.quiet_until is None or rules.quiet_from == rules.quiet_until:
        return None
    local = (now or timezone.now()).astimezone(rules.organization.zone)
    clock = local.time()
    over_midnight = rules.quiet_from > rules.quiet_until
    is_quiet = (
        clock >= rules.quiet_from or clock < rules.quiet_until
        if over_midnight
        else rules.quiet_from <= clock < rules.quiet_until
    )
    if not is_quiet:
        return None
    day = local.date() + timedelta(days=1) if over_midnight and clock >= rules.quiet_from else local.date()
    return datetime.combine(day, rules.quiet_until, tzinfo=rules.organization.zone)


def quiet_until(organization: Organization, now: datetime | None = None) -> datetime | None:
    """Return when the organization's quiet hours end (`settings.QUIET_HOURS`); one query, None outside them."""
    return quiet_ends(rules_of(organization), now)
