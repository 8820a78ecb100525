"""A file is compared with the roster: what each row would do, all of it in memory, nothing written (ORG-8)."""

from __future__ import annotations

from collections.abc import Sequence

from orgs.selectors.organizations import today_in
from orgs.services.structure import UnitData
from roster.reckoning.comparing import refuse, settle
from roster.reckoning.families import Families
from roster.reckoning.grouping import subjects_of
from roster.reckoning.leaving import Absence
from roster.reckoning.matching import match, remark_namesakes
from roster.reckoning.places import Places
from roster.reckoning.plan import Plan, Subject
from roster.reckoning.snapshot import Roster
from roster.reckoning.telling import Teller
from roster.records import BadRow, RosterRecord


def reckon(roster: Roster, rows: Sequence[RosterRecord | BadRow], *, removes_missing: bool = False) -> Plan:
    """Return what bringing `rows` into `roster` would do; the same rows and the same roster give the same plan."""
    good = [row for row in rows if isinstance(row, RosterRecord)]
    bad = [row for row in rows if isinstance(row, BadRow)]
    places = Places(roster)
    subjects = subjects_of(good, places, roster.keys)
    match(subjects, roster)
    remark_namesakes(subjects, roster)
    refuse(subjects, roster, places)
    families = Families(roster, subjects)
    for subject in subjects:
        families.enter(subject)
    everybody = [*subjects, *families.parents]
    for subject in everybody:
        if not subject.problems:
            settle(subject, roster, places)
    absence = Absence(roster, good, places)
    leaving = absence.leaving(everybody) if removes_missing else []
    return Plan(
        rows=Teller(roster, places, families).rows(subjects, bad),
        subjects=[one for one in everybody if not one.problems and (one.is_new or one.is_touched)],
        units=_units(subjects, places),
        leaving=leaving,
        leaving_of=absence.concerned,
        today=today_in(roster.organization),
    )


def _units(subjects: Sequence[Subject], places: Places) -> list[UnitData]:
    """Return the units to be made: those somebody without errors belongs to."""
    wanted = {place.spot for subject in subjects if not subject.problems for place in subject.new_places}
    return [data for spot, data in places.new.items() if spot in wanted]
