"""Who of the roster the people of a file are (ORG-8).

The strongest evidence first, for all rows, before the next is asked: so a namesake who gives a date of birth is never
taken for the one who gives none. What remains between several is a refusal that names them, never a guess: a child
taken for another would show one family the other's child.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from orgs.models import Person
from roster.reckoning import problems
from roster.reckoning.grouping import callings
from roster.reckoning.plan import Subject
from roster.reckoning.snapshot import Roster
from roster.records import Problem

Names = Callable[[Subject], list[Person]]
Evidence = Callable[[Subject, list[Person]], list[Person]]


def match(subjects: Iterable[Subject], roster: Roster) -> None:
    """Set `person` of everybody who is on the roster; whoever cannot be told gets a problem."""
    _Matching(roster).all([subject for subject in subjects if not subject.problems])


class _Matching:
    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._claimed: dict[int, Subject] = {}
        self._doubts: dict[Subject, list[Person]] = {}

    def all(self, subjects: list[Subject]) -> None:
        for subject in subjects:
            self._by_number_of_the_platform(subject)
        for subject in subjects:
            self._by_number_of_the_file(subject)
        rounds: list[Evidence] = [self._by_phone, self._by_birth_date, self._in_the_unit, self._the_only_one]
        for names in (self._names, self._swapped_names):
            for evidence in rounds:
                self._round(subjects, evidence, names)
        for subject in self._open(subjects):
            left = [person for person in self._doubts.get(subject, ()) if person.pk not in self._claimed]
            if left:
                subject.problems.append(problems.ambiguous(left, self._roster))

    def _open(self, subjects: Iterable[Subject]) -> list[Subject]:
        return [subject for subject in subjects if subject.person is None and not subject.problems]

    def _claim(self, subject: Subject, person: Person) -> None:
        other = self._claimed.get(person.pk)
        if other is not None:  # two numbers, one person
            numbers = [*subject.numbers, *other.numbers]
            for one in (subject, other):
                one.problems.append(problems.one_for_several(person, numbers))
            return
        self._claimed[person.pk] = subject
        subject.person = person

    def _by_number_of_the_platform(self, subject: Subject) -> None:
        number = next((record.platform_id for record in subject.records if record.platform_id), None)
        if number is None:
            return
        seen: set[int] = set()
        while number in self._roster.merged and number not in seen:
            seen.add(number)
            number = self._roster.merged[number]
        person = self._roster.people.get(number)
        if person is None:
            subject.problems.append(problems.unknown_number(number))
        else:
            self._claim(subject, person)

    def _by_number_of_the_file(self, subject: Subject) -> None:
        number = subject.values.get("record_number")
        holder = self._roster.by_record_number.get(number) if number else None
        if holder is None or holder is subject.person:
            return
        if subject.person is None and not subject.problems and self._shares_a_name(subject, holder):
            self._claim(subject, holder)
        elif not subject.problems:
            subject.problems.append(problems.record_number_taken(str(number), holder))

    def _shares_a_name(self, subject: Subject, person: Person) -> bool:
        """A surname changes with a marriage, a mistyped number is somebody else's."""
        key = self._roster.keys.of
        ours = {key(subject.name.last_name), key(subject.name.first_name)}
        return bool(ours & {key(person.last_name), key(person.first_name)})

    def _round(self, subjects: list[Subject], evidence: Evidence, names: Names) -> None:
        wanted: dict[int, list[Subject]] = defaultdict(list)
        for subject in self._open(subjects):
            bearers = [person for person in names(subject) if person.pk not in self._claimed]
            found = self._narrowed(subject, evidence, bearers)
            if len(found) == 1:
                wanted[found[0].pk].append(subject)
            elif found and subject not in self._doubts:
                self._doubts[subject] = found
        for person_id, those in wanted.items():
            person = self._roster.people[person_id]
            if len(those) == 1:
                self._claim(those[0], person)
                those[0].is_swapped = names == self._swapped_names
                continue
            numbers = [number for subject in those for number in subject.numbers]
            for subject in those:
                subject.problems.append(problems.one_for_several(person, numbers))

    def _narrowed(self, subject: Subject, evidence: Evidence, bearers: list[Person]) -> list[Person]:
        """Return those of `bearers` for whom `evidence` speaks; of several, those for whom more does."""
        found = evidence(subject, bearers) if bearers else []
        for more in (self._with_the_patronymic, self._by_birth_date, self._in_the_unit):
            if len(found) < 2:
                break
            found = more(subject, found) or found
        return found

    def _names(self, subject: Subject) -> list[Person]:
        return self._roster.named(subject.name.last_name, subject.name.first_name, subject.name.patronymic)

    def _swapped_names(self, subject: Subject) -> list[Person]:
        if not subject.name.last_name or self._same_both_ways(subject):
            return []
        return self._roster.named(subject.name.first_name, subject.name.last_name, subject.name.patronymic)

    def _same_both_ways(self, subject: Subject) -> bool:
        key = self._roster.keys.of
        return key(subject.name.last_name) == key(subject.name.first_name)

    def _by_phone(self, subject: Subject, bearers: list[Person]) -> list[Person]:
        phone = subject.values.get("phone")
        return [p for p in bearers if phone and p.phone == phone and not _differ(subject, p, *_NUMBERS)]

    def _by_birth_date(self, subject: Subject, bearers: list[Person]) -> list[Person]:
        born = subject.values.get("birth_date")
        return [p for p in bearers if born and p.birth_date == born and not _differ(subject, p, "record_number")]

    def _in_the_unit(self, subject: Subject, bearers: list[Person]) -> list[Person]:
        units = [place.spot.pk for place in subject.places if place.spot.pk is not None]
        if not units:
            return []
        return [p for p in bearers if self._roster.is_in(p, units) and not _differ(subject, p, *_NUMBERS)]

    def _the_only_one(self, subject: Subject, bearers: list[Person]) -> list[Person]:
        ours = callings(subject.roles)
        return [
            person
            for person in bearers
            if ours & callings(self._roster.roles_of(person)) and not _differ(subject, person, *_NUMBERS, "phone")
        ]

    def _with_the_patronymic(self, subject: Subject, bearers: list[Person]) -> list[Person]:
        key = self._roster.keys.of
        return [person for person in bearers if key(person.patronymic) == key(subject.name.patronymic)]


_NUMBERS = ("birth_date", "record_number")


def _differ(subject: Subject, person: Person, *names: str) -> bool:
    """Tell whether the file and the roster say different things; what one of them leaves out contradicts nothing."""
    for name in names:
        said, known = subject.values.get(name), getattr(person, name)
        if said and known and said != known:
            return True
    return False


def remark_namesakes(subjects: Iterable[Subject], roster: Roster) -> None:
    """Tell of new people whose namesake is in the same unit already: perhaps the date of birth was mistyped."""
    for subject in subjects:
        if subject.person is not None or subject.problems:
            continue
        units = [place.spot.pk for place in subject.places if place.spot.pk is not None]
        bearers = roster.named(subject.name.last_name, subject.name.first_name, subject.name.patronymic)
        for person in bearers:
            if units and roster.is_in(person, units):
                text = _("There is a namesake already: %(name)s. If it is the same person, correct the file.")
                subject.remarks.append(Problem("namesake", text % {"name": person.full_name}))
                break
