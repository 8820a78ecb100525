"""A year of use: who came on which day of the past weeks, and what is left of the months before (STAT-4).

Messages are kept for `KEPT_DAYS`; of older days only the counted rows remain, as in a real organization.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from orgs.models import Person, Role
from sferum_admin.demo import known
from sferum_admin.demo.chats import KEPT_DAYS
from sferum_admin.demo.people import BATCH, LINKS_DAY, Cast
from stats.models import Curatorship, Norm, OrgDay, Period, Presence, RollupState, Span
from stats.periods import monday_of

AUTHORITY = "Управление образования города Светлогорска"
# How likely somebody opens the platform on a working day and on a day off, and comes at all in a week and in a month.
CIRCLES = ("staff", "students", "parents")
ON_WORKDAY = {"staff": 0.72, "students": 0.42, "parents": 0.3}
ON_DAY_OFF = {"staff": 0.22, "students": 0.24, "parents": 0.14}
IN_WEEK = {"staff": 0.9, "students": 0.78, "parents": 0.66}
IN_MONTH = {"staff": 0.97, "students": 0.9, "parents": 0.84}
ACTING = {"staff": 0.7, "students": 0.5, "parents": 0.35}
MESSAGES_OF_ONE = 0.35
# School holidays of any year: (month, day) of the first and the last day, and how much of the usual use is left.
HOLIDAYS = (((12, 29), (1, 9)), ((3, 23), (3, 31)), ((6, 1), (8, 27)), ((10, 26), (11, 4)))
HOLIDAY_USE = 0.35


def write(cast: Cast) -> None:
    """Let people have come, and tell what was counted before the oldest message that is kept."""
    crowds = _crowds(cast)
    _come(cast, crowds)
    _remember(cast, crowds)
    organization = cast.organization
    RollupState.objects.create(
        organization=organization,
        first_day=cast.clock.day(LINKS_DAY),
        last_day=cast.clock.day(KEPT_DAYS + 1),
        frozen_before=cast.clock.day(KEPT_DAYS),
    )
    norms = {"staff_active": 75, "families_joined": 80}
    Norm.objects.bulk_create(
        Norm(organization=organization, figure=figure, percent=percent, is_on=True) for figure, percent in norms.items()
    )


def appoint_curator(organizations: list[Cast]) -> None:
    """One curator sees the sums of all organizations (STAT-7)."""
    curator = User.objects.create_user(
        known.CURATOR.phone,
        display_name=" ".join((known.CURATOR.name.last, known.CURATOR.name.first, known.CURATOR.name.patronymic)),
        phone_verified_at=timezone.now(),
        rules_version=settings.RULES_VERSION,
    )
    Curatorship.objects.bulk_create(
        Curatorship(
            organization=cast.organization, user=curator, authority=AUTHORITY, since=cast.clock.at(LINKS_DAY, 12 * 60)
        )
        for cast in organizations
    )


@dataclass(frozen=True)
class Crowd:
    """The people of one circle who have joined, and the days on which they did, in order."""

    people: list[Person]
    joined_on: list[date]
    total: int

    def joined_by(self, day: date) -> int:
        """Return how many had joined by the end of `day`."""
        return bisect_right(self.joined_on, day)


def _crowds(cast: Cast) -> dict[str, Crowd]:
    roles = {Role.TEACHER: "staff", Role.HEAD: "staff", Role.ADMINISTRATOR: "staff"}
    roles |= {Role.STUDENT: "students", Role.PARENT: "parents"}
    members: dict[str, dict[int, Person]] = {circle: {} for circle in CIRCLES}
    for held in cast.roles:
        if held.until is None:
            members[roles[Role(held.role)]][held.person.pk] = held.person
    return {circle: _crowd(cast, list(people.values())) for circle, people in members.items()}


def _crowd(cast: Cast, people: list[Person]) -> Crowd:
    zone = cast.clock.zone
    days = sorted(person.joined_at.astimezone(zone).date() for person in people if person.joined_at is not None)
    return Crowd([person for person in people if person.joined_at is not None], days, len(people))


def _share(circle: str, day: date) -> float:
    """How many of those who have joined come on `day`, 0 to 1."""
    usual = ON_DAY_OFF[circle] if day.weekday() >= 5 else ON_WORKDAY[circle]
    return usual * (HOLIDAY_USE if _is_holiday(day) else 1)


def _is_holiday(day: date) -> bool:
    spot = (day.month, day.day)
    return any(first <= spot <= last if first <= last else spot >= first or spot <= last for first, last in HOLIDAYS)


def _come(cast: Cast, crowds: dict[str, Crowd]) -> None:
    """One row for each person and day of the weeks whose messages are kept: some come daily, some seldom."""
    draw, clock = cast.draw, cast.clock
    shares = {circle: [_share(circle, clock.day(ago)) for ago in range(KEPT_DAYS)] for circle in CIRCLES}
    rows: dict[tuple[int, int], Presence] = {}
    for circle, crowd in crowds.items():
        for person in crowd.people:
            habit = draw.choice((0.05, 0.7, 0.9, 1.0, 1.1, 1.2, 1.35))
            for ago, share in enumerate(shares[circle]):
                if draw.random() < share * habit:
                    at = clock.at(ago, draw.randint(7 * 60, 22 * 60))
                    if person.joined_at is not None and person.joined_at < at <= clock.now:
                        rows[person.pk, ago] = Presence(
                            organization=cast.organization, person=person, day=clock.day(ago), at=at
                        )
    Presence.objects.bulk_create(rows.values(), batch_size=4 * BATCH)


def _remember(cast: Cast, crowds: dict[str, Crowd]) -> None:
    """The counted rows of the months before."""
    days = [cast.clock.day(ago) for ago in range(LINKS_DAY, KEPT_DAYS, -1)]
    OrgDay.objects.bulk_create((_day(cast, crowds, day) for day in days), batch_size=BATCH)
    Period.objects.bulk_create(_periods(cast, crowds, days), batch_size=BATCH)


def _day(cast: Cast, crowds: dict[str, Crowd], day: date) -> OrgDay:
    row = OrgDay(organization=cast.organization, day=day)
    for circle, crowd in crowds.items():
        joined = crowd.joined_by(day)
        setattr(row, f"{circle}_total", crowd.total)
        setattr(row, f"{circle}_joined", joined)
        setattr(row, f"{circle}_active", _about(cast, joined * _share(circle, day), joined))
    students, parents = crowds["students"], crowds["parents"]
    row.families_total = students.total
    # Roughly one family for each of the first parents of a child.
    row.families_joined = min(students.total, round(parents.joined_by(day) * 0.7))
    row.people_active = row.staff_active + row.students_active + row.parents_active
    row.messages = _about(cast, row.people_active * MESSAGES_OF_ONE, row.people_active * 5)
    row.quiet_messages = row.messages // 14
    row.chats_alive = min(row.messages // 4 + (row.messages > 0), 60)
    row.posts = 1 if day.weekday() < 5 and cast.draw.random() < 0.5 else 0
    row.views = row.posts * row.people_active // 2
    row.joined = sum(crowd.joined_by(day) - crowd.joined_by(day - timedelta(days=1)) for crowd in crowds.values())
    return row


def _periods(cast: Cast, crowds: dict[str, Crowd], days: list[date]) -> Iterator[Period]:
    kept = monday_of(cast.clock.day(KEPT_DAYS))
    for monday in sorted({monday_of(day) for day in days}):
        if monday < kept:
            yield _period(cast, crowds, Span.WEEK, monday, monday + timedelta(days=6))
    for first in sorted({day.replace(day=1) for day in days}):
        if first < kept.replace(day=1):
            yield _period(cast, crowds, Span.MONTH, first, first + timedelta(days=27))


def _period(cast: Cast, crowds: dict[str, Crowd], span: Span, first: date, last: date) -> Period:
    usual = IN_WEEK if span == Span.WEEK else IN_MONTH
    row = Period(organization=cast.organization, span=span, starts_on=first)
    for circle, crowd in crowds.items():
        joined = crowd.joined_by(last)
        active = _about(cast, joined * usual[circle] * (0.6 if _is_holiday(first) else 1), joined)
        setattr(row, f"{circle}_active", active)
        setattr(row, f"{circle}_acted", round(active * ACTING[circle]))
    row.people_active = row.staff_active + row.students_active + row.parents_active
    row.chats_alive = min(row.people_active // 6, 110)
    return row


def _about(cast: Cast, expected: float, most: int) -> int:
    """Return a number near `expected`, at most `most`."""
    return max(0, min(most, round(expected * cast.draw.uniform(0.88, 1.1))))
