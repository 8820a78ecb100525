"""What is noted of jobs: their ids in the log, their figures, how long they waited."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from celery.app.task import Context

from common import logs, metrics
from sferum_admin import celery_signals
from tests.project.source import ROOT

NAME = "tests.a_job"


def job(**request: Any) -> Any:
    return SimpleNamespace(name=NAME, request=Context(request))


def value(name: str, **labels: str) -> float:
    return metrics.registry.get_sample_value(name, labels) or 0.0


def test_a_job_bears_the_request_that_causes_it_and_the_moment_of_its_sending() -> None:
    headers: dict[str, Any] = {}
    token = logs.request_id.set("req-0123456789")
    try:
        celery_signals.stamp(headers=headers)
    finally:
        logs.request_id.reset(token)
    assert headers["request_id"] == "req-0123456789"
    assert abs(headers["sent_at"] - time.time()) < 60


@pytest.mark.parametrize(
    ("state", "outcome"), [("SUCCESS", "succeeded"), ("FAILURE", "failed"), ("RETRY", "retried"), (None, "failed")]
)
def test_a_job_is_named_in_the_log_and_counted_by_its_end(state: str | None, outcome: str) -> None:
    before = value("jobs_total", job=NAME, outcome=outcome), value("job_seconds_count", job=NAME)
    waited = value("job_wait_seconds_sum")
    task = job(request_id="req-0123456789", sent_at=time.time() - 7)
    celery_signals.begin(task_id="the-id", task=task)
    assert (logs.task_id.get(), logs.request_id.get()) == ("the-id", "req-0123456789")
    celery_signals.end(task=task, state=state)
    assert (logs.task_id.get(), logs.request_id.get()) == ("-", "-")
    assert value("jobs_total", job=NAME, outcome=outcome) == before[0] + 1
    assert value("job_seconds_count", job=NAME) == before[1] + 1
    assert value("job_wait_seconds_sum") >= waited + 7


def test_the_worker_logs_as_the_pages_do(settings: Any) -> None:
    names = ("", "celery", "access", "django", "django.request")
    kept = {name: (logging.getLogger(name).level, list(logging.getLogger(name).handlers)) for name in names}
    try:
        celery_signals.set_up_logging(loglevel="WARNING")
        assert any(isinstance(one, logs.Safe) for handler in logging.getLogger().handlers for one in handler.filters)
        assert logging.getLogger("celery").level == logging.WARNING
    finally:
        for name, (level, handlers) in kept.items():
            logging.getLogger(name).setLevel(level)
            logging.getLogger(name).handlers[:] = handlers


TOGETHER = """
import json, os, subprocess, sys
import django
django.setup()
from common import metrics
if sys.argv[1:] == ["child"]:
    metrics.note_job("a job", "succeeded", 0.2)
    metrics.sockets.set(5)
    print(os.getpid())
    sys.exit()
metrics.note_job("a job", "succeeded", 0.2)
child = subprocess.run([sys.executable, __file__, "child"], capture_output=True, text=True, timeout=60, check=True)
read = lambda name, **labels: metrics.collected().get_sample_value(name, labels)
before = read("jobs_total", job="a job", outcome="succeeded"), read("open_sockets")
metrics.forget_process(int(child.stdout.split()[-1]))
after = read("jobs_total", job="a job", outcome="succeeded"), read("open_sockets")
metrics.begin_anew()
left = [name for name in os.listdir(os.environ["METRICS_DIR"]) if f"_{os.getpid()}." not in name]
print(json.dumps([before, after, left]))
"""


PLACES = """
import json, os, runpy, types
gunicorn = runpy.run_path("deploy/gunicorn.py")
class Worker:
    pass
server = types.SimpleNamespace(WORKERS={})
gunicorn["on_starting"](server)
def fork(pid):
    worker = Worker()
    gunicorn["pre_fork"](server, worker)
    server.WORKERS[pid] = worker
    if os.fork() == 0:
        gunicorn["post_fork"](server, worker)
        import django
        django.setup()
        from common import metrics
        metrics.note_job("a job", "succeeded", None)
        os._exit(0)
    assert os.wait()[1] == 0
    return worker
first, second = fork(1), fork(2)
gunicorn["child_exit"](server, server.WORKERS.pop(1))
third = fork(3)
import django
django.setup()
from common import metrics
files = sorted(name for name in os.listdir(os.environ["METRICS_DIR"]) if name.startswith("counter_place"))
total = metrics.collected().get_sample_value("jobs_total", {"job": "a job", "outcome": "succeeded"})
gunicorn["on_exit"](server)
print(json.dumps([[first.place, second.place, third.place], files, total, os.path.exists(os.environ["METRICS_DIR"])]))
"""


def test_a_process_that_is_replaced_leaves_its_files_to_the_next() -> None:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "sferum_admin.settings_test", "PYTHONPATH": str(ROOT)}
    for name in ("DATABASE_URL", "METRICS_DIR", "PROMETHEUS_MULTIPROC_DIR"):
        environment.pop(name, None)
    command = [sys.executable, "-c", PLACES]
    found = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert found.returncode == 0, found.stderr
    places, files, total, is_left = json.loads(found.stdout.splitlines()[-1])
    assert places == [0, 1, 0]
    assert files == ["counter_place0.db", "counter_place1.db"]
    assert total == 3
    assert not is_left


def test_processes_of_one_service_add_up(tmp_path: Path) -> None:
    """Two real processes, because the folder is chosen when the first figure is made."""
    script = tmp_path / "together.py"
    script.write_text(TOGETHER)
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "sferum_admin.settings_test",
        "METRICS_DIR": str(tmp_path / "figures"),
        "PYTHONPATH": str(ROOT),
    }
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, str(script)]
    found = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert found.returncode == 0, found.stderr
    before, after, left = json.loads(found.stdout.splitlines()[-1])
    assert before == [2, 5]
    assert after[0] == 2, "what a process counted stays counted"
    assert not after[1], "its open sockets went with it"
    assert left == []
