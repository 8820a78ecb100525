"""Real servers that are killed, writers that do not give up, readers whose connections are cut."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from sferum_admin.embedded import dying_with_parent, web_command
from tests.chats.client import NotThere, Reader
from tests.ports import free_port
from tests.project.environments import inherited
from tests.project.source import ROOT

PATIENCE = 5
TOKEN = "c" * 32
# Whatever a network and a dying server answer with.
TROUBLE = (OSError, http.client.HTTPException, WebSocketException)


class Refused(OSError):
    """The server answered, but not with what was asked for."""


class Servers:
    """Web servers of the embedded mode, each serving pages and sockets, over one database."""

    def __init__(self, count: int, folder: Path, environment: dict[str, str]) -> None:
        self.ports = [free_port() for _number in range(count)]
        self.log = folder / "server.log"
        self.environment = {
            **inherited(),
            "DJANGO_SETTINGS_MODULE": "sferum_admin.settings",
            "SFERUM_MODE": "embedded",
            "DATA_DIR": str(folder),
            "CELERY_BROKER_URL": "memory://",
            **environment,
        }
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        with self.log.open("ab") as output:
            commands = [[*dying_with_parent(), *web_command("127.0.0.1", port)] for port in self.ports]
            self.processes = [
                subprocess.Popen(command, cwd=ROOT, env=self.environment, stderr=output) for command in commands
            ]
        for port, process in zip(self.ports, self.processes, strict=True):
            deadline = time.monotonic() + 30
            while not self._answers(port):
                assert process.poll() is None, self.log.read_text()
                assert time.monotonic() < deadline, self.log.read_text()
                time.sleep(0.05)

    def _answers(self, port: int) -> bool:
        with suppress(*TROUBLE):
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            client.request("GET", "/healthz")
            return client.getresponse().status == 200
        return False

    def kill(self) -> None:
        """As a power cut does: nobody says goodbye."""
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait(10)


@dataclass(frozen=True)
class Place:
    """Whose browser it is, and at which server."""

    session: str
    slug: str
    port: int

    @property
    def headers(self) -> dict[str, str]:
        cookie = f"sessionid={self.session}; csrftoken={TOKEN}"
        return {"Cookie": cookie, "X-CSRFToken": TOKEN, "Content-Type": "application/json"}


class Api:
    """The API over a kept connection; any trouble is the caller's."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        try:
            return self._ask(method, path, body)
        except TROUBLE:
            self.connection = None
            raise

    def _ask(self, method: str, path: str, body: Any) -> Any:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.place.port, timeout=PATIENCE)
        address = f"/api/v1/o/{self.place.slug}/{path}"
        self.connection.request(method, address, json.dumps(body) if body is not None else None, self.place.headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status == 404:
            raise NotThere
        if answer.status not in (200, 201):
            raise Refused(f"{method} {path}: {answer.status} {content[:300]!r}")
        return json.loads(content)

    def get(self, path: str, **parameters: Any) -> Any:
        return self.ask("GET", f"{path}?{urlencode(parameters)}" if parameters else path)


class Actor(threading.Thread):
    """Somebody who does one thing after another until told to stop; what goes wrong in the thread fails the test."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.chance = random.Random(name)
        self.stopped = threading.Event()
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            self.act()
        except BaseException as error:
            self.failure = error

    def act(self) -> None:
        raise AssertionError("says what to do")

    def finish(self, seconds: float) -> None:
        self.stopped.set()
        self.join(seconds)
        if self.failure is not None:
            raise self.failure
        assert not self.is_alive(), f"{self.name} does not come to an end"


class Writer(Actor):
    """Writes one message after another; each is sent again, with its key, until the server has answered."""

    def __init__(self, name: str, place: Place, chat: int) -> None:
        super().__init__(name)
        self.api, self.chat = Api(place), chat
        self.accepted: list[str] = []
        self.tries = 0

    def act(self) -> None:
        while not self.stopped.is_set():
            text = f"{self.name}: {len(self.accepted) + 1}"
            self._send({"text": text, "client_key": str(uuid4())})
            self.accepted.append(text)
            time.sleep(self.chance.uniform(0, 0.05))

    def _send(self, message: dict[str, str]) -> None:
        while True:
            self.tries += 1
            try:
                answer = self.api.ask("POST", f"chats/{self.chat}/messages/", message)
            except TROUBLE:
                time.sleep(self.chance.uniform(0.05, 0.2))
            else:
                assert answer["text"] == message["text"]
                return


class Page(Actor):
    """A page that follows the protocol, and whose connection breaks every now and then."""

    def __init__(self, name: str, place: Place, person: int, chat: int) -> None:
        super().__init__(name)
        self.place, self.person, self.chat = place, person, chat
        self.reader = Reader(Api(place).get)
        self.cuts = self.connections = 0
        # While this is set, nobody cuts.
        self.is_calm = threading.Event()

    def act(self) -> None:
        self.reader.start(self.person, [self.chat])
        while not self.stopped.is_set():
            try:
                with self._connect() as connection:
                    self.connections += 1
                    self._listen(connection)
            except TROUBLE:
                time.sleep(self.chance.uniform(0.05, 0.2))

    def _connect(self) -> ClientConnection:
        address = f"127.0.0.1:{self.place.port}"
        return connect(
            f"ws://{address}/ws/o/{self.place.slug}/",
            origin=f"http://{address}",
            additional_headers={"Cookie": f"sessionid={self.place.session}"},
            open_timeout=PATIENCE,
            close_timeout=0.1,
            compression=None,
        )

    def _listen(self, connection: ClientConnection) -> None:
        cut_at = time.monotonic() + self.chance.uniform(0.1, 0.6)
        watch_at = 0.0
        while not self.stopped.is_set():
            if time.monotonic() > cut_at and not self.is_calm.is_set():
                self.cuts += 1
                # The cable, not the browser: nothing is said to the other side.
                connection.socket.shutdown(socket.SHUT_RDWR)
                return
            if time.monotonic() > watch_at:
                connection.send(json.dumps({"type": "watch", "chat": self.chat}))
                watch_at = time.monotonic() + 1
            with suppress(TimeoutError):
                self.reader.receive(json.loads(connection.recv(timeout=0.05)))
            self.reader.settle()


def session_rows(users: dict[str, Any], encode: Callable[[dict[str, Any]], str]) -> dict[str, tuple[str, str]]:
    """Return a session for each of `users`: the key and what the row holds."""
    rows = {}
    for name, user in users.items():
        data = {
            "_auth_user_id": str(user.pk),
            "_auth_user_backend": "accounts.backends.AuthenticationBackend",
            "_auth_user_hash": user.get_session_auth_hash(),
        }
        rows[name] = (os.urandom(16).hex(), encode(data))
    return rows
