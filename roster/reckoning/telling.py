"""What a plan does, row by row, as people read it: old value, new value (ORG-8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from orgs.models import Role
from roster.models import Outcome
from roster.reckoning.comparing import FIELDS, NAME_FIELDS
from roster.reckoning.families import Families
from roster.reckoning.places import Places
from roster.reckoning.plan import RowResult, Subject
from roster.reckoning.snapshot import Roster
from roster.records import BadRow, RosterRecord

Change = dict[str, Any]


class Teller:
    """Tells what becomes of every row of the file."""

    def __init__(self, roster: Roster, places: Places, families: Families) -> None:
        self._roster = roster
        self._places = places
        self._families = families
        # Data of a parent without a row of their own are told once, in the first row that names them.
        self._told: set[Subject] = set()

    def rows(self, subjects: Sequence[Subject], bad: Sequence[BadRow]) -> list[RowResult]:
        """Return the results in the order of the file."""
        found = [self._refused(row) for row in bad]
        for subject in subjects:
            found += self._wrong(subject) if subject.problems else self._told_of(subject)
        return sorted(found, key=lambda row: row.number)

    def _refused(self, row: BadRow) -> RowResult:
        problems, remarks = list(row.problems), list(row.remarks)
        return RowResult(row.number, Outcome.ERROR, row.name, row.unit, None, [], problems, remarks)

    def _wrong(self, subject: Subject) -> list[RowResult]:
        """All rows of one person stand or fall together."""
        return [
            RowResult(
                record.number,
                Outcome.ERROR,
                record.name.full,
                record.unit,
                self._id(subject),
                problems=list(subject.problems),
                remarks=list(record.remarks),
            )
            for record in subject.records
        ]

    def _told_of(self, subject: Subject) -> list[RowResult]:
        rows = []
        for record in subject.records:
            changes = self._changes(subject, record)
            same = Outcome.CHANGED if changes else Outcome.SAME
            outcome = Outcome.NEW if subject.is_new else same
            row = RowResult(record.number, outcome, record.name.full, record.unit, self._id(subject), changes)
            row.remarks = list(record.remarks)
            rows.append(row)
        for remark in subject.remarks:
            if not any(remark in row.remarks for row in rows):
                rows[0].remarks.append(remark)
        return rows

    def _id(self, subject: Subject) -> int | None:
        return subject.person.pk if subject.person is not None else None

    def _changes(self, subject: Subject, record: RosterRecord) -> list[Change]:
        changes: list[Change] = []
        if record is subject.records[0]:
            changes += self._of_data(subject, "")
            changes += [_change("role", "", role) for role in subject.new_roles]
        changes += self._of_places(subject, record.number)
        for mention in self._families.mentions.get(subject, ()):
            if mention.number == record.number:
                changes += self._of_parent(subject, mention.parent, rows_of_own=bool(mention.parent.records))
        return changes

    def _of_data(self, subject: Subject, who: str) -> list[Change]:
        if not subject.is_new:
            return [_change(name, old, new, who) for name, (old, new) in sorted(subject.differing.items())]
        parts = [(name, getattr(subject.name, name)) for name in NAME_FIELDS]
        values = [(name, subject.values.get(name)) for name in FIELDS]
        return [_change(name, "", value, who) for name, value in (*parts, *values) if value]

    def _of_places(self, subject: Subject, number: int) -> list[Change]:
        left = ""
        if subject.closing and subject.person is not None:
            closing = set(subject.closing)
            units = [held.unit_id for held in self._roster.places_of(subject.person) if held.pk in closing]
            left = ", ".join(self._roster.units[pk].name for pk in units)
        changes = []
        for place in subject.new_places:
            if subject.places[place] == number:
                is_transfer = place.part == Role.STUDENT and self._places.is_exclusive(place.spot)
                changes.append(_change("unit", left if is_transfer else "", self._places.word(place)))
        return changes

    def _of_parent(self, child: Subject, parent: Subject, *, rows_of_own: bool) -> list[Change]:
        changes: list[Change] = []
        if parent in child.new_parents:
            changes.append({**_change("parent", "", parent.full_name, parent.full_name), "person": self._id(parent)})
        if not rows_of_own and parent not in self._told:
            self._told.add(parent)
            child.remarks += parent.remarks
            changes += self._of_data(parent, parent.full_name)
            if parent.person is not None and parent.new_roles:
                changes += [_change("role", "", role, parent.full_name) for role in parent.new_roles]
        return changes


def _change(what: str, old: Any, new: Any, who: str = "") -> Change:
    return {"what": what, "who": who, "old": _shown(old), "new": _shown(new)}


def _shown(value: Any) -> str:
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    return "" if value is None else str(value)
