"""What is asked with a statement that was kept is what the selector finds: for everybody, whatever their shape."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from channels_app import home as channels_home
from channels_app.models import Channel, Post
from channels_app.selectors.channels import channels_listed
from channels_app.selectors.posts import _first_posts
from chats.models import Chat, ChatAudience
from chats.selectors import chats as chat_selectors
from chats.selectors import contacts, listing, overview
from meetings import home as meetings_home
from orgs.actor import Actor
from orgs.models import Audience, Part, Person, Unit
from orgs.prepared import MOST_SHAPES, PreparedFor, prepared
from orgs.services.people import PersonData, add_person, tie_parent
from orgs.services.structure import class_from_name, create_units, enrol
from orgs.views.home import _counted_units
from readings import home as readings_home
from tests.world import CAST, World


def _cases() -> dict[str, tuple[PreparedFor[Any, Any], Callable[[World, Actor], tuple[Any, ...]]]]:
    nothing = lambda world, actor: ()  # noqa: E731
    return {
        "channels": (channels_listed, nothing),
        "posts": (_first_posts, lambda world, actor: (tuple(row.pk for row in channels_listed(actor)),)),
        "proposals": (channels_home._waiting, nothing),
        "returned": (channels_home._sent_back, nothing),
        "unread": (overview._unread_chats, nothing),
        "chats": (listing._with_last, nothing),
        "chat": (
            chat_selectors._own_rows_of,
            lambda world, actor: (Chat.objects.get(organization=actor.organization).pk,),
        ),
        "contacts": (
            contacts._writable_by_default,
            lambda world, actor: (tuple(Person.objects.values_list("pk", flat=True)), True),
        ),
        "events": (meetings_home._near, lambda world, actor: (timezone.now() + timedelta(days=15),)),
        "readings": (readings_home._waiting, nothing),
        "units": (_counted_units, nothing),
    }


CASES = _cases()


@pytest.mark.req("ACC-4")
@pytest.mark.parametrize("name", CASES)
def test_a_prepared_question_finds_what_the_selector_finds(world: World, name: str) -> None:
    asked, arguments = CASES[name]
    _grow(world)
    for school in (world.a, world.b):
        for who in CAST:
            actor = school.actor(who)
            given = arguments(world, actor)
            expected = asked.plain(actor, *given)
            # Twice: the first makes the plan, or takes that of somebody of the same shape.
            for _ in range(2):
                found = asked(actor, *given)
                assert found == expected, (school.slug, who)
                assert [_own(row) for row in found] == [_own(row) for row in expected], (school.slug, who)


def _grow(world: World) -> None:
    """A family of three children in two classes, a leader of three: shapes of other sizes than the cast's."""
    school = world.a
    units = create_units(
        organization=school.organization, actor=None, units=[class_from_name("9В"), class_from_name("9Г")]
    )
    for unit in units:
        enrol(actor=None, people=[school.people["leader"]], unit=unit, part=Part.LEADER)
        data = PersonData("Лисицын", f"Егор{unit.name[-1]}")
        child = add_person(organization=school.organization, actor=None, data=data, roles=["student"])
        enrol(actor=None, people=[child], unit=unit, part=Part.STUDENT)
        tie_parent(actor=None, parent=school.people["parent"], child=child)
    for place in (world.a, world.b):
        chat = Chat.objects.create(organization=place.organization, title="Чат", message_count=2)
        ChatAudience.objects.create(organization=place.organization, chat=chat, audience=Audience.STAFF)
        channel = Channel.objects.filter(organization=place.organization).earliest("pk")
        Post.objects.create(
            organization=place.organization, channel=channel, title="Новость", published_at=timezone.now()
        )


def _own(row: Any) -> Any:
    """A row with what was annotated."""
    if isinstance(row, tuple):
        return row
    return {name: value for name, value in vars(row).items() if name != "_state"}


def test_a_name_taken_away_is_missed_at_once(world: World) -> None:
    """The kept statement asks with what the actor is now."""
    school = world.a
    assert _counted_units(school.actor("student"))
    school.people["student"].enrolments.update(until=timezone.localdate())
    assert _counted_units(school.actor("student")) == []


def test_what_a_shape_does_not_say_is_refused(world: World) -> None:
    @prepared
    def by_clock(actor: Actor) -> QuerySet[Unit]:
        return Unit.objects.filter(created_at__lt=timezone.now(), organization=actor.organization.pk)

    @prepared
    def by_zone(actor: Actor) -> QuerySet[Unit]:
        return Unit.objects.filter(name=actor.organization.time_zone)

    @prepared
    def by_grants(actor: Actor) -> QuerySet[Unit]:
        return Unit.objects.filter(pk__in=actor.granted_unit_ids)

    @prepared
    def by_comparison(actor: Actor) -> QuerySet[Unit]:
        return Unit.objects.filter(pk__in=[unit for unit in (1, 2) if unit in actor.led_unit_ids])

    @prepared
    def by_text(actor: Actor) -> QuerySet[Unit]:
        return Unit.objects.filter(name=f"{actor.person.pk}:")

    @prepared
    def by_arithmetic(actor: Actor, day: datetime) -> QuerySet[Unit]:
        return Unit.objects.filter(created_at__lt=day + timedelta(days=1))

    actor = world.a.actor("leader")
    for asked in (by_clock, by_zone, by_grants, by_text):
        with pytest.raises(ValueError, match=r"prepared|hidden"):
            asked(actor)
    with pytest.raises(TypeError, match="compare"):
        by_comparison(actor)
    with pytest.raises(ValueError, match="prepared"):
        by_arithmetic(actor, timezone.now())


def test_shapes_are_forgotten_before_there_are_too_many(world: World) -> None:
    @prepared
    def named(actor: Actor, name: str) -> QuerySet[Unit]:
        return Unit.objects.filter(organization=actor.organization.pk, name=name)

    actor = world.a.actor("head")
    for number in range(MOST_SHAPES + 5):
        assert named(actor, f"{number}") == []
    assert len(named._plans) == MOST_SHAPES
