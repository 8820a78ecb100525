"""What stands in the way of a passing, and what one should know before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from movement.selectors.years.plan import Fate
from movement.selectors.years.reckoning import How, Reckoned
from orgs.models import Part, UnitKind
from orgs.services.structure import sort_key_of

NAMES_SHOWN = 5


@dataclass(frozen=True)
class Problem:
    """`is_serious`: nothing is done before it is put right; else it is told only. `unit_id`: where to look."""

    code: str
    text: str
    is_serious: bool = True
    unit_id: int | None = None


def problems_of(reckoned: Reckoned) -> list[Problem]:
    """Return what is wrong with the draft, what prevents it first. Reads nothing."""
    found = [*_of_year(reckoned), *_of_names(reckoned), *_of_merging(reckoned), *_of_people(reckoned)]
    found += [*_of_leaders(reckoned), *_of_held_back(reckoned)]
    return sorted(found, key=lambda problem: not problem.is_serious)


def _of_year(reckoned: Reckoned) -> Iterable[Problem]:
    plan, year = reckoned.plan, reckoned.situation.year
    if plan.name == year.name:
        yield Problem("same_year", _("The next school year needs another name than the present one."))
    if plan.ends_on <= plan.starts_on or plan.starts_on <= year.starts_on:
        yield Problem("wrong_days", _("The next school year begins after the present one and ends after it begins."))
    if not reckoned.situation.units:
        yield Problem("no_units", _("There is nothing that could pass on yet."))


def _of_names(reckoned: Reckoned) -> Iterable[Problem]:
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for target in reckoned.targets:
        if not target.data.name:
            yield Problem("no_name", _("A unit of the next year has no name."), True, _unit_of(target.continues))
        places[target.data.kind, sort_key_of(target.data.name)].append(target.data.name)
    for names in places.values():
        if len(names) > 1:
            text = _("%(name)s would be there twice in the next year.") % {"name": names[0]}
            yield Problem("same_name", text)


def _of_merging(reckoned: Reckoned) -> Iterable[Problem]:
    for unit in reckoned.situation.units:
        fate = reckoned.plan.units[unit.pk]
        if fate.fate == Fate.MERGE and f"u{fate.into}" not in reckoned.target_of:
            text = _("Say which unit %(name)s joins: it has to pass on itself.") % {"name": unit.name}
            yield Problem("no_merging", text, True, unit.pk)


def _of_people(reckoned: Reckoned) -> Iterable[Problem]:
    lost = reckoned.students_by(How.NOWHERE)
    if lost:
        names = ", ".join(move.enrolment.person.full_name for move in lost[:NAMES_SHOWN])
        text = ngettext(
            "%(count)s student has no place in the next year: %(names)s",
            "%(count)s students have no place in the next year: %(names)s",
            len(lost),
        )
        rest = "…" if len(lost) > NAMES_SHOWN else ""
        yield Problem("no_place", text % {"count": len(lost), "names": names} + rest, True, lost[0].enrolment.unit_id)


def _of_leaders(reckoned: Reckoned) -> Iterable[Problem]:
    for target in reckoned.targets:
        parts = {move.enrolment.part for move in reckoned.arriving.get(target.key, [])}
        if Part.LEADER not in parts and target.data.kind != UnitKind.CIRCLE:
            text = _("%(name)s will have no leader: appoint one afterwards.") % {"name": target.data.name}
            yield Problem("no_leader", text, False, _unit_of(target.continues))


def _of_held_back(reckoned: Reckoned) -> Iterable[Problem]:
    for move in reckoned.students_by(How.HELD_BACK):
        unit = reckoned.situation.unit_of[move.enrolment.unit_id]
        target = reckoned.target_of[move.target]
        if unit.parallel is not None and target.data.parallel not in (None, unit.parallel):
            values = {"person": move.enrolment.person.full_name, "unit": target.data.name}
            text = _("%(person)s stays for a second year, but %(unit)s is another parallel.") % values
            yield Problem("other_parallel", text, False, unit.pk)


def _unit_of(unit: object) -> int | None:
    return getattr(unit, "pk", None)
