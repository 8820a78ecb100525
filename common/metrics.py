"""Figures for Prometheus. Labels are names of ours (routes, methods, jobs, states), so their number is bounded and none
of them is about a person or an organization.

Where several processes serve together (gunicorn, a worker with children) `METRICS_DIR` is the folder in which they add
up; it has to be known before this module is imported, so the settings put it into the environment.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.utils.module_loading import import_string
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, exposition, multiprocess, values

# Says to prometheus_client where the processes add up (its own name).
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
FORMAT = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
JOB_SECONDS = (0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 120, 300)
_PAGE = resource.getpagesize()

# A process of gunicorn has a place, which its successor takes over (deploy/gunicorn.py); elsewhere it is a number.
PLACE = "METRICS_PLACE"


def _place() -> str:
    return os.environ.get(PLACE) or str(os.getpid())


if os.environ.get(FOLDER):
    values.ValueClass = values.MultiProcessValue(_place)

registry = CollectorRegistry()
requests = Counter("http_requests", "Requests answered", ["route", "method", "status"], registry=registry)
latency = Histogram(
    "http_request_seconds", "Seconds until the answer was made", ["route"], buckets=SECONDS, registry=registry
)
jobs = Counter("jobs", "Jobs of Celery that ended", ["job", "outcome"], registry=registry)
job_seconds = Histogram("job_seconds", "Seconds a job ran", ["job"], buckets=JOB_SECONDS, registry=registry)
job_wait = Histogram(
    "job_wait_seconds", "Seconds from the sending of a job to its start", buckets=JOB_SECONDS, registry=registry
)
sockets = Gauge("open_sockets", "Open WebSockets", multiprocess_mode="livesum", registry=registry)
memory = Gauge(
    "resident_memory_bytes", "Memory of the service's processes", multiprocess_mode="livesum", registry=registry
)

# A source gives pairs of a name and a number when it is asked; `settings.METRICS_SOURCES` names them.
Source = Callable[[], Iterable[tuple[str, float]]]
_measured_at = float("-inf")


def note_request(route: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    requests.labels(route, method, f"{status // 100}xx").inc()
    latency.labels(route).observe(seconds)
    measure_memory()


def note_job(name: str, outcome: str, seconds: float | None) -> None:
    """Count one job that ended as `outcome`: «succeeded», «failed», «retried»."""
    jobs.labels(name, outcome).inc()
    if seconds is not None:
        job_seconds.labels(name).observe(seconds)
    measure_memory()


def measure_memory() -> None:
    """Note how much memory this process holds; every five seconds at most."""
    global _measured_at
    now = time.monotonic()
    if now - _measured_at < 5:
        return
    _measured_at = now
    try:
        memory.set(int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE)
    except OSError:  # not Linux
        memory.set(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def page() -> str:
    """Return all figures of this service, and those that sources read from the database, as Prometheus reads them."""
    measure_memory()
    lines = [exposition.generate_latest(collected()).decode()]
    for path in settings.METRICS_SOURCES:
        source: Source = import_string(path)
        try:
            lines += [f"{name} {value}\n" for name, value in source()]
        except DatabaseError:
            # With the database away the figures of the process are wanted most.
            lines.append(f'source_failed{{source="{path}"}} 1\n')
    return "".join(lines)


def collected() -> CollectorRegistry:
    """Return the registry to read from: of this process, or of all that share the folder."""
    if not os.environ.get(FOLDER):
        return registry
    together = CollectorRegistry()
    multiprocess.MultiProcessCollector(together)
    return together


def forget_process(pid: int) -> None:
    """Let the gauges of a process that ended go; what it counted stays counted."""
    if os.environ.get(FOLDER):
        multiprocess.mark_process_dead(pid)


def begin_anew() -> None:
    """Empty the folder when its service starts: figures of the processes before it are not its own."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    for file in Path(folder).glob("*.db"):
        if not file.name.endswith(f"_{_place()}.db"):
            file.unlink(missing_ok=True)
