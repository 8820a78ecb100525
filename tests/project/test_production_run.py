"""Production, as docker-compose.yml starts it, but without containers: the same commands, the same environment.

Needs PostgreSQL and Redis (DATABASE_URL, REDIS_URL), as .ci/run gives them.
"""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from sferum_admin.embedded import dying_with_parent
from tests.ports import free_port
from tests.project.environments import production
from tests.project.source import ROOT
from tests.world import World

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db,
    pytest.mark.xdist_group("production"),
    pytest.mark.skipif(not settings.REDIS_URL, reason="needs Redis (REDIS_URL)"),
]
HOST = "school.example.test"
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def commands() -> dict[str, list[str]]:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    return {name: service["command"] for name, service in services.items() if "command" in service}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> dict[str, str]:
    """The environment of a production process that works with the database of this very run."""
    database = connection.settings_dict
    password = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
    address = f"{database['USER']}{password}@{database['HOST']}:{database['PORT'] or 5432}"
    redis = settings.CACHES["default"]["LOCATION"]
    return production(
        DATABASE_URL=f"postgres://{address}/{database['NAME']}",
        REDIS_URL=redis,
        CELERY_BROKER_URL=redis,
        DATA_DIR=str(tmp_path_factory.mktemp("data")),
        SMS_ADAPTER="kept",
        PATH=f"{BIN}:{os.environ['PATH']}",
    )


class Service:
    """A running service; `stop` ends it and returns its status and what it wrote."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [*dying_with_parent(), *command], cwd=ROOT, env=environment, stdout=output, stderr=output
            )

    def stop(self) -> tuple[int, str]:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(30), self.log.read_text()
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def wait_for(self, is_up: Any, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while not is_up():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)


def ask(port: int, path: str, **headers: str) -> http.client.HTTPResponse | None:
    """Ask as the proxy does: with the site's name, over HTTPS at its other side."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        client.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https", **headers})
        answer = client.getresponse()
        answer.text = answer.read().decode(errors="replace")  # type: ignore[attr-defined]
    except OSError:
        return None
    finally:
        client.close()
    return answer


@pytest.fixture(scope="module")
def collected(environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=120)


@pytest.fixture(scope="module")
def web(
    commands: dict[str, list[str]],
    environment: dict[str, str],
    collected: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[int]:
    port = free_port()
    command = [*commands["web"][:-1], "--bind", f"127.0.0.1:{port}", commands["web"][-1]]
    service = Service(command, environment | {"WEB_WORKERS": "1"}, tmp_path_factory.mktemp("web") / "log")
    service.wait_for(lambda: ask(port, "/healthz"))
    yield port
    status, log = service.stop()
    assert status == 0, log
    assert "Traceback" not in log


def test_web_serves_pages_with_their_styles(web: int) -> None:
    assert ask(web, "/readyz").status == 200
    page = ask(web, "/signin/")
    assert page.status == 200
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    cookies = page.headers.get_all("Set-Cookie") or []
    assert cookies
    assert all("Secure" in cookie for cookie in cookies)
    style = re.search(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', page.text)
    assert style, "styles are served under names that change with their content"
    packed = ask(web, style[1], **{"Accept-Encoding": "br"})
    assert packed.status == 200
    assert packed.headers["Content-Encoding"] == "br"
    assert "immutable" in packed.headers["Cache-Control"]


def test_web_refuses_what_is_not_production(web: int) -> None:
    assert ask(web, "/dev/outbox/").status == 404
    assert ask(web, "/signin/", **{"X-Forwarded-Proto": "http"}).status == 301
    assert ask(web, "/signin/", Host="another.example.test").status == 400


SIGN_IN = """
import django
django.setup()
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from accounts.models import User
user = User.objects.get(pk={pk})
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.create()
print(session.session_key)
"""
TELL = """
import django
django.setup()
from common.live import broadcast
broadcast("person.{pk}", {{"type": "membership.changed"}})
"""


def run_in_production(script: str, environment: dict[str, str]) -> str:
    """Run `script` as a process of production would; return what it printed."""
    command = [sys.executable, "-c", script]
    ran = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True, timeout=60)
    return ran.stdout.strip()


@pytest.fixture(scope="module")
def session_key(built_world: World, environment: dict[str, str], django_db_blocker: Any) -> Iterator[str]:
    """A teacher's browser, signed in where the services see it."""
    key = run_in_production(SIGN_IN.format(pk=built_world.a.user("teacher").pk), environment)
    yield key
    with django_db_blocker.unblock():
        Session.objects.filter(session_key=key).delete()


@pytest.fixture(scope="module")
def ws(
    commands: dict[str, list[str]], environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[int]:
    port = free_port()
    command = list(commands["ws"])
    command[command.index("--port") + 1] = str(port)
    command[command.index("--host") + 1] = "127.0.0.1"
    named = environment["DATABASE_URL"] + "?application_name=the-ws-service"
    kept = environment | {"DATABASE_URL": named, "CONN_MAX_AGE": "60"}
    service = Service(command, kept, tmp_path_factory.mktemp("ws") / "log")
    service.wait_for(lambda: ask(port, "/healthz"))
    yield port
    _status, log = service.stop()
    assert "Traceback" not in log
    assert "DeprecationWarning" not in log


def socket_to(port: int, path: str, *, session: str = "", origin: str = f"https://{HOST}") -> ClientConnection:
    """Open a socket as the proxy passes on what a page of the site opened."""
    headers = {"X-Forwarded-Proto": "https"} | ({"Cookie": f"sessionid={session}"} if session else {})
    connection = socket.create_connection(("127.0.0.1", port), 10)
    return connect(f"ws://{HOST}{path}", sock=connection, origin=Origin(origin), additional_headers=headers)


@pytest.mark.req("CHAT-4")
def test_ws_tells_an_open_page_what_another_process_says(
    ws: int, environment: dict[str, str], built_world: World, session_key: str
) -> None:
    with socket_to(ws, f"/ws/o/{built_world.a.slug}/", session=session_key) as page:
        assert json.loads(page.recv(10))["type"] == "welcome"
        run_in_production(TELL.format(pk=built_world.a.people["teacher"].pk), environment)
        assert json.loads(page.recv(10))["type"] == "chats"


def test_ws_closes_what_nobody_may_open(ws: int, built_world: World) -> None:
    for path, code in {"/ws/nothing/": 4404, f"/ws/o/{built_world.a.slug}/": 4401}.items():
        with socket_to(ws, path) as page, pytest.raises(ConnectionClosed) as closed:
            page.recv(10)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == code
    with pytest.raises(InvalidStatus, match="403"):
        socket_to(ws, "/ws/nothing/", origin="https://evil.example.test")


def test_ws_keeps_one_database_connection_however_many_come(ws: int, built_world: World, session_key: str) -> None:
    """Under ASGI each request has a thread of its own; connections kept in them would exhaust PostgreSQL."""
    for _ in range(8):
        assert ask(ws, "/readyz").status == 200
        with socket_to(ws, f"/ws/o/{built_world.a.slug}/", session=session_key) as page:
            page.recv(10)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'the-ws-service'")
        assert cursor.fetchone() == (1,)


def test_worker_takes_a_job_from_redis(
    commands: dict[str, list[str]], environment: dict[str, str], tmp_path: Path
) -> None:
    command = [part.replace("${WORKER_CONCURRENCY:-2}", "1") for part in commands["worker"]]
    service = Service(command, environment, tmp_path / "worker.log")
    try:
        subprocess.run(
            ["celery", "-A", "sferum_admin", "call", "accounts.tasks.clear_sessions"],
            cwd=ROOT, env=environment, check=True, capture_output=True, timeout=60,
        )  # fmt: skip
        done = re.compile(r"Task accounts\.tasks\.clear_sessions\[.*succeeded")
        service.wait_for(lambda: done.search(service.log.read_text()), 60)
    finally:
        status, log = service.stop()
    assert status == 0, log


def test_beat_writes_its_schedule(commands: dict[str, list[str]], environment: dict[str, str], tmp_path: Path) -> None:
    service = Service(commands["beat"], environment, tmp_path / "beat.log")
    try:
        # The health check of the container looks for this file.
        folder = Path(environment["DATA_DIR"])
        service.wait_for(lambda: list(folder.glob("beat-schedule*")))
    finally:
        _status, log = service.stop()
    assert "Traceback" not in log
