"""CSV as texts: the encoding and the sign between the cells are found out (ORG-8)."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from io import StringIO

from roster.reading.refusals import broken, too_many_columns, too_many_rows, unreadable

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# Letters without which no Russian list does: in the wrong encoding they are seldom any letters at all.
_FREQUENT = re.compile("[оеаинтсрвл]")
_ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x80-\x9f\u2500-\u259f]|[а-я][А-Я]")
_SAMPLE = 40
_MOSTLY = 0.9
_AS_TEXT = re.compile(r'="([^"]*)"')


def encoding_of(content: bytes) -> str:
    """Return the encoding in which `content` reads best: "utf-8", "windows-1251", "utf-16" or "cp866"."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return encoding
    if is_utf16(content):
        return "utf-16"
    sample = content[:65_536]
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return max(("windows-1251", "cp866"), key=lambda name: _likeness(sample, name))
    return "utf-8"


def is_utf16(content: bytes) -> bool:
    """Say whether a text is UTF-16: by its mark, or because every other byte is that of Latin or Russian letters."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    sample = content[:4096]
    return any(_share(sample[start::2]) > _MOSTLY for start in (0, 1))


def _share(half: bytes) -> float:
    return (half.count(0) + half.count(4)) / max(len(half), 1)


def _likeness(sample: bytes, encoding: str) -> int:
    text = sample.decode(encoding, errors="replace")
    return len(_FREQUENT.findall(text)) - 3 * len(_ODD.findall(text))


def decoded(content: bytes, encoding: str) -> str:
    """Return the text of a CSV. Raises `DomainError` `file_unreadable` for an encoding that does not explain it."""
    name = "utf-8-sig" if encoding == "utf-8" else encoding
    if encoding == "utf-16" and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        name = "utf-16-be" if _share(content[:4096:2]) > _MOSTLY else "utf-16-le"
    try:
        return content.decode(name)
    except (UnicodeError, LookupError) as error:
        # One byte that means nothing in Windows-1251 does not make a list unreadable.
        if encoding in ("windows-1251", "cp866"):
            return content.decode(name, errors="replace")
        raise unreadable() from error


def delimiter_of(text: str, delimiters: tuple[str, ...], score: Callable[[list[str]], int]) -> str:
    """Return the sign between the cells: the one by which a row of headings comes out best, else the one that divides
    the rows most evenly."""
    return max(delimiters, key=lambda sign: _worth(text, sign, score))


def _worth(text: str, sign: str, score: Callable[[list[str]], int]) -> tuple[int, float]:
    rows = []
    try:
        for row in csv.reader(StringIO(text[:65_536], newline=""), delimiter=sign):
            if row:
                rows.append(row)
            if len(rows) >= _SAMPLE:
                break
    except csv.Error:
        return (-1, 0.0)
    if not rows:
        return (0, 0.0)
    widths = [len(row) for row in rows]
    usual = max(set(widths), key=widths.count)
    return (max(score(row) for row in rows), usual * widths.count(usual) / len(widths) if usual > 1 else 0.0)


def rows_of(text: str, delimiter: str, *, most_rows: int, most_columns: int) -> dict[int, dict[int, str]]:
    """Return the filled cells by row (from 1, as a spreadsheet would count) and column (from 0).

    Raises `DomainError`: `file_broken`, `file_too_large`, `too_many_columns`.
    """
    rows: dict[int, dict[int, str]] = {}
    try:
        for number, cells in enumerate(csv.reader(StringIO(text, newline=""), delimiter=delimiter), 1):
            filled = {column: _shown(cell) for column, cell in enumerate(cells) if cell and not cell.isspace()}
            if not filled:
                continue
            if max(filled) >= most_columns:
                raise too_many_columns()
            if len(rows) >= most_rows:
                raise too_many_rows()
            rows[number] = filled
    except csv.Error as error:
        raise broken() from error
    return rows


def _shown(cell: str) -> str:
    """What a spreadsheet would show: «="0123"» is how some programs keep a zero."""
    if cell[:1] == "=":
        found = _AS_TEXT.fullmatch(cell.strip())
        return found[1] if found else f"\u2061{cell}"
    return cell
