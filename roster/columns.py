"""The columns of a file as people are shown them and as they say what they mean (ORG-8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl.utils import get_column_letter

from orgs.vocabulary import Vocabulary
from roster.fields import FIELDS, JOINED, MOST_PARENTS
from roster.reading.columns import guess_columns, heading_key, missing_columns
from roster.reading.tables import MOST_COLUMNS, Table

SAMPLES = 3
# Where samples are looked for: a column may be empty for a while.
_LOOKED_AT = 300
PREFIX = "column_"


def said_columns(sent: Mapping[str, Any]) -> dict[int, str]:
    """Return what a form says about the columns: {place from 0: name of a field, "" = left out}; nonsense is left
    out."""
    said = {}
    for place in range(MOST_COLUMNS):
        name = sent.get(f"{PREFIX}{place}")
        if name is not None and (name == "" or name in FIELDS):
            said[place] = str(name)
    return said


def columns_of(table: Table, meant: Mapping[int, str] | None, known: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the columns to be shown: heading, samples, what each means — as said, else as guessed."""
    fields = dict(guess_columns(table.headings, known) if meant is None else meant)
    twice = _twice(fields)
    return [
        {
            "place": place,
            "letter": get_column_letter(place + 1),
            "heading": heading,
            "samples": _samples(table, place),
            "field": fields.get(place, ""),
            "is_known": bool(heading) and known.get(heading_key(heading)) == fields.get(place, "") != "",
            "is_wrong": fields.get(place, "") in twice,
        }
        for place, heading in enumerate(table.headings)
    ]


def _samples(table: Table, place: int) -> list[str]:
    found: dict[str, None] = {}
    for _number, cells in table.rows[:_LOOKED_AT]:
        text = cells[place].strip()
        if text:
            found[text[:60]] = None
        if len(found) == SAMPLES:
            break
    return list(found)


def _twice(fields: Mapping[int, str]) -> set[str]:
    counts = Counter(name for name in fields.values() if name and name not in JOINED)
    return {name for name, count in counts.items() if count > 1}


def problems_of(fields: Mapping[int, str], words: Vocabulary) -> list[dict[str, str]]:
    """Return what is wrong with the meaning of the columns, each with the control that puts it right."""
    problems = []
    if missing_columns(fields):
        text = _("Say in which column the names of people stand: “Full name”, or “Last name” and “First name”.")
        problems.append({"text": text, "target": f"id_{PREFIX}{min(fields, default=0)}"})
    for name in sorted(_twice(fields)):
        last = max(place for place, held in fields.items() if held == name)
        text = _("Two columns mean the same: %(name)s. Leave one of them out.") % {"name": title_of(name, words)}
        problems.append({"text": text, "target": f"id_{PREFIX}{last}"})
    return problems


def title_of(name: str, words: Vocabulary) -> str:
    """Return what a field is called on pages: the unit in the organization's own word."""
    return capfirst(str(words["unit"])) if name == "unit" else str(FIELDS[name].title)


def field_groups(words: Vocabulary) -> list[dict[str, Any]]:
    """Return the fields to choose from: those of the person, then those of each parent."""
    titles = [pgettext("columns of a file", "The person"), *_parents()]
    groups: list[dict[str, Any]] = [{"title": title, "options": []} for title in titles]
    for name, field in FIELDS.items():
        groups[field.parent]["options"].append((name, title_of(name, words)))
    return groups


def _parents() -> list[str]:
    return [_("Parent %(number)s") % {"number": number} for number in range(1, MOST_PARENTS + 1)]
