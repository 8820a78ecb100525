"""Units side by side: the heat map of who is connected, and the table of figures by unit (STAT-2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from orgs.models import Unit
from stats.periods import Days
from stats.selectors.values import HeatRow, Value, Viewer


@dataclass(frozen=True)
class UnitRow:
    """One unit with its figures: those of the catalogue that can be asked of a unit, by key, without «before»."""

    unit: Unit
    # Who leads it, by name, for viewers who may see persons; what a leader is called says `actor.words`.
    leaders: tuple[str, ...]
    values: Mapping[str, Value]
    # Nothing was written in its chats and channel for 14 days.
    is_silent: bool


def heat_map(viewer: Viewer, days: Days, *, today: date | None = None) -> list[HeatRow]:
    """Return the units in their order with who is connected on the last day of the period."""
    return []


def units_with_figures(
    viewer: Viewer, days: Days, *, without_doubtful: bool = False, today: date | None = None
) -> list[UnitRow]:
    """Return the units in their order with their figures of the period: a constant number of queries."""
    return []
