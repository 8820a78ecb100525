"""Bodies of requests that are too large are refused before they are read.

Two doors, because the two ways to run differ: under WSGI a view reads the body, so the first of Django's upload
handlers decides; under ASGI Django would write the whole body to the disk before any of our code runs, so `BodyLimit`
stands in front of it.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.http.request import QueryDict
from django.utils.datastructures import MultiValueDict

from common.errors import DomainError
from files.refusals import too_large

# What multipart adds around one file.
WRAPPING = 1024 * 1024
# How long a sender who was refused may go on writing before the connection is closed.
LINGER_SECONDS = 2


class BodyTooLarge(DomainError, RequestDataTooBig):
    """The API answers a `DomainError` in its own shape (413); pages, whose body is read by the check against forgery
    before any view, get Django's answer to a suspicious request."""

    def __init__(self, most: int) -> None:
        told = too_large(most, status=413)
        super().__init__(told.code, told.message, fields=told.fields, status=told.status)


class UploadLimit(FileUploadHandler):
    """The first upload handler of every request: refuses by the promised length, then by what really comes."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.most = self.limit()
        self.received = 0

    def limit(self) -> int:
        """Return how many bytes of files one request may bring."""
        return settings.UPLOAD_MAX_BYTES_ELSEWHERE

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> tuple[QueryDict, MultiValueDict[str, UploadedFile]] | None:
        if content_length > self.most + WRAPPING:
            raise BodyTooLarge(self.most)
        return None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > self.most:
            raise BodyTooLarge(self.most)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class LargeUploadLimit(UploadLimit):
    """The limit of the one address that takes films."""

    def limit(self) -> int:
        return max(settings.UPLOAD_MAX_BYTES.values())


def expect_large_upload(request: HttpRequest) -> None:
    """Let `request`, whose body nobody has read yet, bring one of the large files."""
    request.upload_handlers = [LargeUploadLimit(request), TemporaryFileUploadHandler(request)]


# --- ASGI -----------------------------------------------------------------------------------------------------------
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]


class BodyLimit:
    """ASGI: no body larger than the largest upload reaches `application`; the answer is 413."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.most = max(settings.UPLOAD_MAX_BYTES.values())

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
        elif _promised(scope) > self.most + WRAPPING:
            await self.refuse(receive, send)
        else:
            await _Counted(self, receive, send).run(scope)

    async def refuse(self, receive: Receive, send: Send) -> None:
        """Answer 413 and close."""
        told = too_large(self.most)
        answer = {"code": told.code, "message": told.message, "fields": {"file": [told.message]}}
        content = json.dumps(answer).encode()
        # Closed: else the server would read on to find the next request behind the body.
        headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
        headers.append((b"content-length", str(len(content)).encode()))
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": content, "more_body": True})
        # Closed while the sender still writes, the connection would be reset and the answer lost on its way.
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER_SECONDS):
                while (await receive()).get("more_body"):
                    pass
        await send({"type": "http.response.body", "body": b""})


class _Counted:
    """One request whose body is counted while it comes: a body in chunks promises no length."""

    def __init__(self, limit: BodyLimit, receive: Receive, send: Send) -> None:
        self.limit, self.receive, self.send = limit, receive, send
        self.received = 0

    @property
    def is_over(self) -> bool:
        return self.received > self.limit.most + WRAPPING

    async def run(self, scope: MutableMapping[str, Any]) -> None:
        await self.limit.application(scope, self._receive, self.send)
        if self.is_over:
            await self.limit.refuse(self.receive, self.send)

    async def _receive(self) -> Message:
        message = await self.receive()
        self.received += len(message.get("body", b""))
        # As if the sender had gone: the application ends without an answer, and we give one.
        return {"type": "http.disconnect"} if self.is_over else message


def _promised(scope: MutableMapping[str, Any]) -> int:
    lengths = [value for name, value in scope["headers"] if name == b"content-length" and value.isdigit()]
    return int(lengths[0]) if lengths else 0
