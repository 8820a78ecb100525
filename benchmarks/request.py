"""Requests through the whole stack of one process (middleware, session, view, template), without a server around it.

What is measured is the processor's time of this process, which other programs on the machine hardly change; the number
of statements; and what they waited for.
"""

from __future__ import annotations

import gc
import io
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from time import perf_counter, process_time
from typing import Any

CSRF = "a" * 32


@dataclass(frozen=True)
class Ask:
    """One request of one signed-in person."""

    session: str
    path: str
    method: str = "GET"
    body: bytes = b""
    kind: str = "application/x-www-form-urlencoded"
    status: int = HTTPStatus.OK
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cost:
    """What a request takes: milliseconds of the processor, statements, milliseconds in the database, kilobytes."""

    cpu: float
    statements: int
    in_database: float
    kilobytes: float


class Stack:
    """The WSGI application in this process; make it after django.setup()."""

    def __init__(self) -> None:
        from django.core.wsgi import get_wsgi_application

        self._application = get_wsgi_application()

    def answer(self, ask: Ask) -> bytes:
        """Return the body; raise when the status is another one than expected."""
        path, _, query = ask.path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": ask.method,
            "PATH_INFO": path.encode().decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "127.0.0.1:8000",
            "HTTP_ORIGIN": "http://127.0.0.1:8000",
            "HTTP_COOKIE": f"sessionid={ask.session}; csrftoken={CSRF}",
            "HTTP_X_CSRFTOKEN": CSRF,
            "CONTENT_TYPE": ask.kind,
            "CONTENT_LENGTH": str(len(ask.body)),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(ask.body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            **ask.headers,
        }
        status: list[str] = []
        result = self._application(environ, lambda line, headers: status.append(line))
        body = b"".join(result)
        result.close()
        if int(status[0][:3]) != ask.status:
            raise RuntimeError(f"{ask.method} {ask.path}: {status[0]}\n{body[:1500].decode()}")
        return body

    def cost(self, asks: Sequence[Ask], warm: int = 3) -> Cost:
        """Return the cost of `asks` (the lower quartile): the first `warm` only warm up, the last counts statements."""
        for ask in asks[:warm]:
            self.answer(ask)
        times, size = [], 0
        gc.collect()
        for ask in asks[warm:-1]:
            begun = process_time()
            size = len(self.answer(ask))
            times.append(process_time() - begun)
        with spending() as spent:
            self.answer(asks[-1])
        quiet = statistics.quantiles(times, n=4)[0] if len(times) > 1 else times[0]  # what others on the machine add
        return Cost(quiet * 1000, spent.statements, spent.in_database * 1000, size / 1024)


@dataclass
class Spent:
    """What a stretch of work took."""

    seconds: float = 0.0
    in_database: float = 0.0
    statements: int = 0
    texts: list[tuple[str, Any]] = field(default_factory=list)


@contextmanager
def spending() -> Iterator[Spent]:
    """Count the statements of this thread and the time the database takes for them."""
    from django.db import connection

    spent = Spent()

    def counted(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        begun = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent.in_database += perf_counter() - begun
            spent.statements += 1
            spent.texts.append((sql, params))

    begun = perf_counter()
    with connection.execute_wrapper(counted):
        yield spent
    spent.seconds = perf_counter() - begun
