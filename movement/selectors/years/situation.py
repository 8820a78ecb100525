"""What the passing to the next year begins with: the year, its units and who is in them; four queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from orgs.models import AcademicYear, Enrolment, Organization, Part, Unit, UnitKind
from orgs.vocabulary import vocabulary_of


@dataclass(frozen=True)
class Situation:
    """The units in use today, in the order of lists, and their open enrolments with the people."""

    organization: Organization
    year: AcademicYear
    units: list[Unit]
    enrolments: list[Enrolment]
    # The next year, when it is there already.
    prepared: AcademicYear | None

    @cached_property
    def unit_of(self) -> dict[int, Unit]:
        return {unit.pk: unit for unit in self.units}

    @cached_property
    def in_unit(self) -> dict[int, list[Enrolment]]:
        found: dict[int, list[Enrolment]] = defaultdict(list)
        for row in self.enrolments:
            found[row.unit_id].append(row)
        return found

    def students_of(self, unit: Unit) -> list[Enrolment]:
        """Return the enrolments of a unit's students, by name."""
        return [row for row in self.in_unit.get(unit.pk, []) if row.part == Part.STUDENT]

    def is_main(self, unit: Unit) -> bool:
        """Whether students belong to one such unit at a time: circles stand beside it, unless there is nothing else."""
        main = vocabulary_of(self.organization).main_unit_kind
        return unit.kind != UnitKind.CIRCLE or main == UnitKind.CIRCLE

    @property
    def has_main_units(self) -> bool:
        """Whether a student has one place that one passes on from; in a centre of circles there is none."""
        return vocabulary_of(self.organization).main_unit_kind != UnitKind.CIRCLE


def situation_of(organization: Organization, next_name: str = "") -> Situation:
    """Read how things stand; `next_name` is what the next year will be called. Four queries."""
    years = AcademicYear.objects.filter(organization=organization).filter(Q(is_current=True) | Q(name=next_name))
    found = list(years)
    year = next(row for row in found if row.is_current)
    prepared = next((row for row in found if row.name == next_name and not row.is_current), None)
    units = Unit.objects.filter(organization=organization).active().teaching()
    if prepared is not None:
        units = units.exclude(academic_year=prepared)
    rows = (
        Enrolment.objects.filter(unit__in=units, until=None, person__merged_into=None)
        .select_related("person")
        .order_by("person__search_name", "person_id", "id")
    )
    return Situation(organization, year, list(units), list(rows), prepared)
