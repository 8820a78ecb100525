"""«Приду / не приду», places and the waiting list, attendance, the list of people (CHAN-5, CHAN-6)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.errors import DomainError
from meetings.models import Answer, Event, Participation, Registration
from meetings.selectors import people as lists
from meetings.selectors.summaries import summary_of
from meetings.services.answering import answer
from meetings.services.attending import mark, set_result
from meetings.services.planning import change
from orgs.actor import actor_of
from orgs.models import UNIT_AUDIENCES, Audience, AuditEvent, Person, RoleAssignment
from outbox.models import Message
from tests.meetings.cast import (
    assert_counters_are_right,
    broadcast_in,
    crowd,
    data_of,
    event_in,
    fresh,
    places_in,
    seen,
    soon,
)
from tests.world import School

pytestmark = pytest.mark.req("CHAN-6")


def statements(deed: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as queries:
        deed()
    return len([query for query in queries if "SAVEPOINT" not in query["sql"]])


def say(school: School, name: str, event: Event, what: str = "yes") -> str:
    """Let `name` answer and return what became of it."""
    return answer(actor=school.actor(name), event=event, answer=what).answer


# --- Answers ----------------------------------------------------------------------------------------------------------
def test_an_answer_can_be_given_twice_and_changed(school: School) -> None:
    event = event_in(school)
    for what, going in [("yes", 1), ("yes", 1), ("no", 0), ("no", 0), ("yes", 1)]:
        assert say(school, "parent", event, what) == what
        assert fresh(event).going_count == going
        assert_counters_are_right(event)


@pytest.mark.parametrize("what", ["waiting", "", "maybe"])
def test_other_answers_are_refused(school: School, what: str) -> None:
    with pytest.raises(DomainError) as refused:
        say(school, "parent", event_in(school), what)
    assert (refused.value.code, refused.value.status) == ("answer_unknown", 400)


@pytest.mark.parametrize(
    "closed",
    [
        {"registration_until": soon(hours=-1)},
        {"starts_at": soon(hours=-3)},
        {"registration": Registration.NONE},
    ],
)
def test_answers_are_taken_in_time_only(school: School, closed: dict[str, Any]) -> None:
    with pytest.raises(DomainError) as refused:
        say(school, "parent", event_in(school, **closed))
    assert (refused.value.code, refused.value.status) == ("answers_closed", 409)
    assert not Participation.objects.exists()


def test_the_third_of_two_places_waits_and_gets_the_one_that_is_freed(school: School) -> None:
    event = places_in(school, 2)
    first, second, third, fourth = [actor_of(person) for person in crowd(school, 4)]
    got = [answer(actor=one, event=event, answer="yes").answer for one in (first, second, third, fourth)]
    assert got == ["yes", "yes", "waiting", "waiting"]
    assert lists.place_in_queue(event, third.person.pk) == 1
    assert lists.place_in_queue(event, fourth.person.pk) == 2
    assert lists.place_in_queue(event, first.person.pk) is None
    assert answer(actor=third, event=event, answer="yes").answer == "waiting", "asking again changes no place"
    answer(actor=first, event=event, answer="no")
    assert {row.person_id for row in lists.going(event)} == {second.person.pk, third.person.pk}
    assert [row.person_id for row in lists.waiting(event)] == [fourth.person.pk]
    assert answer(actor=first, event=event, answer="yes").answer == "waiting", "who left stands at the end"
    assert [row.person_id for row in lists.waiting(event)] == [fourth.person.pk, first.person.pk]
    answer(actor=fourth, event=event, answer="no")
    assert_counters_are_right(event)
    assert fresh(event).waiting_count == 1


def test_a_place_that_got_free_is_told(school: School) -> None:
    event = places_in(school, 1)
    [other] = crowd(school, 1)
    answer(actor=actor_of(other), event=event, answer="yes")
    assert say(school, "parent", event) == "waiting"
    Person.objects.filter(pk=school.people["parent"].pk).update(email="parent@example.org")
    answer(actor=actor_of(other), event=event, answer="no")
    message = Message.objects.get(template="event_place")
    assert (message.recipient, message.context["event"]) == ("parent@example.org", event.pk)
    assert seen(school, "parent", event).answer == Answer.YES  # type: ignore[attr-defined]


def test_who_left_the_school_is_passed_over(school: School) -> None:
    event = places_in(school, 1)
    one, gone, next_one = [actor_of(person) for person in crowd(school, 3)]
    for actor in (one, gone, next_one):
        answer(actor=actor, event=event, answer="yes")
    RoleAssignment.objects.filter(person=gone.person).update(until=timezone.now())
    answer(actor=one, event=event, answer="no")
    assert [row.person_id for row in lists.going(event)] == [next_one.person.pk]
    assert_counters_are_right(event)


def test_more_places_go_to_who_waits_longest(school: School) -> None:
    event = places_in(school, 1)
    actors = [actor_of(person) for person in crowd(school, 5)]
    for actor in actors:
        answer(actor=actor, event=event, answer="yes")
    leader = school.actor("leader")
    more = data_of(school, registration=Registration.PLACES, places=3)
    assert change(actor=leader, event=event, data=more)[0].going_count == 3
    assert [row.person_id for row in lists.waiting(event)] == [actor.person.pk for actor in actors[3:]]
    assert_counters_are_right(event)
    change(actor=leader, event=event, data=data_of(school, registration=Registration.ANSWER))
    assert (fresh(event).going_count, fresh(event).waiting_count, fresh(event).places) == (5, 0, None)
    assert_counters_are_right(event)


def test_an_answer_costs_the_same_in_a_crowd(school: School) -> None:
    event = places_in(school, 10_000)
    say(school, "parent", event)
    parent = school.actor("parent")
    few = statements(lambda: answer(actor=parent, event=event, answer="no"))
    people = crowd(school, 200)
    Participation.objects.bulk_create(
        Participation(
            organization=school.organization, event=event, person=person, answer="yes", answered_at=timezone.now()
        )
        for person in people
    )
    Event.objects.filter(pk=event.pk).update(going_count=200)
    answer(actor=parent, event=event, answer="yes")
    assert statements(lambda: answer(actor=parent, event=event, answer="no")) == few <= 6


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["yes", "no"])), max_size=25), st.integers(1, 3))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_people_answer_the_counters_are_right(
    school: School, answers: list[tuple[int, str]], places: int
) -> None:
    event = places_in(school, places)
    people = list(Person.objects.filter(last_name="Толпин")) or crowd(school, 5)
    for place, what in answers:
        answer(actor=actor_of(people[place]), event=event, answer=what)
        assert_counters_are_right(event)
    wanted = dict(answers)
    row = fresh(event)
    yes = sum(what == "yes" for what in wanted.values())
    assert (row.going_count, row.waiting_count) == (min(yes, places), max(0, yes - places))


# --- Who is on which list ---------------------------------------------------------------------------------------------
def test_everybody_invited_is_on_one_list(school: School) -> None:
    event = event_in(school)
    say(school, "parent", event)
    say(school, "student", event, "no")

    def names(rows: Any) -> list[str]:
        return [row.last_name if isinstance(row, Person) else row.person.last_name for row in rows]

    assert names(lists.people_invited(event)) == ["Ёжиков", "Ёжикова", "Зайцев", "Зайцева"]
    assert (names(lists.going(event)), names(lists.declined(event))) == (["Ёжикова"], ["Ёжиков"])
    assert names(lists.silent(event)) == ["Зайцев", "Зайцева"]
    assert names(lists.people_who(event, "silent")) == ["Зайцев", "Зайцева"]
    assert [person.answered_at is not None for person in lists.people_who(event, "yes")] == [True]  # type: ignore[attr-defined]


# --- Attendance -------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAN-5")
def test_attendance_is_noted_also_of_people_without_an_account(school: School) -> None:
    event = event_in(school, starts_at=soon(minutes=30))
    leader = school.actor("leader")
    ids = {name: school.people[name].pk for name in ("parent", "student", "classmate", "waiting_parent")}
    noted = mark(actor=leader, event=event, present=[ids["parent"], ids["classmate"]], absent=[ids["student"]])
    assert noted == 3
    rows = {row.person.pk: row for row in lists.attendance_rows(event)}
    assert {pk: rows[pk].attended for pk in ids.values()} == {
        ids["parent"]: True,
        ids["student"]: False,
        ids["classmate"]: True,
        ids["waiting_parent"]: None,
    }
    mark(actor=leader, event=event, present=[ids["student"]], absent=[], cleared=[ids["parent"]])
    rows = {row.person.pk: row for row in lists.attendance_rows(event)}
    assert (rows[ids["student"]].attended, rows[ids["parent"]].attended) == (True, None)
    assert set(Participation.objects.values_list("marked_by", flat=True)) == {leader.person.pk}
    entry = AuditEvent.objects.latest("id")
    assert (entry.action, entry.details["count"]) == ("event.attendance", 2)


@pytest.mark.req("CHAN-5")
def test_only_people_of_the_event_are_noted(school: School) -> None:
    event = event_in(school, starts_at=soon(minutes=1))
    leader, parent = school.actor("leader"), school.people["parent"].pk
    for stranger in (school.people["teacher"].pk, 2**63 - 1):
        with pytest.raises(DomainError, match="person_not_invited"):
            mark(actor=leader, event=event, present=[parent, stranger], absent=[])
    with pytest.raises(DomainError, match="attendance_contradicts"):
        mark(actor=leader, event=event, present=[parent], absent=[parent])
    with pytest.raises(DomainError, match="attendance_many"):
        mark(actor=leader, event=event, present=range(1, 5002), absent=[])
    assert mark(actor=leader, event=event, present=[], absent=[]) == 0
    assert not Participation.objects.exists()


@pytest.mark.req("CHAN-5")
def test_nobody_has_come_to_what_has_not_begun(school: School) -> None:
    event = event_in(school)
    with pytest.raises(DomainError, match="event_not_begun"):
        mark(actor=school.actor("leader"), event=event, present=[school.people["parent"].pk], absent=[])
    with pytest.raises(DomainError, match="event_not_begun"):
        set_result(actor=school.actor("leader"), event=event, text="Прошло")
    Event.objects.filter(pk=event.pk).update(cancelled_at=timezone.now())
    with pytest.raises(DomainError, match="event_cancelled"):
        mark(actor=school.actor("leader"), event=event, present=[], absent=[])


@pytest.mark.req("CHAN-5")
def test_the_result_is_kept_as_it_was_typed(school: School) -> None:
    event = event_in(school, starts_at=soon(hours=-3))
    assert set_result(actor=school.actor("leader"), event=event, text="Решили:\nедем\x00 ").result == "Решили:\nедем"
    with pytest.raises(DomainError) as refused:
        set_result(actor=school.actor("leader"), event=event, text="я" * 2001)
    assert (refused.value.code, [*refused.value.fields]) == ("text_too_long", ["result"])


@pytest.mark.req("CHAN-5")
def test_noting_costs_the_same_for_two_and_for_two_hundred(school: School) -> None:
    event = event_in(school, starts_at=soon(minutes=1))
    leader = school.actor("leader")
    people = [person.pk for person in crowd(school, 200)]
    few = statements(lambda: mark(actor=leader, event=event, present=people[:1], absent=people[1:2]))
    many = statements(lambda: mark(actor=leader, event=event, present=people[:100], absent=people[100:]))
    # SQLite takes a thousand values in a statement.
    assert many - (2 if connection.vendor == "sqlite" else 0) == few <= 5
    assert statements(lambda: lists.attendance_rows(event)) <= 6


# --- Figures ----------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAN-5")
def test_the_figures_tell_what_happened(school: School) -> None:
    event = places_in(school, 1, starts_at=soon(minutes=1))
    air = broadcast_in(school)
    say(school, "parent", event)
    say(school, "student", event)
    mark(
        actor=school.actor("leader"),
        event=event,
        present=[school.people["student"].pk],
        absent=[school.people["parent"].pk, school.people["classmate"].pk],
    )
    for name, seconds in (("parent", 600), ("student", 1500)):
        Participation.objects.create(
            organization=school.organization,
            event=air,
            person=school.people[name],
            opened_at=timezone.now(),
            watched_seconds=seconds,
        )
    Event.objects.filter(pk=air.pk).update(opened_count=2)
    figures = summary_of([fresh(event), fresh(air)])
    one, other = figures[event.pk], figures[air.pk]
    assert (one.invited, one.going, one.waiting, one.declined, one.came, one.absent) == (4, 1, 1, 0, 1, 2)
    assert (other.invited, other.opened, other.minutes, other.came) == (4, 2, 18, 0)
    assert summary_of([]) == {}


CIRCLES = st.one_of(
    st.tuples(st.sampled_from([*Audience.values]), st.none()),
    st.tuples(st.sampled_from([*UNIT_AUDIENCES]), st.sampled_from(["5А", "5Б", "staff"])),
)


@pytest.mark.req("CHAN-5")
@given(st.lists(st.lists(CIRCLES, min_size=1, max_size=4, unique=True), min_size=1, max_size=3))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_as_many_are_counted_as_are_invited(school: School, wanted: list[list[tuple[str, str | None]]]) -> None:
    RoleAssignment.objects.filter(person=school.people["other_student"]).update(until=timezone.now())
    events = [
        event_in(school, by="head", circles=[(circle, school.units[unit].pk if unit else None) for circle, unit in row])
        for row in wanted
    ]
    figures = summary_of(events)
    assert [figures[event.pk].invited for event in events] == [lists.people_invited(event).count() for event in events]


@pytest.mark.req("CHAN-5")
def test_the_figures_of_thirty_events_cost_as_those_of_one(school: School) -> None:
    events = [event_in(school) for _number in range(30)]
    one = statements(lambda: summary_of(events[:1]))
    assert statements(lambda: summary_of(events)) == one <= 5


def test_a_place_is_kept_after_the_time_for_answers(school: School) -> None:
    event = places_in(school, 1, registration_until=soon(days=1))
    say(school, "parent", event)
    Event.objects.filter(pk=event.pk).update(registration_until=timezone.now() - timedelta(hours=1))
    with pytest.raises(DomainError, match="answers_closed"):
        say(school, "parent", event, "no")
    assert seen(school, "parent", event).answer == "yes"  # type: ignore[attr-defined]
