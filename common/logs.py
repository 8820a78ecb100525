"""What keeps the log readable, free of people's data, and unforgeable.

Each record carries the id of the request and of the job it belongs to; words go through `common.masks`; whatever came
from outside cannot begin a line of its own.
"""

import logging
import re
import time
from contextvars import ContextVar
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from common.masks import masked

# Of the request, or of the job and the request that caused it; «-» outside both.
request_id: ContextVar[str] = ContextVar("request_id", default="-")
task_id: ContextVar[str] = ContextVar("task_id", default="-")

# All that some terminal, editor or collector of logs takes for the end of a line, and what moves a terminal's cursor.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


class OnceAMinute(logging.Filter):
    """Lets one record a minute through: a Redis that is away would fill the disk."""

    def __init__(self) -> None:
        super().__init__()
        self.passed_at = float("-inf")

    def filter(self, record: logging.LogRecord) -> bool:
        now = time.monotonic()
        if now - self.passed_at < 60:
            return False
        self.passed_at = now
        return True


class Safe(logging.Filter):
    """Makes a record what may be kept: masked, on one line, with its request and its job."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id, record.task_id = request_id.get(), task_id.get()
        text = _without_path(record.getMessage(), getattr(record, "request", None))
        record.msg, record.args = on_one_line(masked(text)), None
        # Django hangs the whole request on its records, headers and all; Celery the arguments of the job.
        record.__dict__.pop("request", None)
        record.__dict__.pop("data", None)
        return True


class LineFormatter(logging.Formatter):
    """`2026-11-02 09:15:01,120 INFO name [request] message`; lines of a traceback are set in."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} [{request_id}] {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        for name in ("request_id", "task_id"):
            record.__dict__.setdefault(name, "-")
        return super().format(record)

    def formatException(self, ei: Any) -> str:
        # The message of an exception may hold anything, also a line that looks like one of ours.
        return _BREAKS.sub("\n    ", "    " + masked(super().formatException(ei)))


class JsonLineFormatter(JsonFormatter):
    """One JSON object a line: time, level, logger, request_id, task_id, message, what `extra` brought."""

    def __init__(self) -> None:
        fields = {"asctime": "time", "levelname": "level", "name": "logger", "exc_info": "traceback"}
        names = "{asctime} {levelname} {name} {request_id} {task_id} {message}"
        super().__init__(names, style="{", rename_fields=fields, json_ensure_ascii=True)

    def formatException(self, ei: Any) -> str:
        return masked(str(super().formatException(ei)))


def on_one_line(text: str) -> str:
    """Return `text` with everything that could end a line, or move a cursor, written as an escape."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _without_path(text: str, request: Any) -> str:
    """The path of a page may be a secret (/join/<token>/), so its route stands in its place."""
    path, info = getattr(request, "path", ""), getattr(request, "path_info", "")
    if len(path) < 2:
        return text
    from common.routes import route_of

    return text.replace(path, route_of(request)).replace(info or path, route_of(request))
