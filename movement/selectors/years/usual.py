"""What usually becomes of a unit when the year changes, and when the next year begins."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from common.text import normalise
from movement.selectors.years.plan import Exemption, Fate, PersonFate, Plan, UnitFate, day_of
from movement.selectors.years.situation import Situation
from orgs.models import AcademicYear, Kind, Unit, UnitKind

# Groups of a kindergarten are called by age; each passes into the next of these, and after the last one to school.
AGES = ("ясельная", "младшая", "средняя", "старшая", "подготовительная")
LAST_COURSE = 4
# Whoever finishes the ninth class leaves with a certificate; tenth classes are put together anew.
FINAL_PARALLELS = (9, 11, 12)
OFFERED_FROM = (6, 1)


def next_year_of(year: AcademicYear) -> tuple[str, date, date]:
    """Return the usual name and the days of the year after `year`."""
    first = year.starts_on.year + 1
    starts, ends = _a_year_later(year.starts_on), _a_year_later(year.ends_on)
    return f"{first}/{first + 1}", starts, ends


def _a_year_later(day: date) -> date:
    # The 29th of February has no like in the next year.
    return day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day)


def is_time(year: AcademicYear, today: date) -> bool:
    """Whether the year nears its end: from the first of June of its second half on."""
    return today >= date(year.starts_on.year + 1, *OFFERED_FROM)


def usual_fate(unit: Unit, kind: str) -> UnitFate:
    """Return what usually becomes of `unit` in an organization of `kind`."""
    if unit.kind == UnitKind.CIRCLE:
        return UnitFate(Fate.STAY, unit.name)
    if unit.kind == UnitKind.CLASS:
        return _of_class(unit)
    if kind == Kind.KINDERGARTEN:
        return _of_age_group(unit)
    if kind == Kind.COLLEGE and unit.parallel is not None:
        if unit.parallel >= LAST_COURSE:
            return UnitFate(Fate.GRADUATE)
        return UnitFate(Fate.PROMOTE, unit.name)
    return UnitFate(Fate.STAY, unit.name)


def _of_class(unit: Unit) -> UnitFate:
    if unit.parallel is None:
        return UnitFate(Fate.STAY, unit.name)
    if unit.parallel in FINAL_PARALLELS:
        return UnitFate(Fate.GRADUATE)
    return UnitFate(Fate.PROMOTE, f"{unit.parallel + 1}{unit.letter}")


def _of_age_group(unit: Unit) -> UnitFate:
    place = age_of(unit.age_group or unit.name)
    if place is None:
        return UnitFate(Fate.STAY, unit.name)
    if place == len(AGES) - 1:
        return UnitFate(Fate.GRADUATE)
    return UnitFate(Fate.PROMOTE, renamed_by_age(unit.name))


def age_of(text: str) -> int | None:
    """Return which of `AGES` a text names, None when it names none."""
    plain = normalise(text)
    return next((place for place, word in enumerate(AGES) if normalise(word) in plain), None)


def renamed_by_age(text: str) -> str:
    """Return `text` with its age put one step on: «Средняя группа» → «Старшая группа»; other names stay."""
    place = age_of(text)
    if place is None or place == len(AGES) - 1:
        return text
    begins = normalise(text).index(normalise(AGES[place]))
    old, new = text[begins : begins + len(AGES[place])], AGES[place + 1]
    return text[:begins] + (new.capitalize() if old[:1].isupper() else new) + text[begins + len(AGES[place]) :]


def plan_from(content: Mapping[str, Any], situation: Situation) -> Plan:
    """Return the draft as values, with the usual where nothing was chosen; units that are gone are left out."""
    name, starts_on, ends_on = next_year_of(situation.year)
    chosen = content.get("units", {})
    kind = situation.organization.kind
    units = {unit.pk: _chosen(chosen.get(str(unit.pk)), usual_fate(unit, kind), unit) for unit in situation.units}
    present = {row.person_id for row in situation.enrolments}
    people = {
        int(key): PersonFate(value["fate"], value.get("target", ""))
        for key, value in content.get("people", {}).items()
        if int(key) in present and value.get("fate") in Exemption.values
    }
    return Plan(
        name=content.get("name") or name,
        starts_on=day_of(content.get("starts_on")) or starts_on,
        ends_on=day_of(content.get("ends_on")) or ends_on,
        day=day_of(content.get("day")),
        order_number=content.get("order_number", ""),
        order_date=day_of(content.get("order_date")),
        units=units,
        people=people,
        new=tuple(content.get("new", ())),
    )


def _chosen(value: Mapping[str, Any] | None, usual: UnitFate, unit: Unit) -> UnitFate:
    if value is None:
        return usual
    return UnitFate(value["fate"], value.get("name") or usual.name or unit.name, value.get("into"))
