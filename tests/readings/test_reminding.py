"""Telling and reminding: whom, when, once, in which words (CHAN-4)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chats.models import ChatRules
from common.errors import DomainError
from orgs.models import Audience, AuditEvent, Organization
from outbox.models import Message
from outbox.rendering import Obsolete
from readings import tasks
from readings.letters import reading_asked, reading_reminder
from readings.models import Reading, Reminder, Stage
from readings.services import confirming, giving
from readings.services.reminding import remind
from readings.services.telling import tell_asked
from tests.accounts.devices import add_device
from tests.readings.cast import given
from tests.readings.test_progress import crowd
from tests.world import School, World

pytestmark = pytest.mark.req("CHAN-4", "DOC-1")
# The school's clock is Moscow's, three hours ahead.
DUE = date(2026, 12, 10)
FIRST = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 15) -> datetime:
    """That moment of December by Moscow's clock."""
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC) - timedelta(hours=3)


@pytest.fixture
def reading(school: School) -> Reading:
    """Given out on the 1st to the parents of 5А, due on the 10th; the mother has a device."""
    add_device(school.user("parent"))
    with time_machine.travel(FIRST, tick=False):
        return given(school, (Audience.PARENTS, school.units["5А"].pk), due_in=9)


def messages() -> list[Message]:
    return list(Message.objects.filter(reference__startswith="reading").order_by("pk"))


def test_those_asked_are_told_once(school: School, reading: Reading) -> None:
    assert tell_asked(reading.pk) == tasks.tell_asked(reading.pk) == 1
    [push] = messages()
    with time_machine.travel(FIRST, tick=False):
        words = reading_asked(push.context, "")
    assert words.subject == "Ознакомьтесь: Приказ № 12"
    assert words.text == "Прочитайте и подтвердите, что ознакомились: до 10 декабря."
    assert words.url.endswith("/o/a/documents/12/")


def test_whoever_gave_it_out_is_not_told(school: School) -> None:
    add_device(school.user("administrator"))
    reading = given(school, (Audience.STAFF, None))
    tell_asked(reading.pk)
    assert messages() == []


def test_what_was_closed_tells_nobody(school: School, reading: Reading) -> None:
    giving.close(actor=None, reading=reading)
    assert tell_asked(reading.pk) == tell_asked(2**62) == 0


def test_words_are_obsolete_when_it_is_done(school: School, reading: Reading) -> None:
    tell_asked(reading.pk)
    [push] = messages()
    confirming.confirm(actor=school.actor("parent"), reading=reading)
    for render in (reading_asked, reading_reminder):
        with pytest.raises(Obsolete):
            render(push.context, "")
    giving.close(actor=None, reading=reading)
    for person in (school.people["waiting_parent"].pk, school.people["teacher"].pk, 2**62):
        with pytest.raises(Obsolete):
            reading_reminder({"reading": reading.pk, "person": person}, "")


@pytest.mark.parametrize(
    ("day", "stage"),
    [(7, None), (8, Stage.BEFORE), (9, None), (10, Stage.ON_DAY), (11, Stage.AFTER), (12, None), (15, Stage.LATE)],
)
def test_each_stage_comes_on_its_day(school: School, reading: Reading, day: int, stage: str | None) -> None:
    assert remind(at(day, 8, 59)) == 0
    assert remind(at(day, 9)) == (1 if stage else 0)
    assert [(row.stage, row.people) for row in Reminder.objects.all()] == ([(stage, 1)] if stage else [])
    assert len(messages()) == (1 if stage else 0)


def test_a_worker_that_was_away_catches_up_the_same_day(school: School, reading: Reading) -> None:
    assert remind(at(10, 20)) == 1
    assert remind(at(10, 21)) == 0
    assert len(messages()) == 1


def test_nobody_is_reminded_twice_or_after_confirming(school: School, reading: Reading) -> None:
    for _hour in range(3):
        remind(at(8, 9))
    confirming.confirm(actor=school.actor("parent"), reading=reading)
    remind(at(10, 9))
    assert len(messages()) == 1
    assert Reminder.objects.get(stage=Stage.ON_DAY).people == 0


def test_reminders_tell_the_deadline_as_it_stands(school: School, reading: Reading) -> None:
    told = {}
    for day in (8, 10, 11):
        with time_machine.travel(at(day, 9), tick=False):
            add_device(school.user("parent"))
            remind()
            told[day] = reading_reminder(messages()[-1].context, "").text
    assert told == {
        8: "Вы ещё не подтвердили ознакомление: до 10 декабря.",
        10: "Вы ещё не подтвердили ознакомление: сегодня последний день.",
        11: "Вы ещё не подтвердили ознакомление: срок был 10 декабря.",
    }


def test_each_school_has_its_own_morning(school: School, reading: Reading) -> None:
    """In Vladivostok it is nine in the morning when it is two at night in Moscow."""
    Organization.objects.filter(pk=school.organization.pk).update(time_zone="Asia/Vladivostok")
    assert remind(at(8, 1, 59)) == 0
    assert remind(at(8, 2, 15)) == 1


def test_at_night_it_waits_for_the_morning(school: School, reading: Reading) -> None:
    ChatRules.objects.update_or_create(
        organization=school.organization, defaults={"quiet_from": time(21), "quiet_until": time(8)}
    )
    assert remind(at(8, 22)) == 1
    [push] = messages()
    assert push.next_attempt_at == at(9, 8, 0)


def test_nobody_is_reminded_on_the_day_it_was_given_out(school: School) -> None:
    add_device(school.user("parent"))
    with time_machine.travel(FIRST, tick=False):
        given(school, due_in=2)
        given(school, due_in=0)
        assert remind() == 0


def test_a_moved_deadline_is_reminded_of_anew(school: School, reading: Reading) -> None:
    with time_machine.travel(at(8, 9), tick=False):
        assert remind() == 1
        assert Reminder.objects.count() == 1
        giving.change_due(actor=school.actor("administrator"), reading=reading, due_on=date(2026, 12, 20))
    assert remind(at(18, 9)) == 1
    assert Reminder.objects.get().people == 1


def test_closed_and_unopened_ones_are_left_alone(school: School, reading: Reading) -> None:
    with time_machine.travel(FIRST, tick=False):
        given(school, due_in=9, is_open=False)
    giving.close(actor=None, reading=reading)
    assert remind(at(8, 9)) == 0


def test_as_many_queries_for_300_as_for_3(school: School, reading: Reading) -> None:
    counts = []
    for day, more in ((8, 3), (10, 300)):
        crowd(school, more)
        with CaptureQueriesContext(connection) as captured:
            assert remind(at(day, 9)) == 1
        counts.append(len(captured))
    assert counts[0] == counts[1]


# --- By hand ----------------------------------------------------------------------------------------------------------
def test_by_hand_at_most_once_an_hour(school: School, reading: Reading) -> None:
    administrator = school.actor("administrator")
    with time_machine.travel(at(3, 12), tick=False):
        add_device(school.user("parent"))
        assert confirming.remind_now(actor=administrator, reading=reading) == 1
        with pytest.raises(DomainError) as error:
            confirming.remind_now(actor=administrator, reading=reading)
        assert (error.value.code, error.value.status) == ("reminded_recently", 429)
    with time_machine.travel(at(3, 13), tick=False):
        assert confirming.remind_now(actor=administrator, reading=reading) == 1
    assert len(messages()) == 2
    events = AuditEvent.objects.filter(action="reading.reminded")
    assert [event.details["count"] for event in events] == [1, 1]


def test_what_is_closed_is_not_reminded_of(school: School, reading: Reading) -> None:
    giving.close(actor=None, reading=reading)
    with pytest.raises(DomainError, match="reading_closed"):
        confirming.remind_now(actor=school.actor("administrator"), reading=reading)


def test_another_school_is_not_reminded(world: World, reading: Reading) -> None:
    add_device(world.b.user("parent"))
    remind(at(8, 9))
    assert {message.organization_id for message in messages()} == {world.a.organization.pk}
