"""Telling open pages: after the commit, in order, and never at the expense of the request."""

import asyncio
import copy
import logging
import os
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import redis
from asgiref.sync import async_to_sync, sync_to_async
from channels.layers import channel_layers, get_channel_layer
from django.conf import settings
from django.db import transaction

from common import live as module
from common.live import broadcast, broadcast_many

Told = list[tuple[str, dict[str, Any]]]
needs_redis = pytest.mark.skipif(not settings.REDIS_URL, reason="needs Redis (REDIS_URL)")


def event(number: int) -> dict[str, Any]:
    return {"type": "chat.event", "number": number}


def heard(act: Callable[[], Awaitable[None]], count: int, group: str = "room") -> list[int]:
    """The numbers of the `count` messages that a member of `group` hears while `act` runs."""

    async def listen() -> list[int]:
        layer = get_channel_layer()
        channel = await layer.new_channel()
        await layer.group_add(group, channel)
        await act()
        async with asyncio.timeout(10):
            return [(await layer.receive(channel))["number"] for _ in range(count)]

    return async_to_sync(listen)()


@pytest.fixture
def failing_layer(live: None) -> None:
    class Failing:
        async def group_send(self, group: str, message: dict[str, Any]) -> None:
            raise OSError("nobody there")

    channel_layers.backends["default"] = Failing()
    for sparing in module.logger.filters:
        sparing.passed_at = float("-inf")  # type: ignore[union-attr]


@pytest.mark.req("CHAT-4")
def test_messages_leave_after_the_commit_in_their_order(
    db: None, broadcasts: Told, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        broadcast("room", event(1))
        broadcast_many([("room", event(2)), ("other", event(3))])
        broadcast("room", event(4))
        assert broadcasts == []
    assert broadcasts == [("room", event(1)), ("room", event(2)), ("other", event(3)), ("room", event(4))]


def test_what_was_rolled_back_is_not_told(db: None, broadcasts: Told, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        broadcast("room", event(1))
        transaction.set_rollback(True)
    assert broadcasts == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
def test_without_a_transaction_messages_leave_at_once(broadcasts: Told) -> None:
    broadcast("room", event(1))
    assert broadcasts == [("room", event(1))]


@pytest.mark.req("CHAT-4")
def test_the_group_hears_what_a_view_tells(live: None) -> None:
    def view() -> None:
        for number in range(20):
            module._send("room", event(number))

    assert heard(sync_to_async(view), 20) == list(range(20))


def test_a_layer_that_fails_harms_nobody(failing_layer: None, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="common.live"):
        for number in range(3):
            module._send("room", event(number))
        module._finish()
    assert len(caplog.records) == 1, "once a minute is enough"
    assert "nobody there" in caplog.text


def test_what_cannot_wait_any_more_is_dropped(failing_layer: None, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stuck(module._Publisher):
        def run(self) -> None:
            pass

    monkeypatch.setattr(module, "_Publisher", Stuck)
    monkeypatch.setattr(module, "MOST_WAITING", 2)
    for number in range(5):
        module._send("room", event(number))
    assert module._publisher().waiting.qsize() == 2


def test_a_slow_layer_is_not_waited_for(live: None) -> None:
    class Slow:
        async def group_send(self, group: str, message: dict[str, Any]) -> None:
            await asyncio.sleep(0.2)

    channel_layers.backends["default"] = Slow()
    start = time.perf_counter()
    module._send("room", event(1))
    assert time.perf_counter() - start < 0.1


@needs_redis
def test_one_connection_serves_all_threads(live: None) -> None:
    publishers = set()

    def tell(first: int) -> None:
        for number in range(first, first + 5):
            module._send("room", event(number))
        publishers.add(module._publisher())

    async def at_once() -> None:
        threads = [threading.Thread(target=tell, args=(first,)) for first in (0, 100, 200)]
        for thread in threads:
            thread.start()
        for thread in threads:
            await sync_to_async(thread.join)()

    numbers = heard(at_once, 15)
    assert len(publishers) == 1
    for first in (0, 100, 200):
        assert [number for number in numbers if first <= number < first + 5] == list(range(first, first + 5))


@needs_redis
def test_a_forked_process_tells_by_itself(live: None) -> None:
    module._send("elsewhere", event(0))

    async def fork() -> None:
        child = os.fork()
        if not child:
            module._send("room", event(7))
            module._finish()
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0

    assert heard(fork, 1) == [7]


@needs_redis
def test_a_connection_closed_meanwhile_loses_nothing(live: None, settings: Any) -> None:
    settings.CHANNEL_LAYERS = copy.deepcopy(settings.CHANNEL_LAYERS)
    name = f"test-{os.getpid()}"
    settings.CHANNEL_LAYERS["default"]["CONFIG"]["hosts"][0]["client_name"] = name

    def tell_twice() -> None:
        module._send("room", event(1))
        server = redis.Redis.from_url(settings.REDIS_URL)
        while not (ours := [one for one in server.client_list("normal") if one["name"] == name]):
            time.sleep(0.01)
        for one in ours:
            server.client_kill_filter(_id=one["id"])
        module._send("room", event(2))

    assert heard(sync_to_async(tell_twice), 2) == [1, 2]


@needs_redis
def test_two_platforms_on_one_redis_do_not_hear_each_other(live: None) -> None:
    layer = settings.CHANNEL_LAYERS["default"]["CONFIG"]
    assert str(os.getpid()) in layer["prefix"], "nor do two runs of the tests"
    assert layer["hosts"][0]["socket_timeout"] is None, "a silent subscription is no failure"
