"""What happens in the channels of one school leaves the other's as they were, also for the parent of both (ACC-4)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from channels_app import tasks
from channels_app.models import Post
from channels_app.selectors.channels import list_of, publishable_by
from channels_app.selectors.posts import find_post
from channels_app.services import channels, publishing, reading
from channels_app.services.system import give_units_channels
from orgs.actor import Actor, load_actor
from orgs.models import Role
from orgs.services import people
from tests.channels_app.cast import draft, free, general, of_unit, propose, publish
from tests.test_isolation import rows_of
from tests.world import School, World

pytestmark = pytest.mark.req("ACC-4", "CHAN-1")

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def let_live(school: School) -> tuple[Post, Post]:
    """A planned post and a removed one, beside everything else there can be."""
    administrator = school.actor("administrator")
    channel = free(school, has_comments=True)
    post = publish(school, channel)
    reading.comment(actor=school.actor("student"), post=post, text="Ура")
    reading.react(actor=school.actor("both"), post=post, kind="like")
    reading.mark_seen(actor=school.actor("both"), post_ids=[post.pk])
    channels.set_editor(actor=administrator, channel=channel, person=school.people["teacher"])
    propose(school, general(school))
    planned, removed = draft(school, of_unit(school)), publish(school, channel)
    publishing.plan(actor=administrator, post=planned, at=timezone.now() + timedelta(hours=1))
    publishing.delete(actor=administrator, post=removed)
    return planned, removed


@pytest.fixture
def lively(world: World) -> World:
    with time_machine.travel(NOW, tick=False):
        let_live(world.a)
        theirs = let_live(world.b)
        later = NOW + timedelta(days=60)
        Post.objects.filter(pk=theirs[0].pk).update(publish_at=later)
        Post.objects.filter(pk=theirs[1].pk).update(deleted_at=later)
    return world


@pytest.mark.parametrize("job", [tasks.publish_due, tasks.remove_deleted])
def test_jobs_of_one_school_leave_the_other_alone(lively: World, job: Callable[[], int]) -> None:
    ours, theirs = rows_of(lively.a), rows_of(lively.b)
    with time_machine.travel(NOW + timedelta(days=40), tick=False):
        assert job() == 1
        assert job() == 0
    assert rows_of(lively.a) != ours
    assert rows_of(lively.b) == theirs


Deed = Callable[[World], Any]
DEEDS: dict[str, Deed] = {
    "all seen": lambda w: reading.mark_all_seen(actor=w.a.actor("both")),
    "channels of units": lambda w: give_units_channels(actor=w.a.actor("administrator"), wanted=True),
    "the parent of both leaves one": lambda w: people.end_role(
        actor=w.a.actor("administrator"), person=w.a.people["both"], role=Role.PARENT
    ),
    "open to everybody": lambda w: channels.set_public(
        actor=w.a.actor("administrator"), channel=general(w.a), is_public=True
    ),
    "everything": lambda w: let_live(w.a),
}


@pytest.mark.parametrize("deed", sorted(DEEDS))
def test_a_deed_in_one_school_leaves_the_other_alone(lively: World, deed: str) -> None:
    theirs = rows_of(lively.b)
    DEEDS[deed](lively)
    assert rows_of(lively.b) == theirs


def test_the_parent_of_both_sees_each_school_by_itself(lively: World) -> None:
    for school in (lively.a, lively.b):
        mine = list_of(school.actor("both"))
        assert {channel.organization_id for channel in mine} == {school.organization.pk}
    ours = Post.objects.filter(organization=lively.a.organization, published_at__isnull=False, deleted_at=None)
    for post in ours:
        assert find_post(lively.b.actor("both"), post.pk) is None


def test_a_right_in_one_school_is_none_in_the_other(lively: World) -> None:
    channels.set_editor(
        actor=lively.a.actor("administrator"), channel=general(lively.a), person=lively.a.people["both"]
    )

    def both_in(school: School) -> Actor:
        actor = load_actor(lively.both.pk, school.slug)
        assert actor is not None
        return actor

    assert list(publishable_by(both_in(lively.a))) == [general(lively.a)]
    assert list(publishable_by(both_in(lively.b))) == []
    # Leaving one school takes the rights there, not those in the other.
    channels.set_editor(
        actor=lively.b.actor("administrator"), channel=general(lively.b), person=lively.b.people["both"]
    )
    people.end_role(actor=lively.a.actor("administrator"), person=lively.a.people["both"], role=Role.PARENT)
    assert list(publishable_by(both_in(lively.b))) == [general(lively.b)]
