"""What many workers and devices do at the same moment, in real threads on PostgreSQL (STAT-4)."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from django.db import transaction

from stats.models import OrgDay, PersonDay, Presence, RollupState
from stats.services.presence import note_presence
from stats.services.reconciling import reconcile
from stats.services.rollup import roll_up
from tests.stats import cast
from tests.stats.cast import at
from tests.threads import at_once
from tests.world import School, build_school

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True), pytest.mark.req("STAT-4")]

YESTERDAY = date(2026, 3, 12)


@pytest.fixture
def school(transactional_db: None) -> School:
    return build_school("race", 5)


def test_eight_devices_at_once_leave_one_row(school: School) -> None:
    outcomes = at_once([partial(note_presence, person=school.people["head"], day=YESTERDAY) for _device in range(8)])
    assert outcomes == [None] * 8
    assert Presence.objects.count() == 1


def test_two_checks_at_once_find_a_difference_once(school: School) -> None:
    cast.settled(school)
    cast.wrote(school, "teacher", at(school, f"{YESTERDAY} 12:00"))
    night = at(school, "2026-03-13 03:10")
    roll_up(now=night)
    OrgDay.objects.filter(day=YESTERDAY).update(messages=1000)
    outcomes = at_once([partial(reconcile, night) for _worker in range(3)])
    assert sum(outcome for outcome in outcomes if isinstance(outcome, int)) == 1, outcomes
    assert all(isinstance(outcome, int) for outcome in outcomes), outcomes
    assert RollupState.objects.get().difference_total == 1
    assert PersonDay.objects.get(person=school.people["teacher"], day=YESTERDAY).messages == 1


def test_who_counts_an_organization_is_not_disturbed(school: School) -> None:
    night = at(school, "2026-03-13 03:10")
    roll_up(now=night)
    OrgDay.objects.update(messages=1000)
    with transaction.atomic():
        RollupState.objects.select_for_update().get()
        assert at_once([partial(reconcile, night)]) == [0]
    assert RollupState.objects.get().checked_at is None
    assert set(OrgDay.objects.values_list("messages", flat=True)) == {1000}
