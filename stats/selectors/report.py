"""The indicator «Отчёт активности педагогов»: the staff by name, with what each did in a period."""

from dataclasses import dataclass
from datetime import date

from orgs.models import Organization, Person
from stats.periods import Days


@dataclass(frozen=True)
class StaffRow:
    """One member of the staff; numbers of the period."""

    person: Person
    has_joined: bool
    # Days on which the person opened the platform or did something.
    days_active: int
    messages: int
    # Of these: in bursts, repeated, or to oneself.
    doubtful_messages: int
    posts: int
    files: int
    confirmations: int
    invitations: int
    # Answers to parents in personal chats, and the median time to them in seconds; empty: no answers.
    answers: int
    answer_seconds: float | None
    # The last day the person was active at all, also before the period; empty: never.
    last_seen: date | None


def staff_report(organization: Organization, days: Days) -> list[StaffRow]:
    """Return today's staff alphabetically (no order of merit), with what each did in the period."""
    return []
