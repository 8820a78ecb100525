"""Many voters at the same moment, in real threads on PostgreSQL (CHAT-6)."""

from functools import partial

import pytest

from common.errors import DomainError
from orgs.actor import actor_of
from orgs.models import Person
from polls.models import Poll, PollBallot, PollVote
from polls.services import cast, close
from tests.polls.making import assert_counters_are_right, counts_of, ids_of, poll_in
from tests.threads import at_once
from tests.world import School, build_school

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True), pytest.mark.req("CHAT-6")]

TWENTY = tuple(f"Ответ {number}" for number in range(20))


@pytest.fixture
def school(transactional_db: None) -> School:
    return build_school("race", 5)


def crowd(school: School, count: int) -> list[Person]:
    """People of the school; whoever votes is asked by the app above."""
    rows = [
        Person(organization=school.organization, last_name="Много", first_name=f"Имён{number}", search_name=f"{number}")
        for number in range(count)
    ]
    return Person.objects.bulk_create(rows)


def codes_of(outcomes: list[Poll | Exception]) -> list[str]:
    assert all(isinstance(one, Poll | DomainError) for one in outcomes), outcomes
    return sorted(one.code if isinstance(one, DomainError) else "voted" for one in outcomes)


def test_twenty_taps_of_one_person_are_one_vote(school: School) -> None:
    poll = poll_in(school, options=TWENTY)
    student = school.actor("student")
    outcomes = at_once([partial(cast, actor=student, poll=poll, option_ids=[option]) for option in ids_of(poll)])
    assert codes_of(outcomes) == ["voted"] * 20
    assert PollVote.objects.filter(poll=poll).count() == 1
    assert sum(counts_of(poll)[:-1]) == counts_of(poll)[-1] == 1
    assert_counters_are_right(poll)


def test_twenty_taps_in_an_anonymous_poll_are_one_ballot(school: School) -> None:
    poll = poll_in(school, options=TWENTY, is_anonymous=True)
    student = school.actor("student")
    outcomes = at_once([partial(cast, actor=student, poll=poll, option_ids=[option]) for option in ids_of(poll)])
    assert codes_of(outcomes) == ["poll_already_voted"] * 19 + ["voted"]
    assert PollBallot.objects.filter(poll=poll).count() == 1
    assert sum(counts_of(poll)[:-1]) == 1
    assert_counters_are_right(poll)


@pytest.mark.parametrize("is_anonymous", [False, True])
def test_twenty_voters_at_once_are_all_counted(school: School, is_anonymous: bool) -> None:
    poll = poll_in(school, options=TWENTY, is_multiple=True, is_anonymous=is_anonymous)
    options = ids_of(poll)
    voters = [actor_of(person) for person in crowd(school, 20)]
    # Each in another order: whoever locked the answers in the order of the choice would wait for the neighbour.
    outcomes = at_once(
        [
            partial(cast, actor=voter, poll=poll, option_ids=options[place:] + options[:place])
            for place, voter in enumerate(voters)
        ]
    )
    assert codes_of(outcomes) == ["voted"] * 20
    assert counts_of(poll) == [20] * 21
    assert_counters_are_right(poll)


def test_changing_ones_mind_together_keeps_the_counters(school: School) -> None:
    poll = poll_in(school, is_multiple=True)
    first, second, third = ids_of(poll)
    voters = [actor_of(person) for person in crowd(school, 6)]
    for voter in voters:
        cast(actor=voter, poll=poll, option_ids=[first, second])
    choices = ([third, first], [], [second])
    deeds = [partial(cast, actor=voter, poll=poll, option_ids=choice) for voter in voters for choice in choices]
    assert codes_of(at_once(deeds)) == ["voted"] * 18
    assert_counters_are_right(poll)


def test_a_vote_is_either_before_the_closing_or_refused(school: School) -> None:
    poll = poll_in(school)
    option = ids_of(poll)[0]
    voters = [actor_of(person) for person in crowd(school, 15)]
    deeds = [partial(cast, actor=voter, poll=poll, option_ids=[option]) for voter in voters]
    closing = partial(close, actor=school.actor("leader"), poll=poll)
    outcomes = at_once([*deeds[:7], closing, closing, *deeds[7:]])
    voted = [one for one in outcomes if isinstance(one, Poll)]
    refused = [one.code for one in outcomes if isinstance(one, DomainError)]
    assert len(voted) + len(refused) == 17, outcomes
    assert set(refused) <= {"poll_closed"}
    assert counts_of(poll) == [15 - len(refused), 0, 0, 15 - len(refused)]
    assert len({one.closed_at for one in voted if one.closed_at is not None}) == 1
