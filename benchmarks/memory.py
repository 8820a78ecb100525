"""What each process of the production set holds after some use: `python -m benchmarks.memory`.

Proportional set size: pages that several processes share are divided among them, so the figures may be added up.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from uuid import uuid4

from tests.production.load import CSRF, Listener
from tests.production.processes import Instance, wait_until
from tests.production.stand import Stand, running

TIMES = 100


def main() -> None:
    """Start the set, use it, print the table."""
    with running() as stand:
        use(stand)
        print("| service | processes | memory, MB |\n|---|---|---|")
        for name, instance in stand.engine.instances.items():
            if name == "postgres":  # its processes are groups of their own, and its memory is a setting
                continue
            sizes = [size for size in map(megabytes, processes_of(instance)) if size]
            print(f"| `{name}` | {len(sizes)} | {sum(sizes):.0f} |", flush=True)


def use(stand: Stand) -> None:
    """Pages, messages and sockets at each process of web and ws."""
    school = stand.data("busy_school", 2)
    slug, chat, session = school["slug"], school["chats"]["5А parents"], school["sessions"]["teacher"]
    pages = [Listener("parent", stand, school["sessions"]["parent"], slug, stand.ports[ws]) for ws in ("ws-1", "ws-2")]
    for page in pages:
        page.start()
        wait_until(lambda page=page: page.connections, "the socket is open", 30)
    own = {"Cookie": f"csrftoken={CSRF}; sessionid={session}", "X-CSRFToken": CSRF, "Referer": f"{stand.url}/"}
    for web in ("web-1", "web-2"):
        for number in range(TIMES):
            for path in (f"/o/{slug}/", f"/o/{slug}/chats/{chat}/", f"/o/{slug}/channels/", f"/o/{slug}/units/"):
                assert stand.ask_one(web, "GET", path, **own)[0] == 200, path
            body = json.dumps({"text": f"{web} {number}", "client_key": str(uuid4())})
            kind = {"Content-Type": "application/json"}
            path = f"/api/v1/o/{slug}/chats/{chat}/messages/"
            assert stand.ask_one(web, "POST", path, body, **own, **kind)[0] == 201
    for page in pages:
        wait_until(lambda page=page: len(page.heard) >= TIMES, "messages are heard", 30)
        page.stopped.set()
        page.join(20)


def processes_of(instance: Instance) -> list[int]:
    """The processes of its group."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getpgid(int(entry.name)) == instance.process.pid:
                    found.append(int(entry.name))
            except ProcessLookupError:
                continue
    return found


def megabytes(pid: int) -> float:
    """The proportional set size of a process; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


if __name__ == "__main__":
    main()
