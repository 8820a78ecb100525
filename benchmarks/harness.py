"""A production-like server on a database of its own, clients that keep their connections, and pgbench as the floor."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SERVER = os.environ.get("BENCH_POSTGRES", "postgres://postgres@127.0.0.1:5432")
DATABASE = os.environ.get("BENCH_DATABASE", "sferum_benchmark")
PORT = 8791
WORKERS = 2


def prepare_environment(*, again: bool = False) -> None:
    """Make an empty database and point this process (and those it starts) at it; call before django.setup().

    `again` takes the database of the former run, with what stands in it.
    """
    if not again:
        _psql("postgres", f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        _psql("postgres", f"CREATE DATABASE {DATABASE}")
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "sferum_admin.settings",
        "SFERUM_MODE": "embedded",
        "DATA_DIR": str(ROOT / "var" / "benchmark"),
        "DATABASE_URL": f"{SERVER}/{DATABASE}",
        "REDIS_URL": os.environ.get("BENCH_REDIS", "redis://127.0.0.1:6379/9"),
        "CONN_MAX_AGE": "60",
        "LOG_LEVEL": "WARNING",
    }
    for command in [] if again else (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True)


def remove_database() -> None:
    """Give the space back: for benchmarks that fill gigabytes."""
    _psql("postgres", f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


def _psql(database: str, statement: str) -> None:
    subprocess.run(["psql", "-q", f"{SERVER}/{database}", "-c", statement], check=True, capture_output=True)


@contextmanager
def server() -> Iterator[subprocess.Popen[bytes]]:
    """gunicorn with threads, as docker-compose.yml starts it, while the block runs."""
    command = [sys.executable, "-m", "gunicorn", "sferum_admin.wsgi", "--config", "deploy/gunicorn.py"]
    command += ["--bind", f"127.0.0.1:{PORT}", "--log-level", "error"]
    environment = os.environ | {"WEB_WORKERS": str(WORKERS), "WEB_THREADS": "4"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        for _ in range(100):
            try:
                HTTPConnection("127.0.0.1", PORT, timeout=1).request("GET", "/healthz")
                break
            except OSError:
                time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.wait(20)


def run_clients(jobs: Sequence[Callable[[HTTPConnection], None]], clients: int) -> tuple[float, list[float]]:
    """Share `jobs` among `clients` threads, each with one kept connection; return jobs per second and seconds each."""
    waiting, seconds, lock = list(reversed(jobs)), [], threading.Lock()

    def work() -> None:
        connection = HTTPConnection("127.0.0.1", PORT, timeout=120)
        while True:
            with lock:
                if not waiting:
                    return
                job = waiting.pop()
            start = time.perf_counter()
            job(connection)
            with lock:
                seconds.append(time.perf_counter() - start)

    threads = [threading.Thread(target=work) for _ in range(clients)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(jobs) / (time.perf_counter() - start), seconds


def pgbench(script: str, clients: int, seconds: int = 5) -> float:
    """Return transactions per second of `script` on the same database: what the database alone could do."""
    path = ROOT / "var" / "benchmark" / "floor.sql"
    path.write_text(script)
    found = shutil.which("pgbench") or str(next(Path("/usr/lib/postgresql").glob("*/bin/pgbench")))
    command = [found, "-n", "-f", str(path), "-c", str(clients), "-T", str(seconds), f"{SERVER}/{DATABASE}"]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(next(line for line in output.splitlines() if line.startswith("tps")).split()[2])


def memory_of_workers(process: subprocess.Popen[bytes]) -> list[int]:
    """Return the resident memory of the server's workers, MB."""
    children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False).stdout
    return [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 // 2**20 for pid in children.split()]


def report(name: str, per_second: float, seconds: list[float], floor: float | None = None) -> None:
    """Print one line of the table."""
    p50, p95 = statistics.median(seconds) * 1000, sorted(seconds)[int(len(seconds) * 0.95)] * 1000
    ratio = f"  {per_second / floor:6.1%} of the floor ({floor:,.0f}/s)" if floor else ""
    print(f"{name:44} {per_second:8.1f}/s   p50 {p50:6.1f} ms   p95 {p95:6.1f} ms{ratio}")
