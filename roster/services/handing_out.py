"""The roster is handed out: one of its tables, or all of it for another system (ORG-8, INT-3)."""

from __future__ import annotations

from django.db import transaction

from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.selectors.organizations import today_in
from roster.export.tables import TABLES
from roster.oneroster.writing import oneroster_of
from roster.services.exporting import ExportedFile, export

ONEROSTER = "oneroster"
# Every table with the forms it can be had in.
FORMS = {**dict.fromkeys(TABLES, ("xlsx", "csv")), ONEROSTER: ("zip",)}


def hand_out(*, actor: Actor, table: str, form: str) -> ExportedFile:
    """Return a table (a key of `FORMS`) in one of its forms and note it in the journal.

    Raises `DomainError` `table_unknown` (404).
    """
    if table == ONEROSTER and form in FORMS[ONEROSTER]:
        return _oneroster(actor)
    return export(actor=actor, table=table, form=form)


@transaction.atomic
def _oneroster(actor: Actor) -> ExportedFile:
    content = oneroster_of(actor.organization)
    record(actor.organization, actor, [Deed(Action.ROSTER_EXPORTED, details={"table": "OneRoster, zip"})])
    return ExportedFile(f"OneRoster {today_in(actor.organization):%Y-%m-%d}.zip", content, "application/zip")
