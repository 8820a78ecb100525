"""Production as a browser and a program meet it: through the proxy, over TLS, with two of everything behind it."""

from __future__ import annotations

import json
import re
import socket
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.production.load import CSRF, Listener
from tests.production.processes import wait_until
from tests.production.stand import HOST, Stand

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def school(stand: Stand) -> dict[str, Any]:
    return dict(stand.data("busy_school", 2))


def post(stand: Stand, path: str, fields: dict[str, str], cookies: str = "") -> tuple[int, Any, bytes]:
    """Send a form as a page of the site does."""
    headers = {"Content-Type": FORM, "Cookie": f"csrftoken={CSRF}; {cookies}", "Origin": stand.url}
    return stand.ask("POST", path, urlencode({"csrfmiddlewaretoken": CSRF, **fields}), **headers)


def test_two_of_everything_that_may_be_two(stand: Stand) -> None:
    for name in ("web", "ws", "worker"):
        assert {f"{name}-1", f"{name}-2"} <= set(stand.engine.instances)
    assert [name for name in stand.engine.instances if name.startswith("beat")] == ["beat-1"]


def test_static_files_are_packed_and_kept_for_ever(stand: Stand) -> None:
    status, headers, page = stand.ask("GET", "/signin/")
    assert status == 200
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    style = re.search(rb'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', page)
    assert style
    status, headers, packed = stand.ask("GET", style[1].decode(), **{"Accept-Encoding": "br, gzip"})
    assert (status, headers["Content-Encoding"]) == (200, "br")
    assert "immutable" in headers["Cache-Control"]
    assert len(packed) < len(stand.ask("GET", style[1].decode())[2]) / 2


def test_a_stranger_cannot_say_where_he_comes_from(stand: Stand) -> None:
    """Limits on guessing count addresses: what a client writes into the header is replaced by the proxy."""
    for number in range(3):
        status = stand.ask("GET", "/signin/", **{"X-Forwarded-For": f"10.9.8.{number}"})[0]
        assert status == 200
    assert stand.ask("GET", "/readyz")[0] == 200
    assert stand.ask("GET", "/metrics")[0] == 404, "not for those who come through the proxy"
    assert stand.ask("GET", "/dev/outbox/")[0] == 404


@pytest.mark.req("ACC-1")
def test_sign_in_by_a_code_that_came_by_sms(stand: Stand, school: dict[str, Any]) -> None:
    phone = school["administrator"]
    status, headers, _page = post(stand, "/signin/", {"phone": phone})
    assert status == 302
    session = re.search(r"sessionid=(\w+)", str(headers.get_all("Set-Cookie")))
    assert session
    code = stand.gateway.wait_for_code(phone)
    status, headers, _page = post(stand, "/signin/code/", {"code": code}, f"sessionid={session[1]}")
    assert status == 302
    signed_in = re.search(r"sessionid=(\w+)", str(headers.get_all("Set-Cookie")))
    assert signed_in
    home = f"/o/{school['slug']}/"
    assert stand.ask("GET", home, Cookie=f"sessionid={signed_in[1]}")[0] == 200
    assert stand.gateway.codes(phone) == [code], "sent once"


@pytest.mark.req("INV-1")
def test_joining_by_a_link(stand: Stand, school: dict[str, Any]) -> None:
    newcomer = school["newcomers"][0]
    fields = {"last_name": "Новиков", "first_name": "Пётр", "patronymic": ""}
    for expected in (302, 200):  # a page that heard no answer asks again, and is told that it is in
        assert post(stand, school["link"], fields, f"sessionid={newcomer['session']}")[0] == expected
    there = stand.data("what_is_there", school["chats"]["5А parents"], school["invitation"])
    assert there["joined"] == {newcomer["phone"]: 1}
    assert there["uses"] == 1


@pytest.mark.req("CHAT-4")
@pytest.mark.parametrize(("web", "ws"), [("web-1", "ws-2"), ("web-2", "ws-1")])
def test_a_message_crosses_processes(stand: Stand, school: dict[str, Any], web: str, ws: str) -> None:
    """Sent through one web process by the API, heard on a socket of a ws process that never saw the sender."""
    chat, text = school["chats"]["5А parents"], f"Через процессы: {web} → {ws}"
    page = Listener("parent", stand, school["sessions"]["parent"], school["slug"], stand.ports[ws])
    page.start()
    wait_until(lambda: page.connections, "the socket is open", 30)
    path = f"/api/v1/o/{school['slug']}/chats/{chat}/messages/"
    cookie = f"csrftoken={CSRF}; sessionid={school['sessions']['teacher']}"
    headers = {"Cookie": cookie, "X-CSRFToken": CSRF, "Content-Type": "application/json", "Referer": f"{stand.url}/"}
    body = json.dumps({"text": text, "client_key": str(uuid4())})
    assert stand.ask_one(web, "POST", path, body, **headers)[0] == 201
    wait_until(lambda: text in page.heard, "the message is heard", 30)
    # The same again, as a page does that heard no answer: the message that is there.
    assert stand.ask_one(web, "POST", path, body, **headers)[0] in (200, 201)
    page.stopped.set()
    page.join(20)
    assert stand.data("what_is_there", chat, school["invitation"])["texts"].count(text) == 1


def test_a_socket_opens_through_the_proxy(stand: Stand, school: dict[str, Any]) -> None:
    there = socket.create_connection((HOST, stand.ports["proxy"]), 10)
    address = f"wss://{HOST}:{stand.ports['proxy']}/ws/o/{school['slug']}/"
    headers = {"Cookie": f"sessionid={school['sessions']['teacher']}"}
    with connect(address, sock=there, ssl=stand.tls(), origin=Origin(stand.url), additional_headers=headers) as page:
        assert json.loads(page.recv(10))["type"] == "welcome"
