"""Processes that are killed, and started again as a container engine would (`restart: unless-stopped`)."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sferum_admin.embedded import dying_with_parent
from tests.project.source import ROOT

# As Docker does: at once, then after twice as long each time, and at once again after ten good seconds.
FIRST_PAUSE, LONGEST_PAUSE, GOOD_SECONDS = 0.1, 60.0, 10.0
STOP_SECONDS = 30
STORES = ("postgres", "redis", "pooler")


@dataclass
class Instance:
    """One container: its command, and the process in it."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    comes_back: bool = True
    # PostgreSQL is told the signal by `setpriv`, because changing the user forgets it.
    wrapped: bool = True
    stop_signal: int = signal.SIGTERM
    process: Any = None
    starts: int = 0
    started_at: float = 0.0
    pause: float = FIRST_PAUSE
    due_at: float = 0.0

    def start(self) -> None:
        """Start the process in a group of its own."""
        command = [*(dying_with_parent() if self.wrapped else []), *self.command]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT if self.wrapped else "/",
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.starts += 1
        self.started_at = time.monotonic()

    def has_said(self, sign: str) -> bool:
        """Whether it wrote `sign` into its log each time it was started."""
        return self.log.read_text(errors="replace").count(sign) >= self.starts

    def signal_all(self, number: int) -> None:
        """Send a signal to everything in the container."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def ask_to_stop(self) -> None:
        """Ask to finish what it does."""
        with suppress(ProcessLookupError):
            self.process.send_signal(self.stop_signal)

    def end(self) -> None:
        """Wait, and end what is left."""
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.signal_all(signal.SIGKILL)
            self.process.wait(STOP_SECONDS)
        self.signal_all(signal.SIGKILL)


@dataclass
class Engine:
    """All instances; a thread starts again what ended and should not have."""

    instances: dict[str, Instance] = field(default_factory=dict)
    is_stopping: threading.Event = field(default_factory=threading.Event)
    watcher: threading.Thread | None = None

    def start(self, instance: Instance) -> None:
        """Start an instance and watch over it from now on."""
        instance.start()
        self.instances[instance.name] = instance
        if self.watcher is None:
            self.watcher = threading.Thread(target=self._watch, name="engine", daemon=True)
            self.watcher.start()

    def _watch(self) -> None:
        while not self.is_stopping.wait(0.05):
            for instance in list(self.instances.values()):
                if instance.comes_back and instance.process.poll() is not None:
                    self._bring_back(instance, time.monotonic())

    def _bring_back(self, instance: Instance, now: float) -> None:
        if not instance.due_at:
            is_good = now - instance.started_at > GOOD_SECONDS
            instance.pause = FIRST_PAUSE if is_good else min(instance.pause * 2, LONGEST_PAUSE)
            instance.due_at = now + instance.pause
        if now >= instance.due_at:
            instance.due_at = 0.0
            # Whoever was in the container with it is gone with it.
            instance.signal_all(signal.SIGKILL)
            instance.start()

    def stop(self) -> None:
        """Stop everything, those who keep the data last."""
        self.is_stopping.set()
        if self.watcher is not None:
            self.watcher.join(STOP_SECONDS)
        kept = [one for one in self.instances.values() if one.name in STORES]
        others = [one for one in self.instances.values() if one.name not in STORES]
        for together in (others, kept):
            for instance in together:
                instance.ask_to_stop()
            for instance in together:
                instance.end()

    def logs(self, lines: int = 40) -> str:
        """The ends of all logs, for whoever looks for what went wrong."""
        parts = []
        for instance in self.instances.values():
            text = instance.log.read_text(errors="replace") if instance.log.exists() else ""
            parts.append(f"--- {instance.name}\n" + "\n".join(text.splitlines()[-lines:]))
        return "\n".join(parts)


def wait_until(is_so: Callable[[], Any], what: str, seconds: float = 60, logs: Callable[[], str] = str) -> float:
    """Wait until `is_so()`; return how many seconds it took; fail with the logs when it does not come."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > seconds:
            raise AssertionError(f"not within {seconds:.0f} s: {what}\n{logs()}")
        time.sleep(0.05)
    return time.monotonic() - began
