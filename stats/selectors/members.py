"""Who belonged to a unit on a day, by the intervals of the roster."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import (
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce, TruncDate

from orgs.models import Enrolment, Guardianship, Organization, Part
from stats.models import PersonDay
from stats.periods import Days
from stats.selectors.conditions import ACTIVE, HELD


def enrolled(unit: Any, day: Any, *, prefix: str = "") -> Q:
    """The condition that an enrolment is into `unit` and holds on `day`: from its first day up to, not on, its last."""
    return Q(**{f"{prefix}unit": unit}) & _holds(day, prefix)


def _holds(day: Any, prefix: str = "") -> Q:
    ended = Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gt": day})
    return Q(**{f"{prefix}since__lte": day}) & ended


def staff_of(organization: Organization, unit: Any, day: Any) -> QuerySet[Enrolment]:
    """Return the enrolments of those who led or taught in `unit` on `day`."""
    return _enrolments(organization, unit, day).exclude(part=Part.STUDENT)


def students_of(organization: Organization, unit: Any, day: Any) -> QuerySet[Enrolment]:
    """Return the enrolments of those who learned in `unit` on `day`."""
    return _enrolments(organization, unit, day).filter(part=Part.STUDENT)


def _enrolments(organization: Organization, unit: Any, day: Any) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(enrolled(unit, day), organization=organization, person__merged_into=None).order_by()


def parents_of(organization: Organization, unit: Any, day: Any) -> QuerySet[Guardianship]:
    """Return the ties of parents to those who learned in `unit` on `day`; a parent of two stands there twice."""
    return _ties(organization, enrolled(unit, day, prefix="child__enrolments__"), day)


def _ties(organization: Organization, learned: Q, day: Any) -> QuerySet[Guardianship]:
    began = TruncDate("since", tzinfo=organization.zone)
    ended = TruncDate("until", tzinfo=organization.zone)
    child = learned & Q(child__enrolments__part=Part.STUDENT)
    return (
        Guardianship.objects.filter(child, organization=organization, parent__merged_into=None)
        .annotate(began=began, ended=ended)
        .filter(Q(ended=None) | Q(ended__gt=day), began__lte=day)
        .order_by()
    )


def active_of_unit(organization: Organization, unit: Any, days: Days) -> dict[str, Any]:
    """Return annotations: how many of those who belong to `unit` (one, or a reference to it) on the last of `days` were
    active in them, by key («staff_active», …), and «parents_total». Each is a person once."""
    end = days.last
    parents = parents_of(organization, unit, end)
    circles: dict[str, tuple[QuerySet[Any], str]] = {
        "staff": (staff_of(organization, unit, end), "person"),
        "students": (students_of(organization, unit, end), "person"),
        "parents": (parents, "parent"),
    }
    found = {
        f"{circle}_active": _people(rows.filter(was_active(circle, days, field)), field)
        for circle, (rows, field) in circles.items()
    }
    return {**found, "parents_total": _people(parents, "parent")}


def active_by_unit(organization: Organization, days: Days, *circles: str) -> dict[int, dict[str, int]]:
    """Return what `active_of_unit` does for each unit that has somebody, by its id; one query for each of `circles`.

    Asked of all units at once: counted unit by unit, each would read the families of the whole school again.
    """
    end = days.last
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for circle in circles:
        rows, field, unit = _everywhere(organization, circle, end)
        counts = {f"{circle}_active": Count(field, distinct=True, filter=was_active(circle, days, field))}
        if circle == "parents":
            counts["parents_total"] = Count(field, distinct=True)
        for row in rows.values(unit).annotate(**counts):
            found[row.pop(unit)].update(row)
    return found


def _everywhere(organization: Organization, circle: str, day: Any) -> tuple[QuerySet[Any], str, str]:
    """Return the rows of a circle in all units, the field of the person, the field of the unit."""
    if circle == "parents":
        ties = _ties(organization, _holds(day, "child__enrolments__"), day)
        return ties, "parent", "child__enrolments__unit"
    held = Enrolment.objects.filter(_holds(day), organization=organization, person__merged_into=None).order_by()
    rows = held.filter(part=Part.STUDENT) if circle == "students" else held.exclude(part=Part.STUDENT)
    return rows, "person", "unit"


def was_active(circle: str, days: Days, person: str, condition: Q = ACTIVE) -> Exists:
    """The condition that `person` (a field) was active in the role of `circle` on one of `days`."""
    rows = PersonDay.objects.filter(condition, person=OuterRef(person), day__range=(days.first, days.last))
    return Exists(rows.filter(**{HELD[circle]: True}))


def _people(rows: QuerySet[Any], field: str) -> Coalesce:
    counted = rows.values("organization").annotate(n=Count(field, distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
