"""Long work is done whole or not at all, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from common.errors import DomainError
from orgs.models import Person
from tests.works import kinds
from tests.works.conftest import begun, finished
from tests.works.rows import rows_of
from tests.world import School
from works import tasks
from works.models import Change, State, Work
from works.services import running

pytestmark = pytest.mark.req("ORG-8", "ORG-9")


def test_work_is_handed_to_the_broker_and_done(
    school: School, sent_jobs: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        work = begun(school)
    assert sent_jobs == [("works.tasks.run", {"work_id": work.pk})]
    running.run(work.pk)
    work.refresh_from_db()
    assert (work.state, work.outcome, work.error_code) == (State.DONE, {"people": 2}, "")
    assert Person.objects.filter(last_name="Носов", enrolments__unit=school.units["5А"]).count() == 1
    assert work.undo_until is not None
    assert work.undo_until.date() == (timezone.now() + timedelta(days=30)).date()


def test_twice_is_once(school: School) -> None:
    work = finished(school)
    running.run(work.pk)
    assert Person.objects.filter(last_name="Носов").count() == 1


@pytest.mark.parametrize(("breaks", "code"), [("rule", "no_luck"), ("code", "unforeseen")])
def test_what_fails_leaves_nothing(school: School, breaks: str, code: str) -> None:
    before = rows_of("orgs")
    work = begun(school, breaks=breaks)
    if breaks == "code":
        with pytest.raises(ZeroDivisionError):
            running.run(work.pk)
    else:
        running.run(work.pk)
    work.refresh_from_db()
    assert (work.state, work.error_code) == (State.FAILED, code)
    assert work.error_message
    assert rows_of("orgs") == before
    assert not Change.objects.exists()


def test_one_at_a_time_in_an_organization(school: School, world: Any) -> None:
    begun(school)
    with pytest.raises(DomainError) as refusal:
        begun(school)
    assert refusal.value.code == "work_under_way"
    assert begun(world.b).state == State.WAITING


def test_a_waiting_work_is_called_off_at_once(school: School) -> None:
    work = begun(school)
    running.call_off(work=work)
    running.run(work.pk)
    work.refresh_from_db()
    assert work.state == State.CANCELLED
    assert not Person.objects.filter(last_name="Носов").exists()
    with pytest.raises(DomainError, match="work_finished"):
        running.call_off(work=work)


def test_a_running_work_notices_that_it_was_called_off(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    work = begun(school)

    def call_off_meanwhile(waiting: Work, _progress: Any) -> list[str]:
        running.call_off(work=waiting)
        return []

    kind = replace(kinds.TRIAL, prepare=call_off_meanwhile)
    monkeypatch.setattr(running, "kind_of", lambda _name: kind)
    running.run(work.pk)
    work.refresh_from_db()
    assert work.state == State.CANCELLED


def test_a_lost_work_is_taken_up(school: School, sent_jobs: list[Any], django_capture_on_commit_callbacks: Any) -> None:
    work = begun(school)
    assert running.take_up_lost() == 0
    Work.objects.filter(pk=work.pk).update(
        state=State.RUNNING, started_at=timezone.now(), alive_at=timezone.now() - running.LOST_AFTER * 2
    )
    with django_capture_on_commit_callbacks(execute=True):
        assert running.take_up_lost() == 1
    assert sent_jobs[-1] == ("works.tasks.run", {"work_id": work.pk})
    running.run(work.pk)
    work.refresh_from_db()
    assert work.state == State.DONE


def test_a_living_work_is_left_alone(school: School) -> None:
    work = begun(school)
    Work.objects.filter(pk=work.pk).update(state=State.RUNNING, alive_at=timezone.now())
    running.run(work.pk)
    assert not Person.objects.filter(last_name="Носов").exists()


def test_small_work_is_done_at_once(school: School) -> None:
    parameters = {"unit": school.units["5А"].pk, "names": ["Новиков Нил"]}
    work = running.begin_and_finish(actor=school.actor("administrator"), kind="trial", parameters=parameters)
    assert work.state == State.DONE
    assert work.can_be_undone
    with pytest.raises(ZeroDivisionError):
        running.begin_and_finish(
            actor=school.actor("administrator"), kind="trial", parameters={**parameters, "breaks": "code"}
        )
    assert Work.objects.count() == 1


def test_nobody_takes_up_what_may_still_be_writing() -> None:
    """A second run beside the first would write everything twice: the job is ended long before."""
    assert tasks.run.time_limit < running.LOST_AFTER.total_seconds()
