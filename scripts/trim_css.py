"""Cut the `tabler.css` of the pages out of the whole Tabler: only the rules whose classes our pages can use.

    python scripts/trim_css.py

A phone parses the style sheet anew on every page; nine tenths of Tabler are for things we do not show. A rule stays
when every class of its selector is a word of our templates, scripts or forms (words, not classes: rather too much
than too little). A test fails when a rule that a page needs is missing: then run this again.
"""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "scripts/vendor/tabler-1.6.1/tabler.min.css"
TARGET = ROOT / "sferum_admin/static/vendor/tabler-1.6.1/tabler.css"
# Where the words are that may be classes.
PLACES = ("templates/**/*.html", "sferum_admin/static/js/**/*.js", "common/forms.py", "*/forms.py", "*/forms/*.py")

_WORD = re.compile(r"[A-Za-z][\w-]*")
_CLASS = re.compile(r"\.([A-Za-z_][\w-]*)")
# Layout helpers are always there, so that moving a button does not call for this script.
_UTILITY = re.compile(
    r"[mp][tbsexy]?-(\d|auto)|g[xy]?-\d|gap-\d|row|col(-(auto|\d+|(sm|md|lg)(-(auto|\d+))?))?|d-(none|block|flex|grid|inline-\w+)"
    r"|(align-items|justify-content|flex|fw|text)-(start|center|end|between|wrap|nowrap|column|fill|bold|medium|normal|truncate|nowrap)"
    r"|[wh]-100|ms-auto|me-auto|visually-hidden(-focusable)?"
)
_GROUPS = ("@media", "@supports", "@layer", "@container")


def used_words() -> set[str]:
    """Return every word of the files that can name a class."""
    return {word for place in PLACES for path in ROOT.glob(place) for word in _WORD.findall(path.read_text())}


def rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield the statements of a style sheet as (prelude, body); a statement without a block has an empty body."""
    position = 0
    while position < len(css):
        end = _end_of_prelude(css, position)
        prelude = css[position:end].strip()
        if end == len(css) or css[end] == ";":
            yield prelude, ""
            position = end + 1
            continue
        close = _matching(css, end)
        yield prelude, css[end + 1 : close]
        position = close + 1


def _end_of_prelude(css: str, start: int) -> int:
    return next((at for at in _bare(css, start) if css[at] in "{;"), len(css))


def _matching(css: str, opening: int) -> int:
    depth = 0
    for at in _bare(css, opening):
        depth += {"{": 1, "}": -1}.get(css[at], 0)
        if depth == 0:
            return at
    raise ValueError("a block is not closed")


def _bare(css: str, start: int) -> Iterator[int]:
    """The positions outside strings, parentheses and comments."""
    at, depth = start, 0
    while at < len(css):
        if css.startswith("/*", at):
            at = css.index("*/", at) + 2
            continue
        if css[at] in "\"'":
            at = _end_of_string(css, at) + 1
            continue
        depth += {"(": 1, ")": -1}.get(css[at], 0)
        if depth == 0:
            yield at
        at += 1


def _end_of_string(css: str, start: int) -> int:
    at = start + 1
    while css[at] != css[start]:
        at += 2 if css[at] == "\\" else 1
    return at


def trimmed(css: str, words: set[str]) -> str:
    """Return `css` with only what a page made of `words` can show."""
    kept = []
    for prelude, body in rules(css):
        if prelude.startswith(_GROUPS) and body:
            inner = trimmed(body, words)
            kept.append(f"{prelude}{{{inner}}}" if inner else "")
        elif prelude.startswith("@") or not body:
            kept.append(f"{prelude}{{{body}}}" if body else f"{prelude};" if prelude else "")
        else:
            kept.append(f"{prelude}{{{body}}}" if any(_can_match(one, words) for one in _selectors(prelude)) else "")
    return "\n".join(filter(None, kept))


def _selectors(prelude: str) -> Iterator[str]:
    start = 0
    prelude = re.sub(r"/\*.*?\*/", "", prelude, flags=re.DOTALL)
    for at in _bare(prelude, 0):
        if prelude[at] == ",":
            yield prelude[start:at]
            start = at + 1
    yield prelude[start:]


def _can_match(selector: str, words: set[str]) -> bool:
    """Whether every class outside of parentheses is known; what stands inside (:not, :is) is left undecided."""
    outside = "".join(selector[at] for at in _bare(selector, 0))
    return all(name in words or _UTILITY.fullmatch(name) for name in _CLASS.findall(outside))


def pieces(css: str, around: str = "") -> set[str]:
    """Return the rules of `css` one by one, each with what stands around it."""
    found: set[str] = set()
    for prelude, body in rules(css):
        if prelude.startswith(_GROUPS) and body:
            found |= pieces(body, f"{around}{prelude} ")
        else:
            found.add(f"{around}{prelude}{{{body}}}")
    return found


def build() -> str:
    """Return the style sheet as it should stand now."""
    css = SOURCE.read_text(encoding="utf-8")
    licence = "/*! Tabler 1.6.1, MIT, https://tabler.io — cut by scripts/trim_css.py, not to be edited by hand. */"
    return f"{licence}\n{trimmed(css, used_words())}\n"


if __name__ == "__main__":
    TARGET.write_text(build(), encoding="utf-8")
