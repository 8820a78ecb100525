"""Questions that people ask, with answers, from the files of `support/faq` (SUP-2), and the search in all of help."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe

from common.text import normalise
from support.guides import Chapter, Guide, all_guides, anchor_of, document_parser, plain

FOLDER = Path(__file__).parent / "faq"
# In the order of the page.
GROUPS = ("guest", "everyone", "parent", "student", "teacher", "head", "administrator", "curator")
_WORD = re.compile(r"\w+")
# Russian words end in many ways: of a long one its beginning is looked for.
_LONG, _ENDING, _SHORTEST = 4, 2, 3
MOST_FOUND = 30


@dataclass(frozen=True)
class Question:
    """One question with its answer as HTML; `words` is what search looks in."""

    group: str
    anchor: str
    title: str
    html: SafeString
    words: str


@dataclass(frozen=True)
class Group:
    """The questions of one kind of people."""

    name: str
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Found:
    """What a search has found: questions, and chapters of the guides."""

    questions: list[Question]
    chapters: list[tuple[Guide, Chapter]]

    @property
    def count(self) -> int:
        return len(self.questions) + len(self.chapters)


@cache
def group_of(name: str) -> Group:
    """Return the questions of a file: its `#` is the title, each `##` a question, what follows the answer."""
    parser = document_parser()
    tokens = parser.parse((FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    places = [place for place, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h2"]
    questions = []
    for place, following in zip(places, [*places[1:], len(tokens)], strict=True):
        title, answer = tokens[place + 1].content, tokens[place + 3 : following]
        words = " ".join(plain(token) for token in answer if token.type == "inline")
        # Our own file, by a parser that lets no HTML through.
        html = mark_safe(parser.renderer.render(answer, parser.options, {}))  # noqa: S308
        questions.append(Question(name, f"{name}-{anchor_of(title)}", title, html, normalise(f"{title} {words}")))
    return Group(name, tokens[1].content, tuple(questions))


def groups_of(names: Iterable[str]) -> list[Group]:
    """Return the groups of `names` in the order of the page; unknown ones are left out."""
    wanted = set(names)
    return [group_of(name) for name in GROUPS if name in wanted]


def search(text: str, groups: Sequence[str] = GROUPS) -> Found:
    """Return questions of `groups` and chapters that have every word of `text`, whatever its ending and case."""
    stems = [_stem(word) for word in _WORD.findall(normalise(text))][:10]
    if not stems:
        return Found([], [])
    questions = [question for group in groups_of(groups) for question in group.questions if _has(question.words, stems)]
    chapters = [(guide, chapter) for guide in all_guides() for chapter in guide.chapters if _has(chapter.words, stems)]
    # What is asked, or called so, comes before what only mentions it.
    questions.sort(key=lambda question: not _has(normalise(question.title), stems))
    chapters.sort(key=lambda pair: not _has(normalise(pair[1].title), stems))
    return Found(questions[:MOST_FOUND], chapters[:MOST_FOUND])


def _stem(word: str) -> str:
    return word[: max(_SHORTEST, len(word) - _ENDING)] if len(word) >= _LONG else word


def _has(words: str, stems: Sequence[str]) -> bool:
    return all(stem in words for stem in stems)
