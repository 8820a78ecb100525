"""How many statements the busy addresses of channels take, whatever there is (CHAN-3); what is built by hand holds what
the description promises."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework import serializers

from accounts.models import User
from channels_app.api import serializers as described
from channels_app.models import Post
from channels_app.selectors.channels import find_channel
from channels_app.selectors.posts import comments_of, find_post, parts_of, versions_of
from channels_app.selectors.proposals import files_of, turns_of
from channels_app.services import reading
from channels_app.services.notifying import notify
from channels_app.services.posts import PostDraft, ReadingTerms, change
from channels_app.shapes import channel_detail, comment_shape, post_shape, proposal_detail, version_shape
from files.models import FileKind
from orgs.models import Person, Role, RoleAssignment
from outbox.models import Message
from polls.services import PollData
from tests.accounts.devices import add_device
from tests.api.client import CheckedClient
from tests.api.conftest import Api
from tests.api.test_chats_shapes import compare
from tests.channels_app.cast import draft, free, general, of_unit, proposal, propose, publish, upload
from tests.world import School, World

pytestmark = [pytest.mark.req("CHAN-3"), pytest.mark.req("INT-1")]


@pytest.fixture
def school(world: World) -> School:
    return world.a


def count(client: CheckedClient, method: str, path: str, body: Any = None) -> int:
    """Make a request that must succeed and return how many statements it took."""
    with CaptureQueriesContext(connection) as queries:
        answer = getattr(client, method)(client.inside(f"channels/{path}"), body)
    assert answer.status_code in (200, 201, 204), answer.content
    return len(queries)


def rich_post(school: School, channel: Any, number: int) -> Post:
    """A post with files, a poll, something to confirm, a view, a reaction."""
    files = [upload(school).pk, upload(school, kind=FileKind.PICTURE, name="а.jpg").pk]
    poll = PollData("Когда?", ["Сегодня", "Завтра"], is_anonymous=number % 2 > 0)
    post = publish(school, channel, f"Номер {number}", file_ids=files, poll=poll, reading=ReadingTerms())
    parent = school.actor("parent")
    reading.mark_seen(actor=parent, post_ids=[post.pk])
    reading.react(actor=parent, post=post, kind="like")
    return post


def readers(school: School, number: int) -> None:
    """Parents with accounts, a device each."""
    made = User.objects.bulk_create(User(phone=f"+7913{place:07d}", password="!") for place in range(number))
    people = Person.objects.bulk_create(
        Person(
            organization=school.organization, user=user, last_name="Много", first_name="Имён", search_name="много имен"
        )
        for user in made
    )
    RoleAssignment.objects.bulk_create(
        RoleAssignment(organization=school.organization, person=person, role=Role.PARENT) for person in people
    )


def test_a_feed_takes_eight_statements(school: School, api: Api) -> None:
    client = api(school, "parent")
    for number in range(3):
        rich_post(school, general(school), number)
    few = {path: count(client, "get", path) for path in ("feed/?limit=100", "", "search/?q=номер&limit=100")}
    assert few == {"feed/?limit=100": 8, "": 5, "search/?q=номер&limit=100": 8}
    channels = [free(school, title=f"Канал {number}") for number in range(58)]
    for number in range(60):
        rich_post(school, channels[number % 58], number)
    plain = [
        Post(
            organization=school.organization,
            channel=channels[number % 58],
            author=school.people["administrator"],
            editor=school.people["administrator"],
            text="Номер",
            published_at=timezone.now() - timedelta(minutes=number),
        )
        for number in range(240)
    ]
    Post.objects.bulk_create(plain)
    assert {path: count(client, "get", path) for path in few} == few
    assert len(client.get(client.inside("channels/feed/?limit=100")).json()["posts"]) == 100
    assert len(client.get(client.inside("channels/")).json()) == 59


def test_publishing_takes_twelve_statements_whatever_the_number_of_readers(school: School, api: Api) -> None:
    client = api(school, "administrator")
    path = f"{general(school).pk}/posts/"

    def numbers() -> dict[str, int]:
        key = str(uuid4())
        sketch = draft(school, general(school))
        return {
            "now": count(client, "post", path, {"text": "Здравствуйте", "publish": "now"}),
            "with a key": count(client, "post", path, {"text": "Да", "publish": "now", "client_key": key}),
            "a draft": count(client, "post", f"posts/{sketch.pk}/publish/"),
        }

    numbers()
    few = numbers()
    assert few == {"now": 12, "with a key": 12, "a draft": 12}
    readers(school, 5000)
    assert numbers() == few


def test_telling_five_hundred_takes_as_many_statements_as_telling_one(school: School) -> None:
    add_device(school.user("parent"))
    with CaptureQueriesContext(connection) as one:
        assert notify(publish(school, general(school)).pk) == 1
    readers(school, 30)
    for user in User.objects.filter(phone__startswith="+7913"):
        add_device(user)
    with CaptureQueriesContext(connection) as many:
        assert notify(publish(school, general(school)).pk) == 31
    assert len(many) == len(one)
    assert Message.objects.count() == 32


def test_readers_deeds_take_as_many_statements_for_one_as_for_a_hundred(school: School, api: Api) -> None:
    client = api(school, "parent")
    posts = [publish(school, general(school), f"{number}").pk for number in range(101)]
    assert count(client, "post", "seen/", {"posts": posts[:1]}) == count(client, "post", "seen/", {"posts": posts[1:]})
    assert count(client, "put", f"posts/{posts[0]}/reaction/", {"kind": "like"}) <= 13


def test_the_queue_takes_as_many_statements_for_one_as_for_sixty(school: School, api: Api) -> None:
    client = api(school, "administrator")
    propose(school, general(school))
    few = count(client, "get", "proposals/?scope=queue&limit=100")
    for _time in range(60):
        propose(school, general(school))
    assert count(client, "get", "proposals/?scope=queue&limit=100") == few <= 6


def test_the_shapes_are_those_of_the_description(school: School) -> None:
    actor = school.actor("parent")
    channel = of_unit(school)
    post = rich_post(school, channel, 0)
    found = find_post(actor, post.pk)
    assert found is not None
    parts = parts_of([found], person_id=actor.person.pk)
    assert found.poll is not None
    reading.vote(actor=actor, post=found, option_ids=[found.poll.options.all()[0].pk])
    compare(post_shape(actor, found, parts), described.PostShape())
    mine = find_channel(actor, channel.pk)
    assert mine is not None
    compare(channel_detail(actor, mine, reader_count=3), described.ChannelDetail())
    change(actor=school.actor("administrator"), post=post, draft=PostDraft(text="Иначе"), revision=1)
    compare(version_shape(versions_of(post)[0]), described.PostVersionShape())
    open_one = publish(school, free(school, has_comments=True))
    reading.comment(actor=actor, post=open_one, text="Да")
    compare(comment_shape(actor, open_one.channel, comments_of(open_one)[0]), described.CommentShape())
    row = proposal(school, "teacher", propose(school, general(school), file_ids=[upload(school, "teacher").pk]))
    row.decided_by = school.people["head"]
    shape = proposal_detail(school.actor("teacher"), row, files_of(row), turns_of(row))
    detail: serializers.BaseSerializer[Any] = described.ProposalDetail()
    compare(shape, detail)
