"""The statistics of an organization counted a second time, the slow and obvious way: every row of a source is looked at
in plain Python, by the clock of `zoneinfo`, with no SQL that sums or groups. What the roll-up keeps must equal it.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import groupby, pairwise
from typing import Any

from django.db.models import Model

from channels_app.models import Comment, Post, PostView, Reaction
from chats.models import Chat, ChatAudience, ChatMember, Kind, Message, Template
from chats.selectors.rules import rules_of
from files.models import StoredFile
from invitations.models import Invitation, InvitationUse
from meetings.models import Event, Participation
from orgs.models import (
    STAFF_ROLES,
    AuditEvent,
    Enrolment,
    Guardianship,
    Organization,
    Part,
    Person,
    Role,
    RoleAssignment,
    Unit,
)
from polls.models import PollVote
from readings.models import Confirmation
from stats.models import PersonDay, Presence

COUNTERS = [field.name for field in PersonDay._meta.fields if field.get_internal_type() == "PositiveIntegerField"]
# Beyond opening and reading, and done by the person; parts of the messages are messages.
NO_DEEDS = {"quiet_messages", "doubtful_messages", "views", "attended", "watched"}
# Someone else notes who came.
NOTED_BY_OTHERS = {"attended"}
ROLES = ("is_staff", "is_student", "is_parent")
# Counted for the organization also where nobody's name is left on them.
NAMELESS = {"posts": "posts", "files": "files", "invitations": "invitations_made"}

Table = dict[Any, dict[str, int]]


@dataclass
class Day:
    """What somebody did and was on one day."""

    counts: Counter[str] = field(default_factory=Counter)
    came: bool = False
    roles: frozenset[str] = frozenset()

    @property
    def is_active(self) -> bool:
        return self.came or any(n for name, n in self.counts.items() if name not in NOTED_BY_OTHERS)

    @property
    def has_acted(self) -> bool:
        return any(self.counts[name] for name in COUNTERS if name not in NO_DEEDS)

    def as_row(self) -> dict[str, int]:
        held = {role: int(role in self.roles) for role in ROLES}
        return {"came": int(self.came), **held, **{name: self.counts[name] for name in COUNTERS}}


class Recount:
    """Everything of one organization as its source rows stand at `now`."""

    def __init__(self, organization: Organization, now: datetime) -> None:
        self.organization = Organization.objects.get(pk=organization.pk)
        self.zone = self.organization.zone
        self.now = now
        self.today = now.astimezone(self.zone).date()

    def rows(self, model: type[Model], **conditions: Any) -> list[Any]:
        return list(model._default_manager.filter(organization_id=self.organization.pk, **conditions).order_by("pk"))

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def edges(self, day: date) -> tuple[datetime, datetime]:
        """The moments at which a day begins and ends here."""
        midnight = datetime.combine(day, time(), tzinfo=self.zone)
        return midnight, datetime.combine(day + timedelta(days=1), time(), tzinfo=self.zone)

    # Who was what, where.

    def overlaps(self, row: Any, day: date) -> bool:
        start, end = self.edges(day)
        return row.since < end and (row.until is None or row.until > start)

    @cached_property
    def _role_rows(self) -> dict[int, list[Any]]:
        return by(self.rows(RoleAssignment), "person_id")

    def roles_on(self, person_id: int, day: date) -> frozenset[str]:
        held = {row.role for row in self._role_rows[person_id] if self.overlaps(row, day)}
        found = {"is_student": Role.STUDENT in held, "is_parent": Role.PARENT in held}
        found["is_staff"] = not held.isdisjoint(STAFF_ROLES)
        return frozenset(name for name, holds in found.items() if holds)

    @cached_property
    def _enrolment_rows(self) -> list[Any]:
        return self.rows(Enrolment)

    @cached_property
    def _family_rows(self) -> list[Any]:
        return self.rows(Guardianship)

    def circles_on(self, unit_id: int, day: date, tied: tuple[date, date] | None = None) -> dict[str, set[int]]:
        """Who belonged to a unit when the day ended; parents also by a tie that held at some time from … to `tied`."""
        here = [
            row
            for row in self._enrolment_rows
            if row.unit_id == unit_id and row.since <= day and (row.until is None or row.until > day)
        ]
        students = {row.person_id for row in here if row.part == Part.STUDENT}
        end = self.edges(day)[1]
        held_from, held_to = (self.edges(tied[0])[0], self.edges(tied[1])[1]) if tied else (end, end)
        families = [
            row
            for row in self._family_rows
            if row.child_id in students and row.since < held_to and (row.until is None or row.until >= held_from)
        ]
        return {
            "is_staff": {row.person_id for row in here if row.part != Part.STUDENT},
            "is_student": students,
            "is_parent": {row.parent_id for row in families},
        }

    # What was written.

    @cached_property
    def messages(self) -> list[Any]:
        return [row for row in self.rows(Message, kind=Kind.TEXT, deleted_at=None) if row.author_id is not None]

    @cached_property
    def chats(self) -> dict[int, Chat]:
        return {chat.pk: chat for chat in self.rows(Chat)}

    def is_quiet(self, moment: datetime) -> bool:
        rules = rules_of(self.organization)
        start, end, clock = rules.quiet_from, rules.quiet_until, moment.astimezone(self.zone).time()
        if start is None or end is None or start == end:
            return False
        return start <= clock < end if start < end else clock >= start or clock < end

    @cached_property
    def doubtful(self) -> set[int]:
        """Messages in bursts, repeated, or to oneself, by number of the row."""
        bursts, repeated = defaultdict(list), defaultdict(list)
        for row in self.messages:
            bursts[row.author_id, row.created_at.replace(second=0, microsecond=0)].append(row.pk)
            if row.fingerprint:
                repeated[row.author_id, row.fingerprint, self.day_of(row.created_at)].append(row.pk)
        found = {pk for pks in bursts.values() if len(pks) > 10 for pk in pks}
        found |= {pk for pks in repeated.values() if len(pks) > 3 for pk in pks}
        return found | {row.pk for row in self.messages if self._is_to_oneself(row)}

    @cached_property
    def _listed(self) -> set[int]:
        return {row.chat_id for row in self.rows(ChatAudience)}

    @cached_property
    def _member_rows(self) -> dict[int, list[Any]]:
        return by(self.rows(ChatMember), "chat_id")

    def _is_to_oneself(self, message: Any) -> bool:
        if self.chats[message.chat_id].template != Template.FREE or message.chat_id in self._listed:
            return False
        at = message.created_at
        there = {
            row.person_id
            for row in self._member_rows[message.chat_id]
            if row.since <= at and (row.until is None or row.until > at)
        }
        return there == {message.author_id}

    # People, day by day.

    def _deeds(self) -> Iterator[tuple[str, int | None, datetime | None]]:
        """Yield (counter, person, moment) of everything anybody did; without a moment it has not happened."""
        for row in self.messages:
            yield "messages", row.author_id, row.created_at
            if self.is_quiet(row.created_at):
                yield "quiet_messages", row.author_id, row.created_at
            if row.pk in self.doubtful:
                yield "doubtful_messages", row.author_id, row.created_at
        yield from self._on_channels()
        yield from self._votes()
        yield from self._at_events()
        for row in self.rows(Confirmation, is_on_paper=False):
            yield "confirmations", row.person_id, row.confirmed_at
        for row in self.rows(StoredFile):
            yield "files", row.uploaded_by_id, row.uploaded_at if row.claimed_at else None
        for row in self.rows(Invitation):
            yield "invitations", row.owner_id, row.created_at
        for row in self.rows(AuditEvent):
            # What pupils and parents do stands in the journal too: only staff administers.
            if row.actor_id and "is_staff" in self.roles_on(row.actor_id, self.day_of(row.at)):
                yield "actions", row.actor_id, row.at

    def _on_channels(self) -> Iterator[tuple[str, int | None, datetime | None]]:
        for row in self.rows(Post, deleted_at=None):
            yield "posts", row.author_id, row.published_at
        for row in self.rows(Comment, deleted_at=None):
            yield "comments", row.author_id, row.created_at
        for row in self.rows(Reaction):
            yield "reactions", row.person_id, row.created_at
        for row in self.rows(PostView):
            yield "views", row.person_id, row.seen_at

    def _votes(self) -> Iterator[tuple[str, int, datetime]]:
        """Several answers in one poll are one vote of a day."""
        once = {(row.poll_id, row.person_id, self.day_of(row.created_at)): row for row in self.rows(PollVote)}
        for row in once.values():
            yield "votes", row.person_id, row.created_at

    def _at_events(self) -> Iterator[tuple[str, int, datetime | None]]:
        events = {event.pk: event for event in self.rows(Event)}
        for row in self.rows(Participation):
            event = events[row.event_id]
            if row.attended and event.cancelled_at is None:
                yield "attended", row.person_id, event.starts_at
            yield "answers", row.person_id, row.answered_at
            yield "watched", row.person_id, row.opened_at

    @cached_property
    def people(self) -> dict[tuple[date, int], Day]:
        """Everybody's days up to today."""
        known = {person.pk for person in self.rows(Person)}
        days: dict[tuple[date, int], Day] = defaultdict(Day)
        for counter, person_id, moment in self._deeds():
            if (
                person_id is not None
                and person_id in known
                and moment is not None
                and self.day_of(moment) <= self.today
            ):
                days[self.day_of(moment), person_id].counts[counter] += 1
        for row in self.rows(Presence):
            # By its moment: of a school that has moved, the day is another one.
            days[self.day_of(row.at), row.person_id].came = True
        for (day, person_id), found in days.items():
            found.roles = self.roles_on(person_id, day)
        return dict(days)

    def people_on(self, day: date) -> dict[int, Day]:
        return {person_id: found for (on, person_id), found in self.people.items() if on == day}

    # The tables.

    def person_days(self) -> Table:
        return {key: day.as_row() for key, day in self.people.items()}

    def org_days(self) -> Table:
        """Activity of the whole organization by day; days on which nothing happened are not there."""
        found: dict[date, Counter[str]] = defaultdict(Counter)
        for (day, _person), person in self.people.items():
            found[day].update({name: person.counts[name] for name in COUNTERS if name not in NAMELESS})
            found[day].update({f"{_plural(name)}_active": int(person.is_active) for name in person.roles})
            found[day]["people_active"] += person.is_active
        for name, moment in self._events_of_all():
            if moment is not None and self.day_of(moment) <= self.today:
                found[self.day_of(moment)][name] += 1
        for day, chats in self._chats_by_day().items():
            found[day]["chats_alive"] = len(chats)
        return {day: dict(+counts) for day, counts in found.items()}

    def _events_of_all(self) -> Iterator[tuple[str, datetime | None]]:
        """Yield (column, moment) of what is counted for the organization whoever did it."""
        for counter, _person, moment in self._deeds():
            if counter in NAMELESS:
                yield NAMELESS[counter], moment
        for event in self.rows(Event, cancelled_at=None, starts_at__lte=self.now):
            yield "events", event.starts_at
            yield "broadcasts", event.starts_at if event.is_broadcast else None
        joined = {(use.person_id, self.day_of(use.at)): use.at for use in self.rows(InvitationUse)}
        yield from (("joined", moment) for moment in joined.values())
        for link in self.rows(Invitation):
            yield "invitations_annulled", link.revoked_at
            has_expired = link.expiry_recorded_at and link.revoked_at is None and link.uses < link.max_uses
            yield "invitations_expired", link.expires_at if has_expired else None

    def _chats_by_day(self) -> dict[date, set[int]]:
        found: dict[date, set[int]] = defaultdict(set)
        for row in self.messages:
            found[self.day_of(row.created_at)].add(row.chat_id)
        return found

    def unit_days(self) -> Table:
        """Activity of each unit by day; without those in which nothing happened."""
        found: dict[tuple[date, int], Counter[str]] = defaultdict(Counter)
        for row in self.messages:
            if (unit_id := self.chats[row.chat_id].unit_id) is not None:
                parts = {"messages": 1, "quiet_messages": self.is_quiet(row.created_at)}
                parts["doubtful_messages"] = row.pk in self.doubtful
                found[self.day_of(row.created_at), unit_id].update(parts)
        for post in self.rows(Post, deleted_at=None):
            if post.published_at is not None and post.channel.unit_id is not None:
                found[self.day_of(post.published_at), post.channel.unit_id]["posts"] += 1
        for day in {day for day, _person in self.people}:
            for unit in self.rows(Unit):
                active = self._active_in({day}, unit.pk)
                found[day, unit.pk].update({f"{_plural(role)}_active": len(who) for role, who in active.items()})
        return {key: dict(+counts) for key, counts in found.items() if +counts}

    def _active_in(
        self, days: Collection[date], unit_id: int | None, *, acted: bool = False, span: tuple[date, date] | None = None
    ) -> dict[str, set[int]]:
        """Who was active (or acted) on one of `days`: by role, or in a unit by what they were there on that day."""
        found: dict[str, set[int]] = {role: set() for role in ROLES}
        for day in days:
            circles = self.circles_on(unit_id, day, span) if unit_id is not None else None
            for person_id, person in self.people_on(day).items():
                if person.has_acted if acted else person.is_active:
                    for role in ROLES:
                        if role in person.roles if circles is None else person_id in circles[role]:
                            found[role].add(person_id)
        return found

    def answers(self) -> dict[int, tuple[date, int, int]]:
        """Answers of staff to parents in personal chats: message → day, who, seconds waited."""
        found = {}
        personal = [row for row in self.messages if self.chats[row.chat_id].template == Template.PERSONAL]
        for rows in by(personal, "chat_id").values():
            turns = [list(turn) for _author, turn in groupby(sorted(rows, key=_order), key=lambda row: row.author_id)]
            for asked, answered in pairwise(turns):
                first, answer = asked[0], answered[0]
                day = self.day_of(answer.created_at)
                other = self.roles_on(first.author_id, day)
                is_answer = "is_staff" in self.roles_on(answer.author_id, day)
                # Colleagues who are parents too write to each other as colleagues.
                if is_answer and "is_parent" in other and "is_staff" not in other:
                    waited = int(answer.created_at.timestamp()) - int(first.created_at.timestamp())
                    found[answer.pk] = (day, answer.author_id, waited)
        return found

    def periods(self) -> Table:
        """Distinct people of each week and month there is anything of: (span, first day, unit) → columns."""
        spans: dict[tuple[str, date], set[date]] = defaultdict(set)
        for day in {day for day, _person in self.people}:
            spans["week", day - timedelta(days=day.weekday())].add(day)
            spans["month", day.replace(day=1)].add(day)
        units = [None, *(unit.pk for unit in self.rows(Unit))]
        found: Table = {}
        for (span, start), days in spans.items():
            for unit_id in units:
                row = self._period(span, start, days, unit_id)
                if any(row.values()):
                    found[span, start, unit_id] = {name: n for name, n in row.items() if n}
        return found

    def _period(self, span: str, start: date, days: set[date], unit_id: int | None) -> dict[str, int]:
        last = (
            start + timedelta(days=6) if span == "week" else start.replace(day=monthrange(start.year, start.month)[1])
        )
        active, acted = (self._active_in(days, unit_id, acted=a, span=(start, last)) for a in (False, True))
        row = {f"{_plural(role)}_active": len(who) for role, who in active.items()}
        row |= {f"{_plural(role)}_acted": len(who) for role, who in acted.items()}
        everybody = {who for (day, who), person in self.people.items() if day in days and person.is_active}
        row["people_active"] = len(everybody if unit_id is None else set().union(*active.values()))
        written = [m for m in self.messages if self.day_of(m.created_at) in days]
        chats = {m.chat_id for m in written if unit_id is None or self.chats[m.chat_id].unit_id == unit_id}
        return {**row, "chats_alive": len(chats)}


def by(rows: Iterable[Any], name: str) -> dict[Any, list[Any]]:
    """Sort rows into boxes."""
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def _plural(role: str) -> str:
    return {"is_staff": "staff", "is_student": "students", "is_parent": "parents"}[role]


def _order(message: Any) -> tuple[datetime, int]:
    return message.created_at, message.pk
