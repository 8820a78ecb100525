"""What only real threads on PostgreSQL can show."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import User
from common.errors import DomainError
from orgs.models import Organization
from registration.models import Application, ApplicationEvent, Deletion, State
from registration.services import deciding
from registration.services.applying import submit, withdraw
from registration.services.deleting import cancel_deletion, plan_deletion
from registration.services.removing import delete_organization
from tests.registration.cast import application, data, order
from tests.threads import at_once
from tests.world import School, build_school, make_user

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def operator(transactional_db: None) -> User:
    return make_user("+79004000000", "Оператор", is_staff=True, is_superuser=True)


@pytest.fixture
def school(transactional_db: None) -> School:
    return build_school("a", 1)


def codes_of(outcomes: list[Any]) -> list[str]:
    assert all(not isinstance(one, Exception) or isinstance(one, DomainError) for one in outcomes), outcomes
    return sorted(one.code if isinstance(one, DomainError) else "done" for one in outcomes)


@pytest.mark.req("REG-2", "REG-3")
def test_ten_operators_approve_one_application_once(operator: User) -> None:
    made = application()
    deed = partial(deciding.approve, operator=operator, application=made, revision=1)
    assert codes_of(at_once([deed] * 10)) == ["application_changed"] * 9 + ["done"]
    assert Organization.objects.filter(inn=made.inn).count() == 1
    assert ApplicationEvent.objects.filter(state=State.APPROVED).count() == 1


@pytest.mark.req("REG-2")
def test_of_different_decisions_and_a_withdrawal_one_wins(operator: User) -> None:
    made = application()
    common: dict[str, Any] = {"operator": operator, "application": made, "revision": 1}
    deeds: list[Any] = [
        partial(deciding.approve, **common),
        partial(deciding.reject, **common, text="Нет"),
        partial(deciding.return_with_remarks, **common, text="Сверьте"),
        partial(withdraw, application=made, revision=1),
    ]
    assert codes_of(at_once(deeds * 2)) == ["application_changed"] * 7 + ["done"]
    state = Application.objects.get().state
    assert ApplicationEvent.objects.exclude(state=State.SUBMITTED).get().state == state
    assert Organization.objects.exists() is (state == State.APPROVED)


@pytest.mark.req("REG-1")
def test_a_double_click_of_two_threads_makes_one_application() -> None:
    attempt, paper = uuid4(), order()
    outcomes = at_once([partial(submit, data=data(), order_id=paper.pk, attempt=attempt)] * 4)
    made = Application.objects.get()
    assert outcomes == [made] * 4


@pytest.mark.req("REG-5")
def test_a_deletion_is_asked_for_once_and_carried_out_or_cancelled(school: School) -> None:
    actor = school.actor("administrator")
    ask = partial(plan_deletion, actor=actor, typed_name="Школа № 1")
    assert codes_of(at_once([ask] * 5)) == ["deletion_pending"] * 4 + ["done"]
    deletion = Deletion.objects.select_related("organization").get()
    deeds: list[Any] = [
        partial(delete_organization, deletion),
        partial(cancel_deletion, deletion=deletion, actor=actor),
    ]
    at_once(deeds)
    over = Deletion.objects.get()
    assert (over.done_at is None) is (over.cancelled_at is not None)
    assert Organization.objects.exists() is (over.cancelled_at is not None)


@pytest.mark.req("REG-5")
def test_two_workers_delete_once(school: School) -> None:
    deletion = plan_deletion(actor=school.actor("administrator"), typed_name="Школа № 1")
    Deletion.objects.update(requested_at=timezone.now() - timedelta(days=31), due_at=timezone.now())
    assert sorted(at_once([partial(delete_organization, deletion)] * 2), key=str) == [False, True]
    assert not Organization.objects.exists()
