"""All figures of a period and of the one before (STAT-2, STAT-3, STAT-5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from orgs.models import Unit
from stats.catalogue import FIGURES, Figure
from stats.periods import WEEK, Days, monday_of
from stats.selectors.asking import Asking, asking
from stats.selectors.days_read import DaysRead, read_days
from stats.selectors.facts import Facts, Numbers, Part
from stats.selectors.formulas import FORMULAS
from stats.selectors.frame import Frame, read_frame
from stats.selectors.funnel import read_invitations
from stats.selectors.measured import Measured, read_measured
from stats.selectors.members import active_of_unit
from stats.selectors.people_counted import PeriodKey, count_people, key_of, read_periods
from stats.selectors.values import Overview, Value, Viewer, is_small


def overview(
    viewer: Viewer,
    days: Days,
    unit: Unit | None = None,
    *,
    without_doubtful: bool = False,
    today: date | None = None,
) -> Overview:
    """Return all figures of the period and of the period before; of a unit those that can be asked of one.

    Six statements at most, four for a unit. A period that has not ended (by `today`, the organization's own) is
    compared with as many days of the one before; where the days before were not all counted, with nothing.
    """
    question = asking(viewer, days, unit, today)
    return overview_of(question, read(question), without_doubtful=without_doubtful)


@dataclass(frozen=True)
class Loaded:
    """What was read for one question."""

    frame: Frame
    days: DaysRead
    # By «now» and «before».
    people: dict[str, Numbers]
    # Kept rows of weeks and months, for the trend.
    kept: dict[PeriodKey, Numbers]
    measured: dict[str, Measured] = field(default_factory=dict)
    invitations: dict[str, Numbers] = field(default_factory=dict)


def read(question: Asking, weeks: int = 0) -> Loaded:
    """Read what the figures need, and with `weeks` what the trend up to the question's last day needs as well."""
    organization, now, before = question.viewer.organization, question.now, question.before
    frame = read_frame(organization, question.unit, now, before, question.today)
    mondays = (monday_of(now.last) - WEEK * (weeks - 1), monday_of(now.last)) if weeks else None
    between = (mondays[0], now.last) if mondays else None
    found = read_days(question.scope, question.periods, (now.last, before.last), between)
    if question.unit is not None:
        kept = read_periods(question.scope, [], mondays) if mondays else {}
        return Loaded(frame, found, _people_of_unit(question, question.unit), kept)
    kept, people = _people(question, mondays)
    return Loaded(
        frame,
        found,
        people,
        kept,
        read_measured(organization, now, before),
        read_invitations(organization, question.periods),
    )


def _people(question: Asking, mondays: tuple[date, date] | None) -> tuple[dict[PeriodKey, Numbers], dict[str, Numbers]]:
    """Kept rows where there are any; the rest is counted from the days of people."""
    # The row of a week that has not ended is that of its days up to today.
    keys = {"now": key_of(question.days), "before": key_of(question.before)}
    wanted = [key for key in keys.values() if key is not None]
    kept = read_periods(question.scope, wanted, mondays) if wanted or mondays else {}
    people: dict[str, Numbers] = {label: kept.get(key, {}) for label, key in keys.items() if key is not None}
    rest = {label: days for label, days in question.periods.items() if label not in people}
    if rest:
        people |= count_people(question.viewer.organization, rest)
    return kept, people


def _people_of_unit(question: Asking, unit: Unit) -> dict[str, Numbers]:
    """Of those who belong to the unit on the last day of each period; one query."""
    counts = {
        f"{label}_{name}": count
        for label, days in question.periods.items()
        for name, count in active_of_unit(question.viewer.organization, unit, days).items()
    }
    row = Unit.objects.filter(pk=unit.pk).annotate(**counts).values(*counts).get()
    return {
        label: {key.removeprefix(f"{label}_"): row[key] for key in counts if key.startswith(f"{label}_")}
        for label in question.periods
    }


def overview_of(question: Asking, loaded: Loaded, *, without_doubtful: bool) -> Overview:
    """Make the figures of what was read. No query."""
    now = facts_of(question, loaded, "now", without_doubtful=without_doubtful)
    before = facts_of(question, loaded, "before", without_doubtful=without_doubtful)
    values = {
        figure.key: value_of(question.viewer, figure, now, before, loaded.frame.norms.get(figure.key))
        for figure in FIGURES
        if question.unit is None or figure.by_unit
    }
    return Overview(question.days, question.unit, without_doubtful, loaded.frame.counted_at, values)


def facts_of(question: Asking, loaded: Loaded, label: str, *, without_doubtful: bool) -> Facts:
    """Return what is known of the period «now», or «before» as far as it was counted."""
    days, first = question.periods[label], loaded.frame.first_day
    is_before = label == "before"
    people = {**loaded.people.get(label, {})}
    sums = loaded.days.sums.get(label)
    if days.length == 1 and sums and "chats_alive" in sums:
        people["chats_alive"] = sums["chats_alive"]
    if is_before and (first is None or days.last < first):
        return Facts(without_doubtful=without_doubtful)
    roster = loaded.days.roster_on(days.last)
    if is_before and first is not None and days.first < first:
        # What stood at its end is known; what happened in it only in part.
        silent = loaded.frame.silent[label]
        return Facts(roster=roster, silent=silent, without_doubtful=without_doubtful, is_partial=True)
    measured = loaded.measured.get(label, Measured())
    return Facts(
        roster=roster,
        sums=sums,
        people=people,
        reach=measured.reach,
        medians=measured.medians,
        invitations=loaded.invitations.get(label, {}),
        silent=loaded.frame.silent[label],
        without_doubtful=without_doubtful,
    )


def value_of(viewer: Viewer, figure: Figure, now: Facts, before: Facts | None, norm: int | None) -> Value:
    """Return one figure as `viewer` may see it."""
    formula = FORMULAS[figure.key]
    part = formula(now)
    past = formula(before) if before is not None else Part()
    if is_hidden(viewer, part):
        whole = 0 if part.denominator is not None else None
        return Value(figure, 0, whole, norm=norm, is_hidden=True)
    earlier = None if is_hidden(viewer, past) else past.amount
    return Value(figure, part.numerator, part.denominator, part.amount, earlier, norm)


def is_hidden(viewer: Viewer, part: Part) -> bool:
    """Tell whether the figure speaks of so few people that it would name them to `viewer`."""
    return not viewer.sees_people and part.cell is not None and is_small(*part.cell)
