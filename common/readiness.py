"""Whether all parts of the installation are at work: asked by `/readyz`, each part within a bounded time.

Only what makes this very process useless (the database, tables that are not there yet) takes it out of service; with a
dead worker or an absent Redis pages are still read, so that is «degraded».
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache as remembered

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.module_loading import import_string

from common import heartbeat

OK, LATE, FAILED, UNKNOWN = "ok", "late", "failed", "unknown"
# Whoever asks in between gets the same answer: the page is open to strangers and must cost them more than us.
REMEMBERED_FOR = 1.0
NEEDED = ("database", "migrations")
States = dict[str, str]


class Run(threading.Thread):
    """One asking of a group's parts, in a thread: `found` holds what is known so far."""

    def __init__(self, parts: tuple[str, ...], check: Callable[[States], None]) -> None:
        # A daemon: a check that hangs for ever must not keep the process from ending.
        super().__init__(name="readiness", daemon=True)
        self.found: States = dict.fromkeys(parts, UNKNOWN)
        self.check, self.begun_at, self.is_over = check, time.monotonic(), threading.Event()
        self.has_failed = False

    def run(self) -> None:
        try:
            self.check(self.found)
        except Exception:  # whatever it is, the first part without an answer is the one that failed
            self.has_failed = True
        finally:
            connections.close_all()
            self.is_over.set()

    def outcome(self, seconds: float) -> States:
        """Return the states after `seconds` at most; what has not answered by then has failed."""
        hangs = not self.is_over.wait(seconds)
        found = dict(self.found)
        silent = next((part for part, state in found.items() if state == UNKNOWN), None)
        if silent and (hangs or self.has_failed):
            found[silent] = FAILED
        return found


@dataclass
class Group:
    """Checks that share a thread: what one of them hangs on the others need too."""

    parts: tuple[str, ...]
    check: Callable[[States], None]
    lock: threading.Lock = field(default_factory=threading.Lock)
    latest: Run | None = None

    def ask(self) -> Run:
        """Return the run that is on, or has just ended, or begin another: never two at once."""
        with self.lock:
            run = self.latest
            if run is None or (run.is_over.is_set() and time.monotonic() - run.begun_at > REMEMBERED_FOR):
                run = self.latest = Run(self.parts, self.check)
                run.start()
            return run


def check_database(states: States) -> None:
    """Ask the database, whether its tables are those of this code, and what waits in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    states["database"] = OK
    states["migrations"] = OK if not _missing_migrations() else FAILED
    if states["migrations"] == OK:
        states["outbox"] = LATE if any(import_string(path)() for path in settings.READINESS_CHECKS) else OK


def check_cache(states: States) -> None:
    """Ask the shared cache, and read in it how the schedule and the workers are."""
    cache.get("readiness")
    states["cache"] = OK
    found = heartbeat.signs(timezone.now().timestamp())
    states["worker"] = LATE if any(map(heartbeat.is_late, found.workers.values())) else OK
    states["beat"] = LATE if heartbeat.is_late(found.schedule) else OK


def check_broker(states: States) -> None:
    """Ask the broker of jobs."""
    with current_app.connection_for_write(connect_timeout=settings.READINESS_SECONDS) as broker:
        broker.transport_options = {
            **(broker.transport_options or {}),
            "socket_timeout": settings.READINESS_SECONDS,
            "max_retries": 0,
        }
        broker.default_channel  # noqa: B018 - being there is the answer
    states["broker"] = OK


GROUPS = [
    Group(("database", "migrations", "outbox"), check_database),
    Group(("cache", "worker", "beat"), check_cache),
    Group(("broker",), check_broker),
]


def states() -> States:
    """Return the state of each part: «ok», «late», «failed», or «unknown» when another part stands in the way.

    Takes `settings.READINESS_SECONDS` at most; what has not answered by then has failed.
    """
    _known_migrations()  # files, no server: read before the clock runs
    deadline = time.monotonic() + settings.READINESS_SECONDS
    found: States = {}
    for run in [group.ask() for group in GROUPS]:
        found |= run.outcome(max(0.0, deadline - time.monotonic()))
    return found


def verdict(found: States) -> str:
    """Return «ok», «degraded» (pages are served, something else is not) or «down»."""
    if any(found[part] != OK for part in NEEDED):
        return "down"
    return "ok" if all(state == OK for state in found.values()) else "degraded"


def forget() -> None:
    """Ask anew next time, whatever was found a moment ago (for tests)."""
    for group in GROUPS:
        group.latest = None


def _missing_migrations() -> set[tuple[str, str]]:
    """What the code knows and the database lacks. Once nothing is missing, nothing will be: never asked again."""
    global _is_complete
    if _is_complete:
        return set()
    missing = set(_known_migrations()) - set(MigrationRecorder(connection).applied_migrations())
    _is_complete = not missing
    return missing


_is_complete = False


@remembered
def _known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)
