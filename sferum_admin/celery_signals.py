"""What is noted of every job: its log, its figures, how long it waited. Celery calls these; nothing else does."""

import logging.config
import time
from typing import Any

from celery import signals
from django.conf import settings

_begun_at = "_begun_at"
_OUTCOMES = {"SUCCESS": "succeeded", "RETRY": "retried", "FAILURE": "failed"}


def connect() -> None:
    """Listen to Celery for the life of the process."""
    signals.setup_logging.connect(set_up_logging, weak=False)
    signals.before_task_publish.connect(stamp, weak=False)
    signals.task_prerun.connect(begin, weak=False)
    signals.task_postrun.connect(end, weak=False)
    signals.worker_init.connect(open_figures, weak=False)
    signals.worker_process_shutdown.connect(forget_figures, weak=False)


def set_up_logging(loglevel: int | str | None = None, **_more: Any) -> None:
    """Log as the pages do (`settings.LOGGING`); without this Celery would bring handlers without our masks."""
    logging.config.dictConfig(settings.LOGGING)
    if loglevel:
        logging.getLogger("celery").setLevel(loglevel)


def stamp(headers: dict[str, Any], **_more: Any) -> None:
    """Give the job the moment of its sending, and the id of the request that causes it."""
    from common import logs

    headers["sent_at"] = time.time()
    headers["request_id"] = logs.request_id.get()


def begin(task_id: str, task: Any, **_more: Any) -> None:
    """Name the job in each line of the log, and note how long it waited."""
    from common import logs, metrics

    logs.task_id.set(task_id)
    logs.request_id.set(task.request.get("request_id") or "-")
    if sent_at := task.request.get("sent_at"):
        metrics.job_wait.observe(max(0.0, time.time() - sent_at))
    task.request.update({_begun_at: time.perf_counter()})


def end(task: Any, state: str | None = None, **_more: Any) -> None:
    """Note how the job ended. What ends in a way of its own (rejected, ignored) has failed to be done."""
    from common import logs, metrics

    begun_at = task.request.get(_begun_at)
    seconds = None if begun_at is None else time.perf_counter() - begun_at
    metrics.note_job(task.name, _OUTCOMES.get(state or "", "failed"), seconds)
    logs.task_id.set("-")
    logs.request_id.set("-")


def open_figures(**_more: Any) -> None:
    """Show this worker's figures to Prometheus, on METRICS_PORT."""
    if not settings.METRICS_PORT:
        return
    from prometheus_client import start_http_server

    from common import metrics

    metrics.begin_anew()
    start_http_server(settings.METRICS_PORT, registry=metrics.collected())


def forget_figures(pid: int, **_more: Any) -> None:
    """Let the gauges of a child that ended go."""
    from common import metrics

    metrics.forget_process(pid)
