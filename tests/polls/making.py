"""Polls made shortly, and what must always hold for them."""

from typing import Any

from django.db.models import Count

from polls.models import Poll, PollBallot, PollOption, PollVote
from polls.services import PollData, create_poll
from tests.world import School

TRIP = ("Музей", "Театр", "Парк")


def poll_in(school: School, options: tuple[str, ...] = TRIP, by: str = "leader", **fields: Any) -> Poll:
    """A poll of `school`."""
    return create_poll(actor=school.actor(by), data=PollData("Куда пойдём?", options, **fields))


def ids_of(poll: Poll) -> list[int]:
    """The ids of the answers in their order."""
    return list(poll.options.values_list("pk", flat=True))


def counts_of(poll: Poll) -> list[int]:
    """The counters of the answers, and the number of voters last."""
    voters = Poll.objects.values_list("voter_count", flat=True).get(pk=poll.pk)
    return [*poll.options.values_list("vote_count", flat=True), voters]


def assert_counters_are_right(poll: Poll) -> None:
    """The counters are what a count of the rows gives."""
    if poll.is_anonymous:
        voters = PollBallot.objects.filter(poll=poll).count()
        assert not PollVote.objects.filter(poll=poll).exists()
    else:
        counted = PollOption.objects.filter(poll=poll).annotate(real=Count("votes"))
        assert [option.vote_count for option in counted] == [option.real for option in counted]
        voters = PollVote.objects.filter(poll=poll).values("person").distinct().count()
    assert counts_of(poll)[-1] == voters
