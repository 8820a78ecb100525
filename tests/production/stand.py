"""The production set without containers, started from docker-compose.yml and deploy/.

A PostgreSQL and a Redis of its own, migrations as a step of their own, two of `web`, `ws` and `worker`, one of the
rest, nginx with TLS in front. What dies comes back, as the container engine would bring it back.
By hand: `python -m tests.production.stand`, with `--pooled` through PgBouncer.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import secrets
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.ports import free_port
from tests.production import certificate, compose
from tests.production.gateway import Gateway
from tests.production.processes import Engine, Instance, wait_until
from tests.project.environments import inherited
from tests.project.source import ROOT

HOST = "localhost"
BIN = Path(sys.executable).parent
PG_BIN = Path("/usr/lib/postgresql/15/bin")
TWICE = ("web", "ws", "worker")
STEP_SECONDS = 300


class Stand:
    """Everything of docker-compose.yml on this machine, in `folder`; `pooled`: PgBouncer before PostgreSQL."""

    def __init__(self, folder: Path, *, pooled: bool = False, port: int = 0) -> None:
        self.folder, self.pooled = folder, pooled
        folder.chmod(0o755)  # PostgreSQL may have a user of its own
        self.ports: dict[str, int] = {"proxy": port or free_port(), "postgres": free_port(), "redis": free_port()}
        self.url = f"https://{HOST}:{self.ports['proxy']}"
        self.gateway = Gateway(free_port(), "a token for tests")
        self.engine = Engine()
        self.password = secrets.token_hex(16)
        self.services = compose.services(self._values())
        self.certificate = certificate.make(folder, HOST)
        self._data_process: subprocess.Popen[str] | None = None

    # --- The environment ----------------------------------------------------------------------------------------
    def _values(self) -> dict[str, str]:
        """What a person would write into .env."""
        return {
            "SITE_ADDRESS": HOST,
            "SECRET_KEY": secrets.token_urlsafe(50),
            "INVITATION_KEY": secrets.token_urlsafe(50),
            "OUTBOX_KEY": secrets.token_urlsafe(50),
            "POSTGRES_PASSWORD": self.password,
            "EMAIL_URL": "smtp://127.0.0.1:1",
            "DEFAULT_FROM_EMAIL": "school@example.test",
            "SMS_GATEWAY_URL": self.gateway.url,
            "SMS_GATEWAY_TOKEN": "a token for tests",
            "WEB_WORKERS": "1",
            "WORKER_CONCURRENCY": "2",
        }

    def environment(self, name: str, *, direct: bool = False) -> dict[str, str]:
        """The environment of a service, with this machine's addresses; `direct`: past the pooler."""
        own = dict(self.services[name].environment)
        is_pooled = self.pooled and not direct
        database = f"127.0.0.1:{self.ports['pooler' if is_pooled else 'postgres']}"
        addresses = {"postgres:5432": database, "redis:6379": f"127.0.0.1:{self.ports['redis']}"}
        for inside, here in addresses.items():
            own = {name: re.sub(rf"(//|@){inside}", rf"\g<1>{here}", value) for name, value in own.items()}
        own |= {
            "SITE_URL": self.url,
            "DATA_DIR": str(self.folder / "data"),
            "STATIC_ROOT": str(self.folder / "static"),
            "EMAIL_ADAPTER": "kept",
            "DATABASE_POOLED": "yes" if is_pooled else "",
            "DJANGO_SETTINGS_MODULE": "sferum_admin.settings",
            "PYTHONUNBUFFERED": "1",
            "PATH": f"{BIN}:{os.environ['PATH']}",
        }
        return inherited() | own

    # --- Starting, in the order of docker-compose.yml -----------------------------------------------------------
    def start(self) -> None:
        """Return when the proxy serves pages and every service answers."""
        self._start_postgres()
        self._start_redis()
        if self.pooled:
            self._start_pooler()
        (self.folder / "data").mkdir()
        # What the image holds already.
        self.manage("collectstatic", "--noinput", "-v0")
        self._sql("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        self.run_service("migrate")
        # Nothing was accepted yet; from now on it is.
        self._sql("ALTER SYSTEM RESET fsync", "SELECT pg_reload_conf()", "CHECKPOINT")
        for name, service in self.services.items():
            if service.command and name not in {"postgres", "redis", "migrate", "pooler"}:
                for number in range(1, 3 if name in TWICE else 2):
                    self._start_service(name, number)
        self._start_proxy()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Every web and ws process and the proxy serve, every worker and the schedule work."""
        for name in self.ports:
            if name.startswith(("web", "ws")):
                path = "/readyz" if name.startswith("web") else "/healthz"
                self.wait(lambda name=name, path=path: self.answers(name, path), f"{name} answers", 120)
        self.wait(lambda: self.ask("GET", "/signin/")[0] == 200, "a page through the proxy", 60)
        for name, instance in self.engine.instances.items():
            for kind, sign in (("worker", " ready."), ("beat", "beat: Starting")):
                if name.startswith(kind):
                    self.wait(lambda instance=instance, sign=sign: instance.has_said(sign), f"{name} is ready", 60)

    def wait(self, is_so: Any, what: str, seconds: float = 60) -> float:
        """Wait for something of this stand; its logs tell why it did not come."""
        return wait_until(is_so, what, seconds, self.engine.logs)

    def _begin(self, name: str, command: list[str], environment: dict[str, str], **how: Any) -> Instance:
        service = self.services.get(name.partition("-1")[0].partition("-2")[0])
        comes_back = service.comes_back if service else True
        log = self.folder / f"{name}.log"
        instance = Instance(name, command, environment, log, comes_back, **how)
        self.engine.start(instance)
        return instance

    def _start_postgres(self) -> None:
        data, port = self.folder / "postgres", self.ports["postgres"]
        data.mkdir()
        owner, dying = [], ["setpriv", "--pdeathsig", "INT"]
        password = self.folder / "password"
        password.write_text(self.password)
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            owner = ["--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
            shutil.chown(data, "postgres")
            shutil.chown(password, "postgres")
        given = self.services["postgres"].environment
        init = [str(PG_BIN / "initdb"), "-D", f"{data}/db", "-U", given["POSTGRES_USER"], "--auth", "scram-sha-256"]
        init += ["--pwfile", str(password), *given["POSTGRES_INITDB_ARGS"].split()]
        self.step([*["setpriv", *owner][: 99 if owner else 0], *init], cwd="/")
        extra = self.services["postgres"].command[1:]  # what docker-compose.yml adds to the server's command
        server = [str(PG_BIN / "postgres"), "-D", f"{data}/db", "-p", str(port), "-h", "127.0.0.1", "-k", str(data)]
        # Fast shutdown: the container's image is stopped with the same signal.
        instance = self._begin(
            "postgres", [*dying, *owner, *server, *extra], dict(os.environ), wrapped=False, stop_signal=signal.SIGINT
        )
        ready = [str(PG_BIN / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
        self.wait(lambda: subprocess.run(ready, timeout=10).returncode == 0, "PostgreSQL")
        create = [str(PG_BIN / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "sferum", given["POSTGRES_DB"]]
        self.step(create, environment=dict(os.environ) | {"PGPASSWORD": self.password})
        assert instance.starts == 1

    def _sql(self, *statements: str) -> None:
        command = [
            str(PG_BIN / "psql"),
            "-qh",
            "127.0.0.1",
            "-p",
            str(self.ports["postgres"]),
            "-U",
            "sferum",
            "sferum",
        ]
        for statement in statements:
            self.step([*command, "-c", statement], environment=dict(os.environ) | {"PGPASSWORD": self.password})

    def _start_redis(self) -> None:
        port, folder = str(self.ports["redis"]), self.folder / "redis"
        folder.mkdir()
        command = [*self.services["redis"].command, "--bind", "127.0.0.1", "--port", port, "--dir", str(folder)]
        self._begin("redis", command, dict(os.environ))
        ping = ["redis-cli", "-p", port, "ping"]
        self.wait(lambda: subprocess.run(ping, capture_output=True, timeout=10).stdout == b"PONG\n", "Redis")

    def _start_pooler(self) -> None:
        port = self.ports["pooler"] = free_port()
        text = (ROOT / "deploy/pgbouncer.ini").read_text(encoding="utf-8")
        text = text.replace("host=postgres port=5432", f"host=127.0.0.1 port={self.ports['postgres']}")
        text = text.replace("listen_addr = *", "listen_addr = 127.0.0.1").replace("= 6432", f"= {port}")
        text = text.replace("/etc/pgbouncer/", f"{self.folder}/")
        users = self.folder / "userlist.txt"
        users.write_text(f'"sferum" "{self.password}"\n')
        configuration = self.folder / "pgbouncer.ini"
        configuration.write_text(text)
        owner = []
        if os.getuid() == 0:  # it refuses too
            owner = ["--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
            shutil.chown(users, "postgres")
        command = ["setpriv", "--pdeathsig", "INT", *owner, "pgbouncer", str(configuration)]
        self._begin("pooler", command, dict(os.environ), wrapped=False, stop_signal=signal.SIGINT)

    def _start_service(self, name: str, number: int) -> None:
        instance, environment = f"{name}-{number}", self.environment(name)
        command = list(self.services[name].command)
        if command[0] == "gunicorn":
            self.ports[instance] = free_port()
            command[-1:-1] = ["--bind", f"127.0.0.1:{self.ports[instance]}"]
        elif command[0] == "uvicorn":
            self.ports[instance] = free_port()
            command[command.index("--port") + 1] = str(self.ports[instance])
            command[command.index("--host") + 1] = "127.0.0.1"
        elif "worker" in command:
            command += ["--hostname", f"{instance}@%h"]
        # Containers have these to themselves.
        for variable, own in (("METRICS_PORT", str(free_port())), ("METRICS_DIR", f"{self.folder}/{instance}-metrics")):
            if environment.get(variable):
                environment[variable] = own
        self._begin(instance, command, environment)

    def _start_proxy(self) -> None:
        text = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
        for name, port in (("web", 8000), ("ws", 8001)):
            line = next(line for line in text.splitlines() if f"server {name}:{port}" in line)
            servers = [
                line.replace(f"{name}:{port}", f"127.0.0.1:{here}")
                for instance, here in self.ports.items()
                if instance.startswith(f"{name}-")
            ]
            text = text.replace(line, "\n".join(servers))
        text = text.replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
        text = text.replace("listen 443 ", f"listen 127.0.0.1:{self.ports['proxy']} ")
        text = text.replace("/etc/nginx/certificate.pem", str(self.certificate[0]))
        text = text.replace("/etc/nginx/certificate.key", str(self.certificate[1]))
        text = text.replace("pid /run/nginx.pid;", f"pid {self.folder}/nginx.pid;\ndaemon off;")
        (self.folder / "nginx").mkdir()
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        folders = "".join(f"    {kind}_temp_path {self.folder}/nginx/{kind};\n" for kind in kinds)
        text = text.replace("http {\n", f"http {{\n{folders}", 1)
        configuration = self.folder / "nginx.conf"
        configuration.write_text(text)
        nginx = shutil.which("nginx") or "/usr/sbin/nginx"
        self._begin("proxy", [nginx, "-c", str(configuration)], dict(os.environ))

    # --- Using it -----------------------------------------------------------------------------------------------
    def step(self, command: list[str], *, cwd: str = str(ROOT), environment: dict[str, str] | None = None) -> str:
        """Run something to its end; fail with what it wrote."""
        ran = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=STEP_SECONDS)
        assert ran.returncode == 0, f"{command}\n{ran.stdout}{ran.stderr}"
        return ran.stdout

    def manage(self, *arguments: str, **values: str) -> str:
        """`docker compose run --rm web python manage.py …`."""
        return self.step([sys.executable, "manage.py", *arguments], environment=self.environment("web") | values)

    def run_service(self, name: str) -> str:
        """Run a service that ends by itself, as Compose runs `migrate` before the others."""
        return self.step(self.services[name].command, environment=self.environment(name, direct=True))

    def tls(self) -> ssl.SSLContext:
        """What believes this stand's certificate and no other."""
        return ssl.create_default_context(cafile=str(self.certificate[0]))

    def connection(self, seconds: float = 20) -> http.client.HTTPSConnection:
        """A connection to the proxy."""
        return http.client.HTTPSConnection(HOST, self.ports["proxy"], timeout=seconds, context=self.tls())

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, Any, bytes]:
        """One request through the proxy: status, headers, body; (0, {}, b"") when nobody answers."""
        return _ask(self.connection(), method, path, body, headers)

    def ask_one(
        self, name: str, method: str, path: str, body: str | None = None, **headers: str
    ) -> tuple[int, Any, bytes]:
        """The same from one process, as the proxy asks it."""
        client = http.client.HTTPConnection("127.0.0.1", self.ports[name], timeout=20)
        passed_on = {"Host": f"{HOST}:{self.ports['proxy']}", "X-Forwarded-Proto": "https"}
        return _ask(client, method, path, body, passed_on | headers)

    def answers(self, name: str, path: str) -> bool:
        """Whether a process answers 200, asked directly as its health check does."""
        return self.ask_one(name, "GET", path)[0] == 200

    def data(self, function: str, *args: Any, **kwargs: Any) -> Any:
        """Call `tests.browser.data.<function>` beside the running platform and return what it gives back."""
        if self._data_process is None or self._data_process.poll() is not None:
            self._data_process = subprocess.Popen(
                [sys.executable, "-m", "tests.browser.data_process", "tests.production.data"],
                cwd=ROOT,
                env=self.environment("web", direct=True),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        process = self._data_process
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps({"function": function, "args": args, "kwargs": kwargs}) + "\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline() or '{"error": "the data process has ended"}')
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def stop(self) -> None:
        """Stop everything in the reverse order."""
        if self._data_process is not None and self._data_process.stdin:
            self._data_process.stdin.close()
            self._data_process.wait(20)
        self.engine.stop()
        self.gateway.stop()


def _ask(
    client: http.client.HTTPConnection, method: str, path: str, body: str | None, headers: dict[str, str]
) -> tuple[int, Any, bytes]:
    try:
        client.request(method, path, body, headers)
        answer = client.getresponse()
        return answer.status, answer.headers, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, {}, b""
    finally:
        client.close()


@contextmanager
def running(*, pooled: bool = False, port: int = 0) -> Iterator[Stand]:
    """A stand for as long as the block lasts; its logs are printed when the block fails."""
    folder = Path(tempfile.mkdtemp(prefix="sferum-stand-"))
    stand = Stand(folder, pooled=pooled, port=port)
    try:
        stand.start()
        yield stand
    except BaseException as error:
        if not isinstance(error, KeyboardInterrupt | SystemExit):
            print(stand.engine.logs(), file=sys.stderr)  # noqa: T201
        raise
    finally:
        # A second Ctrl-C must not break the orderly stop.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        stand.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Start a stand, say where it is, show the codes it sends, and wait for Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with (
        running(port=int(os.environ.get("PORT", "0")), pooled="--pooled" in sys.argv) as stand,
        suppress(KeyboardInterrupt),
    ):
        print(f"{stand.url} — logs in {stand.folder}, Ctrl-C ends it", flush=True)  # noqa: T201
        shown = 0
        while True:
            for sms in stand.gateway.taken[shown:]:
                print(f"SMS to {sms.to}: {sms.text}", flush=True)  # noqa: T201
                shown += 1
            time.sleep(0.2)


if __name__ == "__main__":
    main()
