"""Whether the statistics are counted, and whether they are right: for the operator and for monitoring (STAT-4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, Sum
from django.utils import timezone

from orgs.models import Organization
from stats.models import RollupState

# The roll-up runs every few minutes, the check every night; each may be late once.
LATE = timedelta(hours=1)
UNCHECKED = timedelta(hours=49)


@dataclass(frozen=True)
class Health:
    """All organizations together. Both differences have to be 0."""

    organizations: int
    # Figures that differed at the last check of each, and in the whole life of the installation.
    difference: int
    difference_total: int
    # Organizations whose figures differed at their last check.
    differing: int
    # Not counted at all, or not checked for two nights.
    uncounted: int
    unchecked: int
    # When the one that was counted, and checked, longest ago was; empty: none yet.
    counted_at: datetime | None
    checked_at: datetime | None

    @property
    def is_well(self) -> bool:
        """Whether nobody needs to look: nothing differed, and everything has been checked."""
        return not (self.difference or self.uncounted or self.unchecked)


def health(now: datetime) -> Health:
    """Return how the statistics are; two queries.

    An organization younger than the time limits is not late.
    """
    established = Organization.objects.filter(created_at__lt=now - LATE)
    organizations = established.aggregate(
        all=Count("pk"),
        uncounted=Count("pk", filter=Q(rollup_state=None) | Q(rollup_state__counted_at=None)),
        unchecked=Count(
            "pk",
            filter=Q(created_at__lt=now - UNCHECKED)
            & (
                Q(rollup_state=None)
                | Q(rollup_state__checked_at=None)
                | Q(rollup_state__checked_at__lt=now - UNCHECKED)
            ),
        ),
    )
    states = RollupState.objects.aggregate(
        differing=Count("pk", filter=Q(difference__gt=0)),
        found=Sum("difference", default=0),
        total=Sum("difference_total", default=0),
        counted=Min("counted_at"),
        checked=Min("checked_at"),
    )
    return Health(
        organizations=organizations["all"],
        difference=states["found"],
        difference_total=states["total"],
        differing=states["differing"],
        uncounted=organizations["uncounted"],
        unchecked=organizations["unchecked"],
        counted_at=states["counted"],
        checked_at=states["checked"],
    )


def figures() -> list[tuple[str, float]]:
    """Return what `/metrics` says of the statistics (`settings.METRICS_SOURCES`): `statistics_difference` has to be 0.

    Nothing in it is about one organization.
    """
    now = timezone.now()
    found = health(now)
    numbers: dict[str, float | None] = {
        "difference": found.difference,
        "difference_total": found.difference_total,
        "organizations": found.organizations,
        "organizations_differing": found.differing,
        "organizations_uncounted": found.uncounted,
        "organizations_unchecked": found.unchecked,
        "counted_seconds_ago": _seconds(found.counted_at, now),
        "checked_seconds_ago": _seconds(found.checked_at, now),
    }
    return [(f"statistics_{name}", number) for name, number in numbers.items() if number is not None]


def _seconds(moment: datetime | None, now: datetime) -> int | None:
    return round((now - moment).total_seconds()) if moment is not None else None
