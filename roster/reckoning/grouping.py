"""Rows of a file that are about one person become one, and rows that contradict each other are told so (ORG-8).

A number (of the platform, of the personal file) settles who is meant. So does a name with the date of birth or the
phone. A bare name is one person as long as nothing speaks against it: the class and a circle, a circle and another.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto
from typing import Any

from django.utils.translation import gettext as _

from orgs.models import STAFF_ROLES, Part, Person, Role, UnitKind
from roster.reckoning import problems
from roster.reckoning.places import Places
from roster.reckoning.plan import Subject
from roster.reckoning.snapshot import Keys, NameKey
from roster.records import Problem, RosterRecord

# What the file may say about a person beside the name; the first ones must never differ between two rows.
DECISIVE = ("birth_date", "phone", "record_number")
VALUES = (*DECISIVE, "email", "position")


class Verdict(Enum):
    SAME = auto()
    MAYBE = auto()
    OTHER = auto()


def subjects_of(records: Iterable[RosterRecord], places: Places, keys: Keys) -> list[Subject]:
    """Return the people of a file, in its order, with their values and all that contradicts itself."""
    return _Grouping(places, keys).of(records)


def callings(roles: Iterable[str]) -> set[str]:
    """Return whether roles are those of staff, of students, of parents: a teacher and a head may be one person."""
    return {"staff" if role in STAFF_ROLES else role for role in roles}


class _Grouping:
    def __init__(self, places: Places, keys: Keys) -> None:
        self._places = places
        self._keys = keys
        self._by_platform: dict[int, Subject] = {}
        self._by_number: dict[str, Subject] = {}
        self._by_name: dict[NameKey, list[Subject]] = {}
        self._subjects: list[Subject] = []

    def of(self, records: Iterable[RosterRecord]) -> list[Subject]:
        for record in records:
            subject = self._found(record)
            if subject is None:
                subject = Subject(record.name)
                self._subjects.append(subject)
            self._add(subject, record)
        return self._subjects

    def _found(self, record: RosterRecord) -> Subject | None:
        known = self._by_platform.get(record.platform_id or 0) or self._by_number.get(record.record_number)
        if known is not None:
            return known
        bearers = self._by_name.get(self._keys.name(record.name.last_name, record.name.first_name), [])
        verdicts = [(self._verdict(subject, record), subject) for subject in bearers]
        same = [subject for verdict, subject in verdicts if verdict is Verdict.SAME]
        maybe = [subject for verdict, subject in verdicts if verdict is Verdict.MAYBE]
        if same:
            return same[0]
        return maybe[0] if len(maybe) == 1 else None

    def _verdict(self, subject: Subject, record: RosterRecord) -> Verdict:
        """Tell whether a row with the same last and first name is about the same person."""
        if self._differ(subject, record):
            return Verdict.OTHER
        values = subject.values
        if record.birth_date and record.birth_date == values.get("birth_date"):
            return Verdict.SAME
        if record.phone and record.phone == values.get("phone"):
            return Verdict.SAME
        if not callings(record.roles) & callings(subject.roles):
            return Verdict.OTHER
        return Verdict.OTHER if self._two_classes(subject, record) else Verdict.MAYBE

    def _differ(self, subject: Subject, record: RosterRecord) -> bool:
        values = subject.values
        known_id = subject.records[0].platform_id
        if record.platform_id and known_id and record.platform_id != known_id:
            return True
        if any(_contradict(getattr(record, name), values.get(name)) for name in ("record_number", "birth_date")):
            return True
        return bool(
            record.name.patronymic
            and subject.name.patronymic
            and self._keys.of(record.name.patronymic) != self._keys.of(subject.name.patronymic)
        )

    def _two_classes(self, subject: Subject, record: RosterRecord) -> bool:
        """Namesakes in two classes are two children; in a class and a circle they are one."""
        place = self._places.of(record)
        if place is None or place.part != Part.STUDENT or not self._places.is_exclusive(place.spot):
            return False
        held = [one for one in subject.places if one.part == Part.STUDENT and self._places.is_exclusive(one.spot)]
        return bool(held) and place not in held

    def _add(self, subject: Subject, record: RosterRecord) -> None:
        first = subject.records[0] if subject.records else record
        subject.records.append(record)
        subject.remarks += record.remarks
        if first is not record:
            self._compare_names(subject, first, record)
        for name in VALUES:
            self._take(subject, name, getattr(record, name), first)
        subject.roles |= record.roles
        self._enter(subject, record)
        self._index(subject, record)

    def _compare_names(self, subject: Subject, first: RosterRecord, record: RosterRecord) -> None:
        keys, ours, theirs = self._keys, subject.name, record.name
        if keys.name(ours.last_name, ours.first_name) == keys.name(theirs.last_name, theirs.first_name):
            if not ours.patronymic:
                subject.name = theirs
            elif theirs.patronymic and keys.of(theirs.patronymic) != keys.of(ours.patronymic):
                subject.problems.append(problems.contradiction(_label("patronymic"), record.number))
            return
        if record.record_number and record.record_number == first.record_number and not record.platform_id:
            subject.problems.append(problems.record_number_twice(record.record_number, record.number))
        else:
            subject.problems.append(problems.contradiction(_("full name"), record.number))

    def _take(self, subject: Subject, name: str, value: Any, first: RosterRecord) -> None:
        if not value:
            return
        known = subject.values.setdefault(name, value)
        if known == value:
            return
        number = subject.records[-1].number
        if name in DECISIVE:
            subject.problems.append(problems.contradiction(_label(name), number))
        else:
            text = _("Row %(row)s of the same person says «%(value)s»; that of row %(first)s is taken.")
            message = text % {"row": number, "value": value, "first": first.number}
            subject.remarks.append(Problem("first_row_taken", message))

    def _enter(self, subject: Subject, record: RosterRecord) -> None:
        place = self._places.of(record)
        subject.problems += self._places.problems_of(record)
        if place is None:
            return
        if place.spot.kind == UnitKind.STAFF:
            if place.part == Part.STUDENT:
                subject.problems.append(problems.staff_unit())
            return  # the unit of the staff follows the roles
        subject.roles.add(Role.STUDENT if place.part == Part.STUDENT else Role.TEACHER)
        if place in subject.places:
            text = _("Row %(row)s says the same about this person.") % {"row": subject.places[place]}
            subject.remarks.append(Problem("row_repeats", text))
        subject.places.setdefault(place, record.number)

    def _index(self, subject: Subject, record: RosterRecord) -> None:
        if record.platform_id:
            self._by_platform.setdefault(record.platform_id, subject)
        if record.record_number:
            self._by_number.setdefault(record.record_number, subject)
        bearers = self._by_name.setdefault(self._keys.name(record.name.last_name, record.name.first_name), [])
        if subject not in bearers:
            bearers.append(subject)


def _contradict(value: Any, known: Any) -> bool:
    return bool(value and known and value != known)


def _label(name: str) -> str:
    return str(Person._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
