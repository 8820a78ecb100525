"""docker-compose.yml as the stand reads it: commands, environments and what comes back after a death."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from tests.project.source import ROOT

_VARIABLE = re.compile(r"\$\$|\$\{([A-Z_]+)(?:(:[-?])([^}]*))?\}")


@dataclass(frozen=True)
class Service:
    """One service: what is run, with which environment, and whether it is started again when it ends."""

    name: str
    command: list[str]
    environment: dict[str, str]
    comes_back: bool


def services(values: Mapping[str, str]) -> dict[str, Service]:
    """Read the file with `values` in the places of its variables; raises `KeyError` when a needed one is missing."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    found = yaml.safe_load(text)["services"]
    return {name: _service(name, content, values) for name, content in found.items()}


def _service(name: str, content: dict, values: Mapping[str, str]) -> Service:
    return Service(
        name,
        [filled(str(part), values) for part in content.get("command", [])],
        {key: filled(str(value), values) for key, value in content.get("environment", {}).items()},
        content.get("restart") == "unless-stopped",
    )


def filled(text: str, values: Mapping[str, str]) -> str:
    """Put `values` into `text` as Compose does."""

    def value(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        name, kind, default = match.group(1, 2, 3)
        if kind == ":-":
            return values.get(name) or default
        return values[name]

    return _VARIABLE.sub(value, text)
