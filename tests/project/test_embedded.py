"""The parts of `make run` that can go wrong; the whole of it is run by the browser suite."""

import os
import signal
import socket
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from sferum_admin import embedded


def test_a_taken_port_is_told_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(embedded.CannotStart, match=f"PORT={port + 1}"):
            embedded.check_port("127.0.0.1", port)


def test_a_free_port_is_fine() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    embedded.check_port("127.0.0.1", port)


def test_one_data_folder_is_run_once(tmp_path: Path) -> None:
    with (
        embedded.only_one(tmp_path),
        pytest.raises(embedded.CannotStart, match=str(tmp_path)),
        embedded.only_one(tmp_path),
    ):
        pass
    with embedded.only_one(tmp_path):
        pass


def test_an_edited_style_is_packed_again(settings, tmp_path: Path) -> None:
    settings.STATICFILES_DIRS = [tmp_path]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    (tmp_path / "a.css").write_text("a {}")
    first = embedded.static_fingerprint()
    assert embedded.static_fingerprint() == first
    (tmp_path / "a.css").write_text("a { b: c }")
    second = embedded.static_fingerprint()
    (tmp_path / "b.css").write_text("")
    assert len({first, second, embedded.static_fingerprint()}) == 3


STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
FORKS = "import os, time; os.fork(); time.sleep(60)"


def is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("script", [STUBBORN, FORKS], ids=["deaf to signals", "with a child of its own"])
def test_stopping_leaves_no_process_behind(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setattr(embedded, "STOP_SECONDS", 0.2)
    processes = embedded.Processes()
    processes.start("child", [sys.executable, "-c", script])
    time.sleep(0.2)
    group = processes.running["child"].pid
    assert is_alive(group)
    processes.stop()
    deadline = time.monotonic() + 5
    while is_alive(group) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_alive(group)


def test_a_process_that_ended_is_named() -> None:
    processes = embedded.Processes()
    processes.start("brief", [sys.executable, "-c", ""])
    processes.running["brief"].wait()
    assert processes.stopped() == "brief"
    with pytest.raises(embedded.CannotStart, match="brief"):
        embedded.wait_until_served("http://127.0.0.1:9", processes)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["terminate", "closed terminal"])
def test_other_signals_unwind_like_ctrl_c(number: signal.Signals) -> None:
    watched = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {watch: signal.getsignal(watch) for watch in watched}
    try:
        embedded.interrupt_on_terminate()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
    finally:
        for watch, handler in before.items():
            signal.signal(watch, handler)


def test_production_is_not_started_this_way(settings) -> None:
    settings.EMBEDDED = False
    with pytest.raises(CommandError):
        call_command("run_embedded")


def test_the_web_server_believes_no_header_about_the_client() -> None:
    # Nobody stands in front of it: X-Forwarded-For would be a stranger's word, and limits count addresses.
    assert "--no-proxy-headers" in embedded.web_command("127.0.0.1", 8000)
