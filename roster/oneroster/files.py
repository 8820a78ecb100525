"""The files of a OneRoster ZIP as rows of named values (INT-3)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from io import StringIO

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from roster.oneroster.format import MANIFEST
from roster.reading import csvs
from roster.reading.archives import Archive
from roster.reading.limits import MOST_BYTES, MOST_ROWS
from roster.reading.refusals import broken, empty, refuse, too_many_bytes, too_many_rows, wrong_type
from roster.reading.texts import tidy

# A teacher is enrolled in many classes, a student in class and circles.
_MOST_OF_OTHERS = 8 * MOST_ROWS
_DELETED = "tobedeleted"


@dataclass(frozen=True)
class Line:
    """One row of a file: its number as a spreadsheet counts, its values by the folded heading."""

    number: int
    values: dict[str, str]

    def __getitem__(self, heading: str) -> str:
        """Return the cleaned value below a heading, "" where there is none."""
        return self.values.get(heading.casefold(), "")

    @property
    def is_deleted(self) -> bool:
        """Whether the file says that this is gone."""
        return self["status"].casefold() == _DELETED

    def list_of(self, heading: str) -> list[str]:
        """Return the values of a cell that holds a list."""
        return [piece for piece in (one.strip() for one in self[heading].split(",")) if piece]


class Files:
    """A ZIP that was opened.

    Raises `DomainError`: `file_empty`, `file_too_large`, `file_wrong_type`, `file_broken`.
    """

    def __init__(self, content: bytes) -> None:
        if not content:
            raise empty()
        if len(content) > MOST_BYTES:
            raise too_many_bytes()
        if not content.startswith(b"PK"):
            raise wrong_type("other")
        self._archive = Archive(content)
        manifest = self._archive.inside(MANIFEST)
        if not manifest:
            raise wrong_type("other")
        self._folder = manifest.removesuffix(MANIFEST)
        self.columns: dict[str, int] = {}

    def lines(self, name: str, *, required: bool = False) -> list[Line]:
        """Return the rows of a file that are filled; a file that is not there has none, unless it is `required`."""
        path = f"{self._folder}{name}.csv"
        if path not in self._archive:
            if required:
                raise _missing(name)
            return []
        with self._archive.open(path) as source:
            content = source.read()
        rows = _rows(csvs.decoded(content, csvs.encoding_of(content)), MOST_ROWS if required else _MOST_OF_OTHERS)
        if not rows:
            return []
        (_first, heads), *rest = rows
        headings = [tidy(heading).casefold() for heading in heads]
        if required:
            self.columns = {heading: place for place, heading in enumerate(headings)}
        return [
            Line(number, {key: tidy(value) for key, value in zip(headings, row, strict=False) if value})
            for number, row in rest
        ]


def _rows(text: str, most: int) -> list[tuple[int, list[str]]]:
    rows = []
    try:
        for number, row in enumerate(csv.reader(StringIO(text, newline="")), 1):
            if any(row):
                rows.append((number, row))
            if len(rows) > most + 1:
                raise too_many_rows()
    except csv.Error as error:
        raise broken() from error
    return rows


def _missing(name: str) -> DomainError:
    return refuse("file_broken", str(_("The archive has no file %(name)s.")) % {"name": f"{name}.csv"})
