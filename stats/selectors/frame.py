"""What frames the figures of an organization: since when and up to when it is counted, its rules and norms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from orgs.models import Organization, Unit, UnitKind
from readings.models import Reading
from stats.catalogue import NORM_TEMPLATES, SILENT_DAYS
from stats.models import OrgDay, Reached, ReachKind, StatsRules, UnitDay
from stats.periods import Days


@dataclass(frozen=True)
class Frame:
    """Read in one query."""

    # «на 10:05»; None: never.
    counted_at: datetime | None
    # The first day there are figures of; of a unit the unit's own.
    first_day: date | None
    rules: StatsRules
    # Those switched on, by key of the catalogue.
    norms: Mapping[str, int]
    # Required reading whose deadline is over and that not everybody has confirmed.
    overdue: int
    # Units silent on the last day of a period, of all: by «now» and «before».
    silent: Mapping[str, tuple[int, int]]


def read_frame(organization: Organization, unit: Unit | None, now: Days, before: Days, today: date) -> Frame:
    """Read the frame of the organization (or of `unit`) for two periods; one query."""
    rows = list(_asked(organization, unit, now, before, today))
    first = rows[0]
    rules = StatsRules(pk=first["rules_id"], organization=organization)
    if rules.pk is not None:
        rules.weekly_letter, rules.without_doubtful = first["letter"], first["without"]
    norms = {row["norm"]: row["percent"] for row in rows if row["norm"] in NORM_TEMPLATES and row["norm_is_on"]}
    silent = {label: (first[f"silent_{label}"], first[f"units_{label}"]) for label in ("now", "before")}
    return Frame(first["counted"], first["first_counted"], rules, norms, first["overdue"], silent)


def _asked(
    organization: Organization, unit: Unit | None, now: Days, before: Days, today: date
) -> QuerySet[Organization, dict[str, Any]]:
    """One row for each norm there is, at least one."""
    days = UnitDay.objects.filter(unit=unit) if unit else OrgDay.objects.filter(organization=organization)
    first_day = days.order_by("day").values("day")[:1]
    counts = {
        f"{what}_{label}": _count(rows)
        for label, period in (("now", now), ("before", before))
        for what, rows in (
            ("units", units_on(organization, period.last)),
            ("silent", units_on(organization, period.last).filter(is_silent(period.last))),
        )
    }
    return (
        Organization.objects.filter(pk=organization.pk)
        .annotate(
            first_counted=Subquery(first_day),
            overdue=_count(_overdue(organization, today)),
            counted=F("rollup_state__counted_at"),
            rules_id=F("stats_rules__pk"),
            letter=F("stats_rules__weekly_letter"),
            without=F("stats_rules__without_doubtful"),
            norm=F("stats_norms__figure"),
            percent=F("stats_norms__percent"),
            norm_is_on=F("stats_norms__is_on"),
            **counts,
        )
        .values(
            *("first_counted", "overdue", "counted", "rules_id", "letter", "without"),
            *("norm", "percent", "norm_is_on", *counts),
        )
    )


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("organization").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _overdue(organization: Organization, today: date) -> QuerySet[Reading]:
    complete = Reached.objects.filter(kind=ReachKind.READING, thing_id=OuterRef("pk"), reached__gte=F("asked"))
    late = Reading.objects.filter(organization=organization, opened_at__isnull=False, closed_at=None, due_on__lt=today)
    return late.filter(~Exists(complete))


def units_on(organization: Organization, day: date) -> QuerySet[UnitDay]:
    """Return the rows of the units there were on `day` (the last counted day up to it), without the staff's."""
    latest = UnitDay.objects.filter(organization=organization, day__lte=day).order_by("-day").values("day")[:1]
    return UnitDay.objects.filter(organization=organization, day=Subquery(latest)).exclude(unit__kind=UnitKind.STAFF)


def is_silent(day: date) -> Q:
    """The condition on rows of `units_on` that nothing has been written for two weeks, by a unit known as long."""
    since = day - timedelta(days=SILENT_DAYS - 1)
    own = UnitDay.objects.filter(unit=OuterRef("unit"))
    spoken = own.filter(Q(messages__gt=0) | Q(posts__gt=0), day__range=(since, day))
    return ~Q(Exists(spoken)) & Q(Exists(own.filter(day__lte=since)))
