"""Names as people type them become last name, first name and patronymic (ORG-8)."""

from __future__ import annotations

import re

from roster.reading.notes import Notes
from roster.reading.texts import LATIN, LOOK_ALIKE_DIGITS, LOOK_ALIKES, RUSSIAN, russian_of, tidy
from roster.reading.values.first_names import FIRST_NAMES
from roster.records import NameParts

MOST_LETTERS = 80
# Nothing to be mended about most names: «Салтыкова-Щедрина Мария Ивановна».
_USUAL = re.compile(r"([А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?) ([А-ЯЁ][а-яё]+) ([А-ЯЁ][а-яё]+)")
_USUAL_PART = re.compile(r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?|")
_DASHES = re.compile(r"\s*[‐‑‒–—−-]\s*(?=\w)")
_BRACKETS = re.compile(r"\s*\([^)]*\)?")
_DIGITS_AMONG_LETTERS = re.compile(r"[036](?=[А-Яа-яЁё])|(?<=[А-Яа-яЁё])0")
_INITIAL = re.compile(r"[А-ЯЁA-Z]\.?-?", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[А-ЯЁA-Zа-яёa-z]\.){1,3}[А-ЯЁA-Zа-яёa-z]?\.?")
_GOOD_WORD = re.compile(r"[^\W\d_]+(?:['’`ʼ.-]+[^\W\d_]+)*[.'’]?")
_USUAL_ENDINGS = ("ович", "евич", "овна", "евна")
_PATRONYMIC = re.compile(r".{2,}(?:ович|евич|ьич|тич|нич|мич|фич|кич|овна|евна|ична|инична|ышна) ?")
_SHORT_PATRONYMICS = frozenset({"ильич", "лукич", "кузьмич", "фомич", "никитич", "саввич", "фокич"})
_TAILS = frozenset({"оглы", "оглу", "огли", "кызы", "гызы", "кизи", "улы", "уулу", "кыз", "угли", "оол"})
# Written small inside a name.
_SMALL = _TAILS | frozenset(["фон", "ван", "де", "да", "дер", "ди", "дель", "ибн", "бен", "эль", "аль", "заде", "шах"])


def name_of(text: str, notes: Notes, column: int) -> NameParts | None:
    """Return the parts of a whole name; problems and what was mended go into `notes`, and a problem gives None."""
    usual = _USUAL.fullmatch(text)
    if usual and is_patronymic(usual[3]) and (usual[1].lower() not in FIRST_NAMES or usual[2].lower() in FIRST_NAMES):
        return NameParts(usual[1], usual[2], usual[3])
    words = _words(text, notes, column)
    if words is None:
        return None
    words = _with_tails(words)
    if len(words) == 1:
        notes.problem("first_name_missing", column, words[0])
        return None
    return _in_order(words, notes, column)


def name_of_parts(texts: tuple[str, str, str], notes: Notes, columns: tuple[int, int, int]) -> NameParts | None:
    """Return a name that stands in three columns; a whole name in the first of them is divided."""
    last, first, patronymic = texts
    if last and not first and not patronymic:
        return name_of(last, notes, columns[0])
    if not last or not first:
        code, column = ("first_name_missing", columns[1]) if last else ("last_name_missing", columns[0])
        notes.problem(code, column, " ".join(text for text in texts if text))
        return None
    if all(_USUAL_PART.fullmatch(text) for text in texts):
        return NameParts(last, first, patronymic)
    parts = []
    for text, column in zip(texts, columns, strict=True):
        words = _words(text, notes, column) if text else []
        if words is None:
            return None
        parts.append(" ".join(words))
    return NameParts(*parts)


def _words(text: str, notes: Notes, column: int) -> list[str] | None:
    """The words of a name, mended."""
    mended = _mended_letters(_without_brackets(text, notes, column), notes, column)
    words = _DASHES.sub("-", mended).replace(",", " ").replace("…", " ").split()
    code = _fault(words, mended)
    if code:
        notes.problem(code, column, tidy(text))
        return None
    cased = [_cased(word) for word in words]
    if cased != words:
        notes.remark("case_mended", column, " ".join(cased))
    return cased


def _fault(words: list[str], text: str) -> str:
    """The code of what makes it no name, if anything does."""
    if not words:
        return "name_missing"
    if len(words) > 1 and all(_INITIAL.fullmatch(word) or _INITIALS.fullmatch(word) for word in words[1:]):
        return "initials_only"
    if any(_INITIALS.fullmatch(word) for word in words) or (len(words) == 1 and re.search(r"\w\.\s*\w\.", text)):
        return "initials_only"
    if not all(_GOOD_WORD.fullmatch(word) for word in words):
        return "name_odd"
    if any(RUSSIAN.search(word) and LATIN.search(word) for word in words):
        return "name_mixed"
    return "name_too_long" if len(text) > 2 * MOST_LETTERS or max(map(len, words)) > MOST_LETTERS else ""


def _without_brackets(text: str, notes: Notes, column: int) -> str:
    found = _BRACKETS.search(text)
    if not found:
        return text
    notes.remark("brackets_dropped", column, found[0].strip())
    return _BRACKETS.sub("", text).strip()


def _mended_letters(text: str, notes: Notes, column: int) -> str:
    """Latin letters and digits that stand for Russian ones, mended where the name is Russian."""
    if not RUSSIAN.search(text) or not (LATIN.search(text) or _DIGITS_AMONG_LETTERS.search(text)):
        return text
    mended = " ".join(_mended_word(word) for word in text.split(" "))
    if mended != text:
        notes.remark("look_alikes", column, mended)
    return mended


def _mended_word(word: str) -> str:
    if not RUSSIAN.search(word):
        # «AHHA» among Russian words; «Anna» stays as it is and is told.
        return russian_of(word) if all(letter in LOOK_ALIKES or not letter.isalpha() for letter in word) else word
    word = russian_of(word)
    small = word != word.upper()

    def letter_of(found: re.Match[str]) -> str:
        letter = LOOK_ALIKE_DIGITS[found[0]]
        return letter.lower() if small and found.start() else letter.upper()

    return _DIGITS_AMONG_LETTERS.sub(letter_of, word)


def _cased(word: str) -> str:
    if word.lower() in _SMALL:
        return word.lower() if word.isupper() else word
    if not (word.islower() or (word.isupper() and len(word) > 1)):
        return word
    return "-".join(
        part if part in _SMALL and place else part[:1].upper() + part[1:]
        for place, part in enumerate(word.lower().split("-"))
    )


# --- Which word is what -----------------------------------------------------------------------------------------------
def _with_tails(words: list[str]) -> list[str]:
    """«Гасан оглы» is one patronymic."""
    joined: list[str] = []
    for word in words:
        if len(joined) > 1 and word.lower() in _TAILS:
            joined[-1] = f"{joined[-1]} {word}"
        else:
            joined.append(word)
    return joined


def is_patronymic(word: str) -> bool:
    """Say whether a word can be a patronymic."""
    folded = word.lower().replace("ё", "е")
    if folded.endswith(_USUAL_ENDINGS) and " " not in folded:
        return True
    return bool(
        folded in _SHORT_PATRONYMICS
        or _PATRONYMIC.fullmatch(folded)
        or (" " in folded and folded.rpartition(" ")[2] in _TAILS)
        or (folded.rpartition("-")[2] in _TAILS and "-" in folded)
    )


def _is_first(word: str) -> bool:
    return word.lower().replace("ё", "е") in FIRST_NAMES


def _in_order(words: list[str], notes: Notes, column: int) -> NameParts | None:
    if len(words) == 2:
        return _of_two(words, notes, column)
    if is_patronymic(words[-1]):
        if len(words) == 3 and _is_first(words[0]) and not _is_first(words[1]) and not is_patronymic(words[1]):
            return _mended(NameParts(words[1], words[0], words[2]), notes, column)
        return NameParts(" ".join(words[:-2]), words[-2], words[-1])
    if is_patronymic(words[1]) and _is_first(words[0]):
        return _mended(NameParts(" ".join(words[2:]), words[0], words[1]), notes, column)
    return NameParts(words[0], words[1], " ".join(words[2:]))


def _of_two(words: list[str], notes: Notes, column: int) -> NameParts | None:
    last, first = words
    if is_patronymic(first) and not _is_first(first) and (_is_first(last) or first.lower().endswith("на")):
        notes.problem("last_name_missing", column, f"{last} {first}")
        return None
    if _is_first(last) and not _is_first(first):
        return _mended(NameParts(first, last), notes, column)
    return NameParts(last, first)


def _mended(name: NameParts, notes: Notes, column: int) -> NameParts:
    notes.remark("order_mended", column, name.full)
    return name
