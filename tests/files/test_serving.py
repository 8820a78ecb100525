"""How bytes leave: never as a page of ours, in parts for players, kept by the browser (CHAT-5)."""

import asyncio
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.files.storage import default_storage
from django.http import Http404
from django.http.response import HttpResponseBase
from django.test import AsyncRequestFactory, Client, RequestFactory

from files.models import StoredFile
from files.services import upload
from files.serving import respond
from tests.files.samples import GOOD, picture, upload_of
from tests.world import World

pytestmark = pytest.mark.req("CHAT-5")


def stored_as(world: World, content: bytes, name: str = "a") -> StoredFile:
    return upload(actor=world.a.actor("student"), upload=upload_of(content, name))


def answer(stored: StoredFile, method: str = "GET", **options: object) -> HttpResponseBase:
    switches = {name: bool(options.pop(name, False)) for name in ("preview", "download")}
    request = RequestFactory().generic(method, "/x", headers=options)  # type: ignore[arg-type]
    return respond(stored, request=request, **switches)


def body(response: HttpResponseBase) -> bytes:
    content = b"".join(response) if response.streaming else response.content
    response.close()
    return content


@pytest.mark.parametrize("sample", GOOD)
def test_only_what_cannot_run_is_shown_in_the_page(world: World, sample: str) -> None:
    stored = stored_as(world, GOOD[sample][0])
    response = answer(stored)
    shown = stored.kind != "document" or sample == "pdf"
    assert response.headers["Content-Disposition"].startswith("inline" if shown else "attachment")
    assert response.headers["Content-Type"] == stored.content_type
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert not {"script-src", "'unsafe-eval'", "https:"} & set(policy.split())
    # A player and a reader of PDF are pages of the browser around the file; in a sandbox they could not load it.
    assert policy.startswith("sandbox") == (stored.kind in ("document", "picture") and sample != "pdf")
    assert len(body(response)) == stored.size == int(response.headers["Content-Length"])
    saved = answer(stored, download=True)
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert saved.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_names_of_any_letters_arrive(world: World) -> None:
    stored = stored_as(world, GOOD["pdf"][0], "План; «пятый» класс, 100%.pdf")
    value = answer(stored).headers["Content-Disposition"]
    assert value.isascii()
    assert unquote(value.partition("filename*=utf-8''")[2]) == "План; «пятый» класс, 100%.pdf"


def test_a_browser_keeps_it_for_its_own_session(world: World) -> None:
    stored = stored_as(world, picture(size=(800, 800)))
    first = answer(stored)
    assert first.headers["ETag"] == f'"{stored.sha256}"'
    assert first.headers["Cache-Control"] == "private, max-age=86400, immutable"
    assert first.headers["Vary"] == "Cookie"
    first.close()
    for known in (f'"{stored.sha256}"', f'W/"{stored.sha256}"', f'"x", "{stored.sha256}"', "*"):
        again = answer(stored, **{"if-none-match": known})
        assert (again.status_code, body(again)) == (304, b"")
        assert again.headers["ETag"] == f'"{stored.sha256}"'
        assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    small = answer(stored, preview=True, **{"if-none-match": f'"{stored.sha256}"'})
    assert small.status_code == 200
    small.close()


def test_a_preview_is_the_small_copy_or_the_small_picture(world: World) -> None:
    large, small = stored_as(world, picture("JPEG", size=(800, 800))), stored_as(world, picture("JPEG"))
    preview = answer(large, preview=True)
    assert preview.headers["Content-Type"] == "image/webp"
    assert preview.headers["ETag"] == f'"{large.sha256}-preview"'
    assert body(preview) == large.preview.open().read()
    assert body(answer(small, preview=True)) == small.content.open().read()


LETTERS = b"%PDF-1.7 " + bytes(range(256)) * 600  # more than one portion
SIZE = len(LETTERS)


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-", 0, SIZE - 1),
        ("bytes=10-19", 10, 19),
        ("bytes=5-140000", 5, 140_000),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE - 1),
        ("bytes=-7", SIZE - 7, SIZE - 1),
        (f"bytes=-{SIZE + 5}", 0, SIZE - 1),
        (f"bytes=100-{SIZE + 5}", 100, SIZE - 1),
    ],
)
def test_players_get_the_part_they_ask_for(world: World, asked: str, first: int, last: int) -> None:
    stored = stored_as(world, LETTERS)
    response = answer(stored, range=asked, **{"if-range": f'"{stored.sha256}"'})
    assert body(response) == LETTERS[first : last + 1]
    assert response.headers["Content-Length"] == str(last - first + 1)
    if last - first + 1 < SIZE:
        assert response.status_code == 206
        assert response.headers["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    else:
        assert (response.status_code, "Content-Range" in response.headers) == (200, False)


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=999999999-", "bytes=-0", f"bytes={SIZE}-{SIZE + 1}"])
def test_a_part_that_does_not_exist_is_refused(world: World, asked: str) -> None:
    response = answer(stored_as(world, LETTERS), range=asked)
    assert (response.status_code, response.headers["Content-Range"]) == (416, f"bytes */{SIZE}")


@pytest.mark.parametrize(
    "headers",
    [
        {"range": "bytes=5-2"},
        {"range": "bytes=0-1,5-6"},
        {"range": "bytes=-"},
        {"range": "lines=0-1"},
        {"range": "bytes=a-b"},
        {"range": "bytes=²-³"},
        {"range": f"bytes={'9' * 5000}-"},
        {"range": "bytes=0-1", "if-range": '"another"'},
    ],
)
def test_what_cannot_be_understood_is_answered_by_the_whole(world: World, headers: dict[str, str]) -> None:
    response = answer(stored_as(world, LETTERS), **headers)
    assert (response.status_code, body(response)) == (200, LETTERS)
    assert response.headers["Accept-Ranges"] == "bytes"


def test_the_head_alone_has_no_bytes(world: World) -> None:
    response = answer(stored_as(world, LETTERS), "HEAD")
    assert (response.status_code, response.headers["Content-Length"], body(response)) == (200, str(SIZE), b"")


def test_the_file_is_closed_also_when_nobody_reads_on(world: World, on_disk: Path) -> None:
    stored = stored_as(world, LETTERS)
    response = answer(stored)
    next(iter(response))
    assert not stored.content.closed
    response.close()
    assert stored.content.closed


def test_bytes_that_are_gone_are_not_found(world: World) -> None:
    stored = stored_as(world, LETTERS)
    default_storage.delete(stored.content.name)
    with pytest.raises(Http404):
        answer(stored)


def test_under_asgi_it_streams_as_well(world: World) -> None:
    """Django would gather an ordinary iterator in memory; it warns, too."""
    stored = stored_as(world, LETTERS)
    response = respond(stored, request=AsyncRequestFactory().get("/x", headers={"range": "bytes=3-150000"}))
    assert response.is_async

    async def portions() -> list[bytes]:
        return [portion async for portion in response]

    found = asyncio.run(portions())
    assert len(found) > 1
    assert b"".join(found) == LETTERS[3:150_001]


def test_no_middleware_changes_the_headers(world: World, browse) -> None:
    stored = stored_as(world, GOOD["mp4"][0])
    client: Client = browse(world.a.user("student"))
    response = client.get(f"/api/v1/o/a/files/{stored.pk}/content/", headers={"range": "bytes=0-9"})
    assert (response.status_code, b"".join(response)) == (206, GOOD["mp4"][0][:10])
    assert (
        response.headers["Content-Security-Policy"] == "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'"
    )
    assert response.headers["Cache-Control"] == "private, max-age=86400, immutable"
    assert "Cookie" in response.headers["Vary"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
