"""All that is measured, in one command: `make bench` (`BENCH_ARGS=--quick` for a few minutes' worth).

Writes the tables of docs/performance.md between its marks. In one process: the processor's time, statements and time in
the database for each main page, and which tables a page reads from end to end. Over HTTP (gunicorn, two workers of four
threads): requests a second and p50/p95 with 1, 8 and 32 clients, the database's own floor of joining, memory.
"""

from __future__ import annotations

import argparse
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from benchmarks import demo, harness
from benchmarks.joining import FLOOR
from benchmarks.paths import OWN, paths
from benchmarks.request import CSRF, Ask, Stack, spending

DOC = harness.ROOT / "docs" / "performance.md"
CLIENTS = (1, 8, 32)
BIG = 3000  # rows from which on reading a table from end to end is felt
PAGES = {
    "administrator": "people/ people/?q=%D0%B8%D0%BC%D1%8F people/?role=parent units/ invitations/ journal/ rights/ "
    "requests/ movement/ hygiene/ consents/ roster/ settings/ channels/manage/",
    "head": "statistics/ statistics/?period=month documents/ readings/given/",
    "teacher": "units/?show=mine chats/ channels/ events/ readings/",
    "parent": "children/ chats/ channels/ events/ readings/ consents/mine/",
}
# Longer ones, each with a table of its own on the screen.
OTHERS = (["roster", "1000"], ["statistics", "--rows", "200000", "--organizations", "10"])


def main() -> None:
    """Prepare, measure, write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--again", action="store_true", help="on the database of the former run")
    parser.add_argument("--people", type=int, default=20_000)
    arguments = parser.parse_args()
    times = 6 if arguments.quick else 40
    sessions = demo.prepare(1500 if arguments.quick else arguments.people, again=arguments.again)
    lines = [_where(arguments.people if not arguments.quick else 1500), "", *in_process(sessions, times), ""]
    write(lines)
    lines += over_http(sessions, times * 4, (1, 8) if arguments.quick else CLIENTS)
    write(lines)
    for module, *options in () if arguments.quick else OTHERS:
        subprocess.run([sys.executable, "-m", f"benchmarks.{module}", *options], check=True)


def _where(people: int) -> str:
    model = re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    kind = model[0] if model else platform.machine()
    cores, load = len(model), Path("/proc/loadavg").read_text().split()[0]
    day = datetime.now(UTC).date().isoformat()
    return f"{day}, {cores} × {kind}, Python {platform.python_version()}, {people} people; load before: {load}."


def in_process(sessions: dict[str, str], times: int) -> list[str]:
    """The hottest paths and the main pages."""
    stack = Stack()
    found = paths(sessions, times)
    for role, addresses in PAGES.items():
        found |= {f"{role}: {address}": [Ask(sessions[role], OWN + address)] * times for address in addresses.split()}
    head = "| page | CPU, ms | statements | database, ms | kB | read from end to end |"
    lines = [head, "|---|---|---|---|---|---|"]
    for name, asks in found.items():
        cost = stack.cost(asks)
        scans = ", ".join(scanned(stack, asks[-1])) if asks[-1].method == "GET" else ""
        lines.append(
            f"| {name} | {cost.cpu:.1f} | {cost.statements} | {cost.in_database:.1f} | {cost.kilobytes:.0f} | {scans} |"
        )
        print(lines[-1], flush=True)
    return lines


def scanned(stack: Stack, ask: Ask) -> list[str]:
    """The tables of more than `BIG` rows that a page reads from end to end."""
    from django.db import connection

    with spending() as spent:
        stack.answer(ask)
    found = set()
    with connection.cursor() as cursor:
        for sql, values in spent.texts:
            if sql.lstrip().startswith("SELECT"):
                cursor.execute(f"EXPLAIN {sql}", values)
                found |= {table for (line,) in cursor for table in re.findall(r"Seq Scan on (\w+)", line)}
        cursor.execute("SELECT relname FROM pg_class WHERE reltuples > %s", [BIG])
        big = {name for (name,) in cursor}
    return sorted(found & big)


def over_http(sessions: dict[str, str], times: int, clients: tuple[int, ...]) -> list[str]:
    """Requests a second on a server, and what its processes weigh."""
    lines = ["| request | clients | a second | p50, ms | p95, ms |", "|---|---|---|---|---|"]
    wanted = ("joining", "sending", "last 50", "class list, page", "people", "feed, parent", "home, parent", "week")
    with harness.server() as process:
        for _ in range(harness.WORKERS * 4):  # each worker loads the platform with its first request
            post(HTTPConnection("127.0.0.1", harness.PORT, timeout=300), ask=Ask(sessions["parent"], OWN))
        for number in clients:
            for name, asks in paths(sessions, times).items():
                if any(word in name for word in wanted):
                    rate, seconds = harness.run_clients([partial(post, ask=ask) for ask in asks], number)
                    p95 = sorted(seconds)[int(len(seconds) * 0.95)] * 1000
                    line = f"| {name} | {number} | {rate:.0f} | {median(seconds) * 1000:.0f} | {p95:.0f} |"
                    print(line, flush=True)
                    lines.append(line)
        memory = harness.memory_of_workers(process)
    floor = harness.pgbench(FLOOR.replace("(SELECT_MAX)", "50"), 8, 3)
    lines += ["", f"The database alone, one join (update of the link, row of the role): {floor:,.0f} a second."]
    return [*lines, f"Memory of the web workers: {', '.join(str(size) for size in memory)} MB."]


def post(connection: HTTPConnection, *, ask: Ask) -> None:
    """Ask over HTTP what `Stack` asks in the process."""
    origin = f"http://127.0.0.1:{harness.PORT}"
    headers = {"Cookie": f"sessionid={ask.session}; csrftoken={CSRF}", "X-CSRFToken": CSRF, "Origin": origin}
    connection.request(ask.method, ask.path, ask.body or None, {**headers, "Content-Type": ask.kind})
    response = connection.getresponse()
    response.read()
    if response.status != ask.status:
        raise RuntimeError(f"{ask.path}: {response.status}")


def write(lines: list[str]) -> None:
    """Put the tables between the marks of the document."""
    text = DOC.read_text()
    before, _, rest = text.partition("<!-- measured -->")
    _, _, after = rest.partition("<!-- /measured -->")
    DOC.write_text(f"{before}<!-- measured -->\n" + "\n".join(lines) + f"\n<!-- /measured -->{after}")


if __name__ == "__main__":
    main()
