"""How many of those whom a thing was meant for it has reached (STAT-3): readings, posts, polls, events.

Everything is counted as of today's roster, a constant number of statements for each kind whatever the number of things.
Only who is asked today is counted as reached, so a share never exceeds the whole; one who left is in neither.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from statistics import median
from typing import Any

from django.db.models import Model, QuerySet

from channels_app.models import ChannelAudience, Post, PostView
from channels_app.selectors.posts import published
from chats.models import ChatAudience, ChatMember, Message
from meetings.models import Answer, Event, EventAudience, Participation
from orgs.models import AudienceRule
from polls.models import Poll, PollBallot, PollVote
from readings.models import Confirmation, Reading, ReadingAudience
from readings.selectors.progress import is_answered
from readings.selectors.roster import entries_of
from stats.models import Reached, ReachKind
from stats.selectors.circles import Circles

Rules = dict[int, list[AudienceRule]]


@dataclass(frozen=True)
class Reach:
    """One thing; `at` is the moment whose day it belongs to. The words are those of `stats.models.Reached`."""

    at: datetime
    asked: int
    reached: int
    is_marked: bool = False
    median_seconds: int | None = None


def reach_of(organization_id: int, kind: ReachKind, ids: Collection[int], circles: Circles) -> dict[int, Reach]:
    """Return the reach of those of `ids` that exist and count; closed readings, removed posts and cancelled events do
    not. At most six queries."""
    return _COUNTERS[kind](organization_id, ids, circles)


# --- Required reading -------------------------------------------------------------------------------------------------
def _of_readings(organization_id: int, ids: Collection[int], circles: Circles) -> dict[int, Reach]:
    """Answers as `readings.selectors.progress` counts them: of a family one, where one parent suffices."""
    open_ones = Reading.objects.filter(organization=organization_id, pk__in=ids, closed_at=None)
    readings = {reading.pk: reading for reading in open_ones.filter(opened_at__isnull=False)}
    rules = _by_thing(ReadingAudience.objects.filter(reading__in=readings), "reading_id")
    answers = _Answers()
    rows = Confirmation.objects.filter(reading__in=readings)
    for reading_id, person_id, at, is_on_paper in rows.values_list(
        "reading_id", "person_id", "confirmed_at", "is_on_paper"
    ):
        answers.add(reading_id, person_id, None if is_on_paper else _seconds(readings[reading_id].opened_at, at))
    return {pk: _reading(reading, answers, circles, rules[pk]) for pk, reading in readings.items() if reading.opened_at}


def _reading(reading: Reading, answers: _Answers, circles: Circles, rules: list[AudienceRule]) -> Reach:
    entries = entries_of(circles.roster, rules, reading.parents_confirm)
    confirmed = answers.people(reading.pk)
    people = set().union(*(entry.people for entry in entries))
    reached = sum(is_answered(entry, confirmed) for entry in entries)
    at = reading.opened_at or reading.created_at
    return Reach(at, len(entries), reached, median_seconds=answers.median(reading.pk, people))


# --- Posts ------------------------------------------------------------------------------------------------------------
def _of_posts(organization_id: int, ids: Collection[int], circles: Circles) -> dict[int, Reach]:
    posts = published(Post.objects.filter(organization=organization_id, pk__in=ids))
    rows = posts.values_list("pk", "channel_id", "published_at")
    known = {pk: (channel, at) for pk, channel, at in rows if at is not None}
    readers = _readers(organization_id, {channel for channel, _at in known.values()}, circles)
    views = _Answers()
    for post_id, person_id, at in PostView.objects.filter(post__in=known).values_list(
        "post_id", "person_id", "seen_at"
    ):
        channel, published_at = known[post_id]
        if person_id in readers[channel]:
            views.add(post_id, person_id, _seconds(published_at, at))
    return {
        pk: Reach(at, len(readers[channel]), len(views.people(pk)), median_seconds=views.median(pk, readers[channel]))
        for pk, (channel, at) in known.items()
    }


def _readers(organization_id: int, channels: Collection[int], circles: Circles) -> dict[int, set[int]]:
    """{channel: who reads it and is connected}; parents who read beside a child are not asked."""
    rules = _by_thing(ChannelAudience.objects.filter(organization=organization_id, channel__in=channels), "channel_id")
    return {channel: circles.connected_of(rules[channel]) for channel in channels}


# --- Polls ------------------------------------------------------------------------------------------------------------
def _of_polls(organization_id: int, ids: Collection[int], circles: Circles) -> dict[int, Reach]:
    """A poll belongs to a message or to a published post; of one that is in neither nobody could know."""
    places = {**_polls_of_chats(organization_id, ids, circles), **_polls_of_posts(organization_id, ids, circles)}
    voters: dict[int, set[int]] = defaultdict(set)
    votes: Iterable[QuerySet[Any]] = (
        PollVote.objects.filter(poll__in=places),
        PollBallot.objects.filter(poll__in=places),
    )
    for rows in votes:
        for poll_id, person_id in rows.values_list("poll_id", "person_id"):
            voters[poll_id].add(person_id)
    return {pk: Reach(at, len(people), len(people & voters[pk])) for pk, (at, people) in places.items()}


def _polls_of_posts(
    organization_id: int, ids: Collection[int], circles: Circles
) -> dict[int, tuple[datetime, set[int]]]:
    posts = published(Post.objects.filter(organization=organization_id, poll__in=ids))
    known = list(posts.values_list("poll_id", "channel_id", "published_at"))
    readers = _readers(organization_id, {channel for _poll, channel, _at in known}, circles) if known else {}
    return {poll: (at, readers[channel]) for poll, channel, at in known if poll is not None and at is not None}


def _polls_of_chats(
    organization_id: int, ids: Collection[int], circles: Circles
) -> dict[int, tuple[datetime, set[int]]]:
    messages = Message.objects.filter(organization=organization_id, poll__in=ids, deleted_at=None)
    known = list(messages.values_list("poll_id", "chat_id", "created_at"))
    if not known:
        return {}
    chats = {chat for _poll, chat, _at in known}
    rules = _by_thing(ChatAudience.objects.filter(organization=organization_id, chat__in=chats), "chat_id")
    chosen: dict[int, set[int]] = defaultdict(set)
    for chat, person in ChatMember.objects.filter(chat__in=chats, until=None).values_list("chat_id", "person_id"):
        chosen[chat].add(person)
    members = {chat: circles.connected_of(rules[chat], chosen[chat]) for chat in chats}
    return {poll: (at, members[chat]) for poll, chat, at in known}


# --- Events -----------------------------------------------------------------------------------------------------------
def _of_events(organization_id: int, ids: Collection[int], circles: Circles) -> dict[int, Reach]:
    """With marks, who was there; without any, who said that they come."""
    events = Event.objects.filter(organization=organization_id, pk__in=ids, cancelled_at=None)
    known = dict(events.values_list("pk", "starts_at"))
    rules = _by_thing(EventAudience.objects.filter(event__in=known), "event_id")
    came: dict[int, set[int]] = defaultdict(set)
    coming: dict[int, set[int]] = defaultdict(set)
    marked: set[int] = set()
    rows = Participation.objects.filter(event__in=known)
    for event_id, person_id, answer, attended in rows.values_list("event_id", "person_id", "answer", "attended"):
        if attended is not None:
            marked.add(event_id)
        if attended:
            came[event_id].add(person_id)
        if answer == Answer.YES:
            coming[event_id].add(person_id)
    found = {}
    for pk, at in known.items():
        invited, reached = circles.people_of(rules[pk]), came[pk] if pk in marked else coming[pk]
        found[pk] = Reach(at, len(invited), len(invited & reached), is_marked=pk in marked)
    return found


_COUNTERS = {
    ReachKind.READING: _of_readings,
    ReachKind.POST: _of_posts,
    ReachKind.POLL: _of_polls,
    ReachKind.EVENT: _of_events,
}


# --- What is recounted ------------------------------------------------------------------------------------------------
_MODELS: Mapping[ReachKind, tuple[type[Model], str]] = {
    ReachKind.READING: (Reading, "opened_at"),
    ReachKind.POST: (Post, "published_at"),
    ReachKind.POLL: (Poll, "created_at"),
    ReachKind.EVENT: (Event, "starts_at"),
}


def things_since(organization_id: int, since: datetime) -> dict[ReachKind, set[int]]:
    """Return what was given out, published, asked or held from `since` on, events to come among it; four queries."""
    found = {}
    for kind, (model, moment) in _MODELS.items():
        rows = model._default_manager.filter(organization=organization_id, **{f"{moment}__gte": since})
        found[kind] = set(rows.order_by().values_list("pk", flat=True))
    return found


def things_by_organization(
    organization_ids: Collection[int], named: Mapping[ReachKind, Collection[int]]
) -> dict[int, dict[ReachKind, set[int]]]:
    """Return the things of those organizations, also such that are gone and have left a row; two queries a kind."""
    found: dict[int, dict[ReachKind, set[int]]] = defaultdict(lambda: defaultdict(set))
    for kind, ids in named.items():
        own = {"organization__in": organization_ids}
        there = _MODELS[kind][0]._default_manager.filter(**own, pk__in=ids).order_by()
        counted = Reached.objects.filter(**own, kind=kind, thing_id__in=ids).order_by()
        for owner, thing in chain(
            there.values_list("organization_id", "pk"), counted.values_list("organization_id", "thing_id")
        ):
            found[owner][kind].add(thing)
    return found


def polls_of_posts(organization_id: int, post_ids: Collection[int]) -> set[int]:
    """Return the polls of those posts, removed ones among them: what happens to a post happens to its poll."""
    posts = Post.objects.filter(organization=organization_id, pk__in=post_ids, poll__isnull=False)
    return {pk for pk in posts.values_list("poll_id", flat=True) if pk is not None}


class _Answers:
    """Who answered to what, and after how many seconds, where that is known."""

    def __init__(self) -> None:
        self._found: dict[int, dict[int, int | None]] = defaultdict(dict)

    def add(self, thing: int, person: int, seconds: int | None) -> None:
        self._found[thing][person] = seconds

    def people(self, thing: int) -> Collection[int]:
        return self._found[thing].keys()

    def median(self, thing: int, people: Collection[int]) -> int | None:
        """The median over `people`; None when nobody of them has answered by themselves."""
        known = [seconds for person, seconds in self._found[thing].items() if seconds is not None and person in people]
        return round(median(known)) if known else None


def _seconds(since: datetime | None, at: datetime) -> int:
    """What was given out anew later may have been read before: at once, then."""
    return max(0, round((at - since).total_seconds())) if since is not None else 0


def _by_thing(rules: QuerySet[Any], name: str) -> Rules:
    found: Rules = defaultdict(list)
    for rule in rules:
        found[getattr(rule, name)].append(rule)
    return found
