"""The parser behind common/markup.py: markdown-it with the rules of a chat instead of those of a document.

It differs from CommonMark where a chat does: a quote or an item of a list ends with its line unless the next one goes
on with it, `*` and `_` inside a word are text (2*3*4, file_name), only «- » and «1. » make lists, and what nests too
deeply or comes too often stays text. Each rule looks forward a bounded way, so a hostile text costs no more than a long
one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block
from markdown_it.rules_block.fence import make_fence_rule
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

from common.links import MOST_ADDRESS, Address, address_of, url_at

# Levels of quotes and lists (a list with its item takes two): what is deeper stays text, nothing is lost.
MOST_LEVELS = 6
# Longer runs of one mark («*****») are decoration.
LONGEST_RUN = 3
MOST_LABEL = 300
# In one text; the longest post has some dozens. Finding out where a link leads is the dearest of all.
MOST_RUNS = 500
MOST_LINKS = 100

_ITEM = re.compile(r"(?:-|[0-9]{1,9}\.)[ \t]+[^ \t\n]")
# After the fence the name of a language at most: other words would be lost.
_FENCE = re.compile(r"`{3,}[ \t]*[A-Za-z0-9+#-]{0,20}[ \t]*(?:\n|\Z)")
_SCHEME = re.compile(r"(?<![a-z0-9.+-])https?\Z", re.IGNORECASE)
# No brackets in a label but those of a mention, so the search for its end stops at the next link's beginning.
_LINK = re.compile(
    rf"\[((?:@\[[0-9]{{1,18}}\]|[^\[\]\n]){{1,{MOST_LABEL}}})\]"
    rf"\([ \t]*((?:[^\s()<>]|\([^\s()<>]{{0,200}}\)){{1,{MOST_ADDRESS}}})[ \t]*\)"
)
_PERSON = re.compile(r"@\[([1-9][0-9]{0,17})\]")
_EVERYONE = re.compile(r"(?<![\w.@+-])@all(?![\w@])")

BlockRule = Callable[[StateBlock, int, int, bool], bool]


@dataclass
class Room:
    """How many runs of marks and tries to make a link one text may still have."""

    runs: int = MOST_RUNS
    links: int = MOST_LINKS

    def for_run(self) -> bool:
        """Take the place of a run of marks; False when none is left."""
        self.runs -= 1
        return self.runs >= 0

    def for_link(self) -> bool:
        """Take the place of a link; False when none is left."""
        self.links -= 1
        return self.links >= 0


def parse(text: str) -> tuple[list[Token], Room]:
    """Return the tokens of `text` and the room left for links in its words.

    They are those of markdown-it, with `person` (`meta["id"]`) and `everyone` for mentions; a link carries its
    `Address` and its label in `meta`.
    """
    room = Room()
    return _PARSER.parse(text, {"room": room}), room


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"maxNesting": 100})
    # A rule may break off the blocks of `alt`.
    everywhere = ["paragraph", "blockquote", "list"]
    parser.block.ruler.at("fence", _bounded(_fence), {"alt": everywhere})
    parser.block.ruler.at("blockquote", _bounded(blockquote), {"alt": everywhere})
    parser.block.ruler.at("list", _bounded(_list), {"alt": ["paragraph", "blockquote"]})
    parser.block.ruler.before("paragraph", "quote_ends", _quote_ends, {"alt": ["blockquote"]})
    parser.block.ruler.before("paragraph", "item_ends", _item_ends, {"alt": ["paragraph"]})
    parser.inline.ruler.at("linkify", _url)
    parser.inline.ruler.at("emphasis", _mark)
    parser.inline.ruler.at("link", _link)
    parser.inline.ruler.before("link", "mention", _mention)
    parser.enable(["fence", "blockquote", "list", "quote_ends", "item_ends"])
    parser.inline.ruler.enable(["linkify", "newline", "backticks", "emphasis", "mention", "link"])
    parser.inline.ruler2.enable(["strikethrough", "emphasis"])
    return parser


# --- Blocks -----------------------------------------------------------------------------------------------------------
def _bounded(rule: BlockRule) -> BlockRule:
    def bounded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < MOST_LEVELS and rule(state, start, end, silent)

    return bounded


_any_fence = make_fence_rule(markers=("`",))


def _fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    first = state.bMarks[start] + state.tShift[start]
    return bool(_FENCE.match(state.src, first)) and _any_fence(state, start, end, silent)


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    first = state.bMarks[start] + state.tShift[start]
    return bool(_ITEM.match(state.src, first, state.eMarks[start])) and list_block(state, start, end, silent)


def _quote_ends(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The answer to a quote stands on the next line: it is not part of the quote."""
    return silent


def _item_ends(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """So does what follows a list, unless it is indented."""
    return silent and state.sCount[start] < state.blkIndent


# --- Inside a line ----------------------------------------------------------------------------------------------------
def _mark(state: StateInline, silent: bool) -> bool:
    """`*`, `_` and `~~` at the edges of words; runs that are too long, and single tildes, are text."""
    mark = state.src[state.pos]
    if mark not in "*_~":
        return False
    scanned = state.scanDelims(state.pos, False)
    state.pos += scanned.length
    is_text = scanned.length > LONGEST_RUN or (mark == "~" and scanned.length != 2)
    # A backslash is not taken away, it keeps ¯\\_(ツ)_/¯ whole.
    if silent or is_text or state.pending.endswith("\\") or not state.env["room"].for_run():
        state.append_pending(mark * scanned.length)
        return True
    # Tildes count in pairs; their `length` is none, which excepts them from the counting rules of emphasis.
    step, length = (2, 0) if mark == "~" else (1, scanned.length)
    for _each in range(0, scanned.length, step):
        state.push("text", "", 0).content = mark * step
        place = len(state.tokens) - 1
        state.delimiters.append(Delimiter(ord(mark), length, place, -1, scanned.can_open, scanned.can_close))
    return True


def _url(state: StateInline, silent: bool) -> bool:
    """http://… and https://… before their `_` and `*` could be taken for marks."""
    if state.linkLevel or not state.src.startswith("://", state.pos):
        return False
    scheme = _SCHEME.search(state.pending[-8:])
    if scheme is None:
        return False
    url = url_at(state.src, state.pos - len(scheme[0]), state.posMax)
    address = address_of(url) if url and state.env["room"].for_link() else None
    if address is None:
        return False
    state.pending = state.pending[: -len(scheme[0])]
    _push_link(state, address)
    state.push("text", "", 0).content = url
    state.push("link_close", "a", -1)
    state.pos += len(url) - len(scheme[0])
    return True


def _link(state: StateInline, silent: bool) -> bool:
    """[label](address)."""
    found = _LINK.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "[" else None
    if found is None or state.linkLevel or not found[1].strip():
        return False
    address = address_of(found[2]) if state.env["room"].for_link() else None
    if address is None:
        return False
    _push_link(state, address, found[1])
    end, state.pos, state.posMax = state.posMax, found.start(1), found.end(1)
    state.linkLevel += 1
    state.md.inline.tokenize(state)
    state.linkLevel -= 1
    state.push("link_close", "a", -1)
    state.pos, state.posMax = found.end(), end
    return True


def _push_link(state: StateInline, address: Address, label: str = "") -> None:
    state.push("link_open", "a", 1).meta = {"address": address, "label": label}


def _mention(state: StateInline, silent: bool) -> bool:
    """@[12] and @all."""
    if state.src[state.pos] != "@":
        return False
    found = _PERSON.match(state.src, state.pos, state.posMax)
    if found:
        state.push("person", "", 0).meta = {"id": int(found[1])}
    else:
        found = _EVERYONE.match(state.src, state.pos, state.posMax)
        if found is None:
            return False
        state.push("everyone", "", 0)
    state.pos = found.end()
    return True


_PARSER = _make_parser()
