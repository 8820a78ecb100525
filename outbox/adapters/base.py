"""What adapters without a connection share."""

from types import TracebackType
from typing import Self
from urllib.request import HTTPRedirectHandler, Request, build_opener

TIMEOUT_SECONDS = 10


class Connectionless:
    """An adapter that opens nothing for a batch."""

    keeps = False
    parallel = 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None


class _NoRedirects(HTTPRedirectHandler):
    """A redirect would carry the words and our token to an address that nobody checked."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def post(request: Request) -> None:
    """Make the request; raises `OSError` (`HTTPError` for every answer but 2xx, redirects too)."""
    with build_opener(_NoRedirects).open(request, timeout=TIMEOUT_SECONDS) as response:
        response.read(1024)
