"""The part of channels in the daily letter (CHAN-3, CHAT-4)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from channels_app.models import Channel, ChannelKind, Notify, Post, PostView, ReaderState
from channels_app.selectors.missed import readers_who_missed
from channels_app.selectors.titles import title_of
from orgs.digest import send_digests
from orgs.letters import daily_digest
from outbox.models import Message
from outbox.rendering import Obsolete
from tests.world import School, World, make_user

EVENING = datetime(2026, 11, 20, 15, 5, tzinfo=UTC)  # 18:05 in Moscow
DAY_AGO = EVENING - timedelta(days=1)


@pytest.fixture
def school(world: World) -> School:
    """Everybody joined long before, and the parent can be reached by e-mail."""
    world.a.organization.people.filter(user__isnull=False).update(joined_at=EVENING - timedelta(days=90))
    User.objects.filter(pk=world.a.user("parent").pk).update(email="rosa@example.org")
    return world.a


def channel_of(school: School, kind: str = ChannelKind.ORGANIZATION) -> Channel:
    return Channel.objects.get(organization=school.organization, kind=kind)


def publish(school: School, hours_ago: int = 6, kind: str = ChannelKind.ORGANIZATION, text: str = "Тайна") -> Post:
    channel, moment = channel_of(school, kind), EVENING - timedelta(hours=hours_ago)
    Channel.objects.filter(pk=channel.pk).update(last_post_at=moment)
    author = school.people["administrator"]
    return Post.objects.create(
        organization=school.organization, channel=channel, author=author, editor=author, text=text, published_at=moment
    )


def missed_by(school: School, name: str) -> int:
    return readers_who_missed(school.organization, DAY_AGO)[school.people[name].pk]


@pytest.mark.req("CHAN-3", "CHAT-4")
def test_posts_come_in_the_letter_without_their_words(school: School) -> None:
    publish(school)
    publish(school, hours_ago=3)
    assert send_digests(EVENING) == 1
    words = daily_digest(Message.objects.get(template="daily_digest").context, "")
    title = title_of(channel_of(school), school.actor("parent").words)
    assert f"Каналы\n— {title}: 2\n" in words.text
    assert f"/o/a/channels/{channel_of(school).pk}/" in words.html
    assert "Тайна" not in words.text + words.html


@pytest.mark.req("CHAN-3")
def test_who_reads_the_channel_missed_it_but_not_its_author(school: School) -> None:
    publish(school, kind=ChannelKind.STAFF)
    names = ["administrator", "head", "leader", "teacher", "parent", "student"]
    assert [missed_by(school, name) for name in names] == [0, 1, 1, 1, 0, 0]
    assert not readers_who_missed(school.organization, EVENING)


@pytest.mark.req("CHAN-3", "CHAT-4")
@pytest.mark.parametrize("why", ["seen", "seen until", "silent", "removed", "draft", "old", "archived", "just joined"])
def test_what_is_not_missed(school: School, why: str) -> None:
    post = publish(school, hours_ago=30 if why == "old" else 6, text="Текст")
    parent = school.people["parent"]
    state = {"organization": school.organization, "channel": post.channel, "person": parent}
    if why == "seen":
        PostView.objects.create(organization=school.organization, post=post, person=parent)
    if why == "seen until":
        ReaderState.objects.create(**state, seen_until=EVENING)
    if why == "silent":
        ReaderState.objects.create(**state, notify=Notify.NONE)
    if why == "removed":
        Post.objects.filter(pk=post.pk).update(deleted_at=EVENING)
    if why == "draft":
        Post.objects.filter(pk=post.pk).update(published_at=None)
    if why == "archived":
        free = Channel.objects.create(
            organization=school.organization, kind=ChannelKind.FREE, title="Кружок", archived_at=EVENING
        )
        Post.objects.filter(pk=post.pk).update(channel=free)
    if why == "just joined":
        school.organization.people.filter(pk=parent.pk).update(joined_at=EVENING)
    assert missed_by(school, "parent") == 0
    assert send_digests(EVENING) == 0
    with pytest.raises(Obsolete):
        daily_digest({"person": parent.pk, "since": DAY_AGO.isoformat()}, "")


@pytest.mark.req("REG-3")
def test_nobody_of_another_school_missed_it(school: School, world: World) -> None:
    publish(school)
    assert not readers_who_missed(world.b.organization, DAY_AGO)


@pytest.mark.req("CHAN-3")
def test_asking_costs_the_same_for_any_number_of_readers_and_posts(school: School) -> None:
    publish(school)
    with CaptureQueriesContext(connection) as few:
        readers_who_missed(school.organization, DAY_AGO)
    for number, name in enumerate(["classmate", "other_student", "waiting_parent", "waiting_teacher"]):
        person = school.people[name]
        person.user, person.joined_at = make_user(f"+7900800000{number}"), EVENING - timedelta(days=5)
        person.save()
        publish(school)
    with CaptureQueriesContext(connection) as many:
        assert missed_by(school, "classmate") == 5
    assert len(many) == len(few) <= 6
