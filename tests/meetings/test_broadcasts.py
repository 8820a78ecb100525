"""Broadcasts: on air, who opened them and for how long, over; announcing (CHAN-5)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels_app.models import Channel, Post
from common.errors import DomainError
from meetings import tasks
from meetings.addresses import page_of
from meetings.home import attention
from meetings.models import BroadcastState, Event, Participation, Registration
from meetings.selectors.events import is_on_air
from meetings.services.answering import answer
from meetings.services.broadcasting import end, end_forgotten, go_on_air, open_broadcast, watched
from meetings.services.planning import announce, cancel
from orgs.actor import Actor
from orgs.models import Person
from outbox.models import Message
from tests.accounts.devices import add_device
from tests.meetings.cast import broadcast_in, event_in, fresh, seen, soon
from tests.meetings.conftest import Commit
from tests.world import School

pytestmark = pytest.mark.req("CHAN-5")


def on_air(actor: Actor) -> list[str]:
    """Where the home page leads to what is on air."""
    return [one.url for one in attention(actor) if one.icon == "broadcast"]


def statements(deed: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as queries:
        deed()
    return len([query for query in queries if "SAVEPOINT" not in query["sql"]])


def running(school: School, **more: Any) -> Event:
    return go_on_air(actor=school.actor("leader"), event=broadcast_in(school, **more))


def codes(*deeds: Callable[[], Any]) -> list[str]:
    found = []
    for deed in deeds:
        with pytest.raises(DomainError) as refused:
            deed()
        assert refused.value.status == 409
        found.append(refused.value.code)
    return found


def test_a_broadcast_is_planned_on_air_and_over(school: School, sent_jobs: list[Any], commit: Commit) -> None:
    event, leader, parent = broadcast_in(school), school.actor("leader"), school.actor("parent")
    assert event.state == BroadcastState.PLANNED
    deeds = (
        lambda: open_broadcast(actor=parent, event=fresh(event)),
        lambda: watched(actor=parent, event=fresh(event)),
    )
    assert codes(*deeds, lambda: end(actor=leader, event=event)) == ["broadcast_not_on_air"] * 3
    with commit():
        first = go_on_air(actor=leader, event=event)
        assert go_on_air(actor=leader, event=event).on_air_at == first.on_air_at
    assert sent_jobs == [("meetings.tasks.tell_on_air", {"event_id": event.pk})]
    assert is_on_air(fresh(event))
    assert on_air(parent) == [page_of(event, school.slug)]
    assert open_broadcast(actor=parent, event=fresh(event)) == "https://video.example.org/1"
    over = end(actor=leader, event=event)
    assert end(actor=leader, event=event).over_at == over.over_at
    assert fresh(event).state == BroadcastState.OVER
    assert codes(*deeds, lambda: go_on_air(actor=leader, event=event)) == ["broadcast_over"] * 3
    assert not on_air(parent)


def test_only_broadcasts_go_on_air_and_in_their_time(school: School) -> None:
    leader = school.actor("leader")
    meeting, early, gone = event_in(school), broadcast_in(school, starts_at=soon(hours=25)), broadcast_in(school)
    cancel(actor=leader, event=gone, reason="Так")
    assert (
        codes(
            lambda: go_on_air(actor=leader, event=meeting),
            lambda: end(actor=leader, event=meeting),
            lambda: open_broadcast(actor=leader, event=meeting),
            lambda: go_on_air(actor=leader, event=early),
            lambda: go_on_air(actor=leader, event=gone),
            lambda: open_broadcast(actor=leader, event=fresh(gone)),
        )
        == ["event_not_broadcast"] * 3 + ["broadcast_too_early"] + ["event_cancelled"] * 2
    )


def test_cancelling_ends_it(school: School) -> None:
    event = running(school)
    cancel(actor=school.actor("leader"), event=event, reason="Свет погас")
    assert fresh(event).over_at is not None
    assert not on_air(school.actor("parent"))


def test_each_person_who_opens_it_counts_once(school: School) -> None:
    event = running(school)
    for name in ("parent", "student", "parent", "head"):
        open_broadcast(actor=school.actor(name), event=event)
    assert fresh(event).opened_count == 3
    assert Participation.objects.filter(opened_at__isnull=False).count() == 3
    assert statements(lambda: open_broadcast(actor=school.actor("parent"), event=event)) <= 7


def test_watching_adds_the_time_that_has_passed(school: School, time_machine: Any) -> None:
    start = soon(minutes=0)
    time_machine.move_to(start, tick=False)
    event, parent = running(school), school.actor("parent")
    assert codes(lambda: watched(actor=parent, event=event)) == ["broadcast_not_opened"]
    open_broadcast(actor=parent, event=event)
    seconds = []
    for moment in (0, 0, 30, 30.4, 30.8, 60, 90, 1000, 1000, 990):
        time_machine.move_to(start + timedelta(seconds=moment), tick=False)
        seconds.append(watched(actor=parent, event=event).watched_seconds)
    # After a long silence a minute and a half counts; the clock does not run backwards.
    assert seconds == [0, 0, 30, 30, 30, 60, 90, 180, 180, 180]
    # Who closed the page and opens it again has not watched meanwhile.
    time_machine.move_to(start + timedelta(seconds=5000), tick=False)
    open_broadcast(actor=parent, event=event)
    assert watched(actor=parent, event=event).watched_seconds == 180


def test_hundreds_of_calls_add_no_more_than_the_clock(school: School, time_machine: Any) -> None:
    start = soon(minutes=0)
    time_machine.move_to(start, tick=False)
    event, parent = running(school), school.actor("parent")
    open_broadcast(actor=parent, event=event)
    for tenth in range(300):
        time_machine.move_to(start + timedelta(seconds=tenth / 10), tick=False)
        own = watched(actor=parent, event=event)
    assert own.watched_seconds == 29


def test_what_nobody_ended_is_ended(school: School) -> None:
    event, other = running(school), running(school)
    Event.objects.filter(pk=event.pk).update(starts_at=soon(hours=-8), ends_at=soon(hours=-4))
    assert end_forgotten(timezone.now() - timedelta(hours=2)) == 0
    assert tasks.end_broadcasts() == 1
    assert tasks.end_broadcasts() == 0
    assert (fresh(event).state, fresh(other).state) == (BroadcastState.OVER, BroadcastState.ON_AIR)


@pytest.mark.parametrize(("registration", "told"), [("answer", {"student"}), ("none", {"student", "parent"})])
def test_who_said_yes_gets_a_push_that_it_has_begun(school: School, registration: str, told: set[str]) -> None:
    devices = {name: add_device(school.user(name)).pk for name in ("student", "parent", "teacher")}
    Person.objects.filter(pk=school.people["leader"].pk).update(email="leader@example.org")
    event = broadcast_in(school, registration=registration)
    if registration != Registration.NONE:
        answer(actor=school.actor("student"), event=event, answer="yes")
    assert tasks.tell_on_air(event.pk) == 0
    go_on_air(actor=school.actor("leader"), event=event)
    assert tasks.tell_on_air(event.pk) == len(told)
    assert tasks.tell_on_air(event.pk) == 0
    messages = Message.objects.filter(template="event_reminder")
    assert {message.recipient for message in messages} == {str(devices[name]) for name in told}
    assert {message.channel for message in messages} == {"push"}


def test_the_home_page_tells_what_is_on_air(school: School) -> None:
    event = running(school, title="Концерт")
    [shown, *_others] = attention(school.actor("parent"))
    assert "Концерт" in shown.title
    assert shown.url.endswith(f"/events/{event.pk}/")
    assert shown.level == "warn"
    assert not [entry for entry in attention(school.actor("head")) if "Концерт" in entry.title]
    assert statements(lambda: attention(school.actor("parent"))) <= 3 + 1


# --- Announcing -------------------------------------------------------------------------------------------------------
def channel_of(school: School) -> Channel:
    found = Channel.objects.filter(organization=school.organization, archived_at=None).order_by("id").first()
    assert found is not None
    return found


def test_an_event_is_announced_in_a_channel_once(school: School) -> None:
    event, head = event_in(school, by="administrator", text="О **поездке**"), school.actor("administrator")
    post = announce(actor=head, event=event, channel=channel_of(school))
    assert announce(actor=head, event=event, channel=channel_of(school)).pk == post.pk
    row = Post.objects.get()
    assert (row.title, fresh(event).announcement_id) == ("Собрание", post.pk)
    assert row.published_at is not None
    page = f"/o/{school.slug}/events/{event.pk}/"
    assert page in row.text
    assert "Кабинет 12" in row.text
    assert "**поездке**" in row.text
    assert 'href="http' in row.html
    Post.objects.update(deleted_at=timezone.now())
    assert announce(actor=head, event=event, channel=channel_of(school)).pk != post.pk


def test_what_is_cancelled_or_over_is_not_announced(school: School) -> None:
    admin = school.actor("administrator")
    gone, over = event_in(school), event_in(school, starts_at=soon(hours=-5))
    cancel(actor=admin, event=gone, reason="Так")
    for event, code in ((gone, "event_cancelled"), (over, "event_over")):
        with pytest.raises(DomainError, match=code):
            announce(actor=admin, event=seen(school, "leader", event), channel=channel_of(school))
