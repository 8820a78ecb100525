"""The frame around each step of continuous integration."""

import subprocess
import sys
from pathlib import Path

import pytest

BOUNDED = Path(__file__).parents[2] / ".ci" / "bounded"
# A child that leaves a grandchild to whoever adopts orphans, ends it and waits until it can't be found any more.
ORPHAN = """
import os, signal, time
read, write = os.pipe()
if not os.fork():
    if not os.fork():
        os.write(write, str(os.getpid()).encode())
        time.sleep(60)
    os._exit(0)
orphan = int(os.read(read, 20))
os.wait()
os.kill(orphan, signal.SIGKILL)
for _ in range(500):
    try:
        os.kill(orphan, 0)
    except ProcessLookupError:
        raise SystemExit(0)
    time.sleep(0.01)
raise SystemExit("a zombie stays")
"""


def run(seconds: float, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, BOUNDED, str(seconds), *command], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("status", [0, 3])
def test_the_status_is_the_command_s(status: int) -> None:
    assert run(20, "sh", "-c", f"exit {status}").returncode == status


def test_orphans_are_waited_for() -> None:
    done = run(20, sys.executable, "-c", ORPHAN)
    assert done.returncode == 0, done.stderr


def test_nothing_outlives_its_time() -> None:
    done = run(0.3, "sh", "-c", "setsid sleep 61 & sleep 62")
    assert done.returncode == 124
    assert "sleep 61" in done.stderr
    assert "sleep 62" in done.stderr
