"""What is noted of requests: ids, lines without people's data, figures without paths; and who may read the figures."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from prometheus_client.parser import text_string_to_metric_families

from common import logs, metrics
from common.logs import JsonLineFormatter, LineFormatter, Safe
from common.masks import masked
from common.requests import RequestMiddleware
from tests.world import World

pytestmark = pytest.mark.req("ACC-7")
TOKEN = "1f-k3m4abcdefgh2345678901234a"


def written(formatter: logging.Formatter, *, message: str = "", args: tuple[Any, ...] = (), **more: Any) -> str:
    """What a handler of ours writes of one record."""
    output = io.StringIO()
    handler = logging.StreamHandler(output)
    handler.setFormatter(formatter)
    handler.addFilter(Safe())
    record = logging.LogRecord("test", logging.ERROR, __file__, 1, message, args, more.pop("exc_info", None))
    record.__dict__.update(more)
    handler.handle(record)
    return output.getvalue()


# --- Masks ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("call +79001234567", "79001234567"),
        ("call 8 (900) 123-45-67 now", "123-45"),
        ("+7 900 123-45-67", "900"),
        ("from anna.petrova@school.example.ru", "anna"),
        ("code: 123456", "123456"),
        ("код 123 456", "456"),
        (f"/join/{TOKEN}/", TOKEN),
        ("personal code 0005-H7K2-9XPT", "H7K2"),
        ("redis://:hunter2@redis:6379/0", "hunter2"),
        ("Authorization: Bearer abcdef", "abcdef"),
        ("sessionid=qwerty; path=/", "qwerty"),
        ('{"password": "correct horse"}', "correct"),
        ("key f5a1b2c3d4e5f60718293a4b5c6d7e8f", "f5a1"),
    ],
)
def test_what_is_masked(text: str, secret: str) -> None:
    assert secret in text
    assert secret not in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "outbox: message 123456 was not delivered (TimeoutError)",
        "Task outbox.tasks.deliver[d3b07384-d9a0-4c9b-8f3e-1234567890ab] succeeded in 0.0123456s: None",
        "2026-11-02 09:15:01,120 GET orgs:home 200 31 ms",
        "Statistics: 3 figures of organization 17 on 2026-11-02 differed",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    assert masked(text) == text


# --- Lines ------------------------------------------------------------------------------------------------------------
FORGED = "2026-11-02 09:15:01,120 INFO access [-] GET forged 200 1 ms"


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize("formatter", [LineFormatter, JsonLineFormatter])
def test_nothing_from_outside_begins_a_line_of_the_log(formatter: type[logging.Formatter], end: str) -> None:
    hostile = f"name{end}{FORGED}\x1b[2J"
    for text in (
        written(formatter(), message="refused: %s", args=(hostile,)),
        written(formatter(), message="failed", exc_info=caught(hostile)),
    ):
        assert not any(line.startswith("2026-11-02 09:15:01,120") for line in text.splitlines()[1:])
    assert "\x1b" not in written(formatter(), message="refused: %s", args=(hostile,))


def caught(words: str) -> Any:
    try:
        raise ValueError(words)
    except ValueError:
        return sys.exc_info()


def test_a_traceback_is_masked_too() -> None:
    for formatter in (LineFormatter(), JsonLineFormatter()):
        text = written(formatter, message="failed", exc_info=caught("no such user: +79001234567"))
        assert "Traceback" in text
        assert "79001234567" not in text


def test_a_line_of_json_is_one_object_with_its_request() -> None:
    token = logs.request_id.set("abcdefgh")
    try:
        text = written(JsonLineFormatter(), message="кто-то %s", args=("пришёл",), route="orgs:home", status=200)
    finally:
        logs.request_id.reset(token)
    assert text.count("\n") == 1
    found = json.loads(text)
    assert found["message"] == "кто-то пришёл"
    assert (found["level"], found["logger"], found["request_id"]) == ("ERROR", "test", "abcdefgh")
    assert (found["route"], found["status"]) == ("orgs:home", 200)


def test_arguments_of_jobs_do_not_reach_the_log() -> None:
    text = written(JsonLineFormatter(), message="Task received", data={"kwargs": "{'name': 'Анна'}"})
    assert set(json.loads(text)) == {"time", "level", "logger", "request_id", "task_id", "message"}


# --- Requests ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.handler.addFilter(Safe())
    caplog.set_level(logging.INFO, logger="access")
    return caplog


def test_each_answer_bears_an_id_of_its_own(settings: Any) -> None:
    settings.TRUSTED_PROXY_COUNT = 0
    first, second = (Client().get("/healthz").headers["X-Request-ID"] for _ in range(2))
    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert first != second
    assert Client().get("/healthz", headers={"X-Request-ID": "0123456789"}).headers["X-Request-ID"] != "0123456789"


@pytest.mark.parametrize("given", ["short", "a" * 65, "0123 456789", "0123456789\u0416", "0123456789;x", "-123456789"])
def test_an_id_of_the_proxy_is_taken_when_it_is_one(settings: Any, given: str) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    assert Client().get("/healthz", headers={"X-Request-ID": "req-0123456789"})["X-Request-ID"] == "req-0123456789"
    assert Client().get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"] != given


@pytest.mark.django_db
@pytest.mark.parametrize("path", [f"/join/{TOKEN}/?phone=+79001234567", "/nothing/of/the/kind/?q=Анна"])
def test_a_request_is_one_line_without_its_path(lines: pytest.LogCaptureFixture, path: str) -> None:
    answer = Client().get(path)
    [line] = [record for record in lines.records if record.name == "access"]
    assert (line.method, line.status) == ("GET", answer.status_code)  # type: ignore[attr-defined]
    assert line.request_id == answer["X-Request-ID"]  # type: ignore[attr-defined]
    text = lines.text
    assert not any(word in text for word in (TOKEN, "79001234567", "nothing/of", "Анна"))


def test_what_machines_ask_every_few_seconds_makes_no_lines(lines: pytest.LogCaptureFixture) -> None:
    Client().get("/healthz")
    assert [record for record in lines.records if record.name == "access"] == []


def test_words_of_django_name_the_route_instead_of_the_path() -> None:
    request = RequestFactory().get(f"/join/{TOKEN}/")
    text = written(LineFormatter(), message="Internal Server Error: %s", args=(request.path,), request=request)
    assert TOKEN not in text
    assert "(none)" in text


def test_an_unknown_method_makes_no_label_of_its_own() -> None:
    middleware = RequestMiddleware(lambda request: HttpResponse("ok"))
    for method in ("BREW", "X" * 500):
        request = HttpRequest()
        request.method, request.path = method, "/"
        middleware(request)
    assert figures("http_requests")[("(none)", "OTHER", "2xx")] >= 2
    assert not any("BREW" in labels for labels in figures("http_requests"))


# --- Figures ----------------------------------------------------------------------------------------------------------
def figures(family: str) -> dict[tuple[str, ...], float]:
    text = metrics.exposition.generate_latest(metrics.collected()).decode()
    families = {found.name: found for found in text_string_to_metric_families(text)}
    order = ("route", "method", "status", "job", "outcome")
    return {
        tuple(sample.labels[name] for name in order if name in sample.labels): sample.value
        for sample in families[family].samples
        if sample.name in (family, f"{family}_total", f"{family}_count")
    }


@pytest.mark.django_db
def test_the_page_joins_the_process_the_outbox_and_the_statistics(world: World, browse: Any) -> None:
    client = browse(world.a.user("teacher"))
    before = figures("http_requests").get(("orgs:home", "GET", "2xx"), 0)
    assert client.get(f"/o/{world.a.slug}/").status_code == 200
    answer = Client().get("/metrics")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    text = answer.content.decode()
    names = {family.name for family in text_string_to_metric_families(text)}
    assert {"http_requests", "http_request_seconds", "open_sockets", "resident_memory_bytes"} <= names
    assert {"outbox_waiting", "outbox_late", "outbox_failed_last_hour", "statistics_difference"} <= names
    assert figures("http_requests")[("orgs:home", "GET", "2xx")] == before + 1
    assert figures("http_request_seconds")[("orgs:home",)] > 0
    for private in (f"/o/{world.a.slug}", world.a.user("teacher").phone, world.a.organization.name):
        assert private not in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("172.18.0.5", {}, 200),
        ("93.184.216.34", {}, 404),
        ("8.8.8.8", {}, 404),
        ("172.18.0.5", {"X-Forwarded-For": "10.0.0.1"}, 404),
        ("127.0.0.1", {"X-Forwarded-For": ""}, 404),
        ("127.0.0.1", {"Forwarded": "for=10.0.0.1"}, 404),
        ("", {}, 404),
        ("unix:", {}, 404),
    ],
)
def test_without_a_token_only_neighbours_read_the_figures(
    address: str, headers: dict[str, str], status: int, settings: Any
) -> None:
    settings.METRICS_TOKEN = ""
    assert Client(REMOTE_ADDR=address).get("/metrics", headers=headers).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "status"),
    [("Bearer the-token", 200), ("", 404), ("Bearer the-toke", 404), ("the-token", 404), ("Bearer Ж", 404)],
)
def test_with_a_token_whoever_shows_it_reads_the_figures(given: str, status: int, settings: Any) -> None:
    settings.METRICS_TOKEN = "the-token"
    headers = {"Authorization": given, "X-Forwarded-For": "93.184.216.34"}
    assert Client(REMOTE_ADDR="93.184.216.34").get("/metrics", headers=headers).status_code == status


def test_memory_is_that_of_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "_measured_at", float("-inf"))
    metrics.measure_memory()
    found = metrics.registry.get_sample_value("resident_memory_bytes")
    assert found is not None
    assert 10 << 20 < found < 8 << 30


@pytest.mark.django_db
def test_with_the_database_away_the_figures_of_the_process_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr("outbox.selectors.backlog", away)
    answer = Client().get("/metrics")
    assert answer.status_code == 200
    assert 'source_failed{source="outbox.selectors.figures"} 1' in answer.content.decode()
    assert "resident_memory_bytes" in answer.content.decode()
