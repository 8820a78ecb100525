"""The parts of the head's page, loaded together: at most seven statements, whatever the size of the school."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from orgs.models import Unit
from orgs.selectors.organizations import today_in
from stats.models import StatsRules
from stats.periods import Days
from stats.selectors.attention import Finding, needs_attention
from stats.selectors.figures import overview
from stats.selectors.funnel import funnel
from stats.selectors.rules import rules_of
from stats.selectors.trend import weekly
from stats.selectors.units import heat_map
from stats.selectors.values import HeatRow, Overview, Point, Stage, Viewer


@dataclass(frozen=True)
class Board:
    """Everything on the head's page; of a unit the heat map, funnel and findings are empty."""

    overview: Overview
    trend: list[Point]
    heat_map: list[HeatRow]
    funnel: list[Stage]
    findings: list[Finding]
    # The organization's choices, read along.
    rules: StatsRules


def board(
    viewer: Viewer,
    days: Days,
    unit: Unit | None = None,
    *,
    without_doubtful: bool | None = None,
    weeks: int = 12,
    today: date | None = None,
) -> Board:
    """Return the page's parts in at most seven statements. `without_doubtful` None: as the organization has chosen."""
    today = today or today_in(viewer.organization)
    rules = rules_of(viewer.organization)
    without = rules.without_doubtful if without_doubtful is None else without_doubtful
    return Board(
        overview(viewer, days, unit, without_doubtful=without, today=today),
        weekly(viewer, min(days.last, today), weeks, unit, without_doubtful=without),
        [] if unit else heat_map(viewer, days, today=today),
        [] if unit else funnel(viewer, days),
        [] if unit else needs_attention(viewer, days),
        rules,
    )
