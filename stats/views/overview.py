"""The head's page: this week on one screen (STAT-1, STAT-6)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst

from orgs.actor import Actor
from orgs.pages import member_page
from stats.permissions import can_remind, can_set_norms
from stats.selectors.attention import Finding, words_of
from stats.selectors.board import Board, board
from stats.views import rows
from stats.views.tools import Asked, address, as_of, asked_of, chooser


@member_page
def overview(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the figures of a period: the first glance, twelve weeks, what needs attention, units, and all the rest."""
    asked = asked_of(request, actor)
    found = board(asked.viewer, asked.days, without_doubtful=asked.without_doubtful, today=asked.today)
    context = {
        **chooser(asked, without_doubtful=found.overview.without_doubtful),
        **_parts(actor, asked, found),
        "as_of": as_of(found.overview.counted_at),
        "is_empty": _is_empty(found),
        "sees_people": asked.viewer.sees_people,
        "can_set_norms": can_set_norms(actor),
        "units_title": capfirst(str(actor.words["units"])),
        "unit_title": capfirst(str(actor.words["unit"])),
    }
    return render(request, "stats/overview.html", context)


def _parts(actor: Actor, asked: Asked, found: Board) -> dict[str, Any]:
    values = rows.values_for(actor, found.overview.values)
    return {
        "headline": rows.headline(values),
        "groups": rows.groups(values),
        "trend": rows.trend(found.trend, *rows.trend_keys(actor)),
        "findings": [_finding(actor, asked, finding) for finding in found.findings],
        "heat_heads": rows.heat_heads(actor),
        "heat_rows": rows.heat_rows(actor, found.heat_map),
        "heat_legend": rows.heat_legend(),
        "stages": rows.stages(found.funnel) if any(stage.amount for stage in found.funnel) else [],
    }


def _finding(actor: Actor, asked: Asked, finding: Finding) -> dict[str, Any]:
    query = asked.query_of(asked.days, unit=finding.unit.pk if finding.unit else "")
    reminds = finding.can_remind and can_remind(actor)
    return {
        "words": words_of(finding),
        "url": f"{address(actor, 'figure', key=finding.figure)}{query}",
        "remind_url": f"{address(actor, 'remind', key=finding.figure)}{query}" if reminds else "",
    }


def _is_empty(found: Board) -> bool:
    """Whether there is nobody to count yet: no students in the roster, and no units of theirs."""
    students = found.overview.values.get("students_joined")
    return not found.heat_map and (students is None or not students.denominator) and not _has_happened(found)


def _has_happened(found: Board) -> bool:
    messages = found.overview.values.get("messages")
    return messages is not None and bool(messages.amount)
