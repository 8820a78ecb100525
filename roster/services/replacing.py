"""A corrected file takes the place of the one that was checked (ORG-8)."""

from __future__ import annotations

from django.db import transaction

from common.errors import DomainError
from orgs.actor import Actor
from roster.models import Format, Load
from roster.services import loads


@transaction.atomic
def replace(*, actor: Actor, load: Load, file_name: str, content: bytes) -> Load:
    """Keep the corrected file and throw the former one away; what was said about reading and columns stays.

    A table with the same headings in the same place is read as the former one was; any other is read as a new file is.
    The order and whether those who are missing leave stay too; a confirmation is asked anew. Raises the errors of
    `loads.upload`, `load_brought_in`, `load_busy`.
    """
    made = loads.upload(actor=actor, file_name=file_name, content=content)
    if made.format == load.format != Format.ONEROSTER:
        made = _read_alike(actor, made, load)
    loads.set_options(
        actor=actor,
        load=made,
        removes_missing=load.removes_missing,
        order_number=load.order_number,
        order_date=load.order_date,
    )
    loads.discard(actor=actor, load=load)
    return made


def _read_alike(actor: Actor, made: Load, former: Load) -> Load:
    try:
        headings = loads.table_of(former).headings
        with transaction.atomic():
            alike = loads.set_reading(
                actor=actor,
                load=made,
                sheet=former.sheet,
                encoding=made.encoding,
                delimiter=made.delimiter,
                heading_row=former.heading_row,
            )
            if loads.table_of(alike).headings != headings:
                raise DomainError("other_headings", "")
            return loads.set_columns(
                actor=actor, load=alike, columns={int(place): name for place, name in former.columns.items()}
            )
    except DomainError:
        return made
