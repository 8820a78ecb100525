"""What only real transactions on PostgreSQL can show: late commits, two workers, a worker that is killed (STAT-4)."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from chats.models import Message
from sferum_admin.embedded import dying_with_parent
from stats import tasks
from stats.models import Change, DayWindow, OrgDay, PersonDay, RollupState
from stats.services.rollup import Counted, roll_up
from tests.stats.cast import free_chat, wrote
from tests.stats.comparing import differences, figures
from tests.threads import at_once
from tests.world import School, build_school

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True), pytest.mark.req("STAT-4")]

NAMES = ("teacher", "leader", "parent", "student")
PATIENCE = 60


@pytest.fixture
def school() -> School:
    return build_school("a", 1)


@pytest.fixture
def both(school: School) -> list[School]:
    return [school, build_school("b", 2)]


def ago(**long: float) -> datetime:
    return timezone.now() - timedelta(**long)


def assert_right(*schools: School) -> None:
    """Once counted, nothing waits and the figures are those of the rows."""
    roll_up()
    assert not Change.objects.exists()
    assert not DayWindow.objects.exists()
    assert [differences(school.organization, timezone.now()) for school in schools] == [[] for _school in schools]


@contextmanager
def unfinished(deed: Callable[[], object]) -> Iterator[None]:
    """A transaction on another connection that has done `deed` and commits only after the block."""
    done, may_commit = Event(), Event()
    failed: list[BaseException] = []

    def work() -> None:
        try:
            with transaction.atomic():
                deed()
                done.set()
                assert may_commit.wait(PATIENCE)
        except BaseException as error:
            failed.append(error)
        finally:
            done.set()
            connection.close()

    thread = Thread(target=work)
    thread.start()
    assert done.wait(PATIENCE)
    try:
        yield
    finally:
        may_commit.set()
        thread.join(PATIENCE)
    assert not failed, failed


def hold_back() -> None:
    """Stop every roll-up where it writes the organization's day: its changes are taken, its people are counted."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE stats_orgday IN EXCLUSIVE MODE")


def wait_for_someone_held_back() -> int:
    """Return the process of the database that waits for the lock."""
    waiting = "SELECT pid FROM pg_locks WHERE relation = 'stats_orgday'::regclass AND NOT granted"
    for _try in range(PATIENCE * 20):
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if row := cursor.fetchone():
                return int(row[0])
        time.sleep(0.05)
    raise AssertionError("nobody came as far")


def test_what_commits_after_the_roll_up_is_counted_the_next_time(school: School) -> None:
    """Its number and its time are earlier than what was counted: no mark of how far one got may pass it by."""
    slow, quick = free_chat(school, "teacher", "leader"), free_chat(school, "teacher", "parent")
    for late in (ago(days=3), ago(minutes=2)):
        with unfinished(lambda late=late: wrote(school, "teacher", late, slow)):  # type: ignore[misc]
            wrote(school, "parent", timezone.now(), quick)
            assert_right(school)
            counted = Message.objects.count()
        assert Message.objects.count() == counted + 1
        assert Change.objects.exists()
        assert_right(school)


def test_what_is_taken_back_after_the_roll_up_was_never_counted(school: School) -> None:
    chat = free_chat(school, "teacher", "leader")
    with pytest.raises(AssertionError, match="thought better of it"), unfinished(lambda: _think_better(school, chat)):
        assert_right(school)
    assert_right(school)
    assert not PersonDay.objects.filter(messages__gt=0).exists()


def _think_better(school: School, chat: object) -> None:
    wrote(school, "teacher", timezone.now(), chat)  # type: ignore[arg-type]
    raise AssertionError("thought better of it")


def test_what_commits_while_it_is_counted_is_not_lost(school: School) -> None:
    """The day is being counted, its changes are taken already; then another message of that day is there."""
    chat, other = free_chat(school, "teacher", "leader"), free_chat(school, "teacher", "parent")
    wrote(school, "teacher", ago(days=2), chat)
    outcomes: list[Counted | Exception] = []
    with unfinished(lambda: wrote(school, "leader", ago(days=2), chat)):
        with unfinished(hold_back):
            worker = Thread(target=lambda: outcomes.extend(at_once([roll_up])))
            worker.start()
            wait_for_someone_held_back()
            wrote(school, "parent", ago(days=2), other)
        worker.join(PATIENCE)
    assert isinstance(outcomes[0], Counted)
    assert Change.objects.exists()
    assert_right(school)
    assert sum(PersonDay.objects.values_list("messages", flat=True)) == 3


def test_nothing_is_lost_while_many_write_and_one_counts(both: list[School]) -> None:
    def write(school: School, name: str) -> Callable[[], None]:
        chat = free_chat(school, "head", name)

        def work() -> None:
            for number in range(8):
                with transaction.atomic():
                    wrote(school, name, ago(days=number % 3, seconds=number), chat)
                    time.sleep(0.01 * (number % 3))

        return work

    def count() -> None:
        for _time in range(6):
            roll_up()

    outcomes = at_once([count, count, *(write(school, name) for school in both for name in NAMES[:3])])
    assert [outcome for outcome in outcomes if outcome is not None] == []
    assert_right(*both)
    assert sum(OrgDay.objects.values_list("messages", flat=True)) == 2 * 3 * 8


def test_two_workers_at_once_count_as_one(both: list[School]) -> None:
    for school in both:
        chat = free_chat(school, "teacher", "leader")
        for days in range(5):
            wrote(school, "teacher", ago(days=days), chat)
    counted = at_once([roll_up, roll_up, tasks.roll_up])
    assert not [outcome for outcome in counted if isinstance(outcome, Exception)]
    before = [figures(school.organization) for school in both]
    assert_right(*both)
    assert [figures(school.organization) for school in both] == before


def test_who_finds_an_organization_taken_goes_on_with_the_others(both: list[School]) -> None:
    for school in both:
        wrote(school, "teacher", timezone.now(), free_chat(school, "teacher", "leader"))
    roll_up()
    for school in both:
        wrote(school, "teacher", timezone.now(), free_chat(school, "teacher", "leader"))
    taken = both[0].organization

    def count_elsewhere() -> None:
        list(RollupState.objects.select_for_update().filter(organization=taken))

    with unfinished(count_elsewhere):
        assert roll_up().organizations == 1
        assert set(Change.objects.values_list("organization_id", flat=True)) == {taken.pk}
        assert differences(both[1].organization, timezone.now()) == []
    assert_right(*both)


def test_a_killed_worker_leaves_everything_to_the_next(school: School) -> None:
    """SIGKILL in the middle of the transaction: nothing is half counted, nothing is forgotten."""
    chat = free_chat(school, "teacher", "leader")
    for days in range(4):
        wrote(school, "teacher", ago(days=days), chat)
    waiting = Change.objects.count()
    with unfinished(hold_back):
        worker = _worker()
        try:
            backend = wait_for_someone_held_back()
        finally:
            worker.kill()
            worker.wait(PATIENCE)
        assert not PersonDay.objects.exists()
        _end(backend)
    assert Change.objects.count() == waiting
    assert not PersonDay.objects.exists()
    assert not DayWindow.objects.exists()
    assert_right(school)
    assert sum(PersonDay.objects.values_list("messages", flat=True)) == 4


def _worker() -> subprocess.Popen[bytes]:
    """Another process that rolls up in the database of this test."""
    given = connection.settings_dict
    address = f"{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    code = "import django; django.setup(); from stats.services.rollup import roll_up; roll_up()"
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgres://{address}",
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "sferum_admin.settings"),
    }
    return subprocess.Popen([*dying_with_parent(), sys.executable, "-c", code], env=environment)


def _end(backend: int) -> None:
    """Wait until the database has noticed; one that waits for a lock looks only when it gets it, so it is told."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [backend])
        for _try in range(PATIENCE * 20):
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [backend])
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.05)
    raise AssertionError("the killed worker still counts")


def test_the_job_run_twice_changes_nothing(school: School) -> None:
    wrote(school, "teacher", datetime(2026, 1, 5, 9, tzinfo=UTC), free_chat(school, "teacher", "leader"))
    tasks.roll_up()
    before = figures(school.organization)
    tasks.roll_up()
    assert figures(school.organization) == before
    assert_right(school)
