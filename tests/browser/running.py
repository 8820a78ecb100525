"""The running platform of the browser suite: `manage.py run_embedded` with a data folder of its own."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from sferum_admin.embedded import dying_with_parent
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 300


class Platform:
    """Web server, worker and database of one run, started and stopped as a person would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.lines: list[str] = []
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}},
            "DJANGO_SETTINGS_MODULE": "sferum_admin.settings",
            "SFERUM_MODE": "embedded",
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
        }

    def start(self, *, empty: bool = True) -> None:
        """Return when pages are served; `empty=False` starts with the demonstration data."""
        self.process = subprocess.Popen(
            [*dying_with_parent(), sys.executable, "manage.py", "run_embedded", *(["--empty"] if empty else [])],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()
        deadline = time.monotonic() + START_SECONDS
        while not any(self.url in line for line in self.lines):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                raise AssertionError("the platform did not start:\n" + "".join(self.lines))
            time.sleep(0.1)
        self.data_process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.data_process"],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)

    def data(self, function: str, *args: Any, **kwargs: Any) -> Any:
        """Call `tests.browser.data.<function>` and return what it gives back."""
        assert self.data_process.stdin
        assert self.data_process.stdout
        self.data_process.stdin.write(json.dumps({"function": function, "args": args, "kwargs": kwargs}) + "\n")
        self.data_process.stdin.flush()
        answer = json.loads(self.data_process.stdout.readline() or '{"error": "the data process has ended"}')
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def stop(self) -> None:
        """Stop by Ctrl-C; fail on anything but a clean end."""
        assert self.data_process.stdin
        self.data_process.stdin.close()
        self.data_process.wait(10)
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(30)
        log = "".join(self.lines)
        assert status == 0, log
        assert "Traceback" not in log, log

    def warnings(self) -> list[str]:
        """Return the lines of its log that tell of a failure."""
        return [line for line in self.lines if re.search(r"\b(ERROR|CRITICAL|Traceback)\b", line)]
