"""A poll comes to be, or is refused with a sentence at its field."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from common.errors import DomainError
from polls.models import Poll
from polls.selectors import with_options
from polls.services import PollData, create_poll
from tests.polls.making import poll_in
from tests.world import World


@pytest.mark.req("CHAT-6")
def test_a_poll_is_made_with_its_answers_in_order(world: World, django_assert_max_num_queries: Callable) -> None:
    closes_at = timezone.now() + timedelta(days=3)
    data = PollData(
        "  Куда\nпойдём?\u202e ", ["Музей ", "", "Театр", "👨‍👩‍👧 Вместе"], is_multiple=True, closes_at=closes_at
    )
    actor = world.a.actor("leader")
    with django_assert_max_num_queries(4):  # two, and the savepoint of the test
        poll = create_poll(actor=actor, data=data)
    poll.refresh_from_db()
    assert (poll.question, poll.organization, poll.created_by) == (
        "Куда пойдём?",
        world.a.organization,
        world.a.people["leader"],
    )
    assert (poll.is_multiple, poll.is_anonymous, poll.closes_at, poll.voter_count) == (True, False, closes_at, 0)
    assert [option.text for option in poll.options.all()] == ["Музей", "Театр", "👨‍👩‍👧 Вместе"]
    assert poll.is_open


def many(count: int) -> list[str]:
    return [f"Ответ {number}" for number in range(count)]


@pytest.mark.req("CHAT-6")
@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"question": " \u200b"}, "poll_question_required", "question"),
        ({"question": "я" * 301}, "poll_question_long", "question"),
        ({"question": "я" * 100_000}, "poll_question_long", "question"),
        ({"options": []}, "poll_options_few", "options"),
        ({"options": ["Да", " ", "\u2066"]}, "poll_options_few", "options"),
        ({"options": many(21)}, "poll_options_many", "options"),
        ({"options": many(1000)}, "poll_options_many", "options"),
        ({"options": ["Да", "я" * 121]}, "poll_option_long", "options"),
        ({"options": ["Ещё", "Нет", "ЕЩЕ "]}, "poll_options_equal", "options"),
        ({"closes_at": timedelta(seconds=-1)}, "poll_closes_in_past", "closes_at"),
        ({"closes_at": timedelta(days=400)}, "poll_closes_too_late", "closes_at"),
    ],
)
def test_a_mistake_is_told_at_its_field(world: World, change: dict[str, Any], code: str, field: str) -> None:
    fields: dict[str, Any] = {"question": "Да?", "options": ["Да", "Нет"], **change}
    if "closes_at" in change:
        fields["closes_at"] = timezone.now() + change["closes_at"]
    with pytest.raises(DomainError) as refusal:
        create_poll(actor=world.a.actor("leader"), data=PollData(**fields))
    assert (refusal.value.code, refusal.value.status, list(refusal.value.fields)) == (code, 400, [field])
    assert not Poll.objects.exists()


@pytest.mark.req("CHAT-6")
def test_the_bounds_themselves_fit(world: World) -> None:
    data = PollData("я" * 300, [f"{number:02}".ljust(120, "я") for number in range(20)])
    poll = create_poll(actor=world.a.actor("leader"), data=data)
    assert poll.options.count() == 20


def test_answers_of_signs_only_differ(world: World) -> None:
    poll = poll_in(world.a, options=("\U0001fae8", "\U0001fadc", "+", "-"))
    assert poll.options.count() == 4


def test_answers_of_many_polls_are_loaded_in_two_queries(world: World, django_assert_num_queries: Callable) -> None:
    made = [poll_in(world.a) for _each in range(5)]
    with django_assert_num_queries(2):
        shown = [[option.text for option in poll.options.all()] for poll in with_options(Poll.objects.all())]
    assert shown == [["Музей", "Театр", "Парк"]] * len(made)
