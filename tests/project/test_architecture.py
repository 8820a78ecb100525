"""The plan of the house is kept: see docs/architecture.md for the reasons."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator

import pytest

from tests.project.source import APPS, ROOT, Module, assert_none, modules, templates, tracked_files

# Inside an app a module imports from its own floor or from below.
FLOOR_OF_AREA = {
    "models": 0,
    "selectors": 1,
    "permissions": 2,
    "services": 3,
    "forms": 4,
    "letters": 4,
    "consumers": 5,
    "tasks": 4,
    "views": 5,
    "admin": 6,
    "api": 6,
    "urls": 6,
}
CORE_AREAS = {"services", "selectors", "permissions", "tasks", "letters", "consumers"}
CORE_COMMON = {"api", "db", "errors", "events", "jobs", "network", "secrets", "text", "throttle"}
ORM_WRITES = {
    "save", "create", "update", "delete", "bulk_create", "bulk_update",
    "get_or_create", "update_or_create", "asave", "acreate", "aupdate", "adelete",
}  # fmt: skip
# `.update(` of a dictionary is not a write of the database.
DICTIONARIES = {"context", "headers", "parameters", "query", "attrs", "values", "data", "initial", "kwargs"}
MAX_MODULE = 400
MAX_FUNCTION = 50


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imported_names(module: Module) -> Iterator[tuple[int, str]]:
    """Every dotted name the module imports, `from a.b import c` as «a.b» and «a.b.c»."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def climbing_imports(module: Module) -> list[str]:
    floor = FLOOR_OF_AREA.get(module.area)
    if floor is None:
        return []
    found = {}
    for line, name in imported_names(module):
        parts = name.split(".")
        if parts[0] == module.app and len(parts) > 1 and FLOOR_OF_AREA.get(parts[1], -1) > floor:
            found[line] = f"{module.path}:{line} imports {'.'.join(parts[:2])}"
    return list(found.values())


def test_imports_inside_an_app_go_down_only() -> None:
    assert_none([line for module in modules() for line in climbing_imports(module)])


def test_a_climbing_import_is_noticed() -> None:
    text = "from orgs.services import people\nfrom orgs.models import Unit\n"
    selectors = Module("orgs/selectors/units.py", text, ast.parse(text))
    assert climbing_imports(selectors) == ["orgs/selectors/units.py:1 imports orgs.services"]


def test_imports_between_apps_keep_the_contract() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "1 kept, 0 broken" in result.stdout


def test_models_write_nothing_by_themselves() -> None:
    overrides = [
        f"{module.path}:{node.lineno} {node.name}"
        for module in modules()
        if module.area == "models"
        for node in functions(module)
        if node.name in {"save", "delete", "asave", "adelete"}
    ]
    assert_none(overrides)


def test_nothing_happens_by_signals() -> None:
    names = [
        f"{module.path}:{line} {name}"
        for module in modules()
        for line, name in imported_names(module)
        if "signals" in name.split(".") or name.startswith("django.dispatch")
        # Celery tells of its own life by nothing else; no row is written there.
        if (module.path, name) != ("sferum_admin/celery_signals.py", "celery.signals")
    ]
    assert_none(names)


def test_no_generic_foreign_keys() -> None:
    names = [
        f"{module.path}:{line} {name}"
        for module in modules()
        for line, name in imported_names(module)
        if name.startswith("django.contrib.contenttypes.fields")
    ]
    assert_none(names)


def test_views_leave_writing_to_services() -> None:
    writes = [
        f"{module.path}:{node.lineno} .{node.func.attr}("
        for module in modules()
        if module.area == "views" or re.search(r"/api/views(/|\.py)", module.path)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ORM_WRITES
        and not (isinstance(node.func.value, ast.Name) and node.func.value.id in DICTIONARIES)
        and not _is_a_service(node.func.value)
    ]
    assert_none(writes)


def _is_a_service(receiver: ast.expr) -> bool:
    """`services.create(…)`, `invitations.services.update(…)`."""
    name = receiver.attr if isinstance(receiver, ast.Attribute) else getattr(receiver, "id", "")
    return "service" in name


def test_modules_are_short() -> None:
    long_ones = [f"{module.path}: {n}" for module in modules() if (n := module.text.count("\n")) > MAX_MODULE]
    assert_none(long_ones)


def test_functions_are_short() -> None:
    long_ones = [
        f"{module.path}:{node.lineno} {node.name}: {length}"
        for module in modules()
        for node in functions(module)
        if (length := (node.end_lineno or 0) - node.lineno + 1) > MAX_FUNCTION
    ]
    assert_none(long_ones)


def core_functions() -> Iterator[tuple[Module, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for module in modules():
        if module.area in (CORE_COMMON if module.app == "common" else CORE_AREAS):
            for node in module.tree.body:
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                    yield module, node


def test_public_functions_of_the_core_say_what_they_do() -> None:
    assert_none([f"{m.path}:{node.lineno} {node.name}" for m, node in core_functions() if not ast.get_docstring(node)])


def test_public_functions_of_the_core_are_annotated() -> None:
    bare = []
    for module, node in core_functions():
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
        if node.returns is None or any(argument and argument.annotation is None for argument in arguments):
            bare.append(f"{module.path}:{node.lineno} {node.name}")
    assert_none(bare)


def test_every_module_of_the_core_says_what_it_is_for() -> None:
    silent = [
        module.path
        for module in modules()
        if module.text.strip() and not module.path.endswith("apps.py") and not ast.get_docstring(module.tree)
    ]
    assert_none(silent)


def test_nothing_is_left_for_later() -> None:
    # Split, so that this very line does not count.
    pattern = re.compile("|".join(["NotImplemented" + "Error", r"\bTO" + r"DO\b", r"\bFIX" + r"ME\b"]))
    skipped = re.compile(r"^\s*@pytest\.mark\.(skip|xfail)\b")
    found = [
        f"{path}:{number} {line.strip()}"
        for path in tracked_files()
        if path.endswith(".py")
        for number, line in enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line) or skipped.search(line)
    ]
    assert_none(found)


# --- What must not stand in the repository ---------------------------------------------------------------------------
FOREIGN_ADDRESS = re.compile(r"""(?:https?:)?//(?!www\.w3\.org/)[\w-]+(\.[\w-]+)+""")
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*\btype=\"application/json\")[^>]*>", re.IGNORECASE)
HANDLER = re.compile(r"""<[^>]*\s(on[a-z]+|hx-on[:\w-]*)\s*=|["']\s*javascript:""", re.IGNORECASE)
COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", re.DOTALL)


def lines_matching(texts: dict[str, str], pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number} {line.strip()[:120]}"
        for path, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


@pytest.mark.req("ACC-7")
def test_templates_and_own_scripts_name_no_foreign_host() -> None:
    own = {
        path: (ROOT / path).read_text(encoding="utf-8")
        for path in tracked_files()
        if "/static/" in path and "/vendor/" not in path and path.endswith((".js", ".css", ".svg", ".webmanifest"))
    }
    assert_none(lines_matching(own | templates(), FOREIGN_ADDRESS))


@pytest.mark.req("ACC-7")
def test_vendored_styles_load_nothing_from_elsewhere() -> None:
    foreign = re.compile(r"(?:url\(\s*[\"']?|@import\s+[\"'])(?:https?:)?//[^)\"']*")
    found = [
        f"{path}: {match[0]}"
        for path in tracked_files()
        if "/vendor/" in path and path.endswith(".css")
        for match in foreign.finditer((ROOT / path).read_text(encoding="utf-8"))
    ]
    assert_none(found)


def test_vendored_packages_bring_their_licence() -> None:
    packages = {"/".join(path.split("/")[:4]) for path in tracked_files() if "/static/vendor/" in path}
    assert packages
    assert_none([p for p in packages if not any(f.startswith(f"{p}/LICENSE") for f in tracked_files())])


def test_templates_have_no_inline_scripts_and_handlers() -> None:
    texts = {path: COMMENT.sub("", text) for path, text in templates().items() if path.endswith(".html")}
    assert texts
    assert_none(lines_matching(texts, INLINE_SCRIPT) + lines_matching(texts, HANDLER))


@pytest.mark.parametrize(
    "line", ['<a onclick="x()">', "<script>", '<a href="javascript:x">', '<i hx-on:click="x">', "<SCRIPT defer>"]
)
def test_inline_code_is_noticed(line: str) -> None:
    assert INLINE_SCRIPT.search(line) or HANDLER.search(line)


def test_the_repository_knows_no_machine_and_no_registry() -> None:
    # Split for the same reason as above.
    machine = re.compile(rb"/(work|farm|root|home|tm" + rb"p)/[A-Za-z]")
    registry = re.compile(rb"(pypi\.or" + rb"g|pythonhosted\.or" + rb"g|npmjs\.or" + rb"g|deb\.debian\.or" + rb"g)")
    found = [
        f"{path}: {match[0].decode()}"
        for path in tracked_files()
        if "/vendor/" not in path and not path.endswith((".mo", ".woff2", ".ttf", ".png"))
        for pattern in (machine, registry)
        for match in pattern.finditer((ROOT / path).read_bytes())
    ]
    assert_none(found)


def test_apps_are_those_of_the_contract() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = project["tool"]["importlinter"]["contracts"]
    apps = [app for layer in contract["layers"] for app in layer.split(" | ")]
    assert apps == ["sferum_admin", *APPS]
