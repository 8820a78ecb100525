"""The platform's one small Markdown: what people write in messages and posts, as HTML and as words.

Bold, italic, strikethrough, code, quotes, lists, links and mentions (`@[12]` is the person 12, `@all` everybody); line
breaks stay as typed. No pictures, headings, tables, HTML: a `#`, `![` or `<` is text.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it.token import Token

from common.errors import DomainError
from common.links import Address, split_at_addresses, to_tell
from common.marks import Room, parse

MOST_MENTIONS = 50
_LINK = '<a href="{}" target="_blank" rel="noopener noreferrer nofollow">'
# Without any of these a text is words and line breaks only, as most messages are.
_SPECIAL = re.compile(r"[*_`\[@]|~~|:/|\.[^\W\d_]|^[ \t]*(?:>|-[ \t]|[0-9]{1,9}\.[ \t])", re.MULTILINE)
_BLOCK_TAGS = {"blockquote", "ul", "ol", "li"}
_MENTIONS = {"person", "everyone"}
_WORDS = {"text", "code", "pre"}


class _Piece(NamedTuple):
    """A step through a text: `text`, `break`, `code`, `pre`, `person`, `everyone`, or `open`/`close` of the tag `text`.

    `value` is the person's id, the address of a link, the number of an item.
    """

    kind: str
    text: str = ""
    value: Any = None


_BREAK = _Piece("break")


def to_html(text: str, *, mentions: Mapping[int, str] | None = None, mentions_all: bool = False) -> SafeString:
    """Return `text` as HTML that can do no harm (CHAT-4).

    `mentions` gives the names of the people who may be mentioned here, without «@»; other ids become «@…».
    `mentions_all` tells whether the writer may address everybody; else `@all` stays the word it is.
    """
    if not _SPECIAL.search(text):
        return _lines(text)
    pieces = list(_pieces(text))
    if not _shows_anything(pieces):
        return _lines(text)
    names = mentions or {}
    return mark_safe("".join(_html_of(piece, names, mentions_all) for piece in pieces))  # noqa: S308


def to_plain(
    text: str, *, mentions: Mapping[int, str] | None = None, mentions_all: bool = False, one_line: bool = False
) -> str:
    """Return the words of `text` without markup: for search, notifications, the snippet of an answered message.

    `mentions` and `mentions_all` are those of `to_html`; `one_line` turns line breaks into spaces.
    """
    if _SPECIAL.search(text):
        pieces = list(_pieces(text))
        if _shows_anything(pieces):
            text = "".join(_words_of(pieces, mentions or {}, mentions_all)).strip()
    return " ".join(text.split()) if one_line else text


def mentioned_ids(text: str) -> list[int]:
    """Return the ids of the people whom `text` mentions outside code, each once, in their order.

    Raises `DomainError` `mentions_many` when there are more than `MOST_MENTIONS`: that is what `@all` is for.
    """
    if "@[" not in text:
        return []
    ids = list(dict.fromkeys(piece.value for piece in _pieces(text) if piece.kind == "person"))
    if len(ids) > MOST_MENTIONS:
        message = _("More than %(most)s people are mentioned. Please mention fewer.") % {"most": MOST_MENTIONS}
        raise DomainError("mentions_many", message, fields={"text": message}, status=400)
    return ids


def mentions_all(text: str) -> bool:
    """Tell whether `text` addresses everybody (`@all` outside code)."""
    return "@all" in text and any(piece.kind == "everyone" for piece in _pieces(text))


# --- Pieces -----------------------------------------------------------------------------------------------------------
def _pieces(text: str) -> Iterator[_Piece]:
    """Yield the pieces of `text`: whatever is opened is closed, paragraphs are only line breaks apart."""
    tokens, room = parse(text)
    paragraph_end: int | None = None
    for token in tokens:
        lines = token.map or (0, 0)
        if token.type == "inline":
            yield from _inline(token.children or [], room)
        elif token.type == "paragraph_open":
            if paragraph_end is not None:
                yield from [_BREAK] * (lines[0] - paragraph_end + 1)
            paragraph_end = lines[1]
        elif token.type != "paragraph_close":
            paragraph_end = None
            yield _block(token)


def _block(token: Token) -> _Piece:
    if token.type == "fence":
        return _Piece("pre", token.content.removesuffix("\n"))
    number = int(token.info) if token.type == "list_item_open" and token.info else None
    return _Piece("open" if token.nesting > 0 else "close", token.tag, number)


def _inline(tokens: list[Token], room: Room) -> Iterator[_Piece]:
    # No tag inside itself: it would look no different, and so nothing nests deeper than there are tags.
    opened: list[str] = []
    told = ""
    for token in tokens:
        if token.nesting == 0:
            is_text = token.type == "text" and "a" not in opened
            yield from _with_links(token.content, room) if is_text else [_leaf(token)]
        elif token.type == "link_open":
            opened.append("a")
            told = to_tell(token.meta["address"], token.meta["label"])
            yield _Piece("open", "a", token.meta["address"])
        elif token.type == "link_close":
            opened.remove("a")
            yield from _end_of_link(told)
        elif token.nesting > 0:
            opened.append(token.tag)
            if opened.count(token.tag) == 1:
                yield _Piece("open", token.tag)
        else:
            opened.remove(token.tag)
            if token.tag not in opened:
                yield _Piece("close", token.tag)


def _leaf(token: Token) -> _Piece:
    if token.tag == "br":
        return _BREAK
    kind = "code" if token.type == "code_inline" else token.type
    return _Piece(kind, token.content, token.meta.get("id"))


def _with_links(text: str, room: Room) -> Iterator[_Piece]:
    for part, address in split_at_addresses(text, room.for_link):
        if address is None:
            yield _Piece("text", part)
        else:
            yield _Piece("open", "a", address)
            yield _Piece("text", part)
            yield from _end_of_link(to_tell(address))


def _end_of_link(told: str) -> Iterator[_Piece]:
    if told:
        yield _Piece("text", f" ({told})")
    yield _Piece("close", "a")


def _shows_anything(pieces: list[_Piece]) -> bool:
    """Whether a reader sees more than empty boxes; marks around nothing are shown as they were typed."""
    return any(kind in _MENTIONS or (kind in _WORDS and text.strip()) for kind, text, _value in pieces)


# --- Their looks ------------------------------------------------------------------------------------------------------
def _lines(text: str) -> SafeString:
    return mark_safe(escape(text).replace("\n", "<br>"))  # noqa: S308


def _html_of(piece: _Piece, names: Mapping[int, str], mentions_all: bool) -> str:
    kind, text, value = piece
    if kind == "text":
        return escape(text)
    if kind == "break":
        return "<br>"
    if kind == "open":
        return _opening(text, value)
    if kind == "close":
        return f"</{text}>"
    if kind == "code":
        return f"<code>{escape(text)}</code>"
    if kind == "pre":
        return f"<pre><code>{escape(text)}</code></pre>"
    name = escape(_name_of(piece, names, mentions_all))
    if kind == "person" and value in names:
        return f'<span class="mention" data-person="{value}">{name}</span>'
    if kind == "everyone" and mentions_all:
        return f'<span class="mention mention-all">{name}</span>'
    return name


def _opening(tag: str, value: Address | int | None) -> str:
    if isinstance(value, Address):
        return _LINK.format(escape(value.href))
    return f"<{tag}>" if value is None else f'<{tag} value="{value}">'


def _name_of(piece: _Piece, names: Mapping[int, str], mentions_all: bool) -> str:
    if piece.kind == "person":
        return f"@{names.get(piece.value, '…')}"
    return _("@all") if mentions_all else "@all"


def _words_of(pieces: list[_Piece], names: Mapping[int, str], mentions_all: bool) -> Iterator[str]:
    at_line_start = True
    for piece in pieces:
        is_block = piece.kind == "pre" or (piece.kind in {"open", "close"} and piece.text in _BLOCK_TAGS)
        if (is_block or piece.kind == "break") and not (is_block and at_line_start):
            yield "\n"
            at_line_start = True
        words = _words(piece, names, mentions_all)
        if words:
            yield words
            at_line_start = False
        if piece.kind == "pre":
            yield "\n"
            at_line_start = True


def _words(piece: _Piece, names: Mapping[int, str], mentions_all: bool) -> str:
    if piece.kind in _WORDS:
        return piece.text
    if piece.kind in _MENTIONS:
        return _name_of(piece, names, mentions_all)
    if piece.kind == "open" and piece.text == "li" and piece.value is not None:
        return f"{piece.value}. "
    return ""
