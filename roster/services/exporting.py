"""The tables of the roster leave the platform as files; the journal remembers who took them (ORG-8, ORG-12)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.spreadsheets import CONTENT_TYPE
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.selectors.organizations import today_in
from roster.export.files import csv_of, xlsx_of
from roster.export.source import Source
from roster.export.tables import TABLES, TableKind

CONTENT_TYPES = {"xlsx": CONTENT_TYPE, "csv": "text/csv; charset=utf-8"}


@dataclass(frozen=True)
class ExportedFile:
    """A file to be handed out: «Ученики 2026-11-21.xlsx»."""

    name: str
    content: bytes
    content_type: str


@transaction.atomic
def export(*, actor: Actor, table: str, form: str) -> ExportedFile:
    """Return a table of the roster (a key of `roster.export.tables.TABLES`) as "xlsx" or "csv" and note it.

    At most six statements whatever the rows. Raises `DomainError` `table_unknown` (404).
    """
    kind = TABLES.get(table)
    if kind is None or form not in CONTENT_TYPES:
        raise DomainError("table_unknown", _("There is no such table."), status=404)
    content = _content(kind, Source(actor.organization, with_past=kind.with_past), form)
    record(actor.organization, actor, [Deed(Action.ROSTER_EXPORTED, details={"table": f"{kind.file_name}, {form}"})])
    name = f"{kind.file_name} {today_in(actor.organization):%Y-%m-%d}.{form}"
    return ExportedFile(name, content, CONTENT_TYPES[form])


def _content(kind: TableKind, source: Source, form: str) -> bytes:
    # An import has to know the words again, and it does not know in which language somebody reads the pages.
    with translation.override("ru"):
        headings, rows = kind.headings(source.words), kind.rows(source)
        return xlsx_of(kind.file_name, headings, rows) if form == "xlsx" else csv_of(headings, rows)
