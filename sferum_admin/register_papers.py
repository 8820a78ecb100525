"""The documents made of what the apps declare: docs/personal-data.md and docs/retention.md, in Russian.

What stands before the mark in a document is written by hand and stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from common.personal_data import Nothing, declared
from common.register import chapters, measures, retention

MARK = "<!-- from here on made by «manage.py write_personal_data_register» -->"
_DOCS = Path(settings.BASE_DIR) / "docs"


def papers() -> dict[Path, str]:
    """Return the text of each document by its path. Raises `ValueError` where the mark is missing."""
    with override("ru"):
        made = {"personal-data.md": _register(), "retention.md": _retention()}
    return {_DOCS / name: f"{_head(_DOCS / name)}{MARK}\n\n{text}" for name, text in made.items()}


def _head(path: Path) -> str:
    head, mark, _rest = path.read_text(encoding="utf-8").partition(MARK)
    if not mark:
        raise ValueError(f"{path.name} has no place for what is made")
    return head


def _register() -> str:
    plain = (f"`{table.model}`: {table.because}" for table in declared().values() if isinstance(table, Nothing))
    safe, rest = _section(_("What keeps the data safe"), measures()), _section(_("No data about people"), plain)
    return "\n".join([*_chapters(), *safe, *rest])


def _chapters() -> Iterator[str]:
    for number, chapter in enumerate(chapters(), start=1):
        yield f"## {number}. {capfirst(chapter.purpose)}\n"
        yield f"{_('About whom')}: {chapter.subjects}. {_('Who sees them')}: {chapter.access}.\n"
        yield _heads([_("What"), _("Data"), _("About whom"), _("Ground (152-FZ)"), _("How long")])
        for line in chapter.lines:
            yield _row([line.what, line.data, line.whose, line.basis, "; ".join(line.kept)])
        yield ""


def _section(title: str, lines: Iterable[str]) -> list[str]:
    return [f"## {title}\n", *(f"- {line}" for line in lines), ""]


def _retention() -> str:
    rows = (_row([what, how, f"`{setting}`" if setting else "", f"`{job}`"]) for what, how, setting, job in retention())
    return "\n".join([_heads([_("What"), _("How long"), _("Setting"), _("Job")]), *rows, ""])


def _heads(cells: list[str]) -> str:
    return f"{_row(cells)}\n|{'---|' * len(cells)}"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
