"""Giving out, opening, renewing, closing, the deadline (CHAN-4, DOC-1)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import DomainError
from orgs.audit import Action
from orgs.models import Audience, AuditEvent
from orgs.selectors.organizations import today_in
from readings.models import MOST_TITLE, Reading, Reminder, Stage
from readings.selectors.readings import waiting_for
from readings.services import giving
from tests.readings.cast import data_of, given
from tests.world import School, World

pytestmark = pytest.mark.req("CHAN-4", "DOC-1")


def journal() -> list[str]:
    return list(
        AuditEvent.objects.filter(action__startswith="reading.").order_by("pk").values_list("action", flat=True)
    )


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"circles": ()}, "reading_circles_required", "reading_circles"),
        ({"circles": (("nobody", None),)}, "circle_unknown", "reading_circles"),
        ({"circles": ((Audience.PARENTS, 2**63 - 1),)}, "circle_unknown", "reading_circles"),
        ({"parents_confirm": "nobody"}, "reading_parents_unknown", "reading_parents_confirm"),
    ],
)
def test_what_cannot_be_given_out_is_refused_at_its_field(
    school: School, changes: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(DomainError) as error:
        giving.give_out(actor=school.actor("administrator"), data=replace(data_of(), **changes))
    assert (error.value.code, error.value.status, list(error.value.fields)) == (code, 400, [field])
    assert not Reading.objects.exists()


def test_a_deadline_may_be_today_and_not_yesterday(school: School) -> None:
    today = today_in(school.organization)
    administrator = school.actor("administrator")
    giving.give_out(actor=administrator, data=data_of(due_on=today))
    with pytest.raises(DomainError, match="reading_due_past") as error:
        giving.give_out(actor=administrator, data=data_of(due_on=today - timedelta(days=1)))
    assert list(error.value.fields) == ["reading_due_on"]


def test_a_teacher_asks_the_own_class_only(world: World) -> None:
    school = world.a
    leader = school.actor("leader")
    giving.give_out(actor=leader, data=data_of((Audience.PARENTS, school.units["5А"].pk)))
    for circle in ((Audience.PARENTS, school.units["5Б"].pk), (Audience.PARENTS, None)):
        with pytest.raises(DomainError, match="circle_closed"):
            giving.give_out(actor=leader, data=data_of(circle))
    with pytest.raises(DomainError, match="circle_unknown"):
        giving.give_out(actor=leader, data=data_of((Audience.PARENTS, world.b.units["5А"].pk)))
    # The app above may know better who may be asked.
    giving.give_out(actor=leader, data=data_of((Audience.PARENTS, None)), allowed=lambda *_circle: True)


def test_people_are_told_after_the_commit(
    school: School, sent_jobs: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        reading = given(school)
    assert sent_jobs == [("readings.tasks.tell_asked", {"reading_id": reading.pk})]
    assert journal() == [Action.READING_OPENED]


def test_what_appears_later_is_opened_once(
    school: School, sent_jobs: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    reading = given(school, is_open=False)
    assert journal() == []
    assert not waiting_for(school.actor("parent")).exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert giving.open_readings([reading.pk, 2**62]) == 1
        assert giving.open_readings([reading.pk]) == 0
        assert giving.open_readings([]) == 0
    assert [job for job, _arguments in sent_jobs] == ["readings.tasks.tell_asked"]
    event = AuditEvent.objects.get(action=Action.READING_OPENED)
    assert event.actor_id is None
    assert waiting_for(school.actor("parent")).exists()


def test_opening_many_costs_the_same(school: School) -> None:
    counts = []
    for many in (2, 20):
        ids = [given(school, is_open=False).pk for _number in range(many)]
        with CaptureQueriesContext(connection) as captured:
            assert giving.open_readings(ids) == many
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_newer_version_closes_the_older_one(school: School) -> None:
    administrator, old = school.actor("administrator"), given(school)
    new = giving.renew(actor=administrator, reading=old, data=replace(data_of(), content_hash="AB" * 32))
    old.refresh_from_db()
    assert (new.version, new.is_open, new.content_hash) == (2, True, "ab" * 32)
    assert old.replaced_by == new
    assert not old.is_open
    for deed in (giving.renew, giving.reopen):
        more = {"data": data_of()} if deed is giving.renew else {}
        with pytest.raises(DomainError, match="reading_replaced"):
            deed(actor=administrator, reading=old, **more)  # type: ignore[operator]


def test_the_next_version_of_what_waits_waits_too(school: School) -> None:
    old = given(school, is_open=False)
    new = giving.renew(actor=school.actor("administrator"), reading=old, data=data_of())
    assert new.opened_at is None
    assert giving.open_readings([old.pk, new.pk]) == 1


def test_closing_and_opening_again(school: School, sent_jobs: list[Any]) -> None:
    administrator, reading = school.actor("administrator"), given(school)
    sent_jobs.clear()
    for _twice in range(2):
        giving.close(actor=administrator, reading=reading)
    assert not waiting_for(school.actor("parent")).exists()
    for _twice in range(2):
        giving.reopen(actor=administrator, reading=reading)
    assert waiting_for(school.actor("parent")).exists()
    assert journal() == [Action.READING_OPENED, Action.READING_CLOSED, Action.READING_OPENED]
    assert sent_jobs == []


def test_the_platform_closes_without_an_actor(school: School) -> None:
    giving.close(actor=None, reading=given(school))
    assert AuditEvent.objects.get(action=Action.READING_CLOSED).actor_id is None


def test_another_deadline_begins_the_reminders_anew(school: School) -> None:
    administrator, reading = school.actor("administrator"), given(school, due_in=2)
    Reminder.objects.create(organization=school.organization, reading=reading, stage=Stage.BEFORE)
    today = today_in(school.organization)
    giving.change_due(actor=administrator, reading=reading, due_on=today + timedelta(days=9))
    assert not Reminder.objects.exists()
    event = AuditEvent.objects.get(action=Action.READING_CHANGED)
    assert event.details["day"] == f"{today + timedelta(days=9):%d.%m.%Y}"
    giving.change_due(actor=administrator, reading=reading, due_on=today + timedelta(days=9))
    assert AuditEvent.objects.filter(action=Action.READING_CHANGED).count() == 1
    with pytest.raises(DomainError, match="reading_due_past"):
        giving.change_due(actor=administrator, reading=reading, due_on=today - timedelta(days=1))
    giving.change_due(actor=administrator, reading=reading, due_on=None)
    giving.close(actor=administrator, reading=reading)
    with pytest.raises(DomainError, match="reading_closed"):
        giving.change_due(actor=administrator, reading=reading, due_on=today)


def test_a_long_title_is_cut(school: School) -> None:
    assert len(given(school, title="Приказ " * 100).title) <= MOST_TITLE
