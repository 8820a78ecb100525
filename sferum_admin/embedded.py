"""The embedded mode: everything `make run` does between an empty folder and a working address.

Preparation happens in this process; then one web server and one Celery worker (with its schedule) run as children
and are stopped together. Nothing here is used in production.
"""

import fcntl
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import OutputWrapper
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

Report = Callable[[str], None]
STOP_SECONDS = 12
START_SECONDS = 60
_DIE_WITH_PARENT = Path(__file__).with_name("die_with_parent.py")
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class CannotStart(Exception):
    """Something outside stands in the way; the message tells the person what to do."""


# --- Preparation ----------------------------------------------------------------------------------------------------
def prepare(report: Report, *, demonstration: bool) -> None:
    """Bring the data folder up to date: tables, demonstration data when empty, static files when changed."""
    _prepare_database(report)
    if demonstration:
        _load_demonstration(report)
    _collect_static(report)


def _prepare_database(report: Report) -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        report(_("Preparing the database…"))
        call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def _load_demonstration(report: Report) -> None:
    from orgs.models import Organization
    from sferum_admin import demo

    if not Organization.objects.exists():
        report(_("Making the demonstration data…"))
        demo.load(report)


def _collect_static(report: Report) -> None:
    stamp = settings.DATA_DIR / "static.stamp"
    fingerprint = static_fingerprint()
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists() and stamp.exists() and stamp.read_text() == fingerprint:
        return
    report(_("Packing styles, scripts and fonts…"))
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(fingerprint)


def static_fingerprint() -> str:
    """Return a value that changes when a static source is added, removed or edited."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = os.stat(storage.path(name))
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


# --- What may stand in the way ---------------------------------------------------------------------------------------
def check_port(host: str, port: int) -> None:
    """Raise `CannotStart` when somebody listens on `port` already."""
    with socket.socket() as probe:
        # Without this the port would seem taken for a minute after each stop.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStart(
                _("Port %(port)s is taken by another program. Choose another one: make run PORT=%(next)s")
                % {"port": port, "next": port + 1}
            ) from error


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the data folder; raise `CannotStart` when another start holds it (two schedules would run twice)."""
    with (folder / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CannotStart(
                _("The platform already runs with the data in %(folder)s. Stop it, or choose another DATA_DIR.")
                % {"folder": folder}
            ) from error
        yield


# --- Processes -------------------------------------------------------------------------------------------------------
def web_command(host: str, port: int) -> list[str]:
    """The web server of the embedded mode; nobody stands in front of it, so no header about the client is believed."""
    options = ["--host", host, "--port", str(port), "--lifespan", "off", "--no-proxy-headers"]
    quiet = ["--log-level", "warning", "--timeout-graceful-shutdown", "5"]
    sockets = ["--ws", "websockets-sansio", "--ws-max-size", "65536", "--ws-ping-interval", "20"]
    sockets += ["--ws-ping-timeout", "20", "--ws-per-message-deflate", "false"]
    return [sys.executable, "-m", "uvicorn", "sferum_admin.asgi:application", *options, *sockets, *quiet]


def worker_command() -> list[str]:
    """One worker with its schedule inside; threads, because a second process would only take memory here."""
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    options = ["-B", "-Q", ",".join(settings.WORKER_QUEUES), "--loglevel", "WARNING", *alone]
    options += ["--pool", "threads", "--concurrency", "2"]
    return [sys.executable, "-m", "celery", "-A", "sferum_admin", "--quiet", "worker", *options]


class Processes:
    """Child processes that start together and stop together."""

    def __init__(self) -> None:
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: list[str]) -> None:
        """Start `command` in a session of its own, so that Ctrl-C reaches only us and we stop it in order."""
        environment = os.environ | {"PYTHONWARNINGS": "ignore", "PYTHONUNBUFFERED": "1"}
        self.running[name] = subprocess.Popen(  # noqa: S603
            [*dying_with_parent(), *command],
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def stopped(self) -> str | None:
        """Return the name of a process that ended by itself, if any."""
        return next((name for name, process in self.running.items() if process.poll() is not None), None)

    def stop(self) -> None:
        """Ask all to finish what they do, wait, and end what is left of them."""
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            _end_group(process.pid)


def dying_with_parent() -> list[str]:
    """Return what to put before a command, so that even `kill -9` of this process leaves no orphan of it (Linux;
    elsewhere the ordinary stop has to do).

    A program of its own, because Python between fork and exec may wait for ever for a lock of another thread.
    """
    return [sys.executable, "-I", "-S", str(_DIE_WITH_PARENT), str(os.getpid())]


def _end_group(leader: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def wait_until_served(address: str, processes: Processes) -> None:
    """Return when the web server answers; raise `CannotStart` when it ends or stays silent."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if name := processes.stopped():
            raise CannotStart(_("«%(name)s» ended unexpectedly; see the messages above.") % {"name": name})
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise CannotStart(_("The web server did not answer in %(seconds)s seconds.") % {"seconds": START_SECONDS})


def serve(host: str, port: int, announce: Callable[[], None]) -> None:
    """Run the web server and the worker until a signal; `announce` is called once pages are served."""
    processes = Processes()
    try:
        processes.start("web", web_command(host, port))
        processes.start("worker", worker_command())
        wait_until_served(f"http://{_reachable(host)}:{port}", processes)
        announce()
        while not (name := processes.stopped()):
            time.sleep(0.5)
        raise CannotStart(_("«%(name)s» ended unexpectedly; see the messages above.") % {"name": name})
    finally:
        # A second Ctrl-C must not break the orderly stop, which takes a few seconds at most.
        for number in _STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        processes.stop()


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", ""} else host  # noqa: S104


def interrupt_on_terminate() -> None:
    """Make SIGTERM and a closed terminal behave as Ctrl-C does: all unwind through `finally`."""
    for number in _STOP_SIGNALS:
        signal.signal(number, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def write_line(stream: OutputWrapper, text: str) -> None:
    """Print at once, also into a pipe."""
    stream.write(f"{text}\n")
    stream.flush()
