"""The parts of the head's page, loaded together: at most eight statements, whatever the size of the school."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from orgs.models import Unit
from stats.models import StatsRules
from stats.periods import Days
from stats.selectors.asking import asking
from stats.selectors.attention import Finding, findings_of
from stats.selectors.figures import overview_of, read
from stats.selectors.funnel import stages_of
from stats.selectors.trend import points_of
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
    """Return the page's parts in at most eight statements. `without_doubtful` None: as the organization has chosen.

    The trend ends with the week of the period's last day that is not in the future.
    """
    question = asking(viewer, days, unit, today)
    loaded = read(question, weeks)
    rules = loaded.frame.rules
    without = rules.without_doubtful if without_doubtful is None else without_doubtful
    figures = overview_of(question, loaded, without_doubtful=without)
    trend = points_of(question, loaded.days, loaded.kept, weeks, without_doubtful=without)
    if unit is not None:
        return Board(figures, trend, [], [], [], rules)
    units = heat_map(viewer, days, today=question.today)
    stages = stages_of(loaded.invitations["now"])
    found = findings_of(question, figures.values, units, loaded.frame.overdue)
    return Board(figures, trend, units, stages, found, rules)
