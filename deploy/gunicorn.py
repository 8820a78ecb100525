"""Gunicorn of the web service: a process per core, threads for those who wait for the database."""

import multiprocessing
import os

bind = "0.0.0.0:8000"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS") or multiprocessing.cpu_count())
threads = int(os.environ.get("WEB_THREADS") or 4)
keepalive = 75  # longer than the proxy keeps its connections
timeout = 60
graceful_timeout = 20
# A worker that leaked is replaced before it is noticed; the jitter keeps them from going all at once.
max_requests = 5000
max_requests_jitter = 500
worker_tmp_dir = "/dev/shm"  # noqa: S108 - the heartbeat must not wait for a disk
accesslog = None
errorlog = "-"
