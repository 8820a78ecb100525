"""XLSX workbooks as texts (ORG-8): what a spreadsheet shows, and nothing executed, computed or fetched.

Written by hand on the parser of the standard library: it reads a messy sheet in half of openpyxl's time, keeps one
row of markup in memory, and sees what that hides: merged cells and formulas nobody has computed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from roster.reading.archives import Archive
from roster.reading.refusals import broken, empty, sheet_unknown, too_many_columns, too_many_rows
from roster.reading.xml import parse

# What stands before a formula without a computed value: invisible, so that no text somebody typed begins like this.
UNCOMPUTED = "\u2061="
_BUILT_IN_DATES = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_FIRST_DAY, _FIRST_DAY_OF_MAC = date(1899, 12, 30), date(1904, 1, 1)
_MOST_STRINGS = 2_000_000
_MOST_FILLED = 200_000
_MOST_TEXT = 5_000
_LAST_ROW = 1_048_576
_WORKBOOK = "xl/workbook.xml"


@dataclass(frozen=True)
class Sheet:
    """A sheet as the workbook lists it."""

    name: str
    path: str
    is_hidden: bool


@dataclass
class Cells:
    """What stands in a sheet: rows by their numbers, cells by their columns, empty ones left out.

    `wide` are the merges of several columns: (row, first column, last column).
    """

    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    wide: list[tuple[int, int, int]] = field(default_factory=list)


class Workbook:
    """An XLSX file that was opened: its sheets, to be read one at a time.

    Raises `DomainError`: `file_broken`, `file_too_large`, and `file_empty` for one without sheets.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        path = next(
            (to for kind, to in _relations(archive, "_rels/.rels", "").values() if kind == "officeDocument"), ""
        )
        path = path or _WORKBOOK
        folder, _slash, name = path.rpartition("/")
        relations = _relations(archive, f"{folder}/_rels/{name}.rels", folder)
        listing = _Listing()
        self._read(path, listing)
        self.sheets = [
            Sheet(title, relations[key][1], is_hidden)
            for title, key, is_hidden in listing.sheets
            if relations.get(key, ("", ""))[0] == "worksheet"
        ]
        if not self.sheets:
            raise empty()
        self._first_day = _FIRST_DAY_OF_MAC if listing.is_mac else _FIRST_DAY
        paths = dict(relations.values())
        styles, strings = _Styles(), _Strings()
        for kind, handler in (("styles", styles), ("sharedStrings", strings)):
            if paths.get(kind, "?") in archive:
                self._read(paths[kind], handler)
        self._dates, self._strings = styles.dates(), strings.found

    def sheet(self, name: str) -> Sheet:
        """Return the sheet called `name`. Raises `DomainError` `sheet_unknown`."""
        found = next((sheet for sheet in self.sheets if sheet.name == name), None)
        if found is None:
            raise sheet_unknown()
        return found

    def cells_of(self, sheet: Sheet, *, most_rows: int, most_columns: int) -> Cells:
        """Read a sheet; what is merged is repeated in each cell of the merge.

        Raises `DomainError`: `file_broken`, `file_too_large`, `too_many_columns`.
        """
        reader = _Reader(self._strings, self._dates, self._first_day, (most_rows, most_columns))
        self._read(sheet.path, reader)
        cells = Cells(reader.rows)
        _spread(cells, reader.merges, most_columns)
        return cells

    def _read(self, path: str, handler: _Listing | _Styles | _Strings | _Reader) -> None:
        with self._archive.open(path) as source:
            parse(source, handler)


# --- The workbook, its styles, its shared texts -----------------------------------------------------------------------
class _Silent:
    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Nothing by itself."""

    def end(self, name: str) -> None:
        """Nothing by itself."""

    def text(self, text: str) -> None:
        """Nothing by itself."""


class _Relations(_Silent):
    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.found: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            path = target.lstrip("/") if target.startswith("/") else _joined(self.folder, target)
            self.found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], path)


def _joined(folder: str, target: str) -> str:
    parts: list[str] = folder.split("/") if folder else []
    for part in target.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _relations(archive: Archive, path: str, folder: str) -> dict[str, tuple[str, str]]:
    handler = _Relations(folder)
    path = path.lstrip("/")
    if path in archive:
        with archive.open(path) as source:
            parse(source, handler)
    return handler.found


class _Listing(_Silent):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.is_mac = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            key = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            self.sheets.append((attributes.get("name", ""), key, attributes.get("state", "visible") != "visible"))
        elif name == "workbookPr":
            self.is_mac = attributes.get("date1904") in ("1", "true")


class _Styles(_Silent):
    """Which styles of cells show a number as a day."""

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}
        self.formats: list[str] = []
        self.is_inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self.codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self.is_inside = True
        elif name == "xf" and self.is_inside:
            self.formats.append(attributes.get("numFmtId", "0"))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self.is_inside = False

    def dates(self) -> frozenset[str]:
        own = {key for key, code in self.codes.items() if _shows_a_day(code)}
        own |= {str(number) for number in _BUILT_IN_DATES if str(number) not in self.codes}
        return frozenset(str(place) for place, key in enumerate(self.formats) if key in own)


def _shows_a_day(code: str) -> bool:
    letters = set(_QUOTED.sub("", code).casefold())
    return bool(letters & set("dyдг")) or (bool(letters & set("mм")) and not letters & set("hsчс"))


class _Strings(_Silent):
    """The shared texts; how a Japanese name is pronounced is not part of it."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.parts: list[str] = []
        self.is_text = self.is_pronunciation = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "t":
            self.is_text = not self.is_pronunciation
        elif name == "si":
            self.parts = []
        elif name == "rPh":
            self.is_pronunciation = True

    def end(self, name: str) -> None:
        if name == "t":
            self.is_text = False
        elif name == "si":
            if len(self.found) >= _MOST_STRINGS:
                raise broken()
            self.found.append(_unescaped("".join(self.parts)))
        elif name == "rPh":
            self.is_pronunciation = False

    def text(self, text: str) -> None:
        if self.is_text:
            self.parts.append(text)


def _unescaped(text: str) -> str:
    text = text[:_MOST_TEXT]
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


# --- A sheet ----------------------------------------------------------------------------------------------------------
class _Reader(_Silent):
    """The cells of a sheet, a row at a time."""

    def __init__(self, strings: list[str], dates: frozenset[str], first_day: date, most: tuple[int, int]) -> None:
        self.strings, self.dates, self.first_day = strings, dates, first_day
        self.most_rows, self.most_columns = most
        self.rows: dict[int, dict[int, str]] = {}
        self.merges: list[str] = []
        self.number, self.column = 0, -1
        self.row: dict[int, str] = {}
        self.kind, self.style = "n", ""
        self.value, self.formula = "", ""
        self.has_formula = self.is_pronunciation = False
        self.listens_to = ""
        self.columns: dict[str, int] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            reference = attributes.get("r")
            self.column = self._column(reference) if reference else self.column + 1
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "0")
            self.value = self.formula = ""
            self.has_formula = False
        elif name == "v" or (name == "t" and not self.is_pronunciation):
            self.listens_to = "v"
        elif name == "f":
            self.listens_to, self.has_formula = "f", True
        else:
            self._start_more(name, attributes)

    def _start_more(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            number = attributes.get("r")
            self.number = int(number) if number else self.number + 1
            self.column, self.row = -1, {}
        elif name == "mergeCell":
            self.merges.append(attributes.get("ref", ""))
        elif name == "rPh":
            self.is_pronunciation = True

    def text(self, text: str) -> None:
        if self.listens_to == "v":
            self.value += text
        elif self.listens_to == "f":
            self.formula += text

    def end(self, name: str) -> None:
        if name == "c":
            shown = self._shown()
            if shown:
                if self.column >= self.most_columns:
                    raise too_many_columns()
                self.row[self.column] = shown
        elif name == "row":
            if self.row:
                self._keep()
        elif name == "rPh":
            self.is_pronunciation = False
        else:
            self.listens_to = ""

    def _keep(self) -> None:
        if len(self.rows) >= self.most_rows:
            raise too_many_rows()
        if not 1 <= self.number <= _LAST_ROW:
            raise broken()
        self.rows[self.number] = self.row

    def _column(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        column = self.columns.get(letters)
        if column is None:
            column = self.columns[letters] = column_of(letters)
        return column

    def _shown(self) -> str:
        value, kind = self.value, self.kind
        if kind == "s":
            place = int(value) if value else -1
            return self.strings[place] if 0 <= place < len(self.strings) else ""
        if not value:
            return f"{UNCOMPUTED}{self.formula[:_MOST_TEXT]}" if self.has_formula and kind != "str" else ""
        if kind == "n":
            return self._number(value)
        if kind == "b":
            return "ИСТИНА" if value in ("1", "true") else "ЛОЖЬ"
        return value[:10] if kind == "d" else _unescaped(value)

    def _number(self, value: str) -> str:
        if self.style in self.dates:
            day = day_of(value, self.first_day)
            if day:
                return day
        return plain_number(value)


def column_of(letters: str) -> int:
    """Return the place of a column from 0: «A» → 0, «AA» → 26. Raises `ValueError` for anything else."""
    if not 1 <= len(letters) <= 3 or not letters.isascii() or not letters.isalpha():
        raise ValueError(letters)
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - 64
    return place - 1


def letters_of(column: int) -> str:
    """Return the name of a column as spreadsheets write it: 0 → «A», 26 → «AA»."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def day_of(serial: str, first_day: date = _FIRST_DAY) -> str:
    """Return the day that a spreadsheet keeps as a number, as «2014-09-01»; "" if it is none."""
    try:
        return (first_day + timedelta(days=int(float(serial)))).isoformat() if float(serial) >= 1 else ""
    except (ValueError, OverflowError):
        return ""


def plain_number(value: str) -> str:
    """Return a number without what only computers write: «8.9001234567E10» → «89001234567», «5.0» → «5»."""
    if value.isdigit():
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return f"{number:.15g}"


def _spread(cells: Cells, merges: list[str], most_columns: int) -> None:
    """Repeat what is merged, in rows that hold something."""
    left = _MOST_FILLED
    for reference in merges:
        first, _colon, last = reference.partition(":")
        left_column, top = _place(first)
        right_column, bottom = _place(last or first)
        value = cells.rows.get(top, {}).get(left_column, "")
        right_column = min(right_column, most_columns - 1)
        if not value or right_column < left_column or left <= 0:
            continue
        if right_column > left_column:
            cells.wide.append((top, left_column, right_column))
        for number in range(top, min(bottom, top + left) + 1):
            row = cells.rows.get(number)
            left -= 1
            if row is not None:
                for column in range(left_column, right_column + 1):
                    row.setdefault(column, value)
                    left -= 1


def _place(reference: str) -> tuple[int, int]:
    letters = reference.rstrip("0123456789")
    try:
        return column_of(letters), int(reference[len(letters) :])
    except ValueError as error:
        raise broken() from error
