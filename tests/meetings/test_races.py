"""Many people at the same moment, in real threads on PostgreSQL (CHAN-5, CHAN-6)."""

from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from common.errors import DomainError
from meetings.models import Answer, Event, EventReminder, Participation, Registration
from meetings.services.answering import answer
from meetings.services.attending import mark
from meetings.services.broadcasting import go_on_air, open_broadcast, watched
from meetings.services.calendar import calendar_address, renew_address
from meetings.services.planning import cancel, change
from meetings.services.reminding import remind
from orgs.actor import actor_of
from orgs.models import Person
from outbox.models import Message
from tests.meetings.cast import (
    assert_counters_are_right,
    broadcast_in,
    crowd,
    data_of,
    event_in,
    fresh,
    places_in,
    soon,
)
from tests.threads import at_once
from tests.world import School, build_school

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True), pytest.mark.req("CHAN-6")]


@pytest.fixture
def school(transactional_db: None) -> School:
    return build_school("race", 5)


def answers_of(outcomes: list[Any]) -> list[str]:
    assert all(isinstance(one, Participation | DomainError) for one in outcomes), outcomes
    return sorted(one.code if isinstance(one, DomainError) else one.answer for one in outcomes)


def test_the_last_place_is_given_once_to_twenty(school: School) -> None:
    event = places_in(school, 1)
    people = [actor_of(person) for person in crowd(school, 20)]
    outcomes = at_once([partial(answer, actor=one, event=event, answer="yes") for one in people])
    assert answers_of(outcomes) == ["waiting"] * 19 + ["yes"]
    assert_counters_are_right(event)
    assert (fresh(event).going_count, fresh(event).waiting_count) == (1, 19)


def test_twenty_taps_of_one_person_take_one_place(school: School) -> None:
    event = places_in(school, 5)
    [one] = [actor_of(person) for person in crowd(school, 1)]
    assert answers_of(at_once([partial(answer, actor=one, event=event, answer="yes")] * 20)) == ["yes"] * 20
    assert_counters_are_right(event)
    assert fresh(event).going_count == 1


def test_places_freed_and_taken_together_are_all_taken(school: School) -> None:
    event = places_in(school, 5)
    people = [actor_of(person) for person in crowd(school, 20)]
    for one in people[:10]:
        answer(actor=one, event=event, answer="yes")
    gone = [partial(answer, actor=one, event=event, answer="no") for one in people[:5]]
    come = [partial(answer, actor=one, event=event, answer="yes") for one in people[10:]]
    more = partial(
        change,
        actor=school.actor("leader"),
        event=event,
        data=data_of(school, registration=Registration.PLACES, places=8),
    )
    outcomes = at_once([*gone, more, *come])
    assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
    assert_counters_are_right(event)
    assert (fresh(event).going_count, fresh(event).waiting_count) == (8, 7)


def test_an_answer_comes_before_the_cancelling_or_is_refused(school: School) -> None:
    event = event_in(school)
    people = [actor_of(person) for person in crowd(school, 10)]
    deeds: list[Any] = [partial(answer, actor=one, event=event, answer="yes") for one in people]
    stop = partial(cancel, actor=school.actor("leader"), event=event, reason="Карантин", scope="this")
    outcomes = at_once([*deeds[:5], stop, stop, *deeds[5:]])
    assert sorted(outcomes[5:7]) == [0, 1]  # type: ignore[type-var]
    assert set(answers_of([*outcomes[:5], *outcomes[7:]])) <= {"yes", "answers_closed"}
    assert_counters_are_right(event)


def test_two_who_note_attendance_do_not_wait_for_each_other(school: School) -> None:
    event = event_in(school, starts_at=soon(minutes=1))
    people = [person.pk for person in crowd(school, 30)]
    leader = school.actor("leader")
    here = partial(mark, actor=leader, event=event, present=people, absent=[])
    away = partial(mark, actor=leader, event=event, present=[], absent=people[::-1])
    assert at_once([here, away] * 5) == [30] * 10
    assert Participation.objects.filter(event=event).count() == 30
    assert len(set(Participation.objects.values_list("attended", flat=True))) == 1


@pytest.mark.req("CHAN-5")
def test_who_opens_a_broadcast_is_counted_once(school: School) -> None:
    event = broadcast_in(school)
    event = go_on_air(actor=school.actor("leader"), event=event)
    people = [actor_of(person) for person in crowd(school, 5)]
    opens = [partial(open_broadcast, actor=one, event=event) for one in people * 3]
    says: list[Any] = [partial(answer, actor=one, event=event, answer="yes") for one in people]
    outcomes = at_once([*opens, *says])
    assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
    assert fresh(event).opened_count == 5
    assert_counters_are_right(event)


@pytest.mark.req("CHAN-5")
def test_a_minute_that_two_pages_report_is_one_minute(school: School) -> None:
    event = go_on_air(actor=school.actor("leader"), event=broadcast_in(school))
    [one] = [actor_of(person) for person in crowd(school, 1)]
    open_broadcast(actor=one, event=event)
    Participation.objects.update(seen_at=timezone.now() - timezone.timedelta(seconds=60))  # type: ignore[attr-defined]
    outcomes = at_once([partial(watched, actor=one, event=event)] * 10)
    assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
    assert 60 <= Participation.objects.get().watched_seconds <= 62


@pytest.mark.req("CHAN-5")
def test_ten_workers_remind_once(school: School) -> None:
    event = event_in(school, starts_at=soon(minutes=40))
    Person.objects.filter(pk=school.people["parent"].pk).update(email="parent@example.org")
    outcomes = at_once([remind] * 10)
    assert sum(one for one in outcomes if isinstance(one, int)) == 1, outcomes
    assert EventReminder.objects.get().event == event
    assert Message.objects.filter(template="event_reminder").count() == 1


def test_an_address_asked_for_and_renewed_together_is_one_address(school: School) -> None:
    parent = school.actor("parent")
    deeds: list[Any] = [partial(calendar_address, actor=parent), partial(renew_address, actor=parent)]
    outcomes = at_once(deeds * 5)
    assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
    assert {one.pk for one in outcomes} == {calendar_address(actor=parent).pk}
    assert calendar_address(actor=parent).generation == 6


def test_nobody_waits_while_a_place_is_free(school: School) -> None:
    event = places_in(school, 3)
    people = [actor_of(person) for person in crowd(school, 8)]
    deeds = [partial(answer, actor=one, event=event, answer=what) for one in people for what in ("yes", "no", "yes")]
    outcomes = at_once(deeds)
    assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
    row = Event.objects.get(pk=event.pk)
    assert_counters_are_right(event)
    waiting = Participation.objects.filter(event=event, answer=Answer.WAITING).count()
    assert row.going_count == 3 or waiting == 0
