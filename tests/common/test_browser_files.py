"""What is kept on a device for the time without a network (ACC-6)."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from common import browser_files

pytestmark = pytest.mark.req("ACC-6")


def name_of_kept(client: Client) -> str:
    browser_files._worker_source.cache_clear()
    found = re.search(r'const KEPT = "([^"]+)"', client.get("/sw.js").content.decode())
    assert found
    return found[1]


def test_the_page_without_a_network_knows_nobody(client: Client) -> None:
    answer = client.get("/offline/")
    assert answer.status_code == 200
    assert "Нет связи" in answer.content.decode()
    assert not answer.cookies
    assert "csrf" not in answer.content.decode()


def test_what_is_kept_is_what_the_page_needs(client: Client) -> None:
    page = client.get("/offline/").content.decode()
    files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    worker = client.get("/sw.js").content.decode()
    assert files
    assert all(f'"{file}"' in worker for file in files)


def test_another_page_is_kept_under_another_name(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    before = name_of_kept(client)
    assert before == name_of_kept(client)
    assert before != "offline-0"
    monkeypatch.setattr(browser_files, "render_to_string", lambda _name: "another page")
    assert name_of_kept(client) != before
    monkeypatch.undo()
    assert name_of_kept(client) == before
