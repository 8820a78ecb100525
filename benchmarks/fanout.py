"""One message, 500 open pages: `python -m benchmarks.fanout`.

500 people of one chat hold a socket each at one process of the `ws` service (uvicorn, as docker-compose.yml starts it);
messages are sent over HTTP to the `web` service (gunicorn); both share PostgreSQL and Redis. Measured from just before
the POST until the first and the last page has the message; how long it takes until everybody is back after a restart;
what the process weighs. The 500 clients run on the same cores and take their part of them.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

import yaml
from websockets.asyncio.client import ClientConnection, connect

from benchmarks import harness
from benchmarks.joining import make_session

PAGES, MESSAGES = 500, 60
WS_PORT = 8793
TICK = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Prepare, measure, print the table."""
    harness.DATABASE, harness.PORT = "sferum_benchmark_fanout", 8792
    harness.prepare_environment()
    import django

    django.setup()
    chat, writer, sessions = make_school()
    with harness.server(), sockets() as process:
        asyncio.run(measure(process, chat, writer, sessions))


def make_school() -> tuple[int, str, list[str]]:
    """A school with a general chat: the chat, the session of its writer, the sessions of 500 parents."""
    from django.utils import timezone

    from accounts.models import User
    from accounts.services import ensure_user
    from chats.models import Chat
    from chats.services.system import change_rules
    from orgs.actor import load_actor
    from orgs.services.organization import OrganizationData, create_organization
    from orgs.services.people import PersonData, add_person

    phone = "+79990000000"
    organization = create_organization(
        data=OrganizationData(kind="school", name="Школа", short_name="Школа", slug="bench"),
        administrator=PersonData("Админова", "Анна", phone=phone),
    )
    sessions = []
    for number in range(PAGES):
        own = f"+7999{number + 1:07d}"
        person = add_person(
            organization=organization, actor=None, data=PersonData("Родитель", "Имя", phone=own), roles=["parent"]
        )
        person.user, person.joined_at = ensure_user(own), timezone.now()
        person.save()
        sessions.append(make_session(own))
    writer = make_session(phone)
    actor = load_actor(User.objects.get(phone=phone).pk, "bench")
    change_rules(actor=actor, rules={"switched_on": ["general"]})
    return Chat.objects.get().pk, writer, sessions


@contextmanager
def sockets() -> Iterator[subprocess.Popen[bytes]]:
    """The `ws` service while the block runs."""
    services = yaml.safe_load((harness.ROOT / "docker-compose.yml").read_text())["services"]
    command = [str(part) for part in services["ws"]["command"]]
    command[command.index("--port") + 1] = str(WS_PORT)
    command[command.index("--host") + 1] = "127.0.0.1"
    process = subprocess.Popen([sys.executable, "-m", *command], cwd=harness.ROOT)
    try:
        for _ in range(200):
            try:
                HTTPConnection("127.0.0.1", WS_PORT, timeout=1).request("GET", "/healthz")
                break
            except OSError:
                time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.wait(20)


async def measure(process: subprocess.Popen[bytes], chat: int, writer: str, sessions: list[str]) -> None:
    """Open the pages, send the messages, print what came of it."""
    empty = memory(process)
    start, before = time.perf_counter(), cpu(process)
    pages = [Page(session) for session in sessions]
    await asyncio.gather(*(page.open() for page in pages))
    seconds = time.perf_counter() - start
    waits = sorted(page.opened_at - start for page in pages)
    print(f"{PAGES} pages open at once: everybody in {seconds:.1f} s, half in {median(waits):.1f} s, ", end="")
    print(f"{(cpu(process) - before) / PAGES * 1000:.1f} ms CPU each")
    listening = [asyncio.create_task(page.listen()) for page in pages]
    firsts, lasts, answers, before = [], [], [], cpu(process)
    for number in range(MESSAGES):
        for page in pages:
            page.heard_at = 0.0
        begin = time.perf_counter()
        await asyncio.to_thread(post, chat, writer, f"Сообщение {number}")
        answers.append(time.perf_counter() - begin)
        while not all(page.heard_at for page in pages):
            await asyncio.sleep(0.001)
            assert time.perf_counter() - begin < 10, f"{sum(not page.heard_at for page in pages)} heard nothing"
        heard = [page.heard_at - begin for page in pages]
        firsts.append(min(heard))
        lasts.append(max(heard))
        await asyncio.sleep(0.05)
    line("answer to the writer", answers)
    line("first page has it", firsts)
    line(f"last of {PAGES} has it", lasts)
    print(f"CPU of the ws process: {(cpu(process) - before) / MESSAGES * 1000:.1f} ms a message")
    print(f"memory of the ws process: {empty} MB empty, {memory(process)} MB with {PAGES} pages")
    for task in listening:
        task.cancel()
    await asyncio.gather(*(page.close() for page in pages))


class Page:
    """An open page that notes when it heard something."""

    def __init__(self, session: str) -> None:
        self.session = session
        self.opened_at = self.heard_at = 0.0
        self.connection: ClientConnection

    async def open(self) -> None:
        self.connection = await connect(
            f"ws://127.0.0.1:{WS_PORT}/ws/o/bench/",
            origin=f"http://127.0.0.1:{WS_PORT}",  # type: ignore[arg-type]
            additional_headers={"Cookie": f"sessionid={self.session}"},
            open_timeout=60,
            compression=None,
        )
        welcome = json.loads(await asyncio.wait_for(self.connection.recv(), 60))
        assert welcome["type"] == "welcome"
        self.opened_at = time.perf_counter()

    async def listen(self) -> None:
        async for _frame in self.connection:
            self.heard_at = time.perf_counter()

    async def close(self) -> None:
        await self.connection.close()


def post(chat: int, session: str, text: str) -> None:
    """Send one message over HTTP."""
    token = "a" * 32
    connection = HTTPConnection("127.0.0.1", harness.PORT, timeout=10)
    headers = {
        "Cookie": f"sessionid={session}; csrftoken={token}",
        "X-CSRFToken": token,
        "Content-Type": "application/json",
    }
    connection.request("POST", f"/api/v1/o/bench/chats/{chat}/messages/", json.dumps({"text": text}), headers)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 201, body.decode()


def line(name: str, seconds: list[float]) -> None:
    """Print one line of the table."""
    p50, p95 = median(seconds) * 1000, sorted(seconds)[int(len(seconds) * 0.95)] * 1000
    print(f"{name:30} p50 {p50:6.1f} ms   p95 {p95:6.1f} ms")


def memory(process: subprocess.Popen[bytes]) -> int:
    """Return the resident memory of the process, MB."""
    return int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * 4096 // 2**20


def cpu(process: subprocess.Popen[bytes]) -> float:
    """Return the seconds of CPU the process has used."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


if __name__ == "__main__":
    main()
