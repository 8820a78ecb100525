"""Stored files on their way out. Whoever calls this has asked first whether the person may read the file."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from asgiref.sync import sync_to_async
from django.core.files.base import File
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.http.response import StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from rest_framework.request import Request

from files import formats
from files.models import FileKind, StoredFile

_CHUNK = 128 * 1024
# A day: a chat opened again and again loads its pictures once, and what was seen is not kept for ever by a browser
# that others may use.
_KEPT_SECONDS = 86_400
_SHOWN = (FileKind.PICTURE, FileKind.VIDEO, FileKind.AUDIO)
# Opened by itself, a file has no origin and runs nothing.
_CLOSED = "sandbox; default-src 'none'"
# A browser's own player and reader of PDF are pages around the file. They load it, with the session, from the same
# address, which a sandbox without origin forbids; by their types these files are never taken for a page of ours.
_POLICIES = {
    FileKind.PICTURE: f"{_CLOSED}; img-src 'self'; style-src 'unsafe-inline'",
    FileKind.VIDEO: "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'",
    FileKind.AUDIO: "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'",
}
_PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"


def respond(
    stored: StoredFile, *, request: HttpRequest | Request, preview: bool = False, download: bool = False
) -> HttpResponseBase:
    """Return the bytes of `stored` as an answer to `request` (CHAT-5).

    `preview`: the small copy of a picture (a small picture is its own copy). `download`: as a file to be saved, also
    what a browser could show. Answers 304 to a browser that has the file, 206 or 416 to one that asks for a part.
    Raises `Http404` when the bytes are gone from the store.
    """
    has_copy = preview and bool(stored.preview)
    field = stored.preview if has_copy else stored.content
    etag = f'"{stored.sha256}{"-preview" if has_copy else ""}"'
    headers = _headers(stored, etag, shown=not download)
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None and unchanged.status_code == 304:
        return HttpResponseNotModified(headers={name: headers[name] for name in _OF_UNCHANGED})
    try:
        size = field.size
        asked = _asked_part(request, size, etag)
        if asked is None:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        file = field.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    headers["Content-Type"] = formats.WEBP.content_type if has_copy else stored.content_type
    return _sent(request, file, asked, headers)


_OF_UNCHANGED = ("ETag", "Cache-Control", "Vary")


def _headers(stored: StoredFile, etag: str, *, shown: bool) -> dict[str, str]:
    is_pdf = stored.content_type == formats.PDF.content_type
    shown = shown and (stored.kind in _SHOWN or is_pdf)
    policy = _PDF_POLICY if is_pdf else _POLICIES.get(FileKind(stored.kind), _CLOSED)
    return {
        "Content-Disposition": content_disposition_header(not shown, stored.original_name) or "attachment",
        "Content-Security-Policy": policy if shown else _CLOSED,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": f"private, max-age={_KEPT_SECONDS}, immutable",
        # The next person at a computer of the school has another session, and gets nothing from this one's cache.
        "Vary": "Cookie",
        "ETag": etag,
        "Accept-Ranges": "bytes",
    }


# --- Parts: players ask for them to jump, and phones do not play without them ----------------------------------------
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


@dataclass(frozen=True)
class _Span:
    """Bytes `first` to `last` of `size`."""

    first: int
    last: int
    size: int

    @property
    def is_whole(self) -> bool:
        return self.last - self.first + 1 == self.size


def _asked_part(request: HttpRequest | Request, size: int, etag: str) -> _Span | None:
    """Return what to send; None: nothing of what is asked for exists. Several parts at once are answered by all."""
    whole = _Span(0, size - 1, size)
    match = _RANGE.fullmatch(request.headers.get("Range", ""))
    if match is None or not any(match.groups()) or request.headers.get("If-Range", etag) != etag:
        return whole
    first, last = match.groups()
    if not first:
        return _Span(max(0, size - int(last)), size - 1, size) if int(last) else None
    if last and int(last) < int(first):
        return whole
    return _Span(int(first), min(int(last or size), size - 1), size) if int(first) < size else None


def _sent(
    request: HttpRequest | Request, file: "File[bytes]", span: _Span, headers: dict[str, str]
) -> HttpResponseBase:
    length = span.last - span.first + 1
    headers = headers | {"Content-Length": str(length)}
    if not span.is_whole:
        headers["Content-Range"] = f"bytes {span.first}-{span.last}/{span.size}"
    status = 200 if span.is_whole else 206
    if request.method == "HEAD":
        file.close()
        return HttpResponse(status=status, headers=headers)
    file.seek(span.first)
    # Under ASGI, Django would gather an ordinary iterator in memory before it sends the first byte.
    chunks = _ChunksLater(file, length) if hasattr(request, "scope") else _Chunks(file, length)
    return StreamingHttpResponse(chunks, status=status, headers=headers)


@dataclass
class _Part:
    """`left` bytes of an open file; Django closes it with the answer, also when nobody read to the end."""

    file: "File[bytes]"
    left: int

    def read(self) -> bytes:
        chunk = self.file.read(min(_CHUNK, self.left))
        self.left -= len(chunk)
        return chunk

    def close(self) -> None:
        self.file.close()


class _Chunks(_Part):
    def __iter__(self) -> Iterator[bytes]:
        return iter(self.read, b"")


class _ChunksLater(_Part):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = sync_to_async(self.read, thread_sensitive=False)
        while chunk := await read():
            yield chunk
