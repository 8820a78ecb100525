"""What is noted of every request: an id, one line in the log, the figures of monitoring."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from common import logs, metrics
from common.routes import UNKNOWN, route_of

logger = logging.getLogger("access")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
HEADER = "X-Request-ID"
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{7,63}")
# Asked every few seconds by machines: their lines would hide all others.
QUIET = {"healthz", "readyz", "metrics"}


class RequestMiddleware:
    """Gives the request an id, and notes it when it is answered.

    The line holds neither path nor query nor who asked: routes are enough to mend things, and the log is nobody's
    second journal.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        its_id = _id_of(request)
        token = logs.request_id.set(its_id)
        begun = time.perf_counter()
        try:
            response = self.get_response(request)
            response.headers[HEADER] = its_id
            _note(request, response.status_code, time.perf_counter() - begun)
            return response
        finally:
            logs.request_id.reset(token)


def _id_of(request: HttpRequest) -> str:
    """The proxy's id, where there is a proxy and the id cannot be anything but an id; else a new one."""
    given = request.headers.get(HEADER, "") if settings.TRUSTED_PROXY_COUNT else ""
    return given if _WELL_FORMED.fullmatch(given) else uuid.uuid4().hex


def _note(request: HttpRequest, status: int, seconds: float) -> None:
    route = route_of(request)
    if route == UNKNOWN and status < 400 and request.path.startswith(settings.STATIC_URL):
        return
    method = request.method if request.method in METHODS else "OTHER"
    metrics.note_request(route, method, status, seconds)
    if route in QUIET and status < 400:
        return
    fields = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000)}
    logger.info("%(method)s %(route)s %(status)s %(ms)s ms", fields, extra=fields)
