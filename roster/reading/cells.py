"""The cells of a row by what they mean; what spreadsheets show instead of a value is told (ORG-8)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from roster.fields import JOINED
from roster.reading.notes import Notes
from roster.reading.texts import tidy
from roster.reading.xlsx import UNCOMPUTED

_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|Н/Д|ССЫЛКА!|ЗНАЧ!|ДЕЛ/0!|ИМЯ\?|ПУСТО!|ЧИСЛО!|#+)")
# What people write where there is nothing to say.
_NOTHING = frozenset(["-", "–", "—", "--", "---", "нет", "н/д", "н/а", "n/a", "б/н", "null", "none", "отсутствует"]) | {
    "не указан", "не указано", "не указана", "не имеется", "нет данных",
}  # fmt: skip
# A letter «-» is nothing, a «нет» is an answer.
_ANSWERS = frozenset({"leads", "platform_id"})
# Their line breaks divide one parent from another, one phone from another.
_OF_SEVERAL_LINES = ("phone", "email", "name")
# No value is longer; what is would only keep the patterns busy.
_MOST = 1_000
_LINES = re.compile(r"\s*[\r\n\v]+\s*")


class Cell(NamedTuple):
    """The text of a cell, cleaned, and its column from 0."""

    text: str
    column: int


class Cells:
    """Which columns mean what, in the order of the file."""

    def __init__(self, columns: Mapping[int, str]) -> None:
        self._columns = [(place, field) for place, field in sorted(columns.items()) if field]

    def first_of(self, *fields: str) -> int:
        """Return the first column with one of these meanings, -1 if there is none."""
        return next((place for place, field in self._columns if field in fields), -1)

    def of(self, texts: tuple[str, ...], notes: Notes) -> dict[str, Cell]:
        """Return the filled cells by their meaning; errors and formulas without a value go into `notes`.

        Several columns of one meaning: names are joined, of the rest the first that is filled counts.
        """
        cells: dict[str, Cell] = {}
        for place, field in self._columns:
            text = texts[place][:_MOST] if place < len(texts) else ""
            if not text or not (text := self._cleaned(text, field)):
                continue
            if text.startswith("=") and texts[place].startswith(UNCOMPUTED):
                notes.problem("formula_without_value", place)
            elif text[0] == "#" and _ERROR.fullmatch(text):
                notes.problem("cell_error", place, text)
            elif field not in cells:
                cells[field] = Cell(text, place)
            elif field in JOINED:
                cells[field] = Cell(f"{cells[field].text} {text}", cells[field].column)
        return cells

    def _cleaned(self, text: str, field: str) -> str:
        if ("\n" in text or "\r" in text) and field.endswith(_OF_SEVERAL_LINES) and field != "full_name":
            text = "\n".join(tidy(line) for line in _LINES.split(text.strip()))
        else:
            text = tidy(text)
        is_nothing = field not in _ANSWERS and text.casefold() in _NOTHING
        return "" if is_nothing else text
