"""Many taps and two workers at the same moment, in real threads on PostgreSQL (CHAN-4)."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from common.errors import DomainError
from outbox.models import Message
from readings.models import Confirmation, Reading, Reminder
from readings.services import confirming, giving
from readings.services.reminding import remind
from tests.accounts.devices import add_device
from tests.readings.cast import data_of, given
from tests.threads import at_once
from tests.world import School, build_school

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True), pytest.mark.req("CHAN-4")]


@pytest.fixture
def school(transactional_db: None) -> School:
    return build_school("race", 5)


def test_twenty_taps_are_one_confirmation(school: School) -> None:
    reading, parent = given(school), school.actor("parent")
    outcomes = at_once([partial(confirming.confirm, actor=parent, reading=reading)] * 20)
    assert all(isinstance(one, Confirmation) for one in outcomes), outcomes
    assert len({one.pk for one in outcomes if isinstance(one, Confirmation)}) == Confirmation.objects.count() == 1


def test_a_tap_and_a_note_on_paper_are_one_confirmation(school: School) -> None:
    reading, parent, administrator = given(school), school.actor("parent"), school.actor("administrator")
    deeds: list[Any] = [partial(confirming.confirm, actor=parent, reading=reading)] * 5
    note = partial(confirming.note_on_paper, actor=administrator, reading=reading, person=parent.person)
    outcomes = at_once([*deeds, *[note] * 5])
    assert all(isinstance(one, Confirmation) for one in outcomes), outcomes
    assert Confirmation.objects.count() == 1


def test_two_workers_remind_once(school: School) -> None:
    add_device(school.user("parent"))
    reading = given(school, due_in=0)
    Reading.objects.filter(pk=reading.pk).update(opened_at=timezone.now() - timedelta(days=3))
    noon = datetime.now(UTC).replace(hour=9, minute=15)
    Reading.objects.filter(pk=reading.pk).update(due_on=noon.date())
    outcomes = at_once([partial(remind, noon)] * 6)
    assert sorted(outcomes, key=str) == [0, 0, 0, 0, 0, 1]
    assert Reminder.objects.count() == 1
    assert Message.objects.filter(template="reading_reminder").count() == 1


def test_ten_hands_remind_once(school: School) -> None:
    add_device(school.user("parent"))
    reading, administrator = given(school), school.actor("administrator")
    outcomes = at_once([partial(confirming.remind_now, actor=administrator, reading=reading)] * 10)
    assert sum(not isinstance(one, DomainError) for one in outcomes) == 1, outcomes
    assert Message.objects.filter(template="reading_reminder").count() == 1


def test_two_workers_open_once(school: School) -> None:
    ids = [given(school, is_open=False).pk for _number in range(5)]
    outcomes = at_once([partial(giving.open_readings, ids), partial(giving.open_readings, ids[::-1])] * 4)
    assert sorted(outcomes, key=str) == [0] * 7 + [5]


def test_two_editors_renew_once(school: School) -> None:
    reading, administrator = given(school), school.actor("administrator")
    outcomes = at_once([partial(giving.renew, actor=administrator, reading=reading, data=data_of())] * 6)
    assert sum(isinstance(one, Reading) for one in outcomes) == 1, outcomes
    assert Reading.objects.count() == 2
