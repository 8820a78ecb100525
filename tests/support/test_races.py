"""Two administrators take and answer at the same moment, in real threads on PostgreSQL (SUP-1)."""

from functools import partial

import pytest

from common.errors import DomainError
from support.models import HelpEntry, HelpRequest, State, Step
from support.services import answering, asking, tending
from support.services.asking import Question
from tests.support.cast import asked, fresh
from tests.threads import at_once
from tests.world import School, build_school

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True), pytest.mark.req("SUP-1")]


@pytest.fixture
def school(transactional_db: None) -> School:
    return build_school("race", 5)


def codes_of(outcomes: list[object]) -> list[str]:
    assert all(isinstance(one, DomainError) or not isinstance(one, Exception) for one in outcomes), outcomes
    return sorted(one.code if isinstance(one, DomainError) else "done" for one in outcomes)


def test_one_takes_it(school: School) -> None:
    row, actor = asked(school), school.actor("administrator")
    assert codes_of(at_once([partial(answering.take, actor=actor, request=row)] * 6)) == ["done"] + ["help_changed"] * 5
    assert HelpEntry.objects.filter(step=Step.TAKEN).count() == 1


def test_one_answers_or_passes_it_on(school: School) -> None:
    row, actor = asked(school), school.actor("administrator")
    answer = partial(answering.answer, actor=actor, request=row, revision=row.revision, text="Ответ")
    hand = partial(answering.pass_on, actor=actor, request=row, revision=row.revision)
    assert codes_of(at_once([answer, hand] * 3)) == ["done"] + ["help_changed"] * 5
    assert HelpEntry.objects.filter(request=row).count() == 2


def test_the_askers_word_is_never_lost(school: School) -> None:
    """The answer and one more message at once: both stay, or the answer is refused; the message always stays."""
    row, actor = asked(school), school.actor("administrator")
    answer = partial(answering.answer, actor=actor, request=row, revision=row.revision, text="Ответ")
    more = partial(asking.reply, actor=school.actor("parent"), request=row, text="Ещё")
    codes = codes_of(at_once([answer, more]))
    assert codes in (["done", "done"], ["done", "help_changed"])
    assert HelpEntry.objects.filter(step=Step.ASKED).count() == 2
    assert fresh(row).state in (State.NEW, State.IN_WORK)


def test_a_double_click_in_two_processes(school: School) -> None:
    question = Question(topic="other", text="Дважды")
    deeds = [partial(asking.ask, actor=school.actor("parent"), question=question)] * 5
    assert codes_of(at_once(deeds)) == ["done"] * 5
    assert HelpRequest.objects.count() == HelpEntry.objects.count() == 1


def test_two_workers_remind_once(school: School) -> None:
    from datetime import timedelta

    from django.utils import timezone

    asked(school)
    HelpRequest.objects.update(due_on=timezone.localdate() - timedelta(days=3))
    now = timezone.now().replace(hour=12)
    assert sum(int(str(one)) for one in at_once([partial(tending.remind, now)] * 4)) == 1
