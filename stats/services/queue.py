"""The queue of changes: taking them, and putting days into it that are to be counted (STAT-4)."""

# Names of tables and columns are put together here; values never are.
# ruff: noqa: S608
from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.dateparse import parse_datetime

from orgs.models import Organization
from stats.models import CHANGES, Change, Source
from stats.services.windows import window
from stats.triggers import TIME_INDEXES

AT_ONCE = 100_000

# Two of the sources say more than «count this day».
_KIND = f"CASE WHEN source IN ('{Source.ROSTER}', '{Source.GONE}') THEN source ELSE '{Source.DAY}' END"
# Quarters of an hour tell days apart: every zone's days begin with one.
_QUARTER = {
    "postgresql": "to_timestamp(floor(extract(epoch FROM at) / 900) * 900)",
    "sqlite": "at",
}
_DISTINCT = """
SELECT organization_id, {quarter}, {kind}, CAST(NULL AS BIGINT), COUNT(*) FROM taken GROUP BY 1, 2, 3
UNION ALL
SELECT DISTINCT organization_id, NULLIF(at, at), source, thing_id, 0 FROM taken WHERE thing_id IS NOT NULL
"""


@dataclass(frozen=True)
class Taken:
    """A day, or a thing, named by changes."""

    organization_id: int
    at: datetime | None
    source: str
    thing_id: int | None


def take(organization_ids: list[int]) -> tuple[list[Taken], bool]:
    """Remove at most 100,000 changes of the organizations; return what they name, each once, and whether it was all.

    In the transaction that counts: if it fails, nothing was taken.
    """
    distinct = _DISTINCT.format(quarter=_QUARTER[connection.vendor], kind=_KIND)
    marks = ", ".join(["%s"] * len(organization_ids))
    chosen = f"SELECT id FROM {CHANGES} WHERE organization_id IN ({marks}) ORDER BY organization_id, id LIMIT {AT_ONCE}"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # One statement: what commits meanwhile is neither removed nor overlooked.
            removing = f"DELETE FROM {CHANGES} WHERE id IN ({chosen}) RETURNING organization_id, at, source, thing_id"
            cursor.execute(f"WITH taken AS ({removing}) {distinct}", organization_ids)
            rows = cursor.fetchall()
        else:
            reading = f"SELECT organization_id, at, source, thing_id FROM {CHANGES} WHERE id IN ({chosen})"
            cursor.execute(f"WITH taken AS ({reading}) {distinct}", organization_ids)
            rows = cursor.fetchall()
            cursor.execute(f"DELETE FROM {CHANGES} WHERE id IN ({chosen})", organization_ids)
    total = sum(row[4] for row in rows)
    return [Taken(row[0], _aware(row[1]), row[2], row[3]) for row in rows], total < AT_ONCE


def _aware(moment: datetime | str | None) -> datetime | None:
    found = parse_datetime(moment) if isinstance(moment, str) else moment
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found


def add(days: Iterable[tuple[Organization, date]], source: str = Source.DAY) -> None:
    """Note that these days are to be counted."""
    Change.objects.bulk_create(
        (
            Change(organization_id=organization.pk, at=window(organization, day).starts_at, source=source)
            for organization, day in days
        ),
        batch_size=1000,
    )


def forget_strangers() -> None:
    """Remove the changes of organizations that are no longer there."""
    known = Organization.objects.filter(pk=OuterRef("organization_id"))
    Change.objects.filter(~Exists(known)).delete()


# Sources without an index of their own here: tables and moments.
_OTHERS = {"channels_app_post": "published_at", "meetings_event": "starts_at"}


def first_moments(organization_ids: Collection[int]) -> dict[int, datetime]:
    """Return for each organization the first moment any source has; the roster's intervals are no activity."""
    ids = list(organization_ids)
    if not ids:
        return {}
    marks = ", ".join(["%s"] * len(ids))
    tables = {**TIME_INDEXES, **_OTHERS}
    branches = " UNION ALL ".join(
        f"SELECT o.id, (SELECT MIN(s.{column}) FROM {table} s WHERE s.organization_id = o.id) "
        f"FROM orgs_organization o WHERE o.id IN ({marks})"
        for table, column in tables.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH firsts (organization_id, at) AS ({branches}) SELECT organization_id, MIN(at) FROM firsts "
            "WHERE at IS NOT NULL GROUP BY organization_id",
            ids * len(tables),
        )
        return {pk: moment for pk, found in cursor.fetchall() if (moment := _aware(found)) is not None}
