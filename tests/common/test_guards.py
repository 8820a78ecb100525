"""Limits on guessing, the client's address, secrets of the embedded mode."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import RequestFactory

from common.network import client_address
from common.secrets import load_or_create_secret
from common.throttle import FailureLimit


@pytest.mark.req("INV-11")
def test_failures_are_limited_per_key() -> None:
    limit = FailureLimit("token", 3)
    for _ in range(3):
        assert not limit.exceeded("10.0.0.1")
        limit.record("10.0.0.1")
    assert limit.exceeded("10.0.0.1")
    assert not limit.exceeded("10.0.0.2")
    assert not FailureLimit("code", 3).exceeded("10.0.0.1")


@pytest.mark.req("INV-11")
def test_asking_costs_nothing() -> None:
    limit = FailureLimit("token", 1)
    assert not any(limit.exceeded("10.0.0.1") for _ in range(50))


@pytest.mark.req("INV-11")
def test_the_next_window_begins_anew() -> None:
    limit = FailureLimit("token", 1, seconds=3600)
    with time_machine.travel("2026-09-15 10:00:00+00:00", tick=False) as clock:
        limit.record("10.0.0.1")
        assert limit.exceeded("10.0.0.1")
        clock.shift(3601)
        assert not limit.exceeded("10.0.0.1")


def test_keys_of_people_do_not_stand_in_the_cache_in_the_open() -> None:
    assert "+79001234567" not in FailureLimit("code", 1)._name("+79001234567")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "1.1.1.1", "9.9.9.9"),
        (1, "1.1.1.1", "1.1.1.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 10.0.0.2", "1.1.1.1"),
        (2, "1.1.1.1", "9.9.9.9"),
        (1, "", "9.9.9.9"),
        (1, " , 1.1.1.1 ", "1.1.1.1"),
    ],
)
def test_only_our_own_proxies_are_believed(
    rf: RequestFactory, settings: Any, proxies: int, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    assert client_address(rf.get("/", REMOTE_ADDR="9.9.9.9", HTTP_X_FORWARDED_FOR=forwarded)) == address


def test_a_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    first = load_or_create_secret(tmp_path, "SECRET_KEY")
    assert load_or_create_secret(tmp_path, "SECRET_KEY") == first
    assert load_or_create_secret(tmp_path, "OUTBOX_KEY") != first
    assert len(first) >= 60


def test_nobody_else_reads_the_secrets(tmp_path: Path) -> None:
    load_or_create_secret(tmp_path, "SECRET_KEY")
    folder = tmp_path / "secrets"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        secrets = set(pool.map(lambda _: load_or_create_secret(tmp_path, "SECRET_KEY"), range(16)))
    assert len(secrets) == 1
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["secret_key"]
