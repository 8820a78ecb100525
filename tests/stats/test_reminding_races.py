"""Several hands on «Напомнить» at the same moment, in real threads on PostgreSQL (STAT-6)."""

from datetime import date
from functools import partial

import pytest

from orgs.models import AuditEvent, Person
from outbox.models import Message
from stats.periods import PeriodKind, days_of
from stats.services.reminding import Reminded, remind
from tests.accounts.devices import add_device
from tests.threads import at_once
from tests.world import School, build_school

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True), pytest.mark.req("STAT-6")]
WEEK = days_of(PeriodKind.WEEK, date(2026, 3, 2))


@pytest.fixture
def school(transactional_db: None) -> School:
    return build_school("race", 5)


def test_eight_clicks_about_two_figures_send_once(school: School) -> None:
    add_device(school.user("leader"))
    for name in ("teacher", "waiting_teacher"):
        Person.objects.filter(pk=school.people[name].pk).update(email=f"{name}@example.org")
    head, other = school.actor("head"), school.actor("administrator")
    clicks = [
        partial(remind, actor=actor, figure=figure, days=WEEK)
        for actor in (head, other)
        for figure in ("staff_active", "staff_acted") * 2
    ]
    outcomes = at_once(clicks)
    assert all(isinstance(one, Reminded) for one in outcomes), outcomes
    # Three can be told, and each is told by one click only; the others say that they were told before.
    assert sum(one.told for one in outcomes if isinstance(one, Reminded)) == 3
    assert Message.objects.filter(reference__startswith="stats-reminder").count() == 3
    assert AuditEvent.objects.filter(action="statistics.reminded").count() == 1
