"""Russian text made comparable."""

import re
import unicodedata

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
