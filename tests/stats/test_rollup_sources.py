"""Each source is counted on its own day: for the person, the unit and the organization (STAT-2, STAT-3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from channels_app.models import Post
from chats.models import Kind, Message, Template
from invitations.models import Invitation
from meetings.models import Event, Participation
from polls.models import PollVote
from stats.models import OrgDay, Period, PersonDay, StaffAnswer
from stats.selectors.conditions import ACTED, ACTIVE
from stats.services.rollup import roll_up
from stats.services.sources import BURST, REPEATED
from tests.stats import cast
from tests.stats.cast import at, org_day, person_day, unit_day
from tests.world import School, World

pytestmark = pytest.mark.req("STAT-3", "STAT-4")

DAY = "2026-03-02"


@pytest.fixture
def a(world: World) -> School:
    cast.settled(world.a)
    return world.a


def noon(school: School) -> datetime:
    return at(school, f"{DAY} 12:00")


def count(school: School) -> None:
    roll_up([school.organization.pk], at(school, "2026-03-03 09:00"))


Deed = Callable[[School, datetime], object]


def post_before(school: School) -> Post:
    """A post of another day, to do something with."""
    return cast.posted(school, "leader", at(school, "2026-02-20 10:00"))


def poll_before(school: School) -> Any:
    return cast.asked(school, at(school, "2026-02-20 10:00"), is_multiple=True)


def event_before(school: School) -> Event:
    return cast.held(school, at(school, "2026-02-20 10:00"))


DEEDS: dict[str, Deed] = {
    "messages": lambda a, m: cast.wrote(a, "teacher", m),
    "posts": lambda a, m: cast.posted(a, "teacher", m),
    "comments": lambda a, m: cast.commented(a, "teacher", m, post_before(a)),
    "reactions": lambda a, m: cast.reacted(a, "teacher", m, post_before(a)),
    "views": lambda a, m: cast.viewed(a, "teacher", m, post_before(a)),
    "confirmations": lambda a, m: cast.confirmed(a, "teacher", m, cast.given_out(a, at(a, "2026-02-20 10:00"))),
    "votes": lambda a, m: cast.voted(a, "teacher", m, poll_before(a)),
    "files": lambda a, m: cast.uploaded(a, "teacher", m),
    "answers": lambda a, m: cast.took_part(a, "teacher", event_before(a), answered=m),
    "attended": lambda a, m: cast.took_part(a, "teacher", cast.held(a, m), attended=True),
    "watched": lambda a, m: cast.took_part(a, "teacher", event_before(a), opened=m),
    "invitations": lambda a, m: cast.invited(a, "teacher", m),
    "actions": lambda a, m: cast.noted(a, "teacher", m),
}
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("figure", DEEDS)
def test_a_deed_is_counted_on_its_day_for_who_did_it(a: School, figure: str) -> None:
    DEEDS[figure](a, noon(a))
    count(a)
    assert person_day(a, "teacher", DAY) == {"is_staff": True, figure: 1}
    assert not PersonDay.objects.filter(day=DAY).exclude(person=a.people["teacher"]).exists()
    of_all = "invitations_made" if figure == "invitations" else figure
    assert org_day(a, DAY)[of_all] == 1


@pytest.mark.parametrize("figure", DEEDS)
def test_the_last_second_of_a_day_is_of_that_day_and_the_next_one_of_the_next(a: School, figure: str) -> None:
    cast.move_to(a, "Asia/Kamchatka")
    midnight = at(a, f"{DAY} 00:00")
    DEEDS[figure](a, midnight - SECOND)
    count(a)
    assert person_day(a, "teacher", "2026-03-01")[figure] == 1
    assert person_day(a, "teacher", DAY) == {}


@pytest.mark.parametrize("figure", DEEDS)
def test_the_first_moment_of_a_day_is_of_that_day(a: School, figure: str) -> None:
    cast.move_to(a, "Europe/Kaliningrad")
    DEEDS[figure](a, at(a, f"{DAY} 00:00"))
    count(a)
    assert person_day(a, "teacher", DAY)[figure] == 1
    assert person_day(a, "teacher", "2026-03-01") == {}


def test_whoever_came_was_there(a: School) -> None:
    cast.came(a, "parent", noon(a))
    count(a)
    assert person_day(a, "parent", DAY) == {"is_parent": True, "came": True}
    day = org_day(a, DAY)
    assert (day["people_active"], day["parents_active"]) == (1, 1)
    assert unit_day(a, "5А", DAY)["parents_active"] == 1
    assert "parents_active" not in unit_day(a, "5Б", DAY)


def test_who_was_noted_as_present_has_not_used_the_platform(a: School) -> None:
    cast.took_part(a, "parent", cast.held(a, noon(a)), attended=True)
    cast.confirmed(a, "student", noon(a), cast.given_out(a, noon(a)), on_paper=True)
    count(a)
    assert person_day(a, "parent", DAY) == {"is_parent": True, "attended": 1}
    assert person_day(a, "student", DAY) == {}
    assert "people_active" not in org_day(a, DAY)
    assert not PersonDay.objects.filter(ACTIVE).exists()


def test_looking_is_not_yet_doing(a: School) -> None:
    cast.viewed(a, "parent", noon(a), post_before(a))
    count(a)
    rows = PersonDay.objects.filter(day=DAY)
    assert rows.filter(ACTIVE).count() == 1
    assert not rows.filter(ACTED).exists()
    week = Period.objects.get(span="week", starts_on=DAY, organization=a.organization, unit=None)
    assert (week.parents_active, week.parents_acted) == (1, 0)


# --- Messages -------------------------------------------------------------------------------------------------------
def test_notices_deleted_messages_and_those_of_nobody_are_left_out(a: School) -> None:
    cast.wrote(a, "teacher", noon(a), kind=Kind.NOTICE)
    cast.wrote(a, None, noon(a))
    cast.delete_message(cast.wrote(a, "teacher", noon(a)), noon(a))
    count(a)
    assert "messages" not in org_day(a, DAY)


def test_messages_of_a_units_chats_are_the_units(a: School) -> None:
    cast.wrote(a, "leader", noon(a), cast.unit_chat(a))
    cast.wrote(a, "student", noon(a), cast.unit_chat(a, template=Template.UNIT_STUDENTS))
    cast.wrote(a, "teacher", noon(a))
    count(a)
    assert unit_day(a, "5А", DAY)["messages"] == 2
    assert "messages" not in unit_day(a, "5Б", DAY)
    day = org_day(a, DAY)
    assert (day["messages"], day["chats_alive"]) == (3, 3)


@pytest.mark.parametrize(
    ("quiet", "expected"),
    [((time(21), time(7)), 3), ((time(13), time(15)), 1), (None, 0)],
)
def test_messages_in_quiet_hours(a: School, quiet: tuple[time, time] | None, expected: int) -> None:
    if quiet:
        cast.rules(a, quiet_from=quiet[0], quiet_until=quiet[1])
    for clock in ("00:00", "06:59:59", "07:00", "12:59:59", "14:00", "15:00", "20:59:59", "21:00"):
        cast.wrote(a, "teacher", at(a, f"{DAY} {clock}"))
    count(a)
    found = person_day(a, "teacher", DAY)
    assert (found["messages"], found.get("quiet_messages", 0)) == (8, expected)
    assert org_day(a, DAY).get("quiet_messages", 0) == expected


@pytest.mark.req("STAT-5")
@pytest.mark.parametrize(("amount", "doubtful"), [(BURST, 0), (BURST + 1, BURST + 1)])
def test_more_than_ten_messages_in_a_minute_are_doubtful(a: School, amount: int, doubtful: int) -> None:
    minute = [noon(a) + timedelta(seconds=n) for n in range(amount)]
    cast.wrote_all(a, "teacher", [*minute, noon(a) + timedelta(minutes=1)])
    cast.wrote_all(a, "parent", [noon(a)])
    count(a)
    assert person_day(a, "teacher", DAY).get("doubtful_messages", 0) == doubtful
    assert "doubtful_messages" not in person_day(a, "parent", DAY)


@pytest.mark.req("STAT-5")
def test_a_burst_over_several_chats_is_one(a: School) -> None:
    for chat in (cast.unit_chat(a), cast.free_chat(a, "teacher", "leader")):
        cast.wrote_all(a, "teacher", [noon(a)] * 6, chat)
    count(a)
    assert org_day(a, DAY)["doubtful_messages"] == 12
    assert unit_day(a, "5А", DAY)["doubtful_messages"] == 6


@pytest.mark.req("STAT-5")
@pytest.mark.parametrize(("amount", "fingerprint", "doubtful"), [(REPEATED, 7, 0), (REPEATED + 1, 7, 4), (9, 0, 0)])
def test_the_same_more_than_three_times_a_day_is_doubtful(
    a: School, amount: int, fingerprint: int, doubtful: int
) -> None:
    hours = [noon(a) + timedelta(minutes=5 * n) for n in range(amount)]
    cast.wrote_all(a, "teacher", hours, fingerprint=fingerprint)
    # The same on another day begins anew.
    cast.wrote_all(a, "teacher", [noon(a) - timedelta(days=1)], fingerprint=fingerprint)
    cast.wrote(a, "parent", noon(a), fingerprint=fingerprint)
    count(a)
    assert org_day(a, DAY).get("doubtful_messages", 0) == doubtful


@pytest.mark.req("STAT-5")
def test_talking_to_oneself_is_doubtful_until_somebody_joins(a: School) -> None:
    chat = cast.free_chat(a, "teacher")
    cast.wrote(a, "teacher", noon(a), chat)
    chat.members.create(organization=a.organization, person=a.people["leader"], since=noon(a) + SECOND)
    cast.wrote(a, "teacher", noon(a) + SECOND, chat)
    cast.wrote(a, "teacher", noon(a), cast.personal_chat(a, "teacher", "parent"))
    cast.wrote(a, "teacher", noon(a), cast.free_chat(a, "teacher", audience=True))
    count(a)
    found = person_day(a, "teacher", DAY)
    assert (found["messages"], found["doubtful_messages"]) == (4, 1)


# --- Everything else ------------------------------------------------------------------------------------------------
def test_drafts_and_removed_posts_are_left_out(a: School) -> None:
    cast.posted(a, "teacher", None)
    cast.posted(a, "teacher", noon(a), deleted_at=noon(a))
    cast.posted(a, "teacher", noon(a), "5А")
    cast.posted(a, None, noon(a))
    count(a)
    assert person_day(a, "teacher", DAY)["posts"] == 1
    assert org_day(a, DAY)["posts"] == 2
    assert unit_day(a, "5А", DAY)["posts"] == 1


def test_several_ticks_in_one_poll_are_one_vote(a: School) -> None:
    poll = poll_before(a)
    for option in range(3):
        cast.voted(a, "parent", noon(a), poll, option)
    cast.voted(a, "parent", noon(a), poll_before(a))
    count(a)
    assert person_day(a, "parent", DAY)["votes"] == 2


def test_secret_ballots_name_nobody(a: School) -> None:
    poll = cast.asked(a, noon(a), is_anonymous=True)
    cast.voted_secretly(a, "parent", poll)
    count(a)
    assert person_day(a, "parent", DAY) == {}
    assert "votes" not in org_day(a, DAY)


def test_files_that_hang_on_nothing_are_left_out(a: School) -> None:
    cast.uploaded(a, "teacher", noon(a), claimed=False)
    count(a)
    assert "files" not in org_day(a, DAY)


def test_events_are_held_when_they_have_begun_and_are_not_cancelled(a: School) -> None:
    cast.held(a, noon(a))
    cast.held(a, noon(a), broadcast=True)
    cancelled = cast.held(a, noon(a), cancelled_at=noon(a))
    cast.took_part(a, "parent", cancelled, attended=True)
    evening = at(a, f"{DAY} 18:00")
    cast.held(a, evening)
    roll_up([a.organization.pk], noon(a) + SECOND)
    day = org_day(a, DAY)
    assert (day["events"], day["broadcasts"]) == (2, 1)
    assert "attended" not in day
    # Nobody writes anything when it begins.
    roll_up(now=evening)
    assert org_day(a, DAY)["events"] == 3


def test_invitations_made_expired_annulled_and_joined(a: School) -> None:
    before = at(a, "2026-02-20 10:00")
    cast.invited(a, "leader", noon(a))
    gone = cast.invited(a, "leader", before, expires_at=noon(a))
    Invitation.objects.filter(pk=gone.pk).update(expiry_recorded_at=noon(a) + timedelta(days=1))
    used = cast.invited(a, "leader", before, expires_at=noon(a), max_uses=1, uses=1)
    Invitation.objects.filter(pk=used.pk).update(expiry_recorded_at=noon(a))
    cast.invited(a, "leader", before, revoked_at=noon(a))
    cast.joined(a, "parent", noon(a), gone)
    cast.joined(a, "student", noon(a), gone)
    cast.joined(a, "student", noon(a), used)
    count(a)
    day = org_day(a, DAY)
    names = ("invitations_made", "invitations_expired", "invitations_annulled", "joined")
    assert [day[name] for name in names] == [1, 1, 1, 2]


def test_only_what_staff_does_is_administration(a: School) -> None:
    cast.noted(a, "parent", noon(a), "person.joined")
    cast.noted(a, "administrator", noon(a))
    cast.noted(a, "administrator", noon(a))
    count(a)
    assert person_day(a, "parent", DAY) == {}
    assert person_day(a, "administrator", DAY)["actions"] == 2


def test_a_teacher_who_is_a_parent_too_is_one_person(a: School) -> None:
    a.people["leader"].roles.create(organization=a.organization, role="parent", since=at(a, "2020-01-01 00:00"))
    a.people["leader"].child_links.create(
        organization=a.organization, child=a.people["other_student"], since=at(a, "2020-01-01 00:00")
    )
    cast.came(a, "leader", noon(a))
    count(a)
    day = org_day(a, DAY)
    assert (day["people_active"], day["staff_active"], day["parents_active"]) == (1, 1, 1)
    assert unit_day(a, "5А", DAY)["staff_active"] == 1
    assert unit_day(a, "5Б", DAY)["parents_active"] == 1


# --- Answers of staff to parents ------------------------------------------------------------------------------------
def answers(school: School) -> list[tuple[str, int]]:
    found = StaffAnswer.objects.filter(organization=school.organization).order_by("message_id")
    return [(str(row.day), row.seconds) for row in found]


def test_an_answer_waits_from_the_first_message_nobody_had_answered(a: School) -> None:
    chat = cast.personal_chat(a, "parent", "teacher")
    for name, clock in [
        ("teacher", "09:00"),  # nobody had asked
        ("parent", "10:00"),
        ("parent", "10:05"),
        ("teacher", "10:30"),  # 30 minutes
        ("teacher", "10:31"),  # answered already
        ("parent", "11:00"),
        ("teacher", "11:00:20"),
        ("parent", "23:59"),  # unanswered on that day
    ]:
        cast.wrote(a, name, at(a, f"{DAY} {clock}"), chat)
    count(a)
    assert answers(a) == [(DAY, 1800), (DAY, 20)]
    cast.wrote(a, "teacher", at(a, "2026-03-03 00:09"), chat)
    count(a)
    assert answers(a)[-1] == ("2026-03-03", 600)


def test_answers_among_staff_by_parents_and_in_other_chats_are_left_out(a: School) -> None:
    a.people["head"].roles.create(organization=a.organization, role="parent", since=at(a, "2020-01-01 00:00"))
    for chat, one, other in [
        (cast.personal_chat(a, "leader", "teacher"), "leader", "teacher"),
        (cast.personal_chat(a, "head", "teacher"), "head", "teacher"),
        (cast.personal_chat(a, "teacher", "student"), "student", "teacher"),
        (cast.unit_chat(a), "parent", "leader"),
        (cast.personal_chat(a, "parent", "teacher"), "teacher", "parent"),
    ]:
        cast.wrote(a, one, at(a, f"{DAY} 10:00"), chat)
        cast.wrote(a, other, at(a, f"{DAY} 10:10"), chat)
    count(a)
    assert answers(a) == []


def test_deleted_messages_neither_ask_nor_answer(a: School) -> None:
    chat = cast.personal_chat(a, "parent", "teacher")
    asked = cast.wrote(a, "parent", at(a, "2026-03-01 10:00"), chat)
    cast.wrote(a, "parent", at(a, "2026-03-01 12:00"), chat)
    first = cast.wrote(a, "teacher", at(a, f"{DAY} 10:00"), chat)
    cast.wrote(a, "teacher", at(a, f"{DAY} 11:00"), chat)
    count(a)
    assert answers(a) == [(DAY, 24 * 3600)]
    # The day of the answer is counted again although the deleted message is of the day before.
    cast.delete_message(asked, noon(a))
    count(a)
    assert answers(a) == [(DAY, 22 * 3600)]
    cast.delete_message(first, noon(a))
    count(a)
    assert answers(a) == [(DAY, 23 * 3600)]


# --- Taken back and changed -----------------------------------------------------------------------------------------
def test_a_reaction_taken_back_leaves_nobody(a: School) -> None:
    reaction = cast.reacted(a, "parent", noon(a), post_before(a))
    count(a)
    assert org_day(a, DAY)["reactions"] == 1
    reaction.delete()
    count(a)
    assert person_day(a, "parent", DAY) == {}
    assert "reactions" not in org_day(a, DAY)
    assert "people_active" not in org_day(a, DAY)


def test_a_post_removed_and_brought_back(a: School) -> None:
    post = cast.posted(a, "teacher", noon(a), "5А")
    for deleted_at, expected in [(None, 1), (noon(a), 0), (None, 1)]:
        Post.objects.filter(pk=post.pk).update(deleted_at=deleted_at)
        count(a)
        assert org_day(a, DAY).get("posts", 0) == expected
        assert unit_day(a, "5А", DAY).get("posts", 0) == expected


def test_a_changed_vote_moves_to_its_new_day(a: School) -> None:
    poll = cast.asked(a, at(a, "2026-02-28 10:00"))
    vote = cast.voted(a, "parent", at(a, "2026-03-01 10:00"), poll)
    count(a)
    PollVote.objects.filter(pk=vote.pk).delete()
    cast.voted(a, "parent", noon(a), poll, option=1)
    count(a)
    assert person_day(a, "parent", "2026-03-01") == {}
    assert person_day(a, "parent", DAY)["votes"] == 1


def test_a_deleted_message_is_no_longer_counted(a: School) -> None:
    message = cast.wrote(a, "teacher", noon(a), cast.unit_chat(a))
    count(a)
    cast.delete_message(message, at(a, "2026-03-03 08:00"))
    count(a)
    assert "messages" not in org_day(a, DAY)
    assert "messages" not in unit_day(a, "5А", DAY)
    assert Message.objects.filter(pk=message.pk).exists()


def test_a_moved_event_takes_its_people_with_it(a: School) -> None:
    event = cast.held(a, at(a, "2026-03-01 12:00"))
    cast.took_part(a, "parent", event, attended=True)
    count(a)
    Event.objects.filter(pk=event.pk).update(starts_at=noon(a), ends_at=noon(a) + timedelta(hours=1))
    count(a)
    assert "events" not in org_day(a, "2026-03-01")
    assert person_day(a, "parent", "2026-03-01") == {}
    assert org_day(a, DAY)["attended"] == 1
    Participation.objects.update(attended=False)
    count(a)
    assert "attended" not in org_day(a, DAY)


def test_the_days_of_an_organization_have_no_hole(a: School) -> None:
    cast.wrote(a, "teacher", at(a, "2026-02-25 12:00"))
    count(a)
    days = OrgDay.objects.filter(organization=a.organization).order_by("day").values_list("day", flat=True)
    assert [str(day) for day in days] == [
        *(f"2026-02-{n}" for n in (25, 26, 27, 28)),
        *(f"2026-03-0{n}" for n in (1, 2, 3)),
    ]
