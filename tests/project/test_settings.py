"""Production refuses to start without its secrets, and is strict once it has started."""

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from outbox import vapid
from sferum_admin import settings_table
from tests.project.environments import PRODUCTION, inherited, production
from tests.project.source import ROOT

SETTINGS = ROOT / "sferum_admin" / "settings.py"
REQUIRED = [name for name in PRODUCTION if name not in {"SFERUM_MODE", "DEFAULT_FROM_EMAIL"}]


def load(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> dict[str, Any]:
    """The settings as a process with this environment reads them."""
    for name in set(PRODUCTION) | {"DATA_DIR", "DEBUG", "DJANGO_SETTINGS_MODULE", "VAPID_PRIVATE_KEY"}:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(SETTINGS))


@pytest.fixture
def settings_of_production(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    return load(monkeypatch, PRODUCTION | {"DATA_DIR": str(tmp_path)})


@pytest.mark.parametrize("value", [None, ""], ids=["missing", "empty"])
@pytest.mark.parametrize("name", REQUIRED)
def test_production_refuses_to_start_without(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str | None
) -> None:
    environment = PRODUCTION | {"DATA_DIR": str(tmp_path)}
    del environment[name]
    if value is not None:
        environment[name] = value
    with pytest.raises((ImproperlyConfigured, ValueError), match=name):
        load(monkeypatch, environment)


def test_an_unknown_mode_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="SFERUM_MODE"):
        load(monkeypatch, {"SFERUM_MODE": "prod", "DATA_DIR": str(tmp_path)})


def test_production_writes_no_secret_to_the_disk(settings_of_production: dict[str, Any], tmp_path: Path) -> None:
    assert list(tmp_path.rglob("*secret*")) == []


def test_the_embedded_mode_makes_and_keeps_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = load(monkeypatch, {"SFERUM_MODE": "embedded", "DATA_DIR": str(tmp_path)})
    again = load(monkeypatch, {"SFERUM_MODE": "embedded", "DATA_DIR": str(tmp_path)})
    keys = ("SECRET_KEY", "INVITATION_KEY", "OUTBOX_KEY")
    assert [first[key] for key in keys] == [again[key] for key in keys]
    assert len({first[key] for key in keys}) == 3
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "secrets").iterdir())


def test_pushes_are_sent_only_with_a_key_that_was_given(
    settings_of_production: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert (settings_of_production["VAPID_PRIVATE_KEY"], settings_of_production["PUSH_LOOPBACK"]) == ("", False)
    embedded = {"SFERUM_MODE": "embedded", "DATA_DIR": str(tmp_path)}
    first, again = load(monkeypatch, embedded), load(monkeypatch, embedded)
    assert first["PUSH_ADAPTER"] == "kept"
    assert first["VAPID_PRIVATE_KEY"] == again["VAPID_PRIVATE_KEY"]
    assert vapid.load_key(first["VAPID_PRIVATE_KEY"])
    given, _public = vapid.make_keys()
    for environment in (embedded, PRODUCTION):
        settings = load(monkeypatch, {**environment, "DATA_DIR": str(tmp_path), "VAPID_PRIVATE_KEY": given})
        assert (settings["PUSH_ADAPTER"], settings["VAPID_PRIVATE_KEY"]) == ("webpush", given)


def test_production_speaks_https_only(settings_of_production: dict[str, Any]) -> None:
    production_settings = settings_of_production
    assert production_settings["DEBUG"] is False
    assert production_settings["SECURE_SSL_REDIRECT"] is True
    assert production_settings["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert production_settings["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    assert production_settings["SESSION_COOKIE_SECURE"] is True
    assert production_settings["SESSION_COOKIE_HTTPONLY"] is True
    assert production_settings["CSRF_COOKIE_SECURE"] is True


@pytest.mark.req("ACC-7")
def test_scripts_come_from_this_host_only(settings_of_production: dict[str, Any]) -> None:
    directives = settings_of_production["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert directives["default-src"] == ["'self'"]
    assert directives["script-src"] == ["'self'"]
    assert directives["object-src"] == ["'none'"]
    assert directives["base-uri"] == ["'none'"]
    assert directives["frame-ancestors"] == ["'none'"]
    named = {source for sources in directives.values() for source in sources}
    assert named <= {"'self'", "'none'", "'unsafe-inline'", "data:", "blob:"}, "no foreign host"


@pytest.fixture(scope="module")
def production_process(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a production process says of its checks and of its addresses."""
    script = """
import contextlib, io, json, django
django.setup()
from django.core.management import call_command
from django.urls import Resolver404, resolve
report = io.StringIO()
try:
    with contextlib.redirect_stderr(report), contextlib.redirect_stdout(report):
        call_command("check", deploy=True, fail_level="WARNING")
    failure = ""
except Exception as error:
    failure = str(error)
def is_there(path):
    try:
        return bool(resolve(path))
    except Resolver404:
        return False
paths = ["/dev/outbox/", "/healthz", "/readyz", "/signin/"]
print(json.dumps({"failure": failure, "report": report.getvalue(), "paths": {path: is_there(path) for path in paths}}))
"""
    environment = production(DATA_DIR=str(tmp_path_factory.mktemp("production")))
    command = [sys.executable, "-c", script]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_check_deploy_has_no_remarks(production_process: dict[str, Any]) -> None:
    assert production_process["failure"] == ""


def test_developer_pages_do_not_exist_in_production(production_process: dict[str, Any]) -> None:
    assert production_process["paths"] == {"/dev/outbox/": False, "/healthz": True, "/readyz": True, "/signin/": True}


# --- The configuration table ------------------------------------------------------------------------------------------
READ_IN_SETTINGS = re.compile(r"""(?:env\.\w+|\bsecret)\(\s*"([A-Z][A-Z0-9_]+)\"""")
READ_FROM_ENVIRONMENT = re.compile(r"""os\.environ(?:\.get\(|\[)\s*"([A-Z][A-Z0-9_]+)\"""")
# Set by Django's and Celery's own entry points, not by a person.
INTERNAL = {"DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER"}
# What gunicorn tells its own processes (deploy/gunicorn.py).
INTERNAL |= {"PROMETHEUS_MULTIPROC_DIR", "METRICS_PLACE"}


def documented() -> set[str]:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return {
        name
        for row in re.findall(r"^\| (`[A-Z][^|]*) \|", readme, re.MULTILINE)
        for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", row)
    }


def read_by_code() -> set[str]:
    names = set()
    for path in SETTINGS.parent.glob("settings*.py"):
        names |= set(READ_IN_SETTINGS.findall(path.read_text(encoding="utf-8")))
    readers = [ROOT / "deploy/gunicorn.py", ROOT / "deploy/healthcheck.py"]
    for path in [*readers, *(ROOT / "sferum_admin/management/commands").glob("*.py")]:
        names |= set(READ_FROM_ENVIRONMENT.findall(path.read_text(encoding="utf-8")))
    return names - INTERNAL


def test_the_table_is_the_one_of_the_declared_list() -> None:
    """Edit sferum_admin/settings_table.py, then: manage.py write_settings_table."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert settings_table.written_into(readme) == readme
    named = [name for row in settings_table.SETTINGS for name in row.names.split(", ")]
    assert len(named) == len(set(named)), "each variable once"


def test_logs_are_of_a_known_form(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment = PRODUCTION | {"DATA_DIR": str(tmp_path)}
    for form in ("line", "json"):
        settings = load(monkeypatch, environment | {"LOG_FORMAT": form})
        assert settings["LOGGING"]["handlers"]["console"]["formatter"] == form
    with pytest.raises(ImproperlyConfigured, match="LOG_FORMAT"):
        load(monkeypatch, environment | {"LOG_FORMAT": "xml"})


def test_readme_describes_every_variable() -> None:
    assert read_by_code() - documented() == set()


def test_readme_describes_no_variable_that_is_gone() -> None:
    elsewhere = "".join(
        (ROOT / path).read_text(encoding="utf-8") for path in ("docker-compose.yml", "Makefile", "scripts/venv.sh")
    )
    gone = {name for name in documented() - read_by_code() if not re.search(rf"\b{name}\b", elsewhere)}
    assert gone == set()


def test_no_environment_of_this_machine_leaks_into_the_tests() -> None:
    assert not {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"} & set(inherited())
