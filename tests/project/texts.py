"""Every text that waits for translation, gathered from the Python code and the templates."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.template.base import DebugLexer, Token, TokenType
from django.utils.translation import trim_whitespace
from django.utils.translation.template import (
    block_re,
    constant_re,
    context_re,
    endblock_re,
    inline_re,
    plural_re,
)

from tests.project.source import modules, templates

# function → positions of context, singular, plural (None: it has none)
FUNCTIONS = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}


@dataclass(frozen=True)
class Text:
    """One text: where it stands, and what gettext knows it by."""

    place: str
    msgid: str
    plural: str | None = None
    context: str | None = None

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.msgid


def all_texts() -> list[Text]:
    """Return the texts of the code and of the templates."""
    found = [text for module in modules() for text in texts_of_python(module.path, module.tree)]
    for path, source in templates().items():
        found.extend(texts_of_template(path, source))
    return found


def texts_of_python(path: str, tree: ast.Module) -> Iterator[Text]:
    """Yield the texts of calls of Django's translation functions, under whatever name they were imported."""
    names = {
        alias.asname or alias.name: FUNCTIONS[alias.name]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in FUNCTIONS
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        is_module_call = isinstance(node.func, ast.Attribute) and _is_translation_module(node.func.value)
        positions = names.get(name) if isinstance(node.func, ast.Name) else FUNCTIONS.get(name)
        if positions is None or (isinstance(node.func, ast.Attribute) and not is_module_call):
            continue
        context, singular, plural = (_constant(node, position) for position in positions)
        if singular is not None:
            yield Text(f"{path}:{node.lineno}", singular, plural, context)


def _is_translation_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "translation"


def _constant(call: ast.Call, position: int | None) -> str | None:
    """The constant text at `position`; None for none, and for values known only at run time."""
    if position is None or position >= len(call.args):
        return None
    argument = call.args[position]
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def texts_of_template(path: str, source: str) -> Iterator[Text]:
    """Yield the texts of {% translate %}, {% blocktranslate %} and _("…"), as `makemessages` would."""
    tokens = iter(DebugLexer(source).tokenize())
    for token in tokens:
        place = f"{path}:{token.lineno}"
        if token.token_type == TokenType.COMMENT or token.contents.startswith("comment"):
            _skip_comment(token, tokens)
            continue
        if token.token_type == TokenType.BLOCK:
            if inline := inline_re.match(token.contents):
                context = context_re.match(inline[2]) if inline[2] else None
                yield Text(place, _template_text(inline[1]), None, context[1][1:-1] if context else None)
            elif block := block_re.match(token.contents):
                yield _block(place, token, block, tokens)
        if token.token_type in (TokenType.BLOCK, TokenType.VAR):
            for constant in constant_re.findall(token.contents):
                yield Text(place, _template_text(constant))


def _skip_comment(token: Token, tokens: Iterator[Token]) -> None:
    if token.token_type == TokenType.BLOCK:
        next((inner for inner in tokens if inner.contents == "endcomment"), None)


def _template_text(quoted: str) -> str:
    return quoted[1:-1].replace("%", "%%")  # as Django's Variable does before it asks gettext


def _block(place: str, token: Token, block: re.Match[str], tokens: Iterator[Token]) -> Text:
    is_trimmed = "trimmed" in token.split_contents()
    context = context_re.match(block[1]) if block[1] else None
    parts: list[list[str]] = [[]]
    for inner in tokens:
        if inner.token_type == TokenType.BLOCK and endblock_re.match(inner.contents):
            break
        if inner.token_type == TokenType.BLOCK and plural_re.match(inner.contents):
            parts.append([])
        elif inner.token_type == TokenType.VAR:
            parts[-1].append(f"%({inner.contents})s")
        else:
            parts[-1].append(inner.contents.replace("%", "%%"))
    texts = ["".join(part) for part in parts]
    texts = [trim_whitespace(text) for text in texts] if is_trimmed else texts
    plural = texts[1] if len(texts) > 1 else None
    return Text(place, texts[0], plural, context[1][1:-1] if context else None)
