"""Units side by side: the heat map of who is connected, and the table of figures by unit (STAT-2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, OuterRef, QuerySet, Subquery, Sum, When
from django.db.models import Value as Constant
from django.db.models.functions import Coalesce

from orgs.models import Enrolment, Organization, Part, Unit
from stats.catalogue import FIGURES
from stats.models import UnitDay
from stats.periods import Days
from stats.selectors.asking import Asking, asking
from stats.selectors.facts import Facts
from stats.selectors.figures import is_hidden, value_of
from stats.selectors.formulas import FORMULAS
from stats.selectors.frame import is_silent, units_on
from stats.selectors.members import active_by_unit
from stats.selectors.values import HeatCell, HeatRow, Value, Viewer

HEAT = ("staff_joined", "students_joined", "families_joined", "parents_active")
# Of a unit where nobody is. The table keeps columns of some of these names, for a day; these are of the period.
_NOBODY = {"staff_active": 0, "students_active": 0, "parents_active": 0, "parents_total": 0}
_SUMMED = ("messages", "quiet_messages", "doubtful_messages", "posts")


@dataclass(frozen=True)
class UnitRow:
    """One unit with its figures: those of the catalogue that can be asked of a unit, by key, without «before»."""

    unit: Unit
    # Who leads it, by name, for viewers who may see persons; what a leader is called says `actor.words`.
    leaders: tuple[str, ...]
    values: Mapping[str, Value]
    # Nothing was written in its chats and channel for 14 days.
    is_silent: bool


def unit_of(organization: Organization, unit_id: int) -> Unit | None:
    """Return a unit of the organization, also one in the archive: its past figures are still there."""
    return Unit.objects.filter(organization=organization, pk=unit_id).first()


def heat_map(viewer: Viewer, days: Days, *, today: date | None = None) -> list[HeatRow]:
    """Return the units in their order with who is connected on the last day of the period, and which parents were
    active in it; two queries. Units there were on that day: also those that are in the archive now."""
    question = asking(viewer, days, None, today)
    people = active_by_unit(viewer.organization, question.now, "parents")
    return [_heat(viewer, row, _NOBODY | people.get(row.unit_id, {})) for row in _rows(question)]


def _rows(question: Asking) -> QuerySet[UnitDay]:
    """One row for each unit, as it was on the last counted day of the period."""
    organization, end = question.viewer.organization, question.now.last
    silent = Case(When(is_silent(end), then=Constant(True)), default=Constant(False))
    rows = units_on(organization, end).annotate(is_silent=silent).select_related("unit")
    return rows.order_by("unit__sort_key", "unit_id")


def _heat(viewer: Viewer, row: Any, people: Mapping[str, int]) -> HeatRow:
    facts = Facts(roster={**vars(row), **people}, people=people)
    return HeatRow(row.unit, {key: _cell(viewer, key, facts) for key in HEAT}, row.is_silent)


def _cell(viewer: Viewer, key: str, facts: Facts) -> HeatCell:
    part = FORMULAS[key](facts)
    if is_hidden(viewer, part):
        return HeatCell(0, 0, is_hidden=True)
    return HeatCell(part.numerator, part.denominator or 0)


def units_with_figures(
    viewer: Viewer, days: Days, *, without_doubtful: bool = False, today: date | None = None
) -> list[UnitRow]:
    """Return the units in their order with their figures of the period; five queries, four without names.

    Who was active is counted of those who belong to the unit on the last day of the period.
    """
    question = asking(viewer, days, None, today)
    sums = {f"sum_{name}": _sum(question, name) for name in _SUMMED}
    rows = list(_rows(question).annotate(**sums))
    people = active_by_unit(viewer.organization, question.now, "staff", "students", "parents")
    leaders = _leaders(row.unit_id for row in rows) if viewer.sees_people else {}
    return [
        _unit(
            viewer,
            row,
            _NOBODY | people.get(row.unit_id, {}),
            tuple(leaders.get(row.unit_id, ())),
            without_doubtful=without_doubtful,
        )
        for row in rows
    ]


def _sum(question: Asking, name: str) -> Coalesce:
    days = question.now
    rows = UnitDay.objects.filter(unit=OuterRef("unit"), day__range=(days.first, days.last)).order_by()
    summed = rows.values("unit").annotate(n=Sum(name)).values("n")
    return Coalesce(Subquery(summed, output_field=IntegerField()), 0)


def _unit(
    viewer: Viewer, row: Any, people: Mapping[str, int], leaders: tuple[str, ...], *, without_doubtful: bool
) -> UnitRow:
    known = vars(row)
    facts = Facts(
        roster={**known, **people},
        sums={name: known[f"sum_{name}"] for name in _SUMMED},
        people=people,
        without_doubtful=without_doubtful,
    )
    values = {figure.key: value_of(viewer, figure, facts, None, None) for figure in FIGURES if figure.by_unit}
    return UnitRow(row.unit, leaders, values, row.is_silent)


def _leaders(unit_ids: Iterable[int]) -> dict[int, list[str]]:
    rows = Enrolment.objects.filter(unit__in=list(unit_ids), part=Part.LEADER, until=None)
    found: dict[int, list[str]] = defaultdict(list)
    for enrolment in rows.select_related("person").order_by("person__search_name", "pk"):
        found[enrolment.unit_id].append(enrolment.person.full_name)
    return found
