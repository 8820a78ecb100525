"""Russian text made comparable, and what people write made fit to be kept."""

import re
import unicodedata

from django.utils.translation import gettext as _

from common.errors import DomainError

_SPACES = re.compile(r"\s+")
# Zero-width and direction marks: invisible, so they would make two equal names differ.
_INVISIBLE = {"Cf", "Cc", "Co", "Cn", "Cs"}


def clean(text: str) -> str:
    """Return `text` in NFC without invisible characters and without surplus white space."""
    normal = unicodedata.normalize("NFC", text)
    spaced = _SPACES.sub(" ", normal)
    visible = "".join(char for char in spaced if not _is_invisible(char))
    # Once more: a letter and its mark may have been kept apart by an invisible sign only.
    return _SPACES.sub(" ", unicodedata.normalize("NFC", visible)).strip()


def normalise(text: str) -> str:
    """Return the form of `text` in which search and comparison happen: cleaned, case folded, ё as е.

    SQLite does not fold Cyrillic case and sorts ё after я; a stored column of this form does both properly.
    """
    return clean(text).casefold().replace("ё", "е")


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) in _INVISIBLE


# --- Messages ---------------------------------------------------------------------------------------------------------
# More letters than fit may come for each that is kept: marks that NFC joins, signs that nobody sees.
_SURPLUS = 4
_MOST_MARKS = 20
_LINE_BREAK = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Emoji and what stands for one (❤, ☂, ©): only between them a joiner has a meaning, only after them a variation.
_EMOJI = "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufdd0-\ufdef\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
_VARIATION = re.compile(f"(?<![{_EMOJI}0-9#*])[\ufe0e\ufe0f]")
_JOINER = re.compile(f"(?<![{_EMOJI}\ufe0f])\u200d|\u200d(?![{_EMOJI}])")
_MARKS = re.compile(rf"[^\w\s]{{{_MOST_MARKS + 1},}}")
_MANY_BREAKS = re.compile("\n{4,}")


def clean_message(text: str, *, most: int, allow_empty: bool = False) -> str:
    """Return `text` as it is kept: line breaks as typed, without anything that could disguise or disfigure it (CHAT-4).

    NFC; no control, zero-width or direction characters, but whole emoji; at most 20 marks on a letter and two blank
    lines in a row. Raises `DomainError` `text_too_long` beyond `most` characters, and `text_empty` when nothing that
    can be seen is left, unless `allow_empty`.
    """
    if len(text) <= most * _SURPLUS:
        text = _without_tricks(text)
    if len(text) > most:
        message = _("The text is too long: at most %(most)s characters fit.") % {"most": most}
        raise DomainError("text_too_long", message, fields={"text": message}, status=400)
    if any(map(_is_seen, text)):
        return text
    if not allow_empty:
        message = _("Please write something.")
        raise DomainError("text_empty", message, fields={"text": message}, status=400)
    return ""


def clean_line(text: str, *, most: int) -> str:
    """Return `text` cleaned as `clean_message` does and in one line, "" when there is nothing to be seen.

    Raises `DomainError` `text_too_long`.
    """
    return _SPACES.sub(" ", clean_message(text, most=most, allow_empty=True))


def _without_tricks(text: str) -> str:
    text = unicodedata.normalize("NFC", _LINE_BREAK.sub("\n", text))
    if not text.isascii():
        text = _JOINER.sub("", _VARIATION.sub("", _UNSEEN.sub("", text)))
        # Once more: a letter and its mark may have been kept apart by a sign that is gone.
        text = _MARKS.sub(_fewer_marks, unicodedata.normalize("NFC", text))
    else:
        text = _UNSEEN.sub("", text)
    return _MANY_BREAKS.sub("\n\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()


def _fewer_marks(run: re.Match[str]) -> str:
    kept, marks = [], 0
    for char in run[0]:
        marks = marks + 1 if unicodedata.category(char).startswith("M") else 0
        if marks <= _MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def _is_seen(char: str) -> bool:
    return not char.isspace() and unicodedata.category(char) not in {"Mn", "Me", "Cf", "Cc", "Cs"}
