"""The door of the sockets: whose page may open one, what an address that is not there answers, when all are closed."""

import asyncio
import copy
import os
from functools import partial
from typing import Any

import pytest
import redis
from asgiref.testing import ApplicationCommunicator
from channels.layers import get_channel_layer
from django.conf import settings

from common import sockets
from common.sockets import ClosedTogether, is_same_origin
from tests.sockets import Socket, run


def test_an_unknown_address_closes_with_its_code() -> None:
    async def story() -> None:
        socket = Socket("/ws/nothing/")
        assert await socket.open()
        assert await socket.closed() == 4404

    run(story)


@pytest.mark.req("ACC-7")
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "https://testserver.evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"host": ""},
    ],
    ids=["foreign", "longer", "hidden", "no origin", "no host"],
)
def test_pages_of_other_sites_are_refused_before_anything_is_asked(headers: dict[str, str]) -> None:
    async def story() -> None:
        assert not await Socket("/ws/nothing/", **headers).open()

    run(story)


def test_the_embedded_mode_answers_to_any_name_but_only_to_its_own_pages(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assert is_same_origin("http://192.168.0.5:9000", "192.168.0.5:9000")
    assert is_same_origin("http://LOCALHOST:8000", "localhost:8000")
    assert is_same_origin("http://[::1]:8000", "[::1]:8000")
    assert not is_same_origin("http://192.168.0.5:9001", "192.168.0.5:9000")
    assert not is_same_origin("http://[", "localhost")
    assert not is_same_origin("", "")


def test_production_takes_https_and_its_own_names_only(settings: Any) -> None:
    settings.ALLOWED_HOSTS, settings.SESSION_COOKIE_SECURE = ["school.example.ru"], True
    assert is_same_origin("https://school.example.ru", "school.example.ru")
    assert not is_same_origin("http://school.example.ru", "school.example.ru")
    assert not is_same_origin("https://other.example.ru", "other.example.ru")


class Listening:
    """An application that listens to a group and passes on what it hears."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        layer = get_channel_layer()
        channel = await layer.new_channel()
        await layer.group_add("room", channel)
        await send({"type": "websocket.accept"})
        leaving = asyncio.ensure_future(receive())
        while not leaving.done():
            hearing = asyncio.ensure_future(layer.receive(channel))
            await asyncio.wait({leaving, hearing}, return_when=asyncio.FIRST_COMPLETED)
            if hearing.done():
                await send({"type": "websocket.send", "text": hearing.result()["text"]})
            hearing.cancel()


@pytest.mark.req("CHAT-4")
@pytest.mark.skipif(not settings.REDIS_URL, reason="needs Redis (REDIS_URL)")
def test_a_lost_subscription_closes_the_sockets_so_that_pages_ask_what_they_missed(
    live: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CHANNEL_LAYERS = copy.deepcopy(settings.CHANNEL_LAYERS)
    name = f"test-{os.getpid()}-sockets"
    settings.CHANNEL_LAYERS["default"]["CONFIG"]["hosts"][0]["client_name"] = name
    monkeypatch.setattr(sockets, "SECONDS_TO_SUBSCRIBE", 0.01)
    monkeypatch.setattr("channels_redis.pubsub.asyncio.sleep", partial(_quickly, asyncio.sleep))
    server = redis.Redis.from_url(settings.REDIS_URL)

    async def story() -> None:
        socket = ApplicationCommunicator(ClosedTogether(Listening()), {"type": "websocket"})
        assert (await socket.receive_output(5))["type"] == "websocket.accept"
        while not (ours := [one["id"] for one in server.client_list("pubsub") if one["name"] == name]):
            await asyncio.sleep(0.01)
        for one in ours:
            server.client_kill_filter(_id=one)
        assert await socket.receive_output(5) == {"type": "websocket.close", "code": 1012}
        await get_channel_layer().group_send("room", {"type": "note", "text": "what nobody reads any more"})
        assert await socket.receive_nothing()
        await socket.send_input({"type": "websocket.disconnect"})
        await socket.wait(5)

    run(story)


async def _quickly(sleep: Any, seconds: float) -> None:
    await sleep(min(seconds, 0.05))
