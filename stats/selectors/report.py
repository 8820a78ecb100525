"""The indicator «Отчёт активности педагогов»: the staff by name, with what each did in a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Subquery, Sum

from orgs.models import STAFF_ROLES, Organization, Person, RoleAssignment
from stats.models import PersonDay, StaffAnswer
from stats.periods import Days
from stats.selectors.conditions import ACTIVE
from stats.selectors.facts import Median
from stats.selectors.measured import MEDIANS, run, sent

_SUMMED = ("messages", "doubtful_messages", "posts", "files", "confirmations", "invitations")


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
    # The last day the person was active at all, also before or after the period; empty: never.
    last_seen: date | None


def staff_report(organization: Organization, days: Days) -> list[StaffRow]:
    """Return today's staff alphabetically (no order of merit), with what each did in the period; three queries."""
    done = {row["person"]: row for row in _done(organization, days)}
    answers = _answers(organization, days)
    return [_row(person, done.get(person.pk, {}), answers.get(person.pk, Median())) for person in _staff(organization)]


def _staff(organization: Organization) -> Any:
    held = RoleAssignment.objects.filter(person=OuterRef("pk"), role__in=STAFF_ROLES, until=None)
    active = PersonDay.objects.filter(ACTIVE, person=OuterRef("pk")).order_by("-day").values("day")[:1]
    people = Person.objects.filter(Exists(held), organization=organization, merged_into=None)
    return people.annotate(last_seen=Subquery(active)).order_by("search_name", "id")


def _done(organization: Organization, days: Days) -> Any:
    rows = PersonDay.objects.filter(organization=organization, is_staff=True, day__range=(days.first, days.last))
    sums = {f"sum_{name}": Sum(name) for name in _SUMMED}
    return rows.order_by().values("person").annotate(days_active=Count("pk", filter=ACTIVE), **sums)


_ANSWERS_SQL = f"""
    WITH cases AS (
        SELECT 'answer' AS what, person_id AS grp, seconds FROM {StaffAnswer._meta.db_table}
        WHERE organization_id = %s AND day BETWEEN %s AND %s
    )
    {MEDIANS}
"""  # noqa: S608 — names of tables only, no value from outside


def _answers(organization: Organization, days: Days) -> dict[int, Median]:
    rows = run(_ANSWERS_SQL, (organization.pk, sent(days.first), sent(days.last)))
    return {person: Median(int(cases), float(median)) for _what, person, cases, median in rows}


def _row(person: Any, done: Any, answers: Median) -> StaffRow:
    numbers = {name: done.get(f"sum_{name}") or 0 for name in _SUMMED}
    return StaffRow(
        person=person,
        has_joined=person.has_joined,
        days_active=done.get("days_active", 0),
        answers=answers.cases,
        answer_seconds=answers.seconds,
        last_seen=person.last_seen,
        **numbers,
    )
