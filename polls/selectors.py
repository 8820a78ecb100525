"""Results and votes of many polls at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet, Value

from orgs.models import Person
from polls.models import Poll, PollBallot, PollOption, PollVote


@dataclass(frozen=True)
class OptionResult:
    """An answer with its votes; `percent` is the part of the voters who chose it."""

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


def with_options(polls: QuerySet[Poll]) -> QuerySet[Poll]:
    """Load the answers of `polls` in their order, in one more query."""
    return polls.prefetch_related("options")


def results_of(poll_ids: Collection[int]) -> dict[int, PollResult]:
    """Return the polls by id with their answers in order (CHAT-6).

    One query, so the counters of a poll are those of one moment: percentages fit while others vote.
    """
    rows = PollOption.objects.filter(poll__in=poll_ids).select_related("poll").order_by("poll_id", "position")
    polls = groupby(rows, key=lambda option: option.poll_id)
    return {poll_id: _result_of(list(options)) for poll_id, options in polls}


def results_with_own(person_id: int, poll_ids: Collection[int]) -> tuple[dict[int, PollResult], dict[int, list[int]]]:
    """Return what `results_of` and `own_votes` return, in one query: for feeds that show many things besides."""
    own = PollVote.objects.filter(option=OuterRef("pk"), person=person_id)
    ballot = PollBallot.objects.filter(poll=OuterRef("poll"), person=person_id)
    rows = list(
        PollOption.objects.filter(poll__in=poll_ids)
        .select_related("poll")
        .annotate(is_own=Exists(own), has_ballot=Exists(ballot))
        .order_by("poll_id", "position")
    )
    results, votes = {}, {}
    for poll_id, group in groupby(rows, key=lambda option: option.poll_id):
        options = list(group)
        results[poll_id] = _result_of(options)
        chosen = [option.pk for option in options if option.is_own]
        if chosen or options[0].has_ballot:
            votes[poll_id] = chosen
    return results, votes


def _result_of(options: Sequence[PollOption]) -> PollResult:
    poll = options[0].poll
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
    """Return which part of `voters` chose each answer, in whole per cent; `single` ones sum to 100."""
    if voters <= 0:
        return [0] * len(counts)
    if not single:
        return [(200 * count + voters) // (2 * voters) for count in counts]
    # Largest remainder: three answers with a third each are 34, 33 and 33.
    percents = [100 * count // voters for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda place: (-(100 * counts[place] % voters), place))
    for place in by_remainder[: 100 - sum(percents)]:
        percents[place] += 1
    return percents


def own_votes(person_id: int, poll_ids: Collection[int]) -> dict[int, list[int]]:
    """Return what the person chose, by poll, in one query; of an anonymous poll only that they voted: `[]`."""
    secret = PollBallot.objects.filter(person=person_id, poll__in=poll_ids)
    votes = PollVote.objects.filter(person=person_id, poll__in=poll_ids)
    nothing = Value(None, output_field=BigIntegerField())
    rows = votes.values_list("poll_id", "option_id", "option__position").union(
        secret.annotate(nothing=nothing).values_list("poll_id", "nothing", "nothing"), all=True
    )
    found: dict[int, list[int]] = {}
    for poll_id, option_id, _position in sorted(rows, key=lambda row: (row[0], row[2] or 0)):
        found.setdefault(poll_id, []).extend([] if option_id is None else [option_id])
    return found


def voters_of(option: PollOption) -> QuerySet[Person]:
    """Return who chose `option` in an open poll, by name, to be shown in pages; nobody for an anonymous one."""
    votes = PollVote.objects.filter(option=option)
    return Person.objects.filter(pk__in=votes.values("person_id")).order_by("search_name", "id")
