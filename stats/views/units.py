"""One unit opened: its figures, its weeks, who is connected (STAT-2)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from orgs.actor import Actor
from orgs.models import Unit
from orgs.pages import member_page
from stats import wording
from stats.selectors.board import board
from stats.selectors.values import Value
from stats.views import rows
from stats.views.tools import Asked, address, as_of, asked_of, chooser, known_unit

# Its connection stands first, as meters.
CONNECTION = ("staff_joined", "students_joined", "families_joined")


@member_page
def unit(request: HttpRequest, actor: Actor, unit_id: int) -> HttpResponse:
    """Show the figures of one unit of the organization."""
    asked = asked_of(request, actor)
    one = known_unit(actor, unit_id)
    found = board(asked.viewer, asked.days, one, without_doubtful=asked.without_doubtful, today=asked.today)
    values = rows.values_for(actor, found.overview.values)
    query = asked.query_of(asked.days, unit=one.pk)
    context = {
        **chooser(asked, without_doubtful=found.overview.without_doubtful),
        "unit": one,
        "open_unit": _("To the page of %(unit)s") % {"unit": one.name},
        "unit_query": query,
        "as_of": as_of(found.overview.counted_at),
        "connection": [_tile(actor, asked, one, values[key]) for key in CONNECTION if key in values],
        "groups": rows.groups({key: value for key, value in values.items() if key not in CONNECTION}),
        "trend": rows.trend(found.trend, *rows.trend_keys(actor)),
        "sees_people": asked.viewer.sees_people,
    }
    return render(request, "stats/unit.html", context)


def _tile(actor: Actor, asked: Asked, one: Unit, value: Value) -> dict[str, Any]:
    """A figure with its meter, and the ways to its formula and to who is missing."""
    page = address(actor, "figure", key=value.figure.key)
    missing = asked.query_of(asked.days, unit=one.pk, people="missing")
    return {
        **rows.row_of(value),
        "points": wording.tenths(value.amount or 0),
        "url": f"{page}{asked.query_of(asked.days, unit=one.pk)}",
        "missing_url": f"{page}{missing}#people",
    }
