"""The production set-up, as far as it can be checked without a container engine."""

import ast
import importlib
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.project.environments import PRODUCTION, production
from tests.project.source import ROOT, assert_none, tracked_files
from tests.project.test_settings import documented, read_by_code

APP_SERVICES = ["migrate", "web", "ws", "worker", "worker-urgent", "beat"]
RUNNING = ["postgres", "redis", "web", "ws", "worker", "worker-urgent", "beat", "proxy", "pooler"]
# Without it something is not offered; an empty value opens nothing.
MAY_BE_ABSENT = {"VAPID_PRIVATE_KEY", "METRICS_TOKEN"}
MAY_BE_ABSENT |= {"SECRET_KEY_FALLBACKS", "INVITATION_KEY_FALLBACKS", "OUTBOX_KEY_FALLBACKS"}
MAY_BE_ABSENT |= {"S3_ACCESS_KEY", "S3_SECRET_KEY"}
VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)(?:(:?[-?])([^}]*))?\}")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return compose["services"]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_services_are_those_of_the_architecture(services: dict[str, dict[str, Any]]) -> None:
    assert set(services) == {*RUNNING, "migrate"}


def test_every_running_service_tells_its_health(services: dict[str, dict[str, Any]]) -> None:
    assert [name for name in RUNNING if not services[name].get("healthcheck", {}).get("test")] == []


def test_services_start_in_order(services: dict[str, dict[str, Any]]) -> None:
    for name in APP_SERVICES:
        conditions = {on: rule["condition"] for on, rule in services[name]["depends_on"].items()}
        wanted = {"postgres": "service_healthy", "redis": "service_healthy"}
        if name != "migrate":
            wanted["migrate"] = "service_completed_successfully"
        assert conditions == wanted
    assert {rule["condition"] for rule in services["proxy"]["depends_on"].values()} == {"service_healthy"}


def test_services_come_back_after_a_restart(services: dict[str, dict[str, Any]]) -> None:
    assert {services[name]["restart"] for name in RUNNING} == {"unless-stopped"}
    assert services["migrate"]["restart"] == "no"


def test_images_are_pinned(services: dict[str, dict[str, Any]]) -> None:
    images = {name: service["image"] for name, service in services.items() if "build" not in service}
    assert all(re.search(r":\d+(\.\d+)*(-[a-z]+)?$", image) for image in images.values()), images
    assert images["postgres"].startswith("postgres:15")
    assert images["redis"].startswith("redis:7")
    bases = re.findall(r"^FROM (\S+)", text_of("Dockerfile"), re.MULTILINE)
    assert bases
    assert set(bases) == {"python:3.11-slim-bookworm"}


def test_only_the_proxy_is_reachable_from_outside(services: dict[str, dict[str, Any]]) -> None:
    assert [name for name, service in services.items() if service.get("ports")] == ["proxy"]


def test_data_outlive_the_containers(compose: dict[str, Any], services: dict[str, dict[str, Any]]) -> None:
    kept = {
        volume.split(":")[0]: volume.split(":")[1]
        for service in services.values()
        for volume in service.get("volumes", [])
        if not volume.startswith(".")
    }
    assert set(kept) == set(compose["volumes"])
    assert kept["postgres"] == "/var/lib/postgresql/data"
    assert kept["data"] == "/data"
    assert "DATA_DIR=/data" in text_of("Dockerfile")


def test_the_application_runs_without_rights(services: dict[str, dict[str, Any]]) -> None:
    dockerfile = text_of("Dockerfile")
    user = re.findall(r"^USER (\S+)", dockerfile, re.MULTILINE)
    assert user == ["app"]
    assert dockerfile.index("USER app") < dockerfile.index("CMD")
    for name in APP_SERVICES:
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
        assert "privileged" not in services[name]


def test_packages_are_installed_by_their_hashes() -> None:
    assert "--require-hashes" in text_of("Dockerfile")


def test_no_secret_is_written_down(services: dict[str, dict[str, Any]]) -> None:
    secret = re.compile(r"KEY|PASSWORD|TOKEN|EMAIL_URL|GATEWAY")
    for name, service in services.items():
        for variable, value in service.get("environment", {}).items():
            if secret.search(variable):
                assert VARIABLE.fullmatch(value), f"{name}: {variable}"
                kind, default = VARIABLE.fullmatch(value).group(2, 3)
                is_left_out = variable in MAY_BE_ABSENT and not default
                assert kind == ":?" or is_left_out, f"{name}: {variable} must not be empty"
    for line in text_of(".env.example").splitlines():
        assert line.startswith("#") or "=" not in line or line.endswith("="), line
    assert not re.search(r"^(ENV|ARG).*(KEY|PASSWORD|TOKEN)", text_of("Dockerfile"), re.MULTILINE)
    ignored = text_of(".dockerignore").splitlines()
    assert {".env", ".git", "var"} <= set(ignored)
    assert ".env" in text_of(".gitignore").splitlines()


def test_every_variable_is_read_by_somebody(services: dict[str, dict[str, Any]]) -> None:
    for name in APP_SERVICES:
        assert set(services[name]["environment"]) - read_by_code() == set()


def test_every_needed_variable_is_set(services: dict[str, dict[str, Any]]) -> None:
    for name in APP_SERVICES:
        assert set(PRODUCTION) <= set(services[name]["environment"])


def test_what_a_person_fills_in_is_described() -> None:
    used = {match[1]: match[2] for match in VARIABLE.finditer(text_of("docker-compose.yml")) if match[2]}
    needed = {name for name, kind in used.items() if kind == ":?"}
    offered = set(re.findall(r"^([A-Z_]+)=", text_of(".env.example"), re.MULTILINE))
    assert needed == offered
    assert set(used) - documented() == set()


def modules_of(command: list[str]) -> list[str]:
    """The Python modules that a service's command loads."""
    names = {"gunicorn": "gunicorn", "uvicorn": "uvicorn", "celery": "celery", "python": "django"}
    modules = [names[command[0]]]
    modules += [part.split(":")[0] for part in command if re.fullmatch(r"[a-z_.]+:[a-z_]+", part)]
    if command[0] == "celery":
        modules.append(command[command.index("-A") + 1])
    return modules


def test_commands_name_modules_that_exist(services: dict[str, dict[str, Any]]) -> None:
    for name in APP_SERVICES:
        for module in modules_of(services[name]["command"]):
            assert importlib.import_module(module), f"{name}: {module}"
        files = [part for part in services[name]["command"] if part.endswith(".py")]
        assert all((ROOT / path).is_file() for path in files)


def test_the_image_starts_what_the_web_service_starts(services: dict[str, dict[str, Any]]) -> None:
    command = re.search(r"^CMD (\[.*\])$", text_of("Dockerfile"), re.MULTILINE)
    assert command
    assert yaml.safe_load(command[1]) == services["web"]["command"]


def test_gunicorn_accepts_its_configuration() -> None:
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--check-config",
        "--config",
        "deploy/gunicorn.py",
        "wsgiref.simple_server:demo_app",
    ]
    result = subprocess.run(command, cwd=ROOT, env=production(), capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr


def routes_of_caddyfile() -> dict[str, str]:
    """{matcher: upstream} of each `handle` block."""
    found = re.findall(r"handle(?: (\S+))? \{\s*reverse_proxy (\S+)", text_of("deploy/Caddyfile"))
    return {matcher or "*": upstream for matcher, upstream in found}


def test_the_proxy_sends_sockets_to_ws_and_pages_to_web(services: dict[str, dict[str, Any]]) -> None:
    ws, web = services["ws"]["command"], text_of("deploy/gunicorn.py")
    assert routes_of_caddyfile() == {"/ws/*": "ws:8001", "*": "web:8000"}
    assert ws[ws.index("--port") + 1] == "8001"
    assert ws[ws.index("--ws-max-size") + 1] == "65536", "a socket carries short notes, never files"
    assert 'bind = "0.0.0.0:8000"' in web


def test_the_proxy_believes_nobody_and_is_believed_once(services: dict[str, dict[str, Any]]) -> None:
    # Caddy replaces X-Forwarded-For of strangers; the application counts exactly one proxy.
    assert "trusted_proxies" not in text_of("deploy/Caddyfile")
    assert "TRUSTED_PROXY_COUNT" not in services["web"]["environment"]


def test_nginx_does_what_caddy_does() -> None:
    """The other proxy that is offered: the same ways, the same limits, the same word about the client."""
    nginx, caddy = text_of("deploy/nginx.conf"), text_of("deploy/Caddyfile")
    routes = dict(re.findall(r"location (\S+) \{\s*proxy_pass http://(\w+);", nginx))
    assert routes == {"/ws/": "ws", "/": "web"}
    assert dict(re.findall(r"upstream (\w+) \{\s*server (\S+)", nginx)) == {"web": "web:8000", "ws": "ws:8001"}
    for location in re.findall(r"location .*?\n        \}", nginx, re.DOTALL):
        for header in ("Host $http_host", "X-Forwarded-For $remote_addr", "X-Forwarded-Proto https"):
            assert f"proxy_set_header {header};" in location
    assert re.search(r"client_max_body_size (\d+)m", nginx)[1] == re.search(r"max_size (\d+)MiB", caddy)[1]
    assert "proxy_next_upstream" not in nginx, "what changes something must never be sent twice"
    assert nginx.count("{") == nginx.count("}")


def test_the_pooler_leads_to_the_same_database(services: dict[str, dict[str, Any]]) -> None:
    pooler = text_of("deploy/pgbouncer.ini")
    given = services["postgres"]["environment"]
    assert f"{given['POSTGRES_DB']} = host=postgres port=5432 dbname={given['POSTGRES_DB']}" in pooler
    assert "pool_mode = transaction" in pooler
    assert services["pooler"]["profiles"] == ["pooler"], "only where it is asked for"
    # Who changes tables or reads everything goes past it.
    assert "@postgres:5432/" in services["migrate"]["environment"]["DATABASE_URL"]
    assert "DATABASE_ADDRESS" in services["web"]["environment"]["DATABASE_URL"]


def test_braces_of_the_caddyfile_match() -> None:
    text = re.sub(r"#.*|\{\$[A-Z_]+\}", "", text_of("deploy/Caddyfile"))
    assert text.count("{") == text.count("}") > 3


def test_there_is_one_schedule_only(services: dict[str, dict[str, Any]]) -> None:
    assert [name for name in APP_SERVICES if "beat" in services[name]["command"]] == ["beat"]
    assert not any("-B" in services[name]["command"] for name in APP_SERVICES)
    assert services["beat"]["deploy"] == {"replicas": 1}


@pytest.mark.parametrize("path", [".ci/run", "scripts/venv.sh", "scripts/need-gettext.sh"])
def test_scripts_are_well_formed(path: str) -> None:
    shell = "bash" if "bash" in (ROOT / path).read_text(encoding="utf-8").splitlines()[0] else "sh"
    assert subprocess.run([shell, "-n", path], cwd=ROOT, timeout=30).returncode == 0


def waits_for_ever(path: str) -> list[str]:
    """The calls in a Python file that run a program and would wait for it without end."""
    tree = ast.parse(text_of(path))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    running = {"subprocess.run", "subprocess.check_output", "subprocess.check_call"}
    return [
        f"{path}:{call.lineno}"
        for call in calls
        if ast.unparse(call.func) in running and not {word.arg for word in call.keywords} & {"timeout", None}
    ]


def test_no_test_waits_for_a_program_without_end() -> None:
    paths = [path for path in tracked_files() if path.startswith("tests/") and path.endswith(".py")]
    assert_none(line for path in paths for line in waits_for_ever(path))


def test_a_step_of_continuous_integration_leaves_nothing_behind() -> None:
    """What hangs is ended, also what made a session of its own, as the platform's processes do."""
    script = "setsid sleep 300 & sleep 300"
    started = time.monotonic()
    command = [sys.executable, ".ci/bounded", "0.5", "sh", "-c", script]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert result.returncode == 124
    assert result.stderr.count("\n  ") == 3, result.stderr
    assert time.monotonic() - started < 20


def test_make_knows_the_commands_of_the_readme() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", text_of("Makefile"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z-]+)", text_of("README.md")))
    assert {"run", "test", "lint", "format", "lock", "messages", "requirements", "clean", "test-browser"} <= targets
    assert named - targets == set()


def test_pictures_of_the_readme_exist() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text_of("README.md"))
    assert len(pictures) >= 2
    assert [path for path in pictures if not Path(ROOT / path).is_file()] == []
