"""The project's own files as the tests of the project read them."""

import ast
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# From the highest floor to the lowest, as in the import contract of pyproject.toml.
APPS = (
    "stats",
    "invitations",
    "meetings",
    "documents",
    "registration",
    "roster",
    "movement",
    "chats",
    "channels_app",
    "support",
    "files",
    "polls",
    "readings",
    "works",
    "orgs",
    "accounts",
    "outbox",
    "common",
)
CODE = ("sferum_admin", *APPS)


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the root, its text, its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def app(self) -> str:
        return self.path.split("/")[0]

    @property
    def area(self) -> str:
        """What the module is inside its app: `services` for orgs/services.py and orgs/services/people.py alike."""
        return self.path.split("/")[1].removesuffix(".py")


@cache
def tracked_files() -> tuple[str, ...]:
    """The files of the repository, with those that are about to be added."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout
    return tuple(sorted(path for path in set(listed.splitlines()) if (ROOT / path).is_file()))


@cache
def modules() -> tuple[Module, ...]:
    """The code that runs in production: no tests, no migrations."""
    paths = [
        path
        for path in tracked_files()
        if path.endswith(".py") and path.split("/")[0] in CODE and "/migrations/" not in path
    ]
    texts = [(path, (ROOT / path).read_text(encoding="utf-8")) for path in paths]
    return tuple(Module(path, text, ast.parse(text)) for path, text in texts)


@cache
def templates() -> dict[str, str]:
    """The templates by their paths from the root."""
    return {
        path: (ROOT / path).read_text(encoding="utf-8")
        for path in tracked_files()
        if "templates/" in path and not path.startswith("tests/")
    }


def assert_none(found: Iterable[str]) -> None:
    """Fail with every line of `found` (a comparison of lists would show the first one only)."""
    lines = list(found)
    assert not lines, "\n".join(["", *lines])
