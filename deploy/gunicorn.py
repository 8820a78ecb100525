"""Gunicorn of the web service: a process per core, threads for those who wait for the database."""

import gc
import multiprocessing
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

# Where the processes add up their figures for /metrics; prometheus_client asks for it when it is loaded.
OWN_FOLDER = "" if os.environ.get("METRICS_DIR") else str(Path(tempfile.gettempdir()) / f"metrics-{os.getpid()}")
os.environ["METRICS_DIR"] = os.environ["PROMETHEUS_MULTIPROC_DIR"] = os.environ.get("METRICS_DIR") or OWN_FOLDER

from prometheus_client import multiprocess  # noqa: E402

bind = "0.0.0.0:8000"
worker_class = "gthread"
# Loaded once, before the port is opened: a process that comes back serves at once instead of letting requests wait
# until it has read the code, and the processes share its memory.
preload_app = True
workers = int(os.environ.get("WEB_WORKERS") or multiprocessing.cpu_count())
threads = int(os.environ.get("WEB_THREADS") or 4)
keepalive = 75  # longer than the proxy keeps its connections
timeout = 60
graceful_timeout = 20
# A worker that leaked is replaced before it is noticed; the jitter keeps them from going all at once.
max_requests = 5000
max_requests_jitter = 500
worker_tmp_dir = "/dev/shm"  # noqa: S108 - the heartbeat must not wait for a disk
# Nobody steers it at run time; two containers would fight for the socket in the shared folder.
control_socket_disable = True
accesslog = None
errorlog = "-"


def on_starting(server: Any) -> None:
    """Begin with an empty folder of figures: those of the run before are not ours."""
    folder = Path(os.environ["METRICS_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.db"):
        file.unlink()


def pre_fork(server: Any, worker: Any) -> None:
    """Give the new process a place among the files of figures, which whoever comes after it takes over.

    Files named after processes would become more with each that is replaced.
    """
    taken = {other.place for other in server.WORKERS.values()}
    worker.place = next(number for number in range(len(taken) + 1) if number not in taken)
    # What is there now stays: collecting it would only copy the shared pages.
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:
    """Let the process know its place before it counts anything."""
    os.environ["METRICS_PLACE"] = f"place{worker.place}"


def child_exit(server: Any, worker: Any) -> None:
    """Let the gauges of a process that ended go; what it counted stays counted."""
    multiprocess.mark_process_dead(f"place{worker.place}")


def on_exit(server: Any) -> None:
    """Leave no folder of ours behind."""
    if OWN_FOLDER:
        shutil.rmtree(OWN_FOLDER, ignore_errors=True)
