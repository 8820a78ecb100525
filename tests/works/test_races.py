"""Works begin, run and are undone at the same moment, in real threads on PostgreSQL."""

from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from common.errors import DomainError
from orgs.models import Person
from tests.threads import at_once
from tests.works.conftest import begun, finished
from tests.world import School, build_school
from works.models import OPEN, State, Work
from works.services import running, undoing

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.req("ORG-8", "ORG-9"),
]


@pytest.fixture
def school(transactional_db: None) -> School:
    return build_school("race", 5)


def codes_of(outcomes: list[Any]) -> list[str]:
    assert all(isinstance(one, DomainError) or not isinstance(one, Exception) for one in outcomes), outcomes
    return sorted(one.code if isinstance(one, DomainError) else "done" for one in outcomes)


def test_one_begins(school: School) -> None:
    assert codes_of(at_once([partial(begun, school)] * 8)) == ["done"] + ["work_under_way"] * 7


def test_one_run_claims_it(school: School) -> None:
    work = begun(school)
    at_once([partial(running.run, work.pk)] * 8)
    assert Person.objects.filter(last_name="Носов").count() == 1
    assert Work.objects.get().state == State.DONE


def test_it_is_undone_once(school: School) -> None:
    work = finished(school)
    deed = partial(undoing.undo, actor=school.actor("administrator"), work=work)
    assert codes_of(at_once([deed] * 8)) == ["already_undone"] * 7 + ["done"]
    assert not Person.objects.filter(last_name="Носов").exists()


@pytest.fixture
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "AT_ONCE", 0)


@pytest.mark.usefixtures("everything_is_large")
def test_one_click_asks_for_the_undoing(school: School) -> None:
    deed = partial(undoing.undo, actor=school.actor("administrator"), work=finished(school))
    assert codes_of(at_once([deed] * 8)) == ["done"] + ["undo_under_way"] * 7


@pytest.mark.usefixtures("everything_is_large")
def test_one_job_undoes_it(school: School) -> None:
    work = finished(school)
    undoing.undo(actor=school.actor("administrator"), work=work)
    assert codes_of(at_once([partial(undoing.run, work.pk)] * 8)) == ["done"] * 8
    assert Work.objects.get().state == State.UNDONE
    assert not Person.objects.filter(last_name="Носов").exists()


@pytest.mark.usefixtures("everything_is_large")
def test_lost_and_taken_up_by_many(school: School) -> None:
    work = finished(school)
    undoing.undo(actor=school.actor("administrator"), work=work)
    Work.objects.update(alive_at=timezone.now() - running.LOST_AFTER * 2)
    assert codes_of(at_once([partial(undoing.run, work.pk)] * 8)) == ["done"] * 8
    assert Work.objects.get().state == State.UNDONE


@pytest.mark.usefixtures("everything_is_large")
def test_undoing_and_new_work_do_not_go_side_by_side(school: School) -> None:
    work = finished(school)
    deeds: list[Any] = [partial(undoing.undo, actor=school.actor("administrator"), work=work), partial(begun, school)]
    outcomes = at_once(deeds)
    assert codes_of(outcomes) == ["done", "work_under_way"]
    assert Work.objects.filter(state__in=OPEN).count() == 1


@pytest.mark.usefixtures("everything_is_large")
def test_a_process_that_was_thought_lost_does_nothing_more(school: School) -> None:
    """Both runs are past their claim: one puts everything back, the other finds that it was overtaken."""
    work = finished(school, rename=[school.people["student"].pk])
    undoing.undo(actor=school.actor("administrator"), work=work)
    held = Work.objects.select_related("organization").get()
    assert codes_of(at_once([partial(undoing._run, held)] * 2)) == ["done"] * 2
    work.refresh_from_db()
    assert (work.state, work.error_code) == (State.UNDONE, "")
    assert not Person.objects.filter(last_name="Носов").exists()
