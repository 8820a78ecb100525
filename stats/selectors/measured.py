"""Reach of things and medians of times, of two periods in one statement.

The median is written once in SQL that both databases speak: the middle of the numbered rows, of an even number the
mean of the two in the middle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from orgs.models import Organization
from stats.models import Reached, ReachKind, StaffAnswer
from stats.periods import Days
from stats.selectors.facts import Median, Reach

_ANSWERS, _REACHED = StaffAnswer._meta.db_table, Reached._meta.db_table

# From `cases(what, grp, seconds)`: one row for each, with the number of cases and the median.
MEDIANS = """
    SELECT what, grp, MAX(cases) AS cases, AVG(seconds) AS median
    FROM (
        SELECT what, grp, seconds,
            ROW_NUMBER() OVER (PARTITION BY what, grp ORDER BY seconds) AS place,
            COUNT(*) OVER (PARTITION BY what, grp) AS cases
        FROM cases
    ) AS ranked
    WHERE 2 * place BETWEEN cases AND cases + 2
    GROUP BY what, grp
"""

# `grp`: 1 in the period, 0 before. All kinds are named so that the index by kind and day serves.
_MEASURED = f"""
    WITH cases AS (
        SELECT 'answer' AS what, CASE WHEN day >= %s THEN 1 ELSE 0 END AS grp, seconds
        FROM {_ANSWERS}
        WHERE organization_id = %s AND day BETWEEN %s AND %s AND (day <= %s OR day >= %s)
        UNION ALL
        SELECT 'reading', CASE WHEN day >= %s THEN 1 ELSE 0 END, median_seconds
        FROM {_REACHED}
        WHERE organization_id = %s AND day BETWEEN %s AND %s AND (day <= %s OR day >= %s)
            AND kind = 'reading' AND median_seconds IS NOT NULL
    )
    SELECT 'median', what, grp, cases, 0, median FROM ({MEDIANS}) AS medians
    UNION ALL
    SELECT 'reach', kind, CASE WHEN day >= %s THEN 1 ELSE 0 END, COUNT(*), SUM(asked), SUM(reached)
    FROM {_REACHED}
    WHERE organization_id = %s AND day BETWEEN %s AND %s AND (day <= %s OR day >= %s)
        AND kind IN ('reading', 'post', 'poll', 'event') AND (kind <> 'event' OR is_marked)
    GROUP BY 1, 2, 3
"""  # noqa: S608 — names of tables only, no value from outside


@dataclass
class Measured:
    reach: dict[str, Reach] = field(default_factory=dict)
    medians: dict[str, Median] = field(default_factory=dict)


def read_measured(organization: Organization, now: Days, before: Days) -> dict[str, Measured]:
    """Return reach by kind and medians («answer», «reading») of «now» and «before»; one query.

    Of events only those with marked attendance are in the reach.
    """
    days = (before.first, now.last, before.last, now.first)
    found = {"now": Measured(), "before": Measured()}
    for sort, what, is_now, number, asked, amount in run(_MEASURED, _params(organization, now.first, days) * 3):
        one = found["now" if is_now else "before"]
        if sort == "median":
            one.medians[what] = Median(int(number), float(amount))
        else:
            one.reach[ReachKind(what)] = Reach(int(number), int(asked), int(amount))
    return found


def _params(organization: Organization, start: date, days: Sequence[date]) -> tuple[Any, ...]:
    return (sent(start), organization.pk, *map(sent, days))


def sent(day: date) -> Any:
    """Return a day as the database takes it."""
    return connection.ops.adapt_datefield_value(day)


def run(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return the rows of one statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
