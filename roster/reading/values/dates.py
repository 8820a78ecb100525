"""Dates of birth in any usual form (ORG-8)."""

from __future__ import annotations

import re
from datetime import date

from roster.reading.notes import Notes
from roster.reading.xlsx import day_of

_ISO = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:[T ].*)?")
_USUAL = re.compile(r"(\d{1,2})\s*[-./,\s]\s*(\d{1,2})\s*[-./,\s]\s*(\d{4}|\d{2})(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?")
_SPOKEN = re.compile(r"(\d{1,2})[\s.-]*([а-я]{3,8})[\s.,-]*(\d{4}|\d{2})")
_SOLID = re.compile(r"(\d{2})(\d{2})(\d{4})")
_SOLID_ISO = re.compile(r"((?:19|20)\d{2})([01]\d)([0-3]\d)")
_SERIAL = re.compile(r"\d{4,5}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_TAIL = re.compile(r"\s*г(?:\.|од[а]?|\.\s*р\.?)?$")
_MONTHS = ["янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"]
_FIRST_SERIAL, _LAST_SERIAL = 7_000, 60_000
_OLDEST = 100


def birth_date_of(text: str, notes: Notes, column: int, today: date) -> date | None:
    """Return the day; what is not understood or cannot be goes into `notes`."""
    told = text.strip().lower().replace("ё", "е")
    day = _day(told, today)
    if day is None:
        day = _day(_TAIL.sub("", told.translate(_DIGITS)), today)
    if day is None:
        is_year = bool(_YEAR.fullmatch(_TAIL.sub("", told)))
        notes.problem("birth_date_incomplete" if is_year else "birth_date_unclear", column, text)
        return None
    found, is_american = day
    if is_american:
        notes.remark("date_order", column, found.strftime("%d.%m.%Y"))
    if found > today:
        notes.problem("birth_date_future", column, found.strftime("%d.%m.%Y"))
        return None
    if today.year - found.year > _OLDEST:
        notes.problem("birth_date_too_old", column, f"{found.day:02}.{found.month:02}.{found.year}")
        return None
    return found


# «О1.О9.2О14» is typed, too.
_DIGITS = str.maketrans({"о": "0", "o": "0", "з": "3", "l": "1"})


def _day(text: str, today: date) -> tuple[date, bool] | None:
    """The day, and whether the month stood first."""
    if found := _ISO.fullmatch(text) or _SOLID_ISO.fullmatch(text):
        return _made(int(found[1]), int(found[2]), int(found[3]))
    if found := _USUAL.fullmatch(text) or _SOLID.fullmatch(text):
        year, month, day = _year(found[3], today), int(found[2]), int(found[1])
        made = _made(year, month, day)
        if made is None and month > 12 and (swapped := _made(year, day, month)):
            return swapped[0], True
        return made
    if _SERIAL.fullmatch(text) and _FIRST_SERIAL <= int(text) <= _LAST_SERIAL:
        return date.fromisoformat(day_of(text)), False
    if found := _SPOKEN.fullmatch(_TAIL.sub("", text)):
        months = [place for place, word in enumerate(_MONTHS, 1) if found[2].startswith(word)]
        return _made(_year(found[3], today), months[0], int(found[1])) if months else None
    return None


def _made(year: int, month: int, day: int) -> tuple[date, bool] | None:
    try:
        return date(year, month, day), False
    except ValueError:
        return None


def _year(text: str, today: date) -> int:
    if len(text) == 4:
        return int(text)
    return int(text) + (2000 if int(text) <= today.year % 100 else 1900)
