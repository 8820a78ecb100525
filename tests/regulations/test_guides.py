"""The guides speak with the words of the interface: what stands in bold there can be read on the pages."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).parents[2]
GUIDES = sorted((ROOT / "docs").glob("guide-*.md"))
CATALOGUE = ROOT / "sferum_admin" / "locale" / "ru" / "LC_MESSAGES" / "django.po"
# Bold for its own sake: steps of a list and questions that people ask.
_BOLD = re.compile(r"\*\*([^*]+)\*\*")


def words_of_the_interface() -> set[str]:
    texts: set[str] = set()
    for entry in polib.pofile(str(CATALOGUE)):
        texts.update(text.casefold() for text in (entry.msgstr, *entry.msgstr_plural.values()) if text)
    return texts


def is_prose(text: str) -> bool:
    """A bold beginning of a paragraph, closed by its own full stop, colon or question."""
    return text.endswith((".", ":", "»", "?")) or text.startswith("«")


def test_there_is_a_guide_for_each_of_those_who_need_one() -> None:
    people = [
        "guide-administrator",
        "guide-curator",
        "guide-head",
        "guide-operator",
        "guide-parent",
        "guide-student",
        "guide-teacher",
    ]
    assert [path.stem for path in GUIDES] == sorted([*people, "guide-statistics"])


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.stem)
def test_bold_words_stand_on_the_pages(path: Path) -> None:
    known = words_of_the_interface()
    bold = [" ".join(text.split()) for text in _BOLD.findall(path.read_text(encoding="utf-8"))]
    assert len(bold) > 1
    assert [text for text in bold if not is_prose(text) and text.casefold() not in known] == []
