"""Votes are counted once, can be changed while a poll is open, and stay in their poll."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from common.errors import DomainError
from polls.models import Poll, PollBallot, PollOption, PollVote
from polls.selectors import own_votes, voters_of
from polls.services import cast, close
from tests.polls.making import assert_counters_are_right, counts_of, ids_of, poll_in
from tests.test_isolation import rows_of
from tests.world import World


@pytest.mark.req("CHAT-6")
def test_a_vote_is_counted_changed_and_taken_back(world: World) -> None:
    poll = poll_in(world.a)
    museum, theatre, _park = ids_of(poll)
    student, parent = world.a.actor("student"), world.a.actor("parent")
    assert cast(actor=student, poll=poll, option_ids=[museum]).voter_count == 1
    assert cast(actor=parent, poll=poll, option_ids=[museum, museum]).voter_count == 2
    assert counts_of(poll) == [2, 0, 0, 2]
    assert cast(actor=student, poll=poll, option_ids=[theatre]).voter_count == 2
    assert cast(actor=student, poll=poll, option_ids=[theatre]).voter_count == 2
    assert counts_of(poll) == [1, 1, 0, 2]
    assert own_votes(student.person.pk, [poll.pk]) == {poll.pk: [theatre]}
    assert cast(actor=student, poll=poll, option_ids=[]).voter_count == 1
    assert cast(actor=student, poll=poll, option_ids=[]).voter_count == 1
    assert counts_of(poll) == [1, 0, 0, 1]
    assert own_votes(student.person.pk, [poll.pk]) == {}
    assert_counters_are_right(poll)


@pytest.mark.req("CHAT-6")
def test_several_answers_are_one_voter(world: World) -> None:
    poll = poll_in(world.a, is_multiple=True)
    museum, theatre, park = ids_of(poll)
    student = world.a.actor("student")
    cast(actor=student, poll=poll, option_ids=[park, museum])
    assert counts_of(poll) == [1, 0, 1, 1]
    cast(actor=student, poll=poll, option_ids=[museum, theatre])
    assert counts_of(poll) == [1, 1, 0, 1]
    assert own_votes(student.person.pk, [poll.pk]) == {poll.pk: [museum, theatre]}
    assert_counters_are_right(poll)


@pytest.mark.req("CHAT-6")
@pytest.mark.parametrize("is_anonymous", [False, True])
def test_what_cannot_be_chosen_is_refused(world: World, is_anonymous: bool) -> None:
    poll, other = poll_in(world.a, is_anonymous=is_anonymous), poll_in(world.a)
    museum, theatre, _park = ids_of(poll)
    refused = {
        "poll_one_answer": [museum, theatre],
        "poll_unknown_option": [ids_of(other)[0]],
    }
    for code, chosen in refused.items():
        with pytest.raises(DomainError) as refusal:
            cast(actor=world.a.actor("student"), poll=poll, option_ids=chosen)
        assert (refusal.value.code, refusal.value.status) == (code, 400)
    for chosen in ([museum, -1], range(10_000)):
        with pytest.raises(DomainError, match="poll_unknown_option"):
            cast(actor=world.a.actor("student"), poll=poll, option_ids=list(chosen))
    assert counts_of(poll) == counts_of(other) == [0, 0, 0, 0]


@pytest.mark.req("CHAT-6")
def test_a_closed_poll_takes_no_votes(world: World) -> None:
    poll = poll_in(world.a)
    options = ids_of(poll)
    cast(actor=world.a.actor("student"), poll=poll, option_ids=options[:1])
    closed = close(actor=world.a.actor("leader"), poll=poll)
    assert not closed.is_open
    again = close(actor=world.a.actor("leader"), poll=poll)
    assert again.closed_at == closed.closed_at
    for chosen in (options[1:2], []):
        with pytest.raises(DomainError) as refusal:
            cast(actor=world.a.actor("student"), poll=poll, option_ids=chosen)
        assert (refusal.value.code, refusal.value.status) == ("poll_closed", 409)
    assert counts_of(poll) == [1, 0, 0, 1]


@pytest.mark.req("CHAT-6")
def test_a_poll_closes_by_itself_at_its_time(world: World) -> None:
    poll = poll_in(world.a, closes_at=timezone.now() + timedelta(hours=1))
    chosen = ids_of(poll)[:1]
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        assert not poll.is_open
        with pytest.raises(DomainError, match="poll_closed"):
            cast(actor=world.a.actor("student"), poll=poll, option_ids=chosen)
        assert close(actor=world.a.actor("leader"), poll=poll).closed_at is None
    with time_machine.travel(timezone.now() + timedelta(minutes=59), tick=False):
        cast(actor=world.a.actor("student"), poll=poll, option_ids=chosen)


@pytest.mark.req("CHAT-6", "ACC-4")
@pytest.mark.parametrize("is_gone", [False, True])
def test_another_schools_poll_and_a_deleted_one_are_not_there(world: World, is_gone: bool) -> None:
    poll = poll_in(world.a if is_gone else world.b)
    chosen = ids_of(poll)[:1]
    if is_gone:
        Poll.objects.all().delete()
    for deed in (
        lambda: cast(actor=world.a.actor("student"), poll=poll, option_ids=chosen),
        lambda: close(actor=world.a.actor("head"), poll=poll),
    ):
        with pytest.raises(DomainError, match="poll_gone"):
            deed()
    assert not PollVote.objects.exists()


@pytest.mark.req("ACC-4")
def test_votes_in_one_school_leave_the_other_alone(world: World) -> None:
    theirs, ours = poll_in(world.b), poll_in(world.a)
    cast(actor=world.b.actor("student"), poll=theirs, option_ids=ids_of(theirs)[:1])
    before = rows_of(world.b)
    cast(actor=world.a.actor("student"), poll=ours, option_ids=ids_of(ours)[:1])
    cast(actor=world.a.actor("student"), poll=ours, option_ids=ids_of(ours)[1:2])
    close(actor=world.a.actor("leader"), poll=ours)
    assert rows_of(world.b) == before


@pytest.mark.req("CHAT-6")
def test_who_voted_is_known_in_an_open_poll(world: World) -> None:
    poll = poll_in(world.a)
    museum, theatre, _park = poll.options.all()
    for name in ("student", "parent", "teacher"):
        cast(actor=world.a.actor(name), poll=poll, option_ids=[museum.pk])
    assert [person.last_name for person in voters_of(museum)] == ["Ёжиков", "Ёжикова", "Учёный"]
    assert [person.last_name for person in voters_of(museum)[1:2]] == ["Ёжикова"]
    assert not voters_of(theatre).exists()


# --- Statements -------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-6")
@pytest.mark.parametrize("is_anonymous", [False, True])
@pytest.mark.parametrize("count", [2, 20])
def test_a_vote_takes_few_statements_whatever_the_numbers(
    world: World, django_assert_max_num_queries: Callable, count: int, is_anonymous: bool
) -> None:
    options = tuple(f"Ответ {number}" for number in range(count))
    poll = poll_in(world.a, options=options, is_multiple=True, is_anonymous=is_anonymous)
    chosen = ids_of(poll)
    for name in ("parent", "teacher", "head"):
        cast(actor=world.a.actor(name), poll=poll, option_ids=chosen)
    student = world.a.actor("student")
    half = len(chosen) // 2
    for wanted in [chosen] if is_anonymous else [chosen[:half], chosen[half:], chosen, []]:
        with django_assert_max_num_queries(7):  # with the two of the savepoint
            cast(actor=student, poll=poll, option_ids=wanted)
    assert_counters_are_right(poll)


# --- The database says no ---------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-6")
def test_invariants_have_names_and_hold(world: World) -> None:
    a = world.a.organization
    poll, secret = poll_in(world.a), poll_in(world.a, is_anonymous=True)
    museum, theatre, _park = poll.options.all()
    student = world.a.people["student"]
    cast(actor=world.a.actor("student"), poll=poll, option_ids=[museum.pk])
    cast(actor=world.a.actor("student"), poll=secret, option_ids=ids_of(secret)[:1])
    vote = {"organization": a, "poll": poll, "person": student}
    now = timezone.now()
    refused = {
        "poll_vote_once_per_option": PollVote(**vote, option=museum, is_single=False),
        "poll_vote_one_answer": PollVote(**vote, option=theatre, is_single=True),
        "poll_ballot_once": PollBallot(organization=a, poll=secret, person=student),
        "poll_option_position_once": PollOption(organization=a, poll=poll, position=0, text="Ещё"),
        "poll_option_has_text": PollOption(organization=a, poll=poll, position=9, text=""),
        "poll_has_question": Poll(organization=a, question=""),
        "poll_closes_after_creation": Poll(organization=a, question="Да?", created_at=now, closes_at=now),
    }
    for name, row in refused.items():
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            row.save()
        assert name in str(refusal.value) or "UNIQUE" in str(refusal.value), name


@pytest.mark.req("ACC-4", "CHAT-6")
@pytest.mark.postgresql
def test_no_vote_points_into_another_school_or_poll(world: World) -> None:
    a, b = world.a, world.b
    poll, other, foreign = poll_in(a), poll_in(a), poll_in(b)
    vote = {"organization": a.organization, "poll": poll, "option_id": ids_of(poll)[0], "is_single": True}
    ours = {"organization": a.organization, "person": a.people["student"], "is_single": True}
    crossing = [
        PollVote(**vote, person=b.people["student"]),
        PollVote(**ours, poll=foreign, option_id=ids_of(foreign)[0]),
        PollVote(**ours, poll=poll, option_id=ids_of(other)[0]),
        PollBallot(organization=a.organization, poll=poll, person=b.people["student"]),
        PollBallot(organization=a.organization, poll=foreign, person=a.people["student"]),
        PollOption(organization=a.organization, poll=foreign, position=9, text="Да"),
        Poll(organization=a.organization, question="Да?", created_by=b.people["student"]),
    ]
    for row in crossing:
        with pytest.raises(IntegrityError, match=r"same_org|same_poll"), transaction.atomic():
            row.save()
