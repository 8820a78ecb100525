"""A file on its way into the roster: uploaded, read one way or another, checked, brought in, thrown away (ORG-8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.text import clean, clean_line
from orgs.actor import Actor
from roster.fields import FIELDS, JOINED
from roster.models import Format, KnownHeading, Load, LoadRow
from roster.reading.columns import guess_columns, heading_key, missing_columns
from roster.reading.tables import Table, format_of, read_table
from works.models import OPEN, OVER, Work
from works.services import running

MOST_NAME = 200
MOST_ORDER = 40
# A file may weigh twenty megabytes: what else changes is written without it.
_READING = ["sheet", "encoding", "delimiter", "heading_row"]
_OPTIONS = [
    *("removes_missing", "removal_confirmed", "skip_errors", "order_number", "order_date", "settings_changed_at"),
]


@transaction.atomic
def upload(*, actor: Actor, file_name: str, content: bytes) -> Load:
    """Keep a file and find out how it is to be read: format, sheet, encoding, headings, what the columns mean.

    What the organization said about its headings the last time goes first. Raises the `DomainError`s of
    `roster.reading.tables.read_table`.
    """
    form = format_of(content, file_name)
    name = clean_line(file_name, most=10_000)[-MOST_NAME:] or form
    load = Load(organization=actor.organization, created_by=actor.person, file_name=name, format=form, content=content)
    if form != Format.ONEROSTER:
        _read(load, _first_table(content, file_name))
    load.save()
    return load


def _first_table(content: bytes, file_name: str) -> Table:
    """Where no row looks like headings the first one counts: people say on the page which one it is."""
    try:
        return read_table(content, file_name=file_name)
    except DomainError as error:
        if error.code != "no_headings":
            raise
        return read_table(content, file_name=file_name, heading_row=1)


def table_of(load: Load) -> Table:
    """Return the table of a file as the settings of the load read it. Raises as `read_table`, and `load_emptied`."""
    refuse_emptied(load)
    return read_table(
        bytes(load.content),
        file_name=load.file_name,
        sheet=load.sheet,
        encoding=load.encoding,
        delimiter=load.delimiter,
        heading_row=load.heading_row,
    )


def refuse_emptied(load: Load) -> None:
    """Raise `DomainError("load_emptied")` when the content is not kept any more (roster.tasks)."""
    if not load.content:
        raise DomainError("load_emptied", _("This file is no longer kept. Please upload it again."))


def _read(load: Load, table: Table) -> None:
    """Take over how `table` was read, and guess its columns."""
    load.sheet, load.encoding, load.delimiter = table.sheet, table.encoding, table.delimiter
    load.heading_row = table.heading_row
    known = KnownHeading.objects.filter(organization_id=load.organization_id).values_list("heading", "field")
    load.columns = {str(place): name for place, name in guess_columns(table.headings, dict(known)).items()}


@transaction.atomic
def set_reading(
    *, actor: Actor, load: Load, sheet: str = "", encoding: str = "", delimiter: str = "", heading_row: int = 0
) -> Load:
    """Read the file another way (what is empty is found out) and guess its columns anew.

    Raises the `DomainError`s of `read_table`, `load_brought_in`, `load_busy`, `load_emptied`.
    """
    load = _open(actor, load)
    if load.format == Format.ONEROSTER:
        return load
    refuse_emptied(load)
    reading = {"sheet": sheet, "encoding": encoding, "delimiter": delimiter, "heading_row": heading_row}
    _read(load, read_table(bytes(load.content), file_name=load.file_name, **reading))  # type: ignore[arg-type]
    load.settings_changed_at = timezone.now()
    load.save(update_fields=[*_READING, "columns", "settings_changed_at"])
    return load


@transaction.atomic
def set_columns(*, actor: Actor, load: Load, columns: Mapping[int, str]) -> Load:
    """Say what the columns mean ({place from 0: name of a field, "" = left out}); remembered for the next file.

    Columns that are not named stay. Raises `DomainError` `column_unknown`, `column_twice` (400), `load_brought_in`,
    `load_busy`, and those of `read_table`.
    """
    load = _open(actor, load)
    headings = table_of(load).headings
    meant = {int(place): name for place, name in load.columns.items()} | dict(columns)
    _check_columns(meant, len(headings))
    said = {heading_key(headings[place]): name for place, name in columns.items() if headings[place]}
    rows = [
        KnownHeading(organization=actor.organization, heading=heading, field=name) for heading, name in said.items()
    ]
    KnownHeading.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["organization", "heading"], update_fields=["field"]
    )
    now = {str(place): name for place, name in sorted(meant.items())}
    if now != load.columns:
        load.columns, load.settings_changed_at = now, timezone.now()
        load.save(update_fields=["columns", "settings_changed_at"])
    return load


def _check_columns(meant: Mapping[int, str], width: int) -> None:
    if any(name not in FIELDS and name for name in meant.values()) or any(not 0 <= at < width for at in meant):
        raise DomainError("column_unknown", _("There is no such column."), status=400)
    taken: set[str] = set()
    for name in meant.values():
        if name in taken and name not in JOINED:
            message = _("Two columns mean the same: %(name)s. Leave one of them out.") % {"name": FIELDS[name].title}
            raise DomainError("column_twice", message, status=400)
        if name:
            taken.add(name)


@transaction.atomic
def set_options(
    *,
    actor: Actor,
    load: Load,
    removes_missing: bool | None = None,
    removal_confirmed: bool | None = None,
    skip_errors: bool | None = None,
    order_number: str | None = None,
    order_date: date | None = None,
) -> Load:
    """Say how the file is brought in; None stays as it is (a date is taken back with an empty number of the order).

    Only `removes_missing` asks for another check. Raises `load_brought_in`, `load_busy`, `order_number_too_long`.
    """
    load = _open(actor, load)
    if removes_missing is not None and removes_missing != load.removes_missing:
        load.removes_missing, load.removal_confirmed = removes_missing, False
        load.settings_changed_at = timezone.now()
    plain: dict[str, Any] = {"removal_confirmed": removal_confirmed, "skip_errors": skip_errors}
    if order_number is not None:
        plain |= {"order_number": _order_number(order_number), "order_date": order_date}
        load.order_date = order_date
    elif order_date is not None:
        plain["order_date"] = order_date
    for name, value in plain.items():
        if value is not None:
            setattr(load, name, value)
    load.save(update_fields=_OPTIONS)
    return load


def _order_number(number: str) -> str:
    number = clean(number)
    if len(number) > MOST_ORDER:
        message = _("At most %(count)s characters fit.") % {"count": MOST_ORDER}
        raise DomainError("order_number_too_long", message, fields={"order_number": message}, status=400)
    return number


@transaction.atomic
def check(*, actor: Actor, load: Load) -> Work:
    """Begin the dry run: what each row of the file would do (ORG-8).

    Raises `DomainError`: `columns_missing` (400), `load_brought_in`, `load_busy`, `load_emptied`, `work_under_way`.
    """
    load = _open(actor, load)
    refuse_emptied(load)
    meant = {int(place): name for place, name in load.columns.items()}
    if load.format != Format.ONEROSTER and missing_columns(meant):
        message = _("Say in which column the names of people stand.")
        raise DomainError("columns_missing", message, fields={"columns": message}, status=400)
    work = running.start(actor=actor, kind="roster_check", parameters={"load": load.pk})
    Load.objects.filter(pk=load.pk).update(check_work=work)
    return work


@transaction.atomic
def bring_in(*, actor: Actor, load: Load) -> Work:
    """Begin to bring in what the check has shown, all of it or nothing (ORG-8).

    Raises `DomainError`: `not_checked`, `check_outdated` (settings changed after the check), `load_has_errors` (unless
    `skip_errors` leaves those rows out), `removal_with_errors`, `removal_over_threshold` (unless confirmed),
    `nothing_to_bring_in`, `load_brought_in`, `load_busy`, `load_emptied`, `work_under_way`.
    """
    load = _open(actor, load)
    refuse_emptied(load)
    _refuse_unready(load)
    work = running.start(actor=actor, kind="roster_import", parameters={"load": load.pk})
    Load.objects.filter(pk=load.pk).update(import_work=work)
    return work


def _refuse_unready(load: Load) -> None:
    summary = load.summary
    if load.checked_at is None:
        raise DomainError("not_checked", _("Check the file first: you will see what each row does."))
    if load.is_check_outdated:
        raise DomainError("check_outdated", _("The settings were changed after the check. Check the file again."))
    if summary.get("error") and not load.skip_errors:
        message = _("Some rows cannot be loaded. Correct the file, or say that these rows are left out.")
        raise DomainError("load_has_errors", message, fields={"skip_errors": message})
    if summary.get("error") and load.removes_missing:
        message = _("Somebody in a row with an error would count as missing. Correct the rows, or let nobody leave.")
        raise DomainError("removal_with_errors", message, fields={"removes_missing": message})
    if summary.get("removal_over_threshold") and not load.removal_confirmed:
        message = _("Many people would leave. Please confirm that this is right.")
        raise DomainError("removal_over_threshold", message, fields={"removal_confirmed": message})
    if not any(summary.get(name) for name in ("new", "changed", "leaving")):
        raise DomainError("nothing_to_bring_in", _("There is nothing to load: the roster already says the same."))


@transaction.atomic
def discard(*, actor: Actor, load: Load) -> None:
    """Throw a file away that was not brought in, with what was found out about it.

    One that was brought in stays as the trace of it. Raises `DomainError` `load_brought_in`, `load_busy`.
    """
    load = _open(actor, load)
    LoadRow.objects.filter(load=load).delete()
    load.delete()


def _open(actor: Actor, load: Load) -> Load:
    """Lock the load and return it as it is now, unless it is brought in or a work is about it."""
    own = Load.objects.filter(pk=load.pk, organization_id=actor.organization.pk)
    # Two statements: what is joined to a row that had to be waited for would be as it was before.
    own.select_for_update(no_key=True).values_list("pk").get()
    load = own.select_related("check_work", "import_work").get()
    if load.import_work is not None and load.import_work.state in OVER:
        raise DomainError("load_brought_in", _("This file was loaded already. Upload it again to load it once more."))
    if any(work is not None and work.state in OPEN for work in (load.check_work, load.import_work)):
        raise DomainError("load_busy", _("This file is being worked on. Wait until it is finished."))
    return load
