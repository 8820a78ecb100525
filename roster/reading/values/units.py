"""Classes, groups and circles as people write them (ORG-8)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from orgs.models import UnitKind
from orgs.services.structure import class_from_name
from roster.reading.notes import Notes
from roster.reading.texts import LATIN, russian_of, tidy

MOST_LETTERS = 100
_CLASS = re.compile(
    r"(?:класс\s*|кл\.?\s*)?0?(\d{1,2})(?:\.0)?\s*(?:-?\s*[йи]\s+)?\s*[-–—_./\\]?\s*[«„“\"'(]{0,2}\s*"
    r"([A-Za-zА-Яа-яЁё]{0,3})\s*[»”“\"')]{0,2}\s*(?:класса?|кл)?\.?",
    re.IGNORECASE,
)
# One class: «5-х классов» are several.
_IN_TITLE = re.compile(
    r"(?:^|[\s(])(\d{1,2})\s*[-–]?\s*[«„“\"']?([А-ЯЁA-Z]?)[»”“\"']?\s*(?:класс(?:а|у|е|ом)?|кл\.?)(?:$|[\s,.)])"
    r"|класс:?\s*(\d{1,2})\s*[-–]?\s*[«„“\"']?([А-ЯЁA-Z]?)[»”“\"']?(?:$|[\s,.)])",
    re.IGNORECASE,
)
_NO_LETTER = frozenset({"кл", "й", "ый", "ой"})
# The names as they are kept: nothing to find out.
_KNOWN = frozenset(f"{number}{letter}" for number in range(1, 13) for letter in ["", *"АБВГДЕЖЗИКЛМН"])
_MOST_OF_TITLE = 200
_BETWEEN = re.compile(r"\s*[,;\n]\s*")


@dataclass(frozen=True)
class UnitNames:
    """How the units of an organization are called: classes by number and letter, or anything."""

    has_classes: bool

    @classmethod
    def of(cls, main_kind: UnitKind) -> UnitNames:
        """Return how units of an organization of that kind are called."""
        return cls(main_kind == UnitKind.CLASS)

    def read(self, text: str, notes: Notes, column: int) -> str:
        """Return the name of the one unit that a cell names, «5А» for a class; "" with a problem if it cannot be."""
        if self.has_classes:
            if text in _KNOWN:
                return text
            pieces = [piece for piece in _BETWEEN.split(text) if piece]
            if len(pieces) > 1 and all(_class(piece) for piece in pieces):
                text = pieces[0]
                notes.remark("several_units", column, _class(text))
            name = _class(tidy(text))
            if name:
                written = tidy(text).upper()
                if LATIN.search(written) and not LATIN.search(name):
                    notes.remark("unit_latin", column, name)
                return name
        name = tidy(text)
        if len(name) > MOST_LETTERS:
            notes.problem("unit_too_long", column, name)
            return ""
        return name

    def of_titles(self, titles: tuple[str, ...]) -> str:
        """Return the class that a title or the name of a sheet names («Список обучающихся 5А класса»), "" if none."""
        if not self.has_classes:
            return ""
        for title in (tidy(title[:_MOST_OF_TITLE]) for title in titles):
            found = _IN_TITLE.search(title)
            name = _made(found[1] or found[3], found[2] or found[4] or "") if found else _class(title)
            if name:
                return name
        return ""


def _class(text: str) -> str:
    """«5А» for any way to write it, "" for what is no class."""
    found = _CLASS.fullmatch(text.strip())
    return _made(found[1], found[2]) if found else ""


def _made(number: str, letters: str) -> str:
    letters = "" if letters.lower() in _NO_LETTER else russian_of(letters.upper())
    data = class_from_name(f"{int(number)}{letters}")
    return data.name if data.parallel else ""
