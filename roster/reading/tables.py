"""A file becomes a table of texts: which sheet, which encoding, where the headings are (ORG-8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from roster.reading import csvs
from roster.reading.archives import Archive
from roster.reading.columns import guess_columns, missing_columns
from roster.reading.limits import MOST_BYTES, MOST_COLUMNS, MOST_ROWS
from roster.reading.refusals import empty, no_headings, too_many_bytes, too_many_rows, wrong_type
from roster.reading.texts import tidy
from roster.reading.xlsx import Cells, Sheet, Workbook

# What can be chosen where it was found out wrongly: value → what people read.
ENCODINGS = {"utf-8": "UTF-8", "windows-1251": "Windows-1251", "utf-16": "UTF-16", "cp866": "DOS (CP866)"}
DELIMITERS = (";", ",", "\t")
# Titles, the headings and some room.
_ROOM = 50
_ROWS_TO_LOOK_AT = 20
_MOST_SHEETS = 60
_MOST_OF_HEADING = 200


@dataclass(frozen=True)
class Table:
    """The texts of one sheet, as a spreadsheet shows them.

    `format` is "xlsx" or "csv"; `sheets` are the names of the visible sheets, `sheet` the one that was read (empty for
    CSV), `encoding` and `delimiter` those of a CSV (empty for XLSX). `heading_row` and the numbers of `rows` count
    from 1 as spreadsheets do; places in `headings` and in a row are columns: 0 is «A». Every row is as long as
    `headings`. `titles` are the texts above the headings.
    """

    format: str
    sheets: tuple[str, ...]
    sheet: str
    encoding: str
    delimiter: str
    heading_row: int
    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    titles: tuple[str, ...] = ()


def format_of(content: bytes, file_name: str) -> str:
    """Return "xlsx", "csv" or "oneroster", by the content and not by the name.

    Raises `DomainError`: `file_empty`, `file_too_large`, `file_wrong_type`, `file_broken`.
    """
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise empty()
    if len(content) > MOST_BYTES:
        raise too_many_bytes()
    if content.startswith(b"PK"):
        return _format_of_archive(Archive(content))
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        is_locked = "EncryptedPackage".encode("utf-16-le") in content
        raise wrong_type("locked" if is_locked else "old")
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<table", b"<meta", b"<style")) or b"<html" in start:
        raise wrong_type("html")
    if start.startswith(b"<?xml"):
        raise wrong_type("xml")
    if start.startswith(_OTHER_TYPES) or _is_binary(content[:4096]):
        raise wrong_type("other")
    return "csv"


_OTHER_TYPES = (
    b"%pdf",
    b"\x89png",
    b"\xff\xd8\xff",
    b"gif8",
    b"rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
    b"\x1f\x8b",
    b"bm\x00",
)


def _is_binary(start: bytes) -> bool:
    if csvs.is_utf16(start):
        return False
    strange = sum(byte < 9 or 13 < byte < 32 for byte in start)
    return strange > len(start) // 50


def _format_of_archive(archive: Archive) -> str:
    names = archive.names
    if archive.inside("manifest.csv"):
        return "oneroster"
    if "xl/workbook.bin" in archive:
        raise wrong_type("xlsb")
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    raise wrong_type("ods" if "content.xml" in archive and "mimetype" in archive else "other")


def read_table(
    content: bytes, *, file_name: str, sheet: str = "", encoding: str = "", delimiter: str = "", heading_row: int = 0
) -> Table:
    """Read a file of people; what is empty (or 0) is found out.

    Raises `DomainError`, with a sentence that says what to do: `file_empty`, `file_unreadable`, `file_too_large`,
    `file_wrong_type` (also for OneRoster, which `roster.oneroster` reads), `file_broken`, `sheet_unknown`,
    `no_headings`, `too_many_columns`.
    """
    file_format = format_of(content, file_name)
    if file_format == "oneroster":
        raise wrong_type("other")
    if file_format == "csv":
        encoding = encoding if encoding in ENCODINGS else csvs.encoding_of(content)
        text = csvs.decoded(content, encoding)
        if delimiter not in DELIMITERS:
            delimiter = csvs.delimiter_of(text, DELIMITERS, _score)
        cells = Cells(csvs.rows_of(text, delimiter, most_rows=MOST_ROWS + _ROOM, most_columns=MOST_COLUMNS))
        return _table(cells, ("csv", (), "", encoding, delimiter), heading_row)
    book = Workbook(Archive(content))
    visible = [one for one in book.sheets if not one.is_hidden][:_MOST_SHEETS] or book.sheets[:1]
    names = tuple(one.name for one in visible)
    chosen, cells = _sheet_of(book, [book.sheet(sheet)] if sheet else visible, heading_row)
    return _table(cells, ("xlsx", names, chosen.name, "", ""), heading_row)


def _sheet_of(book: Workbook, sheets: Sequence[Sheet], heading_row: int) -> tuple[Sheet, Cells]:
    """Return the first sheet that looks like a list of people, else the first that holds anything."""
    first: tuple[Sheet, Cells] | None = None
    for one in sheets:
        cells = book.cells_of(one, most_rows=MOST_ROWS + _ROOM, most_columns=MOST_COLUMNS)
        if cells.rows and first is None:
            first = (one, cells)
        if cells.rows and (heading_row or len(sheets) == 1 or _best_row(cells)[0] >= _ENOUGH):
            return one, cells
    if first is None:
        raise empty()
    return first


# --- The row of the headings ------------------------------------------------------------------------------------------
# A name and one thing more.
_ENOUGH = 12
_OF_A_NAME = 10


def _score(row: Sequence[str]) -> int:
    """How much a row looks like headings: each known one counts, somebody's name counts most."""
    if not any(row):
        return 0
    columns = guess_columns([text if len(text) <= 80 else "" for text in row], {})
    known = sum(1 for field in columns.values() if field)
    return known + (_OF_A_NAME if known and not missing_columns(columns) else 0)


def _best_row(cells: Cells) -> tuple[int, int]:
    """Return (score, number) of the row that looks most like headings; the first of several."""
    best = (0, 0)
    for number in sorted(cells.rows)[:_ROWS_TO_LOOK_AT]:
        score = _score(_texts(cells.rows[number], max(cells.rows[number]) + 1))
        if score > best[0]:
            best = (score, number)
    return best


def _texts(row: dict[int, str], width: int) -> tuple[str, ...]:
    return tuple([row.get(column, "") for column in range(width)])


def _table(cells: Cells, how: tuple[str, tuple[str, ...], str, str, str], heading_row: int) -> Table:
    if not cells.rows:
        raise empty()
    number = heading_row or _second_row(cells, _found_headings(cells))
    if number not in cells.rows:
        raise no_headings()
    below = sorted(row for row in cells.rows if row > number)
    if len(below) > MOST_ROWS:
        raise too_many_rows()
    width = max(max(row) for row in cells.rows.values()) + 1
    rows = tuple([(row, _texts(cells.rows[row], width)) for row in below])
    titles = dict.fromkeys(
        tidy(text) for row in sorted(cells.rows) if row < number for text in cells.rows[row].values()
    )
    return Table(*how, number, _headings(cells, number, width), rows, tuple(titles))


def _found_headings(cells: Cells) -> int:
    """Return the row of the headings; failing a known one, the first of several words that differ."""
    score, number = _best_row(cells)
    if score:
        return number
    for number in sorted(cells.rows)[:_ROWS_TO_LOOK_AT]:
        words = [tidy(text) for text in cells.rows[number].values()]
        if len(words) > 1 and len(set(words)) == len(words) and not any(c.isdigit() for word in words for c in word):
            return number
    raise no_headings()


def _second_row(cells: Cells, number: int) -> int:
    """Return the row below the headings when it divides the wide ones («Родитель 1»: «ФИО», «Телефон») and says
    nothing else; otherwise `number`."""
    below = cells.rows.get(number + 1, {})
    wide = [(first, last) for row, first, last in cells.wide if row == number]
    if not wide or not below:
        return number
    above = cells.rows[number]
    divides = all(
        text == above.get(column) or any(first <= column <= last for first, last in wide)
        for column, text in below.items()
    )
    return number + 1 if divides and not any(c.isdigit() for text in below.values() for c in text) else number


def _headings(cells: Cells, number: int, width: int) -> tuple[str, ...]:
    """Return the headings; «Родитель 1» merged above «ФИО» and «Телефон» goes before each of them."""
    own = [tidy(text[:_MOST_OF_HEADING]) for text in _texts(cells.rows[number], width)]
    filled = sum(1 for text in own if text)
    wide = [
        (first, last) for row, first, last in cells.wide if row == number - 1 and last - first < max(filled // 2, 2)
    ]
    if not wide:
        return tuple(own)
    for column, over in enumerate(_texts(cells.rows[number - 1], width)):
        over = tidy(over[:_MOST_OF_HEADING])
        if any(first <= column <= last for first, last in wide):
            own[column] = over if own[column] in ("", over) else f"{over} {own[column]}"
        else:
            own[column] = own[column] or over
    return tuple(own)
