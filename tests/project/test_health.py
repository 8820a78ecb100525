"""What the proxy and the container engine ask."""

import subprocess
import sys

import pytest
from django.test import Client

from tests.project.source import ROOT


def test_a_living_process_answers_without_the_database() -> None:
    # No `db` fixture: any query would fail the test.
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert "no-cache" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_health_is_read_only(path: str) -> None:
    assert Client().post(path).status_code == 405


@pytest.mark.django_db
def test_health_needs_no_https(settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/healthz").status_code == 200
    assert Client().get("/readyz").status_code == 200
    assert Client().get("/signin/").status_code == 301


@pytest.mark.django_db(transaction=False)
def test_the_health_check_of_the_containers(live_health: str) -> None:
    script = [sys.executable, "deploy/healthcheck.py"]
    environment = {"ALLOWED_HOSTS": "school.example.test"}
    good = subprocess.run([*script, f"{live_health}/good"], cwd=ROOT, env=environment, capture_output=True, timeout=30)
    bad = subprocess.run([*script, f"{live_health}/bad"], cwd=ROOT, env=environment, capture_output=True, timeout=30)
    assert (good.returncode, bad.returncode) == (0, 1)


@pytest.fixture
def live_health():
    """A server that answers 200 to /good when asked for by the site's own name, else 503."""
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_good = self.path == "/good" and self.headers["Host"] == "school.example.test"
            self.send_response(200 if is_good else 503)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
