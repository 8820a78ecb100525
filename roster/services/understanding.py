"""The rows of an uploaded file, understood the way its settings say (ORG-8, INT-3)."""

from __future__ import annotations

from orgs.selectors.organizations import today_in
from orgs.vocabulary import vocabulary_of
from roster.models import Format, Load
from roster.oneroster.reading import records_of as records_of_oneroster
from roster.reading.rows import Context, records_of
from roster.records import BadRow, RosterRecord
from roster.services.loads import refuse_emptied, table_of


def rows_of_file(load: Load) -> list[RosterRecord | BadRow]:
    """Return what each row of the file says. Raises the `DomainError`s of reading, and `load_emptied`."""
    today = today_in(load.organization)
    refuse_emptied(load)
    if load.format == Format.ONEROSTER:
        return records_of_oneroster(bytes(load.content), today=today)
    columns = {int(place): name for place, name in load.columns.items()}
    return records_of(table_of(load), columns, Context(vocabulary_of(load.organization), today))
