"""Results and votes of many polls at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from orgs.models import Person
from polls.models import Poll, PollBallot, PollOption, PollVote


@dataclass(frozen=True)
class OptionResult:
    """An answer with its votes; `percent` of the voters, whole numbers."""

    id: int
    text: str
    vote_count: int
    percent: int


@dataclass(frozen=True)
class PollResult:
    """A poll as it stands."""

    id: int
    question: str
    is_multiple: bool
    is_anonymous: bool
    closes_at: datetime | None
    is_closed: bool
    voter_count: int
    options: tuple[OptionResult, ...]


def results_of(poll_ids: Collection[int]) -> dict[int, PollResult]:
    """Return the polls by id with their answers in order, in two queries (CHAT-6)."""
    polls = Poll.objects.filter(pk__in=list(poll_ids)).prefetch_related("options")
    return {poll.pk: result_of(poll, list(poll.options.all())) for poll in polls}


def result_of(poll: Poll, options: list[PollOption]) -> PollResult:
    """Return how `poll` with its `options` stands; no query."""
    percents = percents_of([option.vote_count for option in options], poll.voter_count, single=not poll.is_multiple)
    return PollResult(
        id=poll.pk,
        question=poll.question,
        is_multiple=poll.is_multiple,
        is_anonymous=poll.is_anonymous,
        closes_at=poll.closes_at,
        is_closed=not poll.is_open,
        voter_count=poll.voter_count,
        options=tuple(
            OptionResult(option.pk, option.text, option.vote_count, percent)
            for option, percent in zip(options, percents, strict=True)
        ),
    )


def percents_of(counts: list[int], voters: int, *, single: bool) -> list[int]:
    """Return whole percentages of `voters`; with one answer each they sum to 100 (largest remainder)."""
    if voters <= 0:
        return [0] * len(counts)
    if not single:
        return [round(100 * count / voters) for count in counts]
    floors = [100 * count // voters for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda place: (-(100 * counts[place] % voters), place))
    for place in by_remainder[: max(0, 100 - sum(floors))]:
        floors[place] += 1
    return floors


def own_votes(person_id: int, poll_ids: Collection[int]) -> dict[int, list[int]]:
    """Return what the person chose, by poll, in two queries; of an anonymous poll only that they voted: `[]`."""
    found: dict[int, list[int]] = {
        poll_id: []
        for poll_id in PollBallot.objects.filter(person=person_id, poll__in=poll_ids).values_list("poll_id", flat=True)
    }
    votes = PollVote.objects.filter(person=person_id, poll__in=poll_ids).order_by("option__position")
    for poll_id, option_id in votes.values_list("poll_id", "option_id"):
        found.setdefault(poll_id, []).append(option_id)
    return found


def voters_of(option: PollOption) -> QuerySet[Person]:
    """Return who chose `option` in an open poll, by name; nobody for an anonymous one."""
    votes = PollVote.objects.filter(option=option)
    return Person.objects.filter(pk__in=votes.values("person_id")).order_by("search_name", "id")
