"""Tables of the statistics."""

from stats.models.access import Curatorship, Norm, StatsRules
from stats.models.counting import CHANGES, Change, DayWindow, RollupState, Source
from stats.models.days import OrgDay, PersonDay, Presence, UnitDay
from stats.models.periods import Period, Reached, ReachKind, Span, StaffAnswer

__all__ = [
    "CHANGES",
    "Change",
    "Curatorship",
    "DayWindow",
    "Norm",
    "OrgDay",
    "Period",
    "PersonDay",
    "Presence",
    "ReachKind",
    "Reached",
    "RollupState",
    "Source",
    "Span",
    "StaffAnswer",
    "StatsRules",
    "UnitDay",
]
