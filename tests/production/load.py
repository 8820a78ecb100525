"""People who do not give up, through the proxy: they write, join, ask for codes, and remember what was accepted."""

from __future__ import annotations

import http.client
import itertools
import json
import random
import socket
import threading
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.production.stand import HOST, Stand

TROUBLE = (OSError, http.client.HTTPException, WebSocketException)
CSRF = "c" * 32
PATIENCE = 10


@dataclass
class Diary:
    """When things went well and when they did not."""

    good: list[float] = field(default_factory=list)
    bad: list[tuple[float, str]] = field(default_factory=list)

    def gap(self, since: float, until: float) -> float:
        """The longest time between two things that went well."""
        times = [since, *[moment for moment in list(self.good) if since <= moment <= until], until]
        return max(later - earlier for earlier, later in itertools.pairwise(times))

    def troubles(self, since: float, until: float) -> int:
        """How many tries went wrong."""
        return sum(since <= moment <= until for moment, _what in list(self.bad))


class Person(threading.Thread, ABC):
    """Does one thing after another over a kept connection until told to stop."""

    def __init__(self, name: str, stand: Stand, session: str = "", pause: float = 0.1) -> None:
        super().__init__(name=name, daemon=True)
        self.stand, self.session, self.pause = stand, session, pause
        self.chance = random.Random(name)
        self.stopped = threading.Event()
        self.diary = Diary()
        self.failure: BaseException | None = None
        self.client: http.client.HTTPSConnection | None = None

    def run(self) -> None:
        try:
            while not self.stopped.wait(self.chance.uniform(0, 2 * self.pause)):
                self.act()
        except BaseException as error:
            self.failure = error

    @abstractmethod
    def act(self) -> None:
        """Do one thing that is accepted or not."""

    def until_accepted(self, what: Any) -> Any:
        """Try until it is accepted, as a page does; None when told to stop meanwhile."""
        while True:
            try:
                done = what()
            except TROUBLE as error:
                self.diary.bad.append((time.monotonic(), f"{type(error).__name__}: {error}"[:200]))
                if self.client is not None:
                    self.client.close()
                self.client = None
                time.sleep(self.chance.uniform(0.1, 0.3))
            else:
                self.diary.good.append(time.monotonic())
                return done

    def post(self, path: str, body: str, kind: str, wanted: tuple[int, ...], session: str = "") -> bytes:
        """POST as a page of the site does; raises one of `TROUBLE` unless one of `wanted` is answered."""
        if self.client is None:
            self.client = self.stand.connection(PATIENCE)
        cookies = f"csrftoken={CSRF}" + (f"; sessionid={session}" if session else "")
        headers = {"Cookie": cookies, "X-CSRFToken": CSRF, "Content-Type": kind, "Referer": f"{self.stand.url}/"}
        self.client.request("POST", path, body, headers | {"Origin": self.stand.url})
        answer = self.client.getresponse()
        content = answer.read()
        if answer.status not in wanted:
            raise http.client.HTTPException(f"{answer.status}")
        return content


class Writer(Person):
    """Writes to a chat; the same key is sent again until the message is accepted."""

    def __init__(self, name: str, stand: Stand, session: str, slug: str, chat: int) -> None:
        super().__init__(name, stand, session, pause=0.2)
        self.path = f"/api/v1/o/{slug}/chats/{chat}/messages/"
        self.accepted: list[str] = []

    def act(self) -> None:
        text = f"{self.name} {len(self.accepted) + 1}"
        message = json.dumps({"text": text, "client_key": str(uuid4())})
        self.until_accepted(lambda: self.post(self.path, message, "application/json", (200, 201), self.session))
        self.accepted.append(text)


class Doorkeeper(Person):
    """Lets newcomers in by one link, one after another."""

    def __init__(self, stand: Stand, link: str, newcomers: list[dict[str, str]]) -> None:
        super().__init__("newcomers", stand, pause=0.3)
        self.link, self.newcomers = link, newcomers
        self.accepted: list[str] = []

    def act(self) -> None:
        if not self.newcomers:
            return
        newcomer = self.newcomers.pop()
        name = "".join("абвгдежзик"[int(digit)] for digit in newcomer["phone"][-4:])
        form = {"csrfmiddlewaretoken": CSRF, "last_name": "Новиков", "first_name": f"Имя{name}", "patronymic": ""}
        kind, body = "application/x-www-form-urlencoded", urlencode(form)
        # 200: the answer to an earlier try was lost, the newcomer is in.
        self.until_accepted(lambda: self.post(self.link, body, kind, (302, 200), newcomer["session"]))
        self.accepted.append(newcomer["phone"])


class Forgetful(Person):
    """Asks for a code to sign in, each time for another phone, once."""

    def __init__(self, stand: Stand, phones: list[str]) -> None:
        super().__init__("codes", stand, pause=1.0)
        self.phones = phones
        self.asked: dict[str, float] = {}

    def act(self) -> None:
        if not self.phones:
            return
        phone = self.phones.pop()
        body = urlencode({"csrfmiddlewaretoken": CSRF, "phone": phone})
        kind = "application/x-www-form-urlencoded"
        began = time.monotonic()
        try:
            self.post("/signin/", body, kind, (302,))
        except TROUBLE as error:
            # Asking again would be another code, rightly: so this one gives up.
            self.diary.bad.append((began, f"{type(error).__name__}: {error}"[:200]))
            self.client = None
        else:
            self.diary.good.append(time.monotonic())
            self.asked[phone] = began


class Listener(Person):
    """An open page at one ws process; connects again when it is cut off, remembers which messages it heard."""

    def __init__(self, name: str, stand: Stand, session: str, slug: str, port: int) -> None:
        super().__init__(name, stand, session, pause=0.1)
        self.slug, self.port = slug, port
        self.heard: dict[str, float] = {}
        self.connections = 0

    def act(self) -> None:
        try:
            with self._connect() as page:
                self.connections += 1
                while not self.stopped.is_set():
                    self._hear(page)
        except TROUBLE as error:
            self.diary.bad.append((time.monotonic(), f"{type(error).__name__}: {error}"[:200]))

    def _hear(self, page: Any) -> None:
        with suppress(TimeoutError):
            frame = json.loads(page.recv(timeout=0.5))
            if frame["type"] == "message":
                self.heard[frame["message"]["text"]] = time.monotonic()
                self.diary.good.append(time.monotonic())

    def _connect(self) -> Any:
        headers = {"X-Forwarded-Proto": "https", "Cookie": f"sessionid={self.session}"}
        there = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        return connect(
            f"ws://{HOST}:{self.stand.ports['proxy']}/ws/o/{self.slug}/",  # the name that the proxy passes on
            sock=there,
            origin=Origin(self.stand.url),
            additional_headers=headers,
            open_timeout=PATIENCE,
            close_timeout=0.2,
        )
