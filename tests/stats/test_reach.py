"""Of those whom a thing was meant for, how many it reached: numbers by hand, as of today's roster (STAT-3, STAT-4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels_app.models import Channel, ChannelAudience, PostView
from chats.models import Message, Template
from meetings.models import Event, EventAudience
from orgs.models import Audience, Enrolment, Organization, Person, Role, RoleAssignment, Unit
from orgs.selectors.audiences import people_in
from orgs.services.people import tie_parent
from polls.models import Poll
from readings.models import ParentsConfirm, Reading, ReadingAudience
from readings.selectors.progress import progress_of
from stats.models import Reached, ReachKind, Source
from stats.selectors.circles import load_circles
from stats.services.reach import recount_reach, recount_recent
from tests.stats.cast import (
    asked,
    at,
    channel_of,
    confirmed,
    free_chat,
    given_out,
    held,
    move_to,
    personal_chat,
    posted,
    took_part,
    unit_chat,
    viewed,
    voted,
    voted_secretly,
    wrote,
)
from tests.world import School, World

pytestmark = pytest.mark.req("STAT-3", "STAT-4")

MONDAY = "2026-03-02"


def clock(school: School, time: str = "09:00", day: str = MONDAY) -> Any:
    return at(school, f"{day} {time}")


def meant(school: School, thing: Any, *circles: tuple[Audience, str | None]) -> Any:
    """Let `thing` (a reading, a channel, an event) be for those circles; units by name."""
    tables: dict[type, tuple[Any, str]] = {
        Reading: (ReadingAudience, "reading"),
        Channel: (ChannelAudience, "channel"),
        Event: (EventAudience, "event"),
    }
    model, name = tables[type(thing)]
    model.objects.filter(**{name: thing}).delete()
    for audience, unit in circles:
        model.objects.create(
            organization=school.organization,
            audience=audience,
            unit=school.units[unit] if unit else None,
            **{name: thing},
        )
    return thing


def recount(school: School, kind: ReachKind, *things: Any) -> int:
    return recount_reach([school.organization.pk], [(kind, thing.pk) for thing in things])


def row(kind: ReachKind, thing: Any) -> dict[str, Any] | None:
    found = Reached.objects.filter(kind=kind, thing_id=thing.pk)
    return found.values("day", "asked", "reached", "median_seconds", "is_marked").first()


def reach(kind: ReachKind, thing: Any) -> tuple[int, int, int | None] | None:
    found = row(kind, thing)
    return (found["asked"], found["reached"], found["median_seconds"]) if found else None


# --- Circles --------------------------------------------------------------------------------------------------------
def all_rules(school: School) -> Iterable[list[ReadingAudience]]:
    for audience in Audience:
        yield [ReadingAudience(audience=audience)]
        if audience != Audience.ADMINISTRATION:
            for unit in school.units.values():
                yield [ReadingAudience(audience=audience, unit_id=unit.pk)]
    yield [
        ReadingAudience(audience=Audience.PARENTS, unit_id=school.units["5А"].pk),
        ReadingAudience(audience=Audience.ADMINISTRATION),
    ]
    yield []


def test_circles_mean_whom_the_audiences_mean(world: World) -> None:
    school = world.a
    # A parent of two classes, a teacher who is a parent, one who left, a unit in the archive.
    tie_parent(actor=None, parent=school.people["parent"], child=school.people["other_student"])
    RoleAssignment.objects.create(
        organization=school.organization, person=school.people["teacher"], role=Role.PARENT, since=timezone.now()
    )
    RoleAssignment.objects.filter(person=school.people["classmate"]).update(until=timezone.now())
    Enrolment.objects.filter(person=school.people["leader"]).update(until=timezone.localdate())
    for archived in (None, timezone.now()):
        Unit.objects.filter(pk=school.units["5Б"].pk).update(archived_at=archived)
        circles = load_circles(school.organization.pk)
        sizes = set()
        for rules in all_rules(school):
            expected = set(people_in(school.organization.pk, rules).values_list("pk", flat=True))
            assert circles.people_of(rules) == expected, [str(rule) for rule in rules]
            sizes.add(len(expected))
        assert len(sizes) > 4
    confirmed_ones = Person.objects.filter(organization=school.organization, user__isnull=False)
    assert circles.connected == set(confirmed_ones.values_list("pk", flat=True))


# --- Required reading -----------------------------------------------------------------------------------------------
def test_a_reading_counts_the_roster_and_only_own_confirmations_have_a_time(world: World) -> None:
    reading = meant(world.a, given_out(world.a, clock(world.a)), (Audience.STAFF, None), (Audience.PARENTS, "5А"))
    recount(world.a, ReachKind.READING, reading)
    # Administrator, head, leader, teacher, one without an account; two parents.
    assert reach(ReachKind.READING, reading) == (7, 0, None)
    confirmed(world.a, "head", clock(world.a, "09:10"), reading)
    confirmed(world.a, "parent", clock(world.a, "10:00"), reading)
    confirmed(world.a, "teacher", clock(world.a, "11:00"), reading)
    confirmed(world.a, "waiting_parent", clock(world.a, "09:00"), reading, on_paper=True)
    recount(world.a, ReachKind.READING, reading)
    assert row(ReachKind.READING, reading) == {
        "day": clock(world.a).date(),
        "asked": 7,
        "reached": 4,
        "median_seconds": 3600,
        "is_marked": False,
    }


def test_of_a_family_one_answer_suffices(world: World) -> None:
    school = world.a
    tie_parent(actor=None, parent=school.people["both"], child=school.people["student"])
    reading = given_out(school, clock(school), parents_confirm=ParentsConfirm.FAMILY)
    meant(school, reading, (Audience.PARENTS, "5А"))
    confirmed(school, "parent", clock(school, "09:00"), reading)
    confirmed(school, "both", clock(school, "09:20"), reading)
    recount(school, ReachKind.READING, reading)
    # Two children; both parents of one of them have confirmed: one family, two times.
    assert reach(ReachKind.READING, reading) == (2, 1, 600)
    Reading.objects.filter(pk=reading.pk).update(parents_confirm=ParentsConfirm.EACH)
    recount(school, ReachKind.READING, reading)
    assert reach(ReachKind.READING, reading) == (3, 2, 600)
    progress = progress_of(Reading.objects.get(pk=reading.pk))
    assert (progress.asked, progress.confirmed) == (3, 2)


def test_who_left_is_neither_asked_nor_counted(world: World) -> None:
    reading = meant(world.a, given_out(world.a, clock(world.a)), (Audience.STAFF, None))
    for name in ("head", "teacher"):
        confirmed(world.a, name, clock(world.a, "09:30"), reading)
    RoleAssignment.objects.filter(person=world.a.people["teacher"]).update(until=timezone.now())
    recount(world.a, ReachKind.READING, reading)
    assert reach(ReachKind.READING, reading) == (4, 1, 1800)


def test_a_signature_before_the_giving_out_took_no_time(world: World) -> None:
    reading = meant(world.a, given_out(world.a, clock(world.a)), (Audience.STAFF, None))
    confirmed(world.a, "head", clock(world.a, "08:00"), reading)
    recount(world.a, ReachKind.READING, reading)
    assert reach(ReachKind.READING, reading) == (5, 1, 0)


def test_a_closed_or_planned_reading_has_no_row(world: World) -> None:
    reading = meant(world.a, given_out(world.a, clock(world.a)), (Audience.STAFF, None))
    planned = meant(world.a, given_out(world.a, None), (Audience.STAFF, None))
    recount(world.a, ReachKind.READING, reading, planned)
    assert reach(ReachKind.READING, reading) == (5, 0, None)
    assert row(ReachKind.READING, planned) is None
    Reading.objects.filter(pk=reading.pk).update(closed_at=timezone.now())
    assert recount(world.a, ReachKind.READING, reading, planned) == 1
    assert row(ReachKind.READING, reading) is None
    Reading.objects.filter(pk=reading.pk).update(closed_at=None)
    recount(world.a, ReachKind.READING, reading)
    assert reach(ReachKind.READING, reading) == (5, 0, None)


# --- Posts ----------------------------------------------------------------------------------------------------------
def test_a_post_reaches_connected_readers_of_its_channel(world: World) -> None:
    school = world.a
    meant(school, channel_of(school, "5А"), (Audience.PARENTS, "5А"), (Audience.STAFF, "5А"))
    post = posted(school, "leader", clock(school), unit="5А")
    recount(school, ReachKind.POST, post)
    # The mother and the leader; the father of the classmate has no account.
    assert reach(ReachKind.POST, post) == (2, 0, None)
    viewed(school, "parent", clock(school, "09:05"), post)
    # Neither the student nor the head reads this channel by right of its audience.
    viewed(school, "student", clock(school, "09:01"), post)
    viewed(school, "head", clock(school, "09:02"), post)
    recount(school, ReachKind.POST, post)
    assert reach(ReachKind.POST, post) == (2, 1, 300)
    viewed(school, "leader", clock(school, "09:02"), post)
    recount(school, ReachKind.POST, post)
    assert reach(ReachKind.POST, post) == (2, 2, 210)


def test_drafts_and_removed_posts_have_no_row(world: World) -> None:
    meant(world.a, channel_of(world.a), (Audience.EVERYONE, None))
    post, draft = posted(world.a, "head", clock(world.a)), posted(world.a, "head", None)
    recount(world.a, ReachKind.POST, post, draft)
    assert reach(ReachKind.POST, post) == (7, 0, None)
    assert row(ReachKind.POST, draft) is None
    type(post).objects.filter(pk=post.pk).update(deleted_at=timezone.now())
    recount(world.a, ReachKind.POST, post)
    assert not Reached.objects.exists()
    type(post).objects.filter(pk=post.pk).update(deleted_at=None)
    recount(world.a, ReachKind.POST, post)
    assert reach(ReachKind.POST, post) == (7, 0, None)


def test_a_unit_in_the_archive_takes_its_history_along(world: World) -> None:
    school = world.a
    meant(school, channel_of(school, "5А"), (Audience.PARENTS, "5А"))
    post = posted(school, "leader", clock(school), unit="5А")
    viewed(school, "parent", clock(school, "09:05"), post)
    recount(school, ReachKind.POST, post)
    Unit.objects.filter(pk=school.units["5А"].pk).update(archived_at=timezone.now())
    assert recount(school, ReachKind.POST, post) == 0
    assert reach(ReachKind.POST, post) == (1, 1, 300)


# --- Polls ----------------------------------------------------------------------------------------------------------
def in_chat(school: School, name: str, poll: Poll, **more: Any) -> Message:
    return wrote(school, name, poll.created_at, poll=poll, **more)


def test_a_poll_in_a_chat_counts_connected_members(world: World) -> None:
    school = world.a
    poll = asked(school, clock(school))
    in_chat(school, "leader", poll, chat=unit_chat(school, "5А", Template.UNIT_PARENTS))
    assert recount(school, ReachKind.POLL, poll) == 1
    assert reach(ReachKind.POLL, poll) == (1, 0, None)
    voted(school, "parent", clock(school, "10:00"), poll)
    # A moderator who looked in votes too, and is none of the members.
    voted(school, "head", clock(school, "10:00"), poll)
    recount(school, ReachKind.POLL, poll)
    assert reach(ReachKind.POLL, poll) == (1, 1, None)


def test_members_are_chosen_or_meant_and_each_votes_once(world: World) -> None:
    school = world.a
    chat = free_chat(school, "head", "teacher", "waiting_teacher", "parent")
    poll = asked(school, clock(school), is_multiple=True)
    in_chat(school, "head", poll, chat=chat)
    for option in (0, 1, 2):
        voted(school, "teacher", clock(school, "10:00"), poll, option)
    recount(school, ReachKind.POLL, poll)
    assert reach(ReachKind.POLL, poll) == (3, 1, None)
    chat.members.filter(person=school.people["parent"]).update(until=timezone.now())
    RoleAssignment.objects.filter(person=school.people["teacher"]).update(until=timezone.now())
    recount(school, ReachKind.POLL, poll)
    assert reach(ReachKind.POLL, poll) == (1, 0, None)


def test_an_anonymous_poll_tells_who_voted_never_what(world: World) -> None:
    poll = asked(world.a, clock(world.a), is_anonymous=True)
    in_chat(world.a, "head", poll, chat=personal_chat(world.a, "head", "teacher"))
    voted_secretly(world.a, "teacher", poll)
    recount(world.a, ReachKind.POLL, poll)
    assert reach(ReachKind.POLL, poll) == (2, 1, None)


def test_a_poll_of_a_post_follows_the_post(world: World) -> None:
    school = world.a
    meant(school, channel_of(school), (Audience.STAFF, None))
    poll = asked(school, clock(school, day="2026-02-20"))
    post = posted(school, "head", clock(school), poll=poll)
    voted(school, "teacher", clock(school, "10:00"), poll)
    recount(school, ReachKind.POLL, poll)
    assert row(ReachKind.POLL, poll) == {
        # When it was published, not when its draft was written.
        "day": clock(school).date(),
        "asked": 4,
        "reached": 1,
        "median_seconds": None,
        "is_marked": False,
    }
    type(post).objects.filter(pk=post.pk).update(deleted_at=timezone.now())
    recount(school, ReachKind.POST, post)
    assert row(ReachKind.POLL, poll) is None


def test_a_poll_that_is_over_keeps_its_turnout_and_a_deleted_one_does_not(world: World) -> None:
    poll = asked(world.a, clock(world.a), closed_at=clock(world.a, "12:00"))
    message = in_chat(world.a, "head", poll, chat=personal_chat(world.a, "head", "teacher"))
    nowhere = asked(world.a, clock(world.a))
    recount(world.a, ReachKind.POLL, poll, nowhere)
    assert reach(ReachKind.POLL, poll) == (2, 0, None)
    assert row(ReachKind.POLL, nowhere) is None
    Message.objects.filter(pk=message.pk).update(poll=None)
    key = poll.pk
    poll.delete()
    recount_reach([world.a.organization.pk], [(ReachKind.POLL, key)])
    assert not Reached.objects.exists()


# --- Events ---------------------------------------------------------------------------------------------------------
def test_an_event_counts_who_said_yes_until_attendance_is_marked(world: World) -> None:
    school = world.a
    event = meant(school, held(school, clock(school, "18:00")), (Audience.PARENTS, None), (Audience.STUDENTS, "5А"))
    took_part(school, "parent", event, answered=clock(school))
    took_part(school, "student", event, answered=clock(school))
    # Not invited.
    took_part(school, "head", event, answered=clock(school))
    recount(school, ReachKind.EVENT, event)
    assert row(ReachKind.EVENT, event) == {
        "day": clock(school).date(),
        "asked": 5,
        "reached": 2,
        "median_seconds": None,
        "is_marked": False,
    }
    event.participations.filter(person=school.people["student"]).update(attended=False)
    took_part(school, "waiting_parent", event, attended=True)
    recount(school, ReachKind.EVENT, event)
    found = row(ReachKind.EVENT, event)
    assert found is not None
    assert (found["asked"], found["reached"], found["is_marked"]) == (5, 1, True)


def test_a_cancelled_event_has_no_row(world: World) -> None:
    event = meant(world.a, held(world.a, clock(world.a)), (Audience.STAFF, None))
    recount(world.a, ReachKind.EVENT, event)
    assert reach(ReachKind.EVENT, event) == (5, 0, None)
    Event.objects.filter(pk=event.pk).update(cancelled_at=timezone.now())
    recount(world.a, ReachKind.EVENT, event)
    assert row(ReachKind.EVENT, event) is None


# --- Writing --------------------------------------------------------------------------------------------------------
def one_of_each(school: School, day: str = MONDAY) -> list[tuple[str, int]]:
    """A reading, a post, a poll and an event for the staff, each reached by one."""
    begun, later = clock(school, day=day), clock(school, "10:00", day=day)
    reading = meant(school, given_out(school, begun), (Audience.STAFF, None))
    confirmed(school, "head", later, reading)
    meant(school, channel_of(school), (Audience.STAFF, None))
    post = posted(school, "head", begun)
    viewed(school, "teacher", later, post)
    poll = asked(school, begun)
    in_chat(school, "head", poll, chat=personal_chat(school, "head", "teacher"))
    voted(school, "teacher", later, poll)
    event = meant(school, held(school, begun), (Audience.STAFF, None))
    took_part(school, "leader", event, attended=True)
    return [
        (ReachKind.READING, reading.pk),
        (ReachKind.POST, post.pk),
        (ReachKind.POLL, poll.pk),
        (ReachKind.EVENT, event.pk),
    ]


def rows(school: School) -> list[tuple[Any, ...]]:
    return list(Reached.objects.filter(organization=school.organization).order_by("pk").values_list())


def test_counting_again_changes_nothing(world: World) -> None:
    things = one_of_each(world.a)
    assert recount_reach([world.a.organization.pk], things) == 4
    before = rows(world.a)
    with CaptureQueriesContext(connection) as queries:
        assert recount_reach([world.a.organization.pk], things) == 0
    assert rows(world.a) == before
    assert not [query for query in queries if not query["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
    Reached.objects.filter(kind=ReachKind.POST).update(reached=99)
    assert recount_reach([world.a.organization.pk], things) == 1
    assert rows(world.a) == before


def test_one_school_leaves_the_other_alone(world: World) -> None:
    of_a, of_b = one_of_each(world.a), one_of_each(world.b)
    assert recount_reach([world.a.organization.pk], of_a + of_b) == 4
    assert rows(world.b) == []
    recount_reach([world.b.organization.pk], of_b)
    Reached.objects.filter(organization=world.b.organization).update(reached=3)
    before = rows(world.b)
    Event.objects.all().update(cancelled_at=timezone.now())
    assert recount_reach([world.a.organization.pk], of_a + of_b) == 1
    assert rows(world.b) == before
    assert recount_reach([world.a.organization.pk, world.b.organization.pk], of_a + of_b) == 4


def test_changes_name_things_by_their_sources(world: World) -> None:
    (_, reading), (_, post), (_, poll), (_, event) = one_of_each(world.a)
    named = [
        (Source.CONFIRMATION, reading),
        (Source.VIEW, post),
        (Source.VOTE, poll),
        (Source.PARTICIPATION, event),
        (Source.MESSAGE, 5),
        (Source.JOURNAL, 6),
    ]
    assert recount_reach([world.a.organization.pk], named) == 4
    assert recount_reach([world.a.organization.pk], []) == 0
    assert recount_reach([], named) == 0


@pytest.mark.parametrize(("zone", "day"), [("Asia/Kamchatka", "2026-03-03"), ("Europe/Kaliningrad", "2026-03-02")])
def test_the_day_is_that_of_the_organization(world: World, zone: str, day: str) -> None:
    move_to(world.a, "UTC")
    event = meant(world.a, held(world.a, clock(world.a, "15:00")), (Audience.STAFF, None))
    move_to(world.a, zone)
    recount(world.a, ReachKind.EVENT, event)
    found = row(ReachKind.EVENT, event)
    assert found is not None
    assert f"{found['day']}" == day


def statements(school: School, things: list[tuple[str, int]]) -> int:
    with CaptureQueriesContext(connection) as queries:
        recount_reach([school.organization.pk], things)
    return len(queries)


def test_many_things_take_as_many_statements_as_few(world: World) -> None:
    few = one_of_each(world.a)
    cost = statements(world.a, few)
    many = [thing for number in range(5) for thing in one_of_each(world.a, f"2026-03-1{number}")]
    Reached.objects.all().delete()
    assert statements(world.a, few + many) == cost
    assert Reached.objects.count() == 24
    assert cost <= 45


# --- Each night -----------------------------------------------------------------------------------------------------
def test_each_night_the_roster_of_35_days_is_followed(world: World) -> None:
    school = world.a
    young, old = one_of_each(school, "2026-03-02"), one_of_each(school, "2026-01-20")
    recount_reach([school.organization.pk], young + old)
    before = {key: value for key, *value in Reached.objects.values_list("pk", "kind", "asked", "reached")}
    RoleAssignment.objects.filter(person=school.people["leader"]).update(until=timezone.now())
    now = clock(school, "03:00", day="2026-03-10")
    # The reading and the event ask one fewer, the post has one reader fewer; the poll of two stays.
    assert recount_recent(Organization.objects.get(pk=school.organization.pk), now) == 3
    after = {key: value for key, *value in Reached.objects.values_list("pk", "kind", "asked", "reached")}
    changed = sorted((*before[key], *after[key][1:]) for key in before if before[key] != after[key])
    assert changed == [
        ("event", 5, 1, 4, 0),
        ("post", 4, 1, 3, 1),
        ("reading", 5, 1, 4, 1),
    ]
    assert set(after) == set(before)
    assert recount_recent(school.organization, now) == 0


def test_each_night_finds_what_was_never_counted_and_what_is_gone(world: World) -> None:
    school = world.a
    one_of_each(school)
    coming = meant(school, held(school, clock(school, day="2026-05-01")), (Audience.STAFF, None))
    one_of_each(world.b)
    now = clock(school, "03:00", day="2026-03-10")
    assert recount_recent(school.organization, now) == 5
    assert reach(ReachKind.EVENT, coming) == (5, 0, None)
    assert rows(world.b) == []
    PostView.objects.all().delete()
    Poll.objects.filter(organization=school.organization).delete()
    assert recount_recent(school.organization, now + timedelta(hours=1)) == 2
    assert not Reached.objects.filter(kind=ReachKind.POLL).exists()
    assert not Reached.objects.filter(kind=ReachKind.POST, reached__gt=0).exists()
