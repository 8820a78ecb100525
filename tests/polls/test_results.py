"""What a poll shows: counts, percentages that fit, the same shape in JSON and in its description."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from polls.selectors import own_votes, percents_of, results_of, results_with_own
from polls.services import cast, close
from polls.shapes import PollOptionSerializer, PollSerializer, poll_shape
from tests.polls.making import ids_of, poll_in
from tests.world import World


@pytest.mark.req("CHAT-6")
@pytest.mark.parametrize(
    ("counts", "voters", "single", "percents"),
    [
        ([1, 1, 1], 3, True, [34, 33, 33]),
        ([2, 1], 3, True, [67, 33]),
        ([1, 0, 5], 6, True, [17, 0, 83]),
        ([0, 0], 0, True, [0, 0]),
        ([3, 2, 0], 4, False, [75, 50, 0]),
        ([1, 3], 8, False, [13, 38]),
    ],
)
def test_percentages(counts: list[int], voters: int, single: bool, percents: list[int]) -> None:
    assert percents_of(counts, voters, single=single) == percents


@given(st.lists(st.integers(0, 5000), min_size=2, max_size=20).filter(any))
def test_percentages_of_one_answer_each_sum_to_a_hundred(counts: list[int]) -> None:
    percents = percents_of(counts, sum(counts), single=True)
    assert sum(percents) == 100
    assert all(abs(percent - 100 * count / sum(counts)) < 1 for percent, count in zip(percents, counts, strict=True))
    assert all(percent == 0 for percent, count in zip(percents, counts, strict=True) if count == 0)


@pytest.mark.req("CHAT-6")
def test_results_and_own_votes_of_many_polls_take_a_query_each(
    world: World, django_assert_num_queries: Callable
) -> None:
    polls = [poll_in(world.a, is_anonymous=bool(number % 2)) for number in range(6)]
    foreign = poll_in(world.b)
    student = world.a.people["student"]
    for poll in polls[:4]:
        cast(actor=world.a.actor("student"), poll=poll, option_ids=ids_of(poll)[1:2])
    wanted = [poll.pk for poll in polls]
    with django_assert_num_queries(1):
        results = results_of(wanted)
    with django_assert_num_queries(1):
        own = own_votes(student.pk, wanted)
    assert set(results) == set(wanted)
    assert foreign.pk not in results
    assert [results[pk].voter_count for pk in wanted] == [1, 1, 1, 1, 0, 0]
    assert [(option.text, option.vote_count, option.percent) for option in results[wanted[0]].options] == [
        ("Музей", 0, 0),
        ("Театр", 1, 100),
        ("Парк", 0, 0),
    ]
    assert own == {poll.pk: [] if poll.is_anonymous else ids_of(poll)[1:2] for poll in polls[:4]}
    with django_assert_num_queries(0):
        assert results_of([]) == own_votes(student.pk, []) == {}


@pytest.mark.req("CHAT-6")
def test_the_shape_is_the_described_one(world: World) -> None:
    closes_at = timezone.now() + timedelta(days=1)
    poll = poll_in(world.a, closes_at=closes_at, is_multiple=True)
    first = ids_of(poll)[0]
    cast(actor=world.a.actor("student"), poll=poll, option_ids=[first])
    shape = poll_shape(results_of([poll.pk])[poll.pk], audience_count=28)
    assert list(shape) == list(PollSerializer().fields)
    assert list(shape["options"][0]) == list(PollOptionSerializer().fields)
    assert json.loads(json.dumps(shape)) == shape
    assert {**shape, "options": shape["options"][:1]} == {
        "id": poll.pk,
        "question": "Куда пойдём?",
        "is_multiple": True,
        "is_anonymous": False,
        "closes_at": closes_at.isoformat(),
        "is_closed": False,
        "voter_count": 1,
        "audience_count": 28,
        "options": [{"id": first, "text": "Музей", "vote_count": 1, "percent": 100}],
    }


@pytest.mark.req("CHAT-6")
def test_a_closed_poll_says_so_whether_by_hand_or_by_time(world: World) -> None:
    by_hand, by_time = poll_in(world.a), poll_in(world.a, closes_at=timezone.now() + timedelta(hours=1))
    close(actor=world.a.actor("leader"), poll=by_hand)
    assert poll_shape(results_of([by_hand.pk])[by_hand.pk])["is_closed"]
    assert not results_of([by_time.pk])[by_time.pk].is_closed
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert results_of([by_time.pk])[by_time.pk].is_closed


@pytest.mark.req("CHAT-6", "CHAN-3")
def test_results_with_own_votes_are_the_same_in_one_query(
    world: World, django_assert_num_queries: Callable[[int], object]
) -> None:
    polls = [
        poll_in(world.a),
        poll_in(world.a, is_multiple=True),
        poll_in(world.a, is_anonymous=True),
        poll_in(world.a),
    ]
    for poll, chosen in zip(polls, ([0], [1, 2], [2], []), strict=True):
        for name in ("parent", "student"):
            keys = ids_of(poll)
            if chosen:
                cast(actor=world.a.actor(name), poll=poll, option_ids=[keys[place] for place in chosen])
    ids = [poll.pk for poll in polls]
    person = world.a.people["parent"].pk
    with django_assert_num_queries(1):
        results, votes = results_with_own(person, ids)
    assert results == results_of(ids)
    assert votes == own_votes(person, ids)
