"""What the files of the statistics are made of: read once, drawn as a workbook or on paper (STAT-6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from orgs.actor import Actor
from orgs.models import Organization, Person, Role, Unit
from orgs.selectors.organizations import today_in
from orgs.vocabulary import Vocabulary
from stats import wording
from stats.catalogue import GROUP_NAMES, Group
from stats.periods import Days
from stats.selectors.figures import overview
from stats.selectors.rules import rules_of
from stats.selectors.things import FIGURES_OF_THINGS, Thing, things_behind
from stats.selectors.trend import weekly
from stats.selectors.units import UnitRow, units_with_figures
from stats.selectors.values import Overview, Point, Value, viewer_of

WEEKS = 12


@dataclass(frozen=True)
class Report:
    """All figures of a period with what stands behind them, and who made the file when."""

    organization: Organization
    words: Vocabulary
    # «Главный Глеб Георгиевич, директор».
    maker: str
    made_at: datetime
    # Who leads the organization and signs; empty: nobody, or several.
    head: str
    overview: Overview
    trend: Sequence[Point]
    # Empty in the report of one unit.
    units: Sequence[UnitRow]
    # By key of the figure.
    things: Mapping[str, Sequence[Thing]]

    @property
    def days(self) -> Days:
        """The period."""
        return self.overview.days

    @property
    def values(self) -> Sequence[Value]:
        """The figures that make sense in this organization, in the order of the catalogue."""
        return [self.overview.values[key] for key in self.sensible(self.overview.values)]

    def sensible(self, keys: Iterable[str]) -> list[str]:
        """Return those of `keys` that make sense here: where students have no accounts, none of theirs."""
        return [key for key in keys if self.words.students_join or not key.startswith("students_")]

    def by_group(self) -> list[tuple[str, list[Value]]]:
        """The figures under the names of their parts; parts without figures are left out."""
        groups = [(group, [value for value in self.values if value.figure.group == group]) for group in Group]
        return [(str(GROUP_NAMES[group]), values) for group, values in groups if values]

    def facts(self) -> list[tuple[str, str]]:
        """The heading's lines: a name and a value each."""
        counted_at = self.overview.counted_at
        found = [
            (_("Organization"), self.organization.name),
            (capfirst(str(self.words["unit"])), self.overview.unit.name if self.overview.unit else ""),
            (_("Period"), f"{capfirst(wording.period(self.days))} ({span_in_numbers(self.days)})"),
            (_("Compared with"), span_in_numbers(self.days.before)),
            (_("Counted"), wording.as_of(counted_at) if counted_at else _("nothing has been counted yet")),
            (_("Doubtful messages"), _("left out") if self.overview.without_doubtful else ""),
            (_("Made by"), f"{self.maker}, {timezone.localtime(self.made_at):%d.%m.%Y %H:%M}"),
        ]
        return [(name, value) for name, value in found if value]


def span_in_numbers(days: Days) -> str:
    """Return «16.11.2026 – 22.11.2026», as papers write it."""
    return f"{days.first:%d.%m.%Y} – {days.last:%d.%m.%Y}" if days.length > 1 else f"{days.first:%d.%m.%Y}"


def report_of(
    actor: Actor,
    days: Days,
    unit: Unit | None = None,
    *,
    without_doubtful: bool | None = None,
    with_things: bool = True,
) -> Report:
    """Return the figures of `days` as `actor` may see them.

    A constant number of statements, whatever the number of units; those for things are left out on request.
    `without_doubtful` None: as the organization has chosen.
    """
    viewer, organization = viewer_of(actor), actor.organization
    today = today_in(organization)
    without = rules_of(organization).without_doubtful if without_doubtful is None else without_doubtful
    found = overview(viewer, days, unit, without_doubtful=without, today=today)
    keys = FIGURES_OF_THINGS if with_things and unit is None else ()
    return Report(
        organization=organization,
        words=actor.words,
        maker=maker_of(actor),
        made_at=timezone.now(),
        head=_head_of(organization),
        overview=found,
        trend=weekly(viewer, min(days.last, today), WEEKS, unit, without_doubtful=without),
        units=[] if unit else units_with_figures(viewer, days, without_doubtful=without, today=today),
        things={key: things_behind(viewer, key, days) for key in keys if key in found.values},
    )


def maker_of(actor: Actor) -> str:
    """Return name and position of who makes a file; without a position the role."""
    role = next((role for role in Role if role in actor.roles and role != Role.ADMINISTRATOR), Role.ADMINISTRATOR)
    if actor.is_administrator and role in (Role.TEACHER, Role.PARENT, Role.STUDENT):
        role = Role.ADMINISTRATOR
    return f"{actor.person.full_name}, {actor.person.position or actor.words.role(role)}"


def _head_of(organization: Organization) -> str:
    heads = Person.objects.filter(organization=organization, merged_into=None, roles__role=Role.HEAD, roles__until=None)
    names = [person.full_name for person in heads[:2]]
    return names[0] if len(names) == 1 else ""
