"""`/readyz`: what is at work, within a bounded time, and what takes a process out of service."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from common import heartbeat, readiness
from common.readiness import FAILED, LATE, OK, UNKNOWN, Group
from common.tasks import beat
from outbox import selectors
from outbox.models import Message

DATABASE, CACHE = ("database", "migrations", "outbox"), ("cache", "worker", "beat")
ALL = (*DATABASE, *CACHE, "broker")


@pytest.fixture(autouse=True)
def asked_anew() -> Iterator[None]:
    readiness.forget()
    yield
    readiness.forget()


def answering(**states: str) -> Callable[[dict[str, str]], None]:
    """A check that finds `states`."""
    return lambda found: found.update(states)


def only(monkeypatch: pytest.MonkeyPatch, **states: str) -> None:
    """Let the parts be as `states` says, and all others well."""
    found = dict.fromkeys(ALL, OK) | states
    monkeypatch.setattr(readiness, "GROUPS", [Group(ALL, answering(**found))])


def test_all_parts_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert answer.json()["parts"] == dict.fromkeys(ALL, OK)
    assert "no-cache" in answer["Cache-Control"]


@pytest.mark.parametrize("part", ALL)
def test_only_the_database_takes_a_process_out_of_service(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    only(monkeypatch, **{part: FAILED})
    answer, strict = Client().get("/readyz"), Client().get("/readyz?strict")
    is_needed = part in ("database", "migrations")
    assert answer.status_code == (503 if is_needed else 200)
    assert answer.json()["status"] == ("down" if is_needed else "degraded")
    assert answer.json()["parts"][part] == FAILED
    assert strict.status_code == 503


@pytest.mark.parametrize("part", ["worker", "beat", "outbox"])
def test_what_is_late_is_told_and_pages_go_on(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    only(monkeypatch, **{part: LATE})
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert Client().get("/readyz?strict").status_code == 503


def begun(monkeypatch: pytest.MonkeyPatch, *groups: Group) -> None:
    """Let `groups` be asked, and their threads be under way, before the page waits for next to no time."""
    monkeypatch.setattr(readiness, "GROUPS", list(groups))
    monkeypatch.setattr(readiness, "REMEMBERED_FOR", 3600)
    for group in groups:
        group.ask()


def hanging(asked: list[int], goes_on: threading.Event, is_on: threading.Event, **states: str) -> Any:
    """A check that finds `states` and then waits."""

    def hang(found: dict[str, str]) -> None:
        asked.append(1)
        found |= states
        is_on.set()
        assert goes_on.wait(60)

    return hang


def test_a_part_that_hangs_holds_nobody_up_and_is_asked_once(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    goes_on, is_on, asked = threading.Event(), threading.Event(), []
    well = Group(("database", "migrations", "outbox", "broker"), answering(
        database=OK, migrations=OK, outbox=OK, broker=OK
    ))  # fmt: skip
    begun(monkeypatch, well, Group(CACHE, hanging(asked, goes_on, is_on)))
    try:
        assert is_on.wait(60)
        assert well.ask().is_over.wait(60)
        settings.READINESS_SECONDS = 0.01
        for _ in range(3):
            answer = Client().get("/readyz").json()
            assert answer["status"] == "degraded"
            assert (answer["parts"]["cache"], answer["parts"]["worker"]) == (FAILED, UNKNOWN)
            assert answer["parts"]["database"] == OK
        assert asked == [1], "a thread that hangs is not followed by others"
    finally:
        goes_on.set()


def test_a_slow_outbox_does_not_hide_that_the_database_answers(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    goes_on, is_on = threading.Event(), threading.Event()
    well = Group((*CACHE, "broker"), answering(cache=OK, worker=OK, beat=OK, broker=OK))
    begun(monkeypatch, Group(DATABASE, hanging([], goes_on, is_on, database=OK, migrations=OK)), well)
    try:
        assert is_on.wait(60)
        assert well.ask().is_over.wait(60)
        settings.READINESS_SECONDS = 0.01
        answer = Client().get("/readyz")
    finally:
        goes_on.set()
    assert (answer.status_code, answer.json()["parts"]["outbox"]) == (200, FAILED)


def test_what_was_found_a_moment_ago_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    check = Group(ALL, lambda found: (asked.append(1), found.update(dict.fromkeys(ALL, OK))))  # type: ignore[func-returns-value, arg-type]
    monkeypatch.setattr(readiness, "GROUPS", [check])
    for _ in range(3):
        assert Client().get("/readyz").status_code == 200
    assert asked == [1]
    check.latest.begun_at -= readiness.REMEMBERED_FOR + 1  # type: ignore[union-attr]
    Client().get("/readyz")
    assert asked == [1, 1]


def run(check: Callable[[dict[str, str]], None], *parts: str) -> dict[str, str]:
    """What `check` finds when it is asked as readiness asks it, in this thread (and so with the test's rows)."""
    asked = readiness.Run(parts, check)
    try:
        check(asked.found)
    except Exception:
        asked.has_failed = True
    asked.is_over.set()
    return asked.outcome(1)


@pytest.mark.django_db
def test_the_database_with_all_its_tables_is_well() -> None:
    assert run(readiness.check_database, *DATABASE) == dict.fromkeys(DATABASE, OK)


@pytest.mark.django_db
def test_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_arguments: Any) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", away)
    assert run(readiness.check_database, *DATABASE) == {"database": FAILED, "migrations": UNKNOWN, "outbox": UNKNOWN}


@pytest.mark.django_db
def test_tables_that_are_not_there_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "_is_complete", False)
    monkeypatch.setattr(readiness, "_known_migrations", lambda: {("orgs", "9999_of_tomorrow")})
    assert run(readiness.check_database, *DATABASE) == {"database": OK, "migrations": FAILED, "outbox": UNKNOWN}


def message(**fields: Any) -> Message:
    due = timezone.now() - fields.pop("due_ago", timedelta())
    return Message.objects.create(
        channel="sms", recipient="+79001234567", next_attempt_at=due, **{"template": "invitation"} | fields
    )


@pytest.mark.django_db
def test_messages_that_nobody_takes() -> None:
    message(due_ago=timedelta(minutes=4))
    assert run(readiness.check_database, *DATABASE)["outbox"] == OK
    message(due_ago=timedelta(minutes=6))
    assert run(readiness.check_database, *DATABASE)["outbox"] == LATE


@pytest.mark.django_db
def test_the_backlog_counts_each_state(django_assert_num_queries: Any) -> None:
    now = timezone.now()
    message(template="sign_in_code", due_ago=timedelta(minutes=3))
    message(due_ago=timedelta(minutes=3))
    message(due_ago=-timedelta(hours=8))  # quiet hours: waits for the morning, as it should
    message(due_ago=-timedelta(minutes=2), attempts=2)
    message(status="failed", finished_at=now)
    message(status="failed", finished_at=now - timedelta(hours=2))
    message(status="sent", finished_at=now)
    with django_assert_num_queries(2):
        found = selectors.backlog()
    assert found == selectors.Backlog(waiting=3, late=1, late_urgent=1, retried=1, failed=1)
    assert dict(selectors.figures())["outbox_late_urgent"] == 1


def test_a_schedule_and_workers_that_were_never_seen() -> None:
    assert run(readiness.check_cache, *CACHE) == {"cache": OK, "worker": LATE, "beat": LATE}


def leave_signs(celery: float, urgent: float, *, sent: float | None = None) -> None:
    """Signs of life of the two workers, so many seconds old."""
    now = timezone.now().timestamp()
    for queue, age in (("celery", celery), ("urgent", urgent)):
        heartbeat.leave(queue, sent_at=now - (age if sent is None else sent), now=now - age)


@pytest.mark.parametrize(
    ("celery", "urgent", "worker", "beat"),
    [(5, 30, OK, OK), (5, 200, LATE, OK), (200, 5, LATE, OK), (200, 400, LATE, LATE)],
    ids=["both", "the urgent one is dead", "the ordinary one is dead", "neither was seen"],
)
def test_signs_of_life_grow_old(celery: float, urgent: float, worker: str, beat: str) -> None:
    leave_signs(celery, urgent)
    assert run(readiness.check_cache, *CACHE) == {"cache": OK, "worker": worker, "beat": beat}


def test_a_worker_that_empties_an_old_queue_does_not_hide_a_dead_schedule() -> None:
    leave_signs(5, 5, sent=600)
    assert run(readiness.check_cache, *CACHE) == {"cache": OK, "worker": OK, "beat": LATE}


def test_the_job_leaves_its_sign_in_the_shared_cache() -> None:
    beat.apply(kwargs={"queue": "celery"})
    beat.apply(kwargs={"queue": "urgent"})
    found = heartbeat.signs(timezone.now().timestamp())
    assert set(found.workers) == {"celery", "urgent"}
    assert all(age is not None and age < 60 for age in [*found.workers.values(), found.schedule])


def test_a_cache_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_arguments: Any, **_more: Any) -> None:
        raise ConnectionError("gone")

    monkeypatch.setattr(cache, "get", away)
    assert run(readiness.check_cache, *CACHE) == {"cache": FAILED, "worker": UNKNOWN, "beat": UNKNOWN}


def test_a_broker_that_is_there_and_one_that_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(readiness.check_broker, "broker") == {"broker": OK}
    original = current_app.connection_for_write
    monkeypatch.setattr(
        current_app, "connection_for_write", lambda *a, **more: original("redis://127.0.0.1:1/0", **more)
    )
    assert run(readiness.check_broker, "broker") == {"broker": FAILED}


@pytest.mark.django_db
def test_strangers_learn_words_and_no_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, database=FAILED)
    answer = Client().get("/readyz")
    assert set(answer.json()) == {"status", "parts"}
    assert set(answer.json()["parts"].values()) <= {OK, LATE, FAILED, UNKNOWN}
