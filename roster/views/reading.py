"""How a file is read and what its columns mean; throwing it away (ORG-8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from common.notices import done, refused
from orgs.actor import Actor
from orgs.pages import member_page
from orgs.views.tools import render_parts
from roster.columns import columns_of, field_groups, problems_of, said_columns
from roster.forms import Reading
from roster.models import Format, Load
from roster.reading.columns import guess_columns
from roster.reading.tables import DELIMITERS, ENCODINGS, Table, read_table
from roster.selectors import OPEN_STATES, LoadState, known_headings, state_of
from roster.services import loads as services
from roster.views.tools import address, find_load, steps_of, to

PREVIEW = 8
MOST_HEADING_ROW = 40
PAGE, PART = "roster/load.html", "roster/_reading.html"

Problems = list[dict[str, str]]


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def load(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Show the first rows and what the columns mean; another sheet or row of headings is shown at once (ORG-8)."""
    found = find_load(actor, pk, with_content=True)
    if state_of(found) not in OPEN_STATES:
        return to(actor, "check", pk=pk)
    if request.method == "POST":
        return _say(request, actor, found)
    is_asked = "heading_row" in request.GET
    return _show(request, actor, found, Reading.sent(request.GET) if is_asked else Reading.of(found))


def _say(request: HttpRequest, actor: Actor, found: Load) -> HttpResponse:
    """Keep what was said and begin the check; what cannot be is shown at the columns."""
    reading, columns = Reading.of(found), said_columns(request.POST)
    try:
        if found.format != Format.ONEROSTER:
            reading = Reading.sent(request.POST)
            # The columns were said of the table that was shown: of another one they would mean nothing.
            if request.POST.get("shown_row") != _shown_row(reading):
                return _show(request, actor, found, reading)
            if problems := problems_of(columns, actor.words):
                return _show(request, actor, found, reading, columns=columns, problems=problems)
            if reading != Reading.of(found):
                found = services.set_reading(actor=actor, load=found, **reading.values())
            services.set_columns(actor=actor, load=found, columns=columns)
        services.check(actor=actor, load=found)
    except DomainError as error:
        problems = [{"text": error.message, "target": ""}]
        return _show(request, actor, found, reading, columns=columns, problems=problems)
    return to(actor, "check", pk=found.pk)


def _shown_row(reading: Reading) -> str:
    return f"{reading.place}|{reading.heading_row}"


def _show(
    request: HttpRequest,
    actor: Actor,
    found: Load,
    reading: Reading,
    *,
    columns: Mapping[int, str] | None = None,
    problems: Problems | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "load": found,
        "steps": steps_of(actor, found),
        "discard_url": address(actor, "discard", pk=found.pk),
        "is_oneroster": found.format == Format.ONEROSTER,
        "refusal": _refusal(found),
        "problems": problems or [],
    }
    if found.format != Format.ONEROSTER:
        context |= _table_context(actor, found, reading, columns, problems)
    response = render_parts(request, PAGE, {"reading": PART}, context)
    response.status_code = 422 if problems or context.get("unreadable") else 200
    return response


def _refusal(found: Load) -> str:
    """Why the last check gave no answer."""
    work = found.check_work
    return work.error_message if work is not None and state_of(found) == LoadState.UNCHECKED else ""


def _table_context(
    actor: Actor, found: Load, reading: Reading, columns: Mapping[int, str] | None, problems: Problems | None
) -> dict[str, Any]:
    if not found.content:
        return {"unreadable": _("This file is no longer kept. Please upload it again."), "choices": []}
    try:
        table = read_table(bytes(found.content), file_name=found.file_name, **reading.values())
    except DomainError as error:
        return {"unreadable": error.message, "choices": _choices(found, reading, None)}
    known, shown = known_headings(actor.organization.pk), Reading.of(table)
    if columns is None:
        is_stored = shown == Reading.of(found)
        stored = {int(place): name for place, name in found.columns.items()}
        columns = stored if is_stored else guess_columns(table.headings, known)
    return {
        "table": table,
        "shown": shown.place,
        "shown_row": _shown_row(shown),
        "choices": (choices := _choices(found, shown, table)),
        # What leaves no choice is sent all the same.
        "held": {name: value for name, value in shown.values().items() if name not in {one["name"] for one in choices}},
        "preview": [row for row in table.rows if any(row[1])][:PREVIEW],
        "row_count": len(table.rows),
        "titles": " · ".join(table.titles)[:300],
        "columns": columns_of(table, columns, known),
        "fields": field_groups(actor.words),
        "problems": problems or problems_of(columns, actor.words),
    }


def _choices(found: Load, reading: Reading, table: Table | None) -> list[dict[str, Any]]:
    """The selects of the reading; one that leaves no choice is not asked."""
    sheets = list(table.sheets) if table is not None and len(table.sheets) > 1 else []
    delimiters = {";": _("semicolon"), ",": _("comma"), "\t": _("tab")}
    is_csv = found.format == Format.CSV
    rows = range(1, max(MOST_HEADING_ROW, reading.heading_row) + 1)
    wanted: list[tuple[str, str, str, list[tuple[str, str]]]] = [
        ("sheet", _("Sheet"), reading.sheet, [(name, name) for name in sheets]),
        ("encoding", _("Encoding"), reading.encoding, list(ENCODINGS.items()) if is_csv else []),
        (
            *("delimiter", _("Between the columns"), reading.delimiter),
            [(value, delimiters.get(value, value)) for value in DELIMITERS] if is_csv else [],
        ),
        ("heading_row", _("Row with the headings"), str(reading.heading_row), [(str(row), str(row)) for row in rows]),
    ]
    return [
        {"name": name, "label": label, "value": value, "options": options}
        for name, label, value, options in wanted
        if options
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def discard(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Ask, then throw a file away that was not brought in."""
    found = find_load(actor, pk)
    if request.method == "POST" and "confirmed" in request.POST:
        try:
            services.discard(actor=actor, load=found)
        except DomainError as error:
            refused(request, error.message)
        else:
            done(request, _("The file is removed. The roster is as it was."))
        return to(actor, "home")
    text = _("The file and what was found out about its rows are removed for good. Nobody on the roster is touched.")
    context = {"load": found, "text": text, "back_url": address(actor, "home")}
    return render(request, "roster/discard.html", context)
