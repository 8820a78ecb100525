"""Reminding and telling: exactly once, in the quiet hours, true when it leaves (CHAN-5)."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from chats.services.system import change_rules
from meetings import tasks
from meetings.home import attention
from meetings.models import Answer, Event, EventReminder, Participation, Registration
from meetings.services.answering import answer
from meetings.services.planning import Recurrence, cancel, change
from meetings.services.reminding import people_to_remind, people_to_tell, remind
from orgs.actor import actor_of
from orgs.models import Audience, Organization, Person, RoleAssignment
from outbox.models import Message
from outbox.rendering import Obsolete, Rendered, render
from tests.meetings.cast import crowd, data_of, event_in, fresh, places_in, series_in, soon
from tests.world import School, World

pytestmark = pytest.mark.req("CHAN-5")
NOON = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
EVENING = NOON + timedelta(hours=6)


@pytest.fixture(autouse=True)
def _at_noon(time_machine: Any) -> None:
    """Monday noon by Moscow's clock; tests move on from here."""
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def school(world: World) -> School:
    """School a, where these people have an e-mail."""
    for name in ("parent", "student", "leader"):
        Person.objects.filter(pk=world.a.people[name].pk).update(email=f"{name}@example.org")
    return world.a


def told(template: str) -> list[str]:
    return sorted(row.recipient.split("@")[0] for row in Message.objects.filter(template=template))


def words_of(template: str) -> Rendered:
    """The words of the first message."""
    message = Message.objects.filter(template=template).order_by("id").first()
    assert message is not None
    return render(message)


# --- When -------------------------------------------------------------------------------------------------------------
def test_people_are_reminded_a_day_and_an_hour_before_once(school: School, time_machine: Any) -> None:
    event = event_in(school, starts_at=EVENING + timedelta(days=3))
    counts = []
    for hours in (-25, -24, -23, -2, -1, -0.5, 0, 1):
        time_machine.move_to(event.starts_at + timedelta(hours=hours), tick=False)
        counts.append((tasks.remind(), tasks.remind()))
    assert counts == [(0, 0), (2, 0), (0, 0), (0, 0), (2, 0), (0, 0), (0, 0), (0, 0)]
    assert sorted(EventReminder.objects.values_list("stage", flat=True)) == ["day", "hour"]


@pytest.mark.parametrize(("hours_left", "reminded"), [(20, True), (2.1, True), (2, False), (1.5, False)])
def test_a_day_that_the_worker_missed_is_made_up_for(
    school: School, time_machine: Any, hours_left: float, reminded: bool
) -> None:
    event = event_in(school, starts_at=EVENING + timedelta(days=3))
    time_machine.move_to(event.starts_at - timedelta(hours=hours_left), tick=False)
    assert (remind() == 2) is reminded


def test_who_has_just_been_told_is_not_reminded_of_the_day(school: School, time_machine: Any) -> None:
    event = event_in(school, starts_at=EVENING)
    assert remind() == 0
    time_machine.move_to(event.starts_at - timedelta(minutes=59), tick=False)
    assert remind() == 2


def test_a_cancelled_event_reminds_nobody(school: School, time_machine: Any) -> None:
    event = event_in(school, starts_at=EVENING + timedelta(days=3))
    cancel(actor=school.actor("leader"), event=event, reason="Так")
    time_machine.move_to(event.starts_at - timedelta(minutes=30), tick=False)
    assert remind() == 0
    assert not EventReminder.objects.exists()


def test_an_event_that_is_moved_is_reminded_of_anew(school: School, time_machine: Any) -> None:
    event = event_in(school, starts_at=EVENING + timedelta(days=2))
    time_machine.move_to(EVENING + timedelta(days=1), tick=False)
    assert remind() == 2
    later = EVENING + timedelta(days=9)
    change(actor=school.actor("leader"), event=event, data=data_of(school, starts_at=later))
    assert remind() == 0
    time_machine.move_to(later - timedelta(hours=23), tick=False)
    assert remind() == 2


def test_the_day_waits_for_the_end_of_the_quiet_hours_and_the_hour_does_not(school: School, time_machine: Any) -> None:
    """This begins at half past ten in the evening."""
    rules = {"quiet_from": time(21), "quiet_until": time(7)}
    change_rules(actor=school.actor("administrator"), rules=rules)
    night = datetime(2027, 2, 4, 19, 30, tzinfo=UTC)
    event_in(school, starts_at=night)
    time_machine.move_to(night - timedelta(hours=24), tick=False)
    assert remind() == 2
    assert all(row.next_attempt_at > timezone.now() + timedelta(hours=6) for row in Message.objects.all())
    time_machine.move_to(night - timedelta(hours=1), tick=False)
    assert remind() == 2
    latest = Message.objects.order_by("-id")[:2]
    assert all(row.next_attempt_at <= timezone.now() for row in latest)


def test_a_reminder_that_failed_half_way_is_sent_by_the_next_run(school: School, monkeypatch: Any) -> None:
    event_in(school, starts_at=NOON + timedelta(minutes=30))

    def broken(**_values: Any) -> int:
        raise RuntimeError("the database went away")

    with monkeypatch.context() as patched:
        patched.setattr("meetings.services.reminding.tell", broken)
        with pytest.raises(RuntimeError):
            remind()
    assert not EventReminder.objects.exists()
    assert remind() == 2


# --- Whom -------------------------------------------------------------------------------------------------------------
def test_who_declined_or_waits_is_not_reminded(school: School, time_machine: Any) -> None:
    event = places_in(school, 1, starts_at=EVENING + timedelta(days=3))
    [other] = crowd(school, 1)
    answer(actor=actor_of(other), event=event, answer="yes")
    answer(actor=school.actor("parent"), event=event, answer="yes")
    assert {person.pk for person in people_to_remind(event)} == {school.people["student"].pk}
    answer(actor=school.actor("student"), event=event, answer="no")
    assert not people_to_remind(event)
    assert {person.pk for person in people_to_tell(fresh(event))} == {school.people["parent"].pk}


def test_after_the_time_for_answers_only_who_has_a_place_is_reminded(school: School) -> None:
    event = places_in(school, 5, starts_at=EVENING, registration_until=EVENING - timedelta(hours=1))
    answer(actor=school.actor("parent"), event=event, answer="yes")
    assert people_to_remind(event).count() == 2
    Event.objects.filter(pk=event.pk).update(registration_until=NOON)
    assert {person.pk for person in people_to_remind(fresh(event))} == {school.people["parent"].pk}


def test_who_was_promised_a_place_learns_of_a_change_also_when_no_longer_invited(school: School) -> None:
    event = event_in(school)
    answer(actor=school.actor("parent"), event=event, answer="yes")
    circles = [(Audience.STUDENTS, school.units["5А"].pk)]
    [row] = change(actor=school.actor("leader"), event=event, data=data_of(school, place="Зал", circles=circles))
    assert tasks.tell_changed(row.pk, row.sequence) == 2
    assert told("event_changed") == ["parent", "student"]


def test_a_series_is_told_once(school: School) -> None:
    first, *_others = series_in(school, Recurrence(freq="weekly", count=5))
    assert tasks.tell_planned(first.pk) == 2
    assert tasks.tell_planned(first.pk) == 0
    assert told("event_planned") == ["parent", "student"]
    words = words_of("event_planned")
    assert "5" in words.text
    assert tasks.tell_planned(2**62) == tasks.tell_changed(2**62, 1) == tasks.tell_cancelled(2**62, 1) == 0


def test_another_schools_people_hear_nothing(world: World, time_machine: Any) -> None:
    Person.objects.filter(pk=world.b.people["parent"].pk).update(email="b@example.org")
    event_in(world.a, by="head", starts_at=EVENING + timedelta(days=2), circles=[(Audience.EVERYONE, None)])
    time_machine.move_to(EVENING + timedelta(days=1), tick=False)
    remind()
    people = Message.objects.filter(template="event_reminder").values_list("context__person", flat=True)
    assert not Person.objects.filter(pk__in=list(people)).exclude(organization=world.a.organization).exists()


# --- The words --------------------------------------------------------------------------------------------------------
def test_a_letter_tells_when_and_where_and_leads_to_the_page(school: School) -> None:
    event = event_in(school, title="Собрание 5А", starts_at=EVENING + timedelta(days=3))
    tasks.tell_planned(event.pk)
    words = words_of("event_planned")
    assert "Собрание 5А" in words.subject
    assert "Четверг, 4 февраля, 18:00–19:30" in words.text
    assert "Кабинет 12" in words.text
    assert words.text.strip().endswith(f"/o/{school.slug}/events/{event.pk}/")
    assert re.search("[а-я]", words.subject)


def test_the_clock_is_that_of_the_school(school: School) -> None:
    Organization.objects.filter(pk=school.organization.pk).update(time_zone="Asia/Vladivostok")
    event = event_in(school, starts_at=EVENING)
    tasks.tell_planned(event.pk)
    assert "Вторник, 2 февраля, 01:00–02:30" in words_of("event_planned").text


def test_what_is_no_longer_true_is_not_sent(school: School, time_machine: Any) -> None:
    event = event_in(school, starts_at=EVENING)
    tasks.tell_planned(event.pk)
    time_machine.move_to(EVENING - timedelta(minutes=40), tick=False)
    remind()
    assert words_of("event_reminder").subject == "Собрание"
    time_machine.move_to(EVENING + timedelta(minutes=1), tick=False)
    with pytest.raises(Obsolete):
        words_of("event_reminder")
    assert words_of("event_planned")
    cancel(actor=school.actor("leader"), event=event, reason="Карантин")
    with pytest.raises(Obsolete):
        words_of("event_planned")
    assert tasks.tell_cancelled(event.pk, 1) == 2
    assert "Карантин" in words_of("event_cancelled").text
    Event.objects.filter(pk=event.pk).update(cancelled_at=None)
    with pytest.raises(Obsolete):
        words_of("event_cancelled")


def test_whoever_is_not_invited_any_more_gets_no_letter(school: School) -> None:
    event = event_in(school)
    tasks.tell_planned(event.pk)
    RoleAssignment.objects.filter(organization=school.organization).update(until=timezone.now())
    with pytest.raises(Obsolete):
        words_of("event_planned")
    Event.objects.all().delete()
    with pytest.raises(Obsolete):
        words_of("event_planned")


def test_of_two_changes_the_last_is_told(school: School) -> None:
    event, leader = event_in(school), school.actor("leader")
    [row] = change(actor=leader, event=event, data=data_of(school, place="Зал"))
    assert tasks.tell_changed(row.pk, 1) == 2
    change(actor=leader, event=event, data=data_of(school, place="Двор"))
    with pytest.raises(Obsolete):
        words_of("event_changed")
    assert tasks.tell_changed(row.pk, 1) == 0
    assert tasks.tell_changed(row.pk, 2) == 2


def test_a_place_is_told_while_it_is_kept(school: School) -> None:
    event = places_in(school, 1)
    [other] = crowd(school, 1)
    answer(actor=actor_of(other), event=event, answer="yes")
    answer(actor=school.actor("parent"), event=event, answer="yes")
    answer(actor=actor_of(other), event=event, answer="no")
    assert told("event_place") == ["parent"]
    assert "Собрание" in words_of("event_place").subject
    Participation.objects.filter(person=school.people["parent"]).update(answer=Answer.NO)
    with pytest.raises(Obsolete):
        words_of("event_place")


# --- The home page ----------------------------------------------------------------------------------------------------
def test_the_home_page_tells_of_today_and_of_invitations(school: School) -> None:
    parent = school.actor("parent")
    assert attention(parent) == []
    today = event_in(school, title="Линейка", starts_at=EVENING, registration=Registration.NONE)
    asked = event_in(school, title="Поездка", starts_at=EVENING + timedelta(days=3))
    event_in(school, starts_at=EVENING + timedelta(days=40))
    cancel(actor=school.actor("leader"), event=event_in(school, starts_at=EVENING), reason="Так")
    first, second = attention(parent)
    assert "Линейка" in first.title
    assert "18:00" in first.title
    assert first.url.endswith(f"/events/{today.pk}/")
    assert second.url.endswith(f"/events/{asked.pk}/")
    assert (second.count, second.level) == (1, "info")
    answer(actor=parent, event=asked, answer="no")
    assert len(attention(parent)) == 1
    assert attention(school.actor("head")) == []
    assert soon() > NOON
