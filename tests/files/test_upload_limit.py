"""A body that is too large is refused before it is read, and never costs more than it is worth (CHAT-5)."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.wsgi import get_wsgi_application
from django.test import Client
from rest_framework.test import APIClient

from accounts.services import create_api_key
from files.models import StoredFile
from files.upload_limit import WRAPPING, BodyLimit
from tests.files.samples import GOOD, upload_of
from tests.world import World

pytestmark = pytest.mark.req("CHAT-5")

GIGABYTES = 2 * 1024**3
UPLOADS = "/api/v1/o/a/files/"
FORM = "multipart/form-data; boundary=limit"


class Unread:
    """A body of which nothing may be read."""

    def read(self, *_size: int) -> bytes:
        raise AssertionError("the body was read")

    readline = read


class Endless:
    """A body that promises little and never ends."""

    def __init__(self) -> None:
        self.given = 0
        self.head = b'--limit\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'

    def read(self, size: int = -1) -> bytes:
        portion = self.head or b"x" * min(size if size > 0 else 65_536, 65_536)
        self.head = b""
        self.given += len(portion)
        return portion

    readline = read


def sent(
    address: str, body: object, length: int, method: str = "POST", **headers: str
) -> tuple[int, dict[str, Any] | bytes]:
    """What a WSGI server would get for this body."""
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": address,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": FORM,
        "CONTENT_LENGTH": str(length),
        "wsgi.url_scheme": "http",
        "wsgi.input": body,
        **headers,
    }
    status: list[int] = []
    answer = get_wsgi_application()(environ, lambda line, _headers: status.append(int(line[:3])))
    content = b"".join(answer)
    return status[0], json.loads(content) if content.startswith(b"{") else content


@pytest.fixture
def signed_in(world: World, browse) -> dict[str, str]:
    """What the browser of a signed-in administrator sends."""
    session = browse(world.a.user("administrator")).cookies["sessionid"].value
    proof = "x" * 32
    return {"HTTP_COOKIE": f"sessionid={session}; csrftoken={proof}", "HTTP_X_CSRFTOKEN": proof}


@pytest.fixture(autouse=True)
def kept_connection() -> Iterator[None]:
    """Outside Django's own test client the end of a request would close the connection the test is in."""
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections

    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_two_gigabytes_are_refused_unread(signed_in: dict[str, str]) -> None:
    status, answer = sent(UPLOADS, Unread(), GIGABYTES, **signed_in)
    assert status == 413
    assert set(answer) == {"code", "message", "fields"}
    assert (answer["code"], list(answer["fields"])) == ("file_too_large", ["file"])
    assert "200" in answer["message"]


def test_with_a_key_as_well(world: World) -> None:
    """Without a session nothing is checked against forgery, so the body is read elsewhere."""
    _key, raw = create_api_key(world.a.user("student"), "phone")
    status, answer = sent(UPLOADS, Unread(), GIGABYTES, HTTP_AUTHORIZATION=f"Bearer {raw}")
    assert (status, answer["code"]) == (413, "file_too_large")


def test_strangers_are_refused_unread() -> None:
    status, answer = sent(UPLOADS, Unread(), 100_000_000)
    assert (status, answer["code"]) == (401, "not_authenticated")


@pytest.mark.parametrize("length", [25_000_000, GIGABYTES])
def test_other_addresses_take_less(signed_in: dict[str, str], length: int) -> None:
    status, answer = sent("/api/v1/o/a/logo/", Unread(), length, "PUT", **signed_in)
    assert (status, answer["code"]) == (413, "file_too_large")
    assert "20" in answer["message"]
    assert sent("/api/v1/o/a/units/", Unread(), length, **signed_in)[0] == 415
    status, answer = sent("/o/a/settings/logo/", Unread(), length, **signed_in)
    assert status == 400
    assert "<html" in answer.decode()
    assert sent("/signin/", Unread(), length)[0] == 403


def test_what_comes_is_counted_whatever_was_promised(signed_in: dict[str, str], settings) -> None:
    settings.UPLOAD_MAX_BYTES = dict.fromkeys(settings.UPLOAD_MAX_BYTES, 300_000)
    body = Endless()
    status, answer = sent(UPLOADS, body, 900_000, **signed_in)
    assert (status, answer["code"]) == (413, "file_too_large")
    assert 300_000 < body.given < 600_000
    assert not StoredFile.objects.exists()


def test_broken_forms_are_the_senders_error(world: World) -> None:
    client = APIClient()
    client.force_login(world.a.user("student"), backend="accounts.backends.AuthenticationBackend")
    for body in (b"", b"nonsense", b"--limit", b"--limit--", b'--limit\r\nContent-Disposition: form-data; name="file"'):
        answer = client.generic("POST", UPLOADS, body, content_type=FORM)
        assert (answer.status_code, set(answer.json())) == (400, {"code", "message", "fields"})
    for kind in ("multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\u00ff"):
        assert client.generic("POST", UPLOADS, b"x", content_type=kind).status_code in (400, 415)
    assert client.post(UPLOADS, {"file": "text"}, format="multipart").status_code == 400
    many = {f"file{number}": upload_of(b"x", "a.txt") for number in range(101)}
    assert client.post(UPLOADS, many, format="multipart").status_code == 400


def test_a_page_takes_its_small_file_as_before(world: World, browse) -> None:
    client: Client = browse(world.a.user("administrator"))
    assert client.post("/o/a/settings/logo/", {"file": upload_of(GOOD["png"][0])}).status_code == 302


def test_the_proxy_lets_the_largest_upload_through() -> None:
    caddyfile = (Path(configured.BASE_DIR) / "deploy" / "Caddyfile").read_text()
    [most] = re.findall(r"max_size (\d+)MiB", caddyfile)
    assert int(most) << 20 >= max(configured.UPLOAD_MAX_BYTES.values()) + WRAPPING


# --- ASGI -------------------------------------------------------------------------------------------------------------
def asgi(limit: BodyLimit, headers: list[tuple[bytes, bytes]], portions: list[bytes]) -> tuple[list[dict], int]:
    """What the server is told to send, and how many portions of the body were taken."""
    told: list[dict] = []
    waiting = list(portions)

    async def receive() -> dict:
        if not waiting:
            await asyncio.sleep(10)
        portion = waiting.pop(0)
        return {"type": "http.request", "body": portion, "more_body": bool(waiting)}

    async def send(message: dict) -> None:
        told.append(message)

    asyncio.run(limit({"type": "http", "headers": headers}, receive, send))
    return told, len(portions) - len(waiting)


async def reader(scope: dict, receive: Any, send: Any) -> None:
    """Reads the whole body and tells how long it was, as Django does; ends silently when the sender goes."""
    length, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        length, more = length + len(message["body"]), message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(length).encode()})


@pytest.fixture
def limit(settings, monkeypatch: pytest.MonkeyPatch) -> BodyLimit:
    settings.UPLOAD_MAX_BYTES = {"video": 100}
    monkeypatch.setattr("files.upload_limit.LINGER_SECONDS", 0.02)
    return BodyLimit(reader)


PORTION = b"x" * (WRAPPING // 4)


def test_asgi_refuses_by_the_promised_length(limit: BodyLimit) -> None:
    # Nothing comes: the answer does not wait for it, the connection only for a moment.
    told, taken = asgi(limit, [(b"content-length", str(GIGABYTES).encode())], [])
    assert told[0]["status"] == 413
    assert (b"connection", b"close") in told[0]["headers"]
    assert json.loads(told[1]["body"])["code"] == "file_too_large"
    # Who writes on may finish, so that the answer is not lost; nothing reaches the application.
    told, taken = asgi(limit, [(b"content-length", str(GIGABYTES).encode())], [PORTION] * 20)
    assert ([message.get("more_body") for message in told], taken) == ([None, True, None], 20)


@pytest.mark.parametrize("headers", [[], [(b"content-length", b"12")], [(b"content-length", b"many")]])
def test_asgi_counts_what_comes(limit: BodyLimit, headers: list[tuple[bytes, bytes]]) -> None:
    told, _taken = asgi(limit, headers, [PORTION] * 20)
    assert (told[0]["status"], len(told)) == (413, 3)
    assert json.loads(told[1]["body"])["code"] == "file_too_large"


def test_asgi_lets_the_rest_through(limit: BodyLimit) -> None:
    told, taken = asgi(limit, [(b"content-length", b"1")], [PORTION] * 3)
    assert (told[0]["status"], told[1]["body"], taken) == (200, str(3 * len(PORTION)).encode(), 3)
    passed: list[dict] = []

    async def socket(scope: dict, receive: Any, send: Any) -> None:
        passed.append(scope)

    asyncio.run(BodyLimit(socket)({"type": "websocket"}, None, None))  # type: ignore[arg-type]
    assert passed == [{"type": "websocket"}]


def test_the_server_of_the_embedded_mode_is_limited() -> None:
    from sferum_admin.asgi import application

    told: list[dict] = []

    async def send(message: dict) -> None:
        told.append(message)

    headers = [(b"content-length", str(GIGABYTES).encode())]
    scope = {"type": "http", "method": "POST", "path": UPLOADS, "headers": headers, "query_string": b""}

    async def receive() -> dict:
        return {"type": "http.disconnect"}

    asyncio.run(application(scope, receive, send))
    assert told[0]["status"] == 413
