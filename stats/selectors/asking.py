"""One question to the figures: who asks, of what, of which period, and what it is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from orgs.models import Unit
from orgs.selectors.organizations import today_in
from stats.periods import Days, compared
from stats.selectors.days_read import Scope
from stats.selectors.values import Viewer


@dataclass(frozen=True)
class Asking:
    viewer: Viewer
    # As it was chosen; `now` is its part up to today, `before` what that is compared with.
    days: Days
    now: Days
    before: Days
    today: date
    unit: Unit | None = None

    @property
    def scope(self) -> Scope:
        return Scope(self.viewer.organization, self.unit)

    @property
    def periods(self) -> dict[str, Days]:
        return {"now": self.now, "before": self.before}


def asking(viewer: Viewer, days: Days, unit: Unit | None = None, today: date | None = None) -> Asking:
    """Return the question about `days`; `today` is the organization's own unless it is given."""
    today = today or today_in(viewer.organization)
    now, before = compared(days, today)
    return Asking(viewer, days, now, before, today, unit)
