"""How long chats remember what is not a message: reported words, mutes, looks, reading marks of those who have left."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from chats.models import Inspection, MemberState, Mute, Report
from common.retention import clear, limit_of, remove
from orgs.models import RoleAssignment


def forget_reported_words(now: datetime) -> int:
    """Empty the words of reports, `KEEP_REPORTED_WORDS_DAYS` after the decision; that there was one stays."""
    decided = Report.objects.filter(decided_at__lt=limit_of("KEEP_REPORTED_WORDS_DAYS", now))
    rows = decided.exclude(reported_text="", comment="", answer="")
    return clear("words of reports", rows, reported_text="", comment="", answer="")


def forget_measures(now: datetime) -> int:
    """Remove mutes and looks that are long over; the journal keeps them."""
    limit = limit_of("KEEP_REPORTED_WORDS_DAYS", now)
    mutes = remove("mutes", Mute.objects.filter(until__lt=limit))
    return mutes + remove("looks into chats", Inspection.objects.filter(expires_at__lt=limit))


def forget_states(now: datetime) -> int:
    """Remove reading marks of those whose last role ended `KEEP_MEMBER_STATES_DAYS` ago; return how many.

    Whoever comes back begins with what is new then.
    """
    roles = RoleAssignment.objects.filter(person=OuterRef("person"))
    recent = roles.filter(Q(until=None) | Q(until__gte=limit_of("KEEP_MEMBER_STATES_DAYS", now)))
    # Without any role at all: merged into another row, or still waiting.
    return remove("reading marks", MemberState.objects.filter(Exists(roles), ~Exists(recent)))
