"""Nobody, not even the operator with the whole database, can tell who chose what in an anonymous poll (CHAT-6)."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from common.errors import DomainError
from orgs.models import Person
from polls.models import Poll, PollBallot, PollOption
from polls.selectors import own_votes, results_of, voters_of
from polls.services import cast
from stats.models import Change
from tests.polls.making import assert_counters_are_right, counts_of, ids_of, poll_in
from tests.world import World

pytestmark = pytest.mark.req("CHAT-6")


class Undone(Exception):
    """Takes the vote back after everything was read."""


def everything_after(world: World, poll: Poll, option: int) -> dict[str, list[dict[str, Any]]]:
    """Every column of every table as it is after the student has voted for `option`; the vote is undone."""
    found: dict[str, list[dict[str, Any]]] = {}
    try:
        with transaction.atomic():
            cast(actor=world.a.actor("student"), poll=poll, option_ids=[option])
            for model in apps.get_models(include_auto_created=True):
                rows = list(model._default_manager.order_by("pk").values())
                # On PostgreSQL a number once given is not given again: it says nothing about the answer.
                found[model._meta.label] = [{**row, "id": 0} for row in rows] if model in (PollBallot, Change) else rows
            raise Undone
    except Undone:
        return found


def test_the_database_is_the_same_whatever_was_chosen_but_for_the_counters(world: World) -> None:
    poll = poll_in(world.a, is_anonymous=True)
    first, second, _third = ids_of(poll)
    one, other = everything_after(world, poll, first), everything_after(world, poll, second)
    assert len(one["polls.PollBallot"]) == 1
    differing = {label for label in one if one[label] != other[label]}
    assert differing == {"polls.PollOption"}
    counted = {row["id"]: row.pop("vote_count") for row in one["polls.PollOption"]}
    assert counted[first] == 1
    for row in other["polls.PollOption"]:
        row.pop("vote_count")
    assert one["polls.PollOption"] == other["polls.PollOption"]


def test_no_row_ties_a_person_to_an_answer(world: World) -> None:
    poll = poll_in(world.a, is_anonymous=True)
    for name in ("student", "parent", "teacher"):
        cast(actor=world.a.actor(name), poll=poll, option_ids=ids_of(poll)[:1])
    assert PollBallot.objects.filter(poll=poll).count() == 3
    for model in apps.get_models(include_auto_created=True):
        for answer in model._meta.concrete_fields:
            if answer.related_model is PollOption:
                rows = model._default_manager.filter(**{f"{answer.name}__poll": poll})
                assert not rows.exists(), f"{model._meta.label}.{answer.name}"
    assert {field.related_model for field in PollOption._meta.concrete_fields}.isdisjoint({Person})


@pytest.mark.postgresql
def test_not_even_the_notes_of_postgresql_tell(world: World) -> None:
    """The transaction that wrote a row last (`xmin`) is the same for the answer that was chosen and the others."""
    poll = poll_in(world.a, is_anonymous=True)
    for name, option in zip(("student", "parent"), ids_of(poll), strict=False):
        cast(actor=world.a.actor(name), poll=poll, option_ids=[option])
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT xmin::text FROM polls_polloption WHERE poll_id = %s", [poll.pk])
            assert len(cursor.fetchall()) == 1


def test_an_anonymous_vote_is_counted_and_stays(world: World) -> None:
    poll = poll_in(world.a, is_anonymous=True, is_multiple=True)
    museum, theatre, park = ids_of(poll)
    student = world.a.actor("student")
    with pytest.raises(DomainError) as refusal:
        cast(actor=student, poll=poll, option_ids=[])
    assert (refusal.value.code, refusal.value.status) == ("poll_choose_something", 400)
    assert cast(actor=student, poll=poll, option_ids=[museum, park]).voter_count == 1
    for chosen in ([museum, park], [theatre], []):
        with pytest.raises(DomainError) as refusal:
            cast(actor=student, poll=poll, option_ids=chosen)
        assert (refusal.value.code, refusal.value.status) == ("poll_already_voted", 409)
    assert counts_of(poll) == [1, 0, 1, 1]
    assert_counters_are_right(poll)


def test_only_that_one_voted_is_told(world: World) -> None:
    poll = poll_in(world.a, is_anonymous=True)
    student = world.a.people["student"]
    assert own_votes(student.pk, [poll.pk]) == {}
    cast(actor=world.a.actor("student"), poll=poll, option_ids=ids_of(poll)[:1])
    assert own_votes(student.pk, [poll.pk]) == {poll.pk: []}
    assert all(not voters_of(option).exists() for option in poll.options.all())
    assert results_of([poll.pk])[poll.pk].voter_count == 1
