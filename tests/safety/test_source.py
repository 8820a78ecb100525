"""What the code itself must not hold: other ways out, parsers that reach out, keys (ACC-4)."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project.source import APPS

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.req("ACC-4")
# What can ask another machine something, or run something. Letters leave by django.core.mail, which knows one server.
WAYS_OUT = {"urllib.request", "http.client", "requests", "httpx", "aiohttp", "socket", "smtplib", "ftplib", "telnetlib"}
# Whose modules may: the adapters of letters, SMS and pushes; the embedded mode, which looks after its own processes.
MAY_REACH_OUT = {"outbox/adapters/", "sferum_admin/embedded.py"}
# Each of them has once turned a file somebody sent into something that ran or reached out.
NEVER = {"pickle", "marshal", "shelve", "xml", "lxml", "yaml", "dill", "code", "codeop"}
ONLY_ESCAPES = "xml.sax.saxutils"
# Reads sheets somebody sent, without document types: tests/roster/test_reading_tables.py.
REFUSES_ENTITIES = "roster/reading/xml.py"
KEYS = [
    re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}"),
    re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36}\b"),
    re.compile(r"\bxox[abpr]-[A-Za-z0-9-]{20,}"),
    re.compile(r"\bhttps://[0-9a-f]{32}@[\w.]+/\d+"),
    re.compile(r"\beyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}"),
]


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the platform with its tree."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def imported(tree: ast.Module) -> set[str]:
    """What a module imports, by full names."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{name.name}" for name in node.names}
    return found


def test_nothing_but_the_adapters_asks_other_machines() -> None:
    """No address that somebody typed is ever fetched by the server."""
    wrong = [
        (path, name)
        for path, tree in modules()
        if not path.startswith(tuple(MAY_REACH_OUT))
        for name in imported(tree)
        if name in WAYS_OUT or name.partition(".")[0] in WAYS_OUT - {"http.client", "urllib.request"}
    ]
    assert wrong == []


def test_nothing_reads_what_could_run() -> None:
    wrong = [
        (path, name)
        for path, tree in modules()
        for name in imported(tree)
        if name.partition(".")[0] in NEVER and not name.startswith(ONLY_ESCAPES) and path != REFUSES_ENTITIES
    ]
    assert wrong == []


def test_nothing_is_evaluated_or_run_in_a_shell() -> None:
    wrong = []
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func)
                if name in ("eval", "exec", "os.system", "os.popen", "__import__"):
                    wrong.append((path, name))
                if any(keyword.arg == "shell" for keyword in node.keywords):
                    wrong.append((path, "shell"))
    assert wrong == []


def test_scripts_put_no_words_of_people_into_pages_as_html() -> None:
    """The one HTML that scripts insert is what common.markup made; all else is text (CHAT-4)."""
    known = {
        "label.innerHTML = label.dataset.before",
        "words.innerHTML = message.html",
    }
    danger = re.compile(r"[\w.]+\.(?:inner|outer)HTML\s*=[^=].*|.*(?:insertAdjacentHTML|document\.write|\beval\().*")
    wrong = []
    for path in sorted((ROOT / "sferum_admin/static/js").rglob("*.js")):
        if ".min." in path.name or "vendor" in path.parts:
            continue
        for found in danger.findall(path.read_text()):
            if not found.strip().startswith(tuple(known)):
                wrong.append((path.name, found.strip()))
    assert wrong == []


def tracked() -> list[Path]:
    """Files under version control, or all files where there is none (an unpacked archive)."""
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, timeout=30)
    if done.returncode == 0 and done.stdout:
        return [ROOT / name for name in done.stdout.splitlines()]
    return [path for app in APPS for path in (ROOT / app).rglob("*") if path.is_file()]


def test_no_key_lies_among_the_files() -> None:
    wrong = []
    for path in tracked():
        if path.suffix in {".png", ".woff2", ".mo", ".ico", ".ttf", ".jpg", ".webp"} or not path.is_file():
            continue
        text = path.read_text(errors="ignore")
        wrong += [(path.name, key.pattern) for key in KEYS if key.search(text)]
    assert wrong == []
    assert not [path for path in tracked() if path.name in {".env", "id_rsa", "credentials.json"}]
