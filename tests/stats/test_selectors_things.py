"""The rows behind figures about things, and the report on the activity of staff (STAT-5, STAT-6)."""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from typing import Any

import pytest
from django.utils import timezone

from channels_app.models import Channel, ChannelKind, Post
from meetings.models import Event
from orgs.models import RoleAssignment
from polls.models import Poll
from readings.models import Reading
from stats.selectors.report import staff_report
from stats.selectors.things import FIGURES_OF_THINGS, Thing, things_behind
from tests.stats.rows import (
    MONDAY,
    SUNDAY,
    WEEK,
    answer,
    day,
    more_staff,
    person_day,
    reached,
    statements,
    viewer,
)
from tests.world import School, World

pytestmark = pytest.mark.req("STAT-5")


def behind(school: School, figure: str, *, sees_people: bool = True) -> list[Thing]:
    return things_behind(viewer(school, sees_people=sees_people), figure, WEEK)


def post(school: School, **values: Any) -> Post:
    channel, _made = Channel.objects.get_or_create(organization=school.organization, kind=ChannelKind.ORGANIZATION)
    return Post.objects.create(organization=school.organization, channel=channel, text="Слова", **values)


def poll(school: School) -> Poll:
    return Poll.objects.create(organization=school.organization, question="Кто болен?")


def reading(school: School) -> Reading:
    return Reading.objects.create(
        organization=school.organization, title="Приказ № 5", path="documents/7/", content_hash="0" * 64
    )


def event(school: School) -> Event:
    now = timezone.now()
    return Event.objects.create(
        organization=school.organization, title="Собрание", starts_at=now, ends_at=now + timedelta(hours=1)
    )


def test_things_of_the_period_the_latest_first_with_their_pages(world: World) -> None:
    school = world.a
    named, unnamed = post(school, title="Праздник"), post(school)
    reached(school, "post", MONDAY, 10, 40, thing_id=named.pk, median_seconds=90)
    reached(school, "post", SUNDAY, 0, 0, thing_id=unnamed.pk)
    reached(school, "post", day(7), 1, 2)
    reached(world.b, "post", MONDAY, 1, 2)
    found = behind(school, "post_reach")
    assert [(thing.thing_id, thing.path) for thing in found] == [
        (unnamed.pk, f"channels/posts/{unnamed.pk}/"),
        (named.pk, f"channels/posts/{named.pk}/"),
    ]
    assert (found[1].title, found[1].share, found[1].median_seconds) == ("Праздник", 0.25, 90)
    assert found[0].share is None


def test_readings_and_events(world: World) -> None:
    order, meeting = reading(world.a), event(world.a)
    reached(world.a, "reading", MONDAY, 10, 40, thing_id=order.pk)
    reached(world.a, "event", MONDAY, 10, 40, thing_id=meeting.pk)
    [thing] = behind(world.a, "reading_reach")
    assert (thing.title, thing.path) == ("Приказ № 5", "documents/7/")
    assert behind(world.a, "reading_time") == []  # nobody has read it
    [thing] = behind(world.a, "events")
    assert (thing.title, thing.path) == ("Собрание", f"events/{meeting.pk}/")
    assert behind(world.a, "attendance") == []  # nobody noted who came


def test_what_a_poll_of_a_chat_asks_is_content(world: World) -> None:
    in_chat, in_post = poll(world.a), poll(world.a)
    found = post(world.a, poll=in_post)
    for one in (in_chat, in_post):
        reached(world.a, "poll", MONDAY, 10, 40, thing_id=one.pk)
    shown = {thing.thing_id: (thing.title, thing.path) for thing in behind(world.a, "poll_turnout")}
    assert shown[in_chat.pk][1] == ""
    assert "болен" not in shown[in_chat.pk][0]
    assert shown[in_post.pk] == ("Кто болен?", f"channels/posts/{found.pk}/")


@pytest.mark.parametrize("figure", FIGURES_OF_THINGS)
def test_who_may_not_see_persons_sees_no_titles_and_no_small_cells(world: World, figure: str) -> None:
    things = {"reading": reading(world.a), "post": post(world.a, title="Тайна"), "event": event(world.a)}
    things["poll"] = poll(world.a)
    post(world.a, title="Ещё тайна", poll=things["poll"])
    kind = {"reading_time": "reading", "events": "event", "attendance": "event"}.get(figure, figure.split("_")[0])
    reached(world.a, kind, MONDAY, 3, 40, thing_id=things[kind].pk, is_marked=True, median_seconds=60)
    [open_] = behind(world.a, figure)
    assert (open_.reached, open_.asked, open_.is_hidden) == (3, 40, False)
    [thing] = behind(world.a, figure, sees_people=False)
    assert (thing.reached, thing.asked, thing.is_hidden, thing.share) == (0, 0, True, None)
    assert (thing.path, thing.median_seconds) == ("", None)
    assert thing.title not in ("Приказ № 5", "Тайна", "Кто болен?", "Собрание")


def test_figures_about_people_have_no_things_and_things_take_two_statements(world: World) -> None:
    reached(world.a, "post", MONDAY, 10, 40, thing_id=post(world.a).pk)
    assert statements(lambda: behind(world.a, "post_reach")) == 2
    for _number in range(30):
        reached(world.a, "post", MONDAY, 10, 40, thing_id=post(world.a).pk)
    assert statements(lambda: behind(world.a, "post_reach")) == 2
    assert behind(world.a, "staff_active") == []
    assert behind(world.a, "nothing") == []


# --- The report on the activity of staff ------------------------------------------------------------------------------
@pytest.mark.req("STAT-6")
def test_the_report_is_of_all_staff_by_name_with_what_each_did(world: World) -> None:
    person_day(world.a, "teacher", MONDAY, messages=5, doubtful_messages=2, posts=1, files=3)
    person_day(world.a, "teacher", day(2), messages=2, confirmations=4, invitations=6, came=False)
    person_day(world.a, "teacher", day(3), came=False, attended=1)
    person_day(world.a, "teacher", day(8), messages=100)
    person_day(world.a, "leader", day(-20))
    person_day(world.a, "parent", MONDAY, messages=50)
    person_day(world.b, "teacher", MONDAY, messages=50)
    waited = [60, 7200, 61, 3600]
    for seconds in waited:
        answer(world.a, "teacher", MONDAY, seconds)
    answer(world.a, "teacher", day(7), 1)
    rows = staff_report(world.a.organization, WEEK)
    names = ["administrator", "leader", "head", "waiting_teacher", "teacher"]
    assert [row.person.pk for row in rows] == [world.a.people[name].pk for name in names]
    row = rows[-1]
    assert (row.days_active, row.messages, row.doubtful_messages, row.posts, row.files) == (2, 7, 2, 1, 3)
    assert (row.confirmations, row.invitations, row.answers, row.answer_seconds) == (4, 6, 4, median(waited))
    assert (row.last_seen, row.has_joined) == (day(8), True)
    assert (rows[1].days_active, rows[1].last_seen, rows[1].answer_seconds) == (0, day(-20), None)
    assert (rows[3].has_joined, rows[3].last_seen) == (False, None)


@pytest.mark.req("STAT-6")
def test_who_left_is_not_in_the_report_and_it_takes_three_statements(world: World) -> None:
    now = timezone.now()
    RoleAssignment.objects.filter(person=world.a.people["teacher"]).update(since=now, until=now)
    assert len(staff_report(world.a.organization, WEEK)) == 4
    assert statements(lambda: staff_report(world.a.organization, WEEK)) == 3
    more_staff(world.a, 40)
    assert statements(lambda: staff_report(world.a.organization, WEEK)) == 3
