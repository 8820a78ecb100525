"""The operator sees polls and their counters, never who voted, and changes nothing."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import User
from polls.models import PollBallot, PollVote
from polls.services import cast
from tests.polls.making import ids_of, poll_in
from tests.world import World


@pytest.mark.req("CHAT-6", "ACC-4")
def test_polls_are_looked_at_only(
    world: World, browse: Callable[[User | None], Client], django_assert_max_num_queries: Callable
) -> None:
    operator = browse(world.operator)
    poll = poll_in(world.a)
    for _each in range(9):
        poll_in(world.b)
    cast(actor=world.a.actor("parent"), poll=poll, option_ids=ids_of(poll)[:1])
    with django_assert_max_num_queries(7):
        assert operator.get(reverse("admin:polls_poll_changelist")).context["cl"].result_count == 10
    found = operator.get(reverse("admin:polls_poll_changelist"), {"q": "ВЕДУЩАЯ b"})
    assert found.context["cl"].result_count == 9
    page = operator.get(reverse("admin:polls_poll_change", args=[poll.pk]))
    assert "Музей" in page.content.decode()
    assert "Роза" not in page.content.decode()
    for address in ("change", "delete"):
        assert operator.post(reverse(f"admin:polls_poll_{address}", args=[poll.pk])).status_code == 403
    assert operator.get(reverse("admin:polls_poll_add")).status_code == 403


def test_votes_and_ballots_are_not_shown() -> None:
    assert not {PollVote, PollBallot} & set(admin.site._registry)
