"""Texts of cells made comparable: quick for what is ordinary, thorough for the rest."""

from __future__ import annotations

import re

from common.text import clean

_ORDINARY = re.compile("[!-~А-яЁё№«»—–](?:[ !-~А-яЁё№«»—–]*[!-~А-яЁё№«»—–])?")
# Exports put an apostrophe before what a spreadsheet would take for a formula.
_GUARDED = re.compile(r"'(?=[=+\-@'])")

# Latin letters and digits that look like Russian ones: found in names by the thousand.
LOOK_ALIKES = dict(zip("ABCEHKMOPTXYaceopxykëË", "АВСЕНКМОРТХУасеорхукёЁ", strict=True))
LOOK_ALIKE_DIGITS = {"0": "О", "3": "З", "6": "б"}
_TO_RUSSIAN = str.maketrans(LOOK_ALIKES)
_TO_LATIN = str.maketrans({russian: latin for latin, russian in LOOK_ALIKES.items() if latin not in "ëË"})
_SPACES = re.compile(r"\s+")
_WORDS = re.compile(r"[^\W_]+|№")
RUSSIAN = re.compile("[А-Яа-яЁё]")
LATIN = re.compile("[A-Za-z\u00c0-\u024f]")


def tidy(text: str) -> str:
    """Return `text` as `common.text.clean` does, without the apostrophe that guards against formulas."""
    if not _ORDINARY.fullmatch(text) or "  " in text:
        text = clean(text)
    return text[1:] if text[:1] == "'" and _GUARDED.match(text) else text


def russian_of(text: str) -> str:
    """Return `text` with Latin letters that look like Russian ones as the Russian ones."""
    return text.translate(_TO_RUSSIAN)


def latin_of(text: str) -> str:
    """Return `text` with Russian letters that look like Latin ones as the Latin ones."""
    return text.translate(_TO_LATIN)


def key_of(text: str) -> str:
    """Return letters, digits and № of `text` in one word: what is left of a heading when spaces, points, case and
    look-alikes do not matter."""
    words = _WORDS.findall(tidy(_SPACES.sub(" ", text)))
    mended = [russian_of(word) if RUSSIAN.search(word) else word for word in words]
    return "".join(mended).casefold().replace("ё", "е")
