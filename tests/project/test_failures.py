"""Reports of failures: none without an address, and nothing about people with one."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.project.environments import PRODUCTION, production
from tests.project.source import ROOT

pytestmark = pytest.mark.req("ACC-7")
LOADED = "import sys, django; django.setup(); print('sentry_sdk' in sys.modules)"


def test_without_an_address_the_package_is_not_even_loaded(tmp_path: Any) -> None:
    environment = production(DATA_DIR=str(tmp_path), SENTRY_DSN="")
    command = [sys.executable, "-c", LOADED]
    found = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert found.stdout.strip() == "False", found.stderr


# A process of its own: what the package wraps it never unwraps.
REPORTED = """
import json, logging, os, types
import django
django.setup()
import sentry_sdk
from sentry_sdk.transport import Transport
sent = []
class Kept(Transport):
    def capture_envelope(self, envelope):
        sent.extend(item.payload.json for item in envelope.items if item.type == "event")
from sferum_admin import failures
failures.start("https://key@sentry.example.test/1", transport=Kept)
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.conf import settings
def broken(request, token):
    name = "Петрова Анна"
    raise RuntimeError(f"no such user: +79001234567, anna@example.test, code: 123456")
settings.ROOT_URLCONF = types.ModuleType("addresses")
settings.ROOT_URLCONF.urlpatterns = [path("broken/<str:token>/", broken, name="broken")]
client = Client(raise_request_exception=False)
client.cookies["another"] = "the-session"
answer = client.post("/broken/1f-k3m4abcdefgh2345678901234a/?who=Anna", {"password": "the-password"},
                     headers={"Authorization": "Bearer the-key", "X-Forwarded-For": "93.184.216.34"})
logging.getLogger("some.part").error("could not reach %s", "+79001234567")
sentry_sdk.flush(5)
print(json.dumps([answer.status_code, sent]))
"""


def test_a_report_says_where_the_code_failed_and_nothing_about_people(tmp_path: Any) -> None:
    environment = production(DJANGO_SETTINGS_MODULE="sferum_admin.settings_test", DATA_DIR=str(tmp_path))
    for name in PRODUCTION:
        environment.pop(name)
    command = [sys.executable, "-c", REPORTED]
    found = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert found.returncode == 0, found.stderr
    status, events = json.loads(found.stdout.splitlines()[-1])
    assert status == 500
    text = json.dumps(events, ensure_ascii=False)
    assert "RuntimeError" in text
    assert "broken" in text
    secrets = (
        "79001234567",
        "anna@example",
        "123456",
        "k3m4abcdefgh",
        "Anna",
        "the-password",
        "the-session",
        "the-key",
    )
    assert [word for word in (*secrets, "93.184.216.34", "Петрова") if word in text.replace("def broken", "")] == []
    for event in events:
        assert not {"user", "extra", "breadcrumbs", "server_name"} & set(event)
        assert set(event["request"]) == {"method"}
        assert "vars" not in json.dumps(event)
