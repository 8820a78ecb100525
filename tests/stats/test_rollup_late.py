"""Transactions that commit late, and two that count at once: real threads on PostgreSQL (STAT-4)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from threading import Event as Signal
from threading import Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from stats.models import Change, OrgDay, PersonDay, RollupState
from stats.services.rollup import roll_up
from tests.stats import cast
from tests.threads import at_once
from tests.world import School, build_school

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True), pytest.mark.req("STAT-4")]


def messages(school: School) -> int:
    return sum(OrgDay.objects.filter(organization=school.organization).values_list("messages", flat=True))


def test_what_commits_after_the_roll_up_is_counted_by_the_next() -> None:
    school = build_school("late", 3)
    moment = timezone.now()
    chat = cast.unit_chat(school)
    written, counted = Signal(), Signal()

    def slow_writer() -> None:
        with transaction.atomic():
            cast.wrote(school, "teacher", moment - timedelta(days=1), chat)
            written.set()
            assert counted.wait(timeout=30)
        connection.close()

    writer = Thread(target=slow_writer)
    writer.start()
    assert written.wait(timeout=30)
    # Later numbers commit earlier, and are counted and removed from the queue.
    cast.came(school, "parent", moment)
    roll_up(now=moment)
    assert messages(school) == 0
    counted.set()
    writer.join(timeout=30)
    roll_up(now=moment)
    assert messages(school) == 1
    assert not Change.objects.exists()


def test_writers_and_counters_at_once_lose_and_double_nothing() -> None:
    school = build_school("busy", 3)
    moment = timezone.now()
    chats = [cast.free_chat(school, "teacher", "leader") for _n in range(3)]

    def write(number: int) -> None:
        for n in range(20):
            with transaction.atomic():
                cast.wrote(school, "teacher", moment - timedelta(hours=n, seconds=number), chats[number])

    def count() -> None:
        for _n in range(6):
            roll_up(now=moment)

    outcomes = at_once([*(partial(write, number) for number in range(3)), count, count])
    assert outcomes == [None] * 5
    roll_up(now=moment)
    assert messages(school) == 60
    rows = PersonDay.objects.filter(person=school.people["teacher"])
    assert sum(rows.values_list("messages", flat=True)) == 60
    assert rows.values("day").distinct().count() == rows.count()


def test_an_organization_somebody_counts_is_left_to_them() -> None:
    school, other = build_school("held", 3), build_school("free", 4)
    moment = timezone.now()
    roll_up(now=moment)
    for each in (school, other):
        cast.came(each, "parent", moment)
    locked, done = Signal(), Signal()

    def holder() -> None:
        with transaction.atomic():
            RollupState.objects.select_for_update().get(organization=school.organization)
            locked.set()
            assert done.wait(timeout=30)
        connection.close()

    thread = Thread(target=holder)
    thread.start()
    assert locked.wait(timeout=30)
    try:
        found = roll_up(now=moment)
    finally:
        done.set()
        thread.join(timeout=30)
    assert found.organizations == 1
    assert not PersonDay.objects.filter(came=True, organization=school.organization).exists()
    assert roll_up(now=moment).organizations == 1
    assert PersonDay.objects.filter(came=True).count() == 2
