"""The reach of readings, posts, polls and events, written down with absolute values: counting again changes nothing
(STAT-3, STAT-4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from django.db import transaction

from orgs.models import Organization
from stats.models import Reached, ReachKind, Source
from stats.selectors.circles import load_circles
from stats.selectors.reach import Reach, polls_of_posts, reach_of, things_by_organization, things_since
from stats.services.windows import local_day

# Rosters change: what is younger is recounted each night although nothing happened to it (STAT-3).
RECENT_DAYS = 35
# Who has seen so many posts fits into memory.
BATCH = 100

# What a change names, as the kind of thing that is reached; the kinds themselves are understood too.
KIND_OF: Mapping[str, ReachKind] = {
    **{kind.value: kind for kind in ReachKind},
    Source.CONFIRMATION.value: ReachKind.READING,
    Source.VIEW.value: ReachKind.POST,
    Source.VOTE.value: ReachKind.POLL,
    Source.PARTICIPATION.value: ReachKind.EVENT,
}
_FIELDS = ("day", "asked", "reached", "is_marked", "median_seconds")


@transaction.atomic
def recount_reach(
    organization_ids: Collection[int], things: Collection[tuple[str, int]], now: datetime | None = None
) -> int:
    """Recount `things` — (kind of `ReachKind` or source of a change, number) — that belong to those organizations.

    What is gone, closed, removed or cancelled loses its row. What nobody is meant for any more (its unit went into the
    archive) keeps what was counted last. Rows that stay the same are not written. Two statements for each kind, four
    for an organization's roster, at most nine for each kind and hundred of things there. Returns how many rows were
    written or removed. The caller holds the organizations' locks.
    """
    named: dict[ReachKind, set[int]] = defaultdict(set)
    for source, thing_id in things:
        if source in KIND_OF:
            named[KIND_OF[source]].add(thing_id)
    if not named:
        return 0
    owned = things_by_organization(organization_ids, named)
    organizations = Organization.objects.filter(pk__in=owned).order_by("pk")
    return sum(_recount(organization, owned[organization.pk]) for organization in organizations)


@transaction.atomic
def recount_recent(organization: Organization, now: datetime) -> int:
    """Recount what was given out, published, asked or held within the last 35 days, and the events to come; the caller
    holds the organization's lock. Returns how many rows were written or removed."""
    first = local_day(organization, now) - timedelta(days=RECENT_DAYS)
    # A day more: midnight of the organization's clock is another moment than here.
    named = things_since(organization.pk, now - timedelta(days=RECENT_DAYS + 1))
    # Those that are gone altogether are known by their rows only.
    rows = Reached.objects.filter(organization=organization, day__gte=first)
    for kind, thing_id in rows.values_list("kind", "thing_id"):
        named[ReachKind(kind)].add(thing_id)
    return _recount(organization, named)


def _recount(organization: Organization, named: Mapping[ReachKind, Collection[int]]) -> int:
    things = {kind: set(named.get(kind, ())) for kind in ReachKind}
    if things[ReachKind.POST]:
        things[ReachKind.POLL] |= polls_of_posts(organization.pk, things[ReachKind.POST])
    if not any(things.values()):
        return 0
    circles = load_circles(organization.pk)
    written = 0
    for kind, ids in things.items():
        for batch in _batches(ids):
            written += _write(organization, kind, batch, reach_of(organization.pk, kind, batch, circles))
    return written


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]


def _write(organization: Organization, kind: ReachKind, ids: list[int], found: dict[int, Reach]) -> int:
    """Three statements at most: read, write what differs, remove what is gone."""
    before = {
        row.thing_id: row for row in Reached.objects.filter(organization=organization, kind=kind, thing_id__in=ids)
    }
    changed = []
    for thing_id, reach in found.items():
        row, old = _row(organization, kind, thing_id, reach), before.get(thing_id)
        if old is None or (reach.asked and _figures(row) != _figures(old)):
            changed.append(row)
    if changed:
        Reached.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["kind", "thing_id"], update_fields=_FIELDS
        )
    gone = [row.pk for thing_id, row in before.items() if thing_id not in found]
    if gone:
        Reached.objects.filter(pk__in=gone).delete()
    return len(changed) + len(gone)


def _row(organization: Organization, kind: ReachKind, thing_id: int, reach: Reach) -> Reached:
    return Reached(
        organization=organization,
        kind=kind,
        thing_id=thing_id,
        day=local_day(organization, reach.at),
        asked=reach.asked,
        reached=reach.reached,
        is_marked=reach.is_marked,
        median_seconds=reach.median_seconds,
    )


def _figures(row: Reached) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in _FIELDS)
