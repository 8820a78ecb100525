"""Parents whom the rows of children name: of the roster, of other rows, of other children, or new (ORG-8, ORG-10).

A name alone is enough among the parents of that child only. For everybody else the phone or the e-mail has to be the
same too: families that were joined by mistake would see each other's children.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from orgs.models import Person, Role
from roster.reckoning import problems
from roster.reckoning.plan import Mention, Subject
from roster.reckoning.snapshot import Roster
from roster.records import NameParts, ParentRecord, Problem


class Families:
    """Finds the parents of every child of the file; `parents` are those who have no row of their own."""

    def __init__(self, roster: Roster, subjects: Iterable[Subject]) -> None:
        self._roster = roster
        self.parents: list[Subject] = []
        self.mentions: dict[Subject, list[Mention]] = {}
        self._known: set[Subject] = set()
        self._of_person: dict[int, Subject] = {}
        self._by_phone: dict[str, list[Subject]] = defaultdict(list)
        self._by_email: dict[str, list[Subject]] = defaultdict(list)
        for subject in subjects:
            if subject.problems:
                continue
            if subject.person is not None:
                self._of_person[subject.person.pk] = subject
            if subject.roles != {Role.STUDENT}:
                self._index(subject)

    def enter(self, child: Subject) -> None:
        """Find the parents of a child; if one of them cannot be told, the child gets a problem and nothing is kept."""
        named = [(parent, record.number) for record in child.records for parent in record.parents]
        if not named or child.problems or Role.STUDENT not in child.roles:
            return
        found: dict[int, Subject] = {}
        self._among_own(child, [parent for parent, _number in named], found)
        mentions: list[Mention] = []
        new: list[Subject] = []
        for place, (record, number) in enumerate(named):
            known = found.get(place) or self._of_another_row(mentions, record, number)
            parent = known or self._elsewhere(child, record, new)
            if isinstance(parent, Problem):
                child.problems.append(parent)
                continue
            if all(mention.parent is not parent for mention in mentions):
                mentions.append(Mention(record, number, parent, self._is_tied(child, parent)))
            child.problems += self._contradictions(parent, record)
        if not child.problems:
            self._keep(child, mentions)

    def _keep(self, child: Subject, mentions: list[Mention]) -> None:
        self.mentions[child] = mentions
        for mention in mentions:
            parent, record = mention.parent, mention.record
            for name, value in (("phone", record.phone), ("email", record.email)):
                if value:
                    parent.values.setdefault(name, value)
            if not parent.name.patronymic and record.name.patronymic and not self._same_words(record.name, parent.name):
                parent.name = NameParts(parent.name.last_name, parent.name.first_name, record.name.patronymic)
            if not mention.is_tied:
                parent.roles.add(Role.PARENT)
                child.new_parents.append(parent)
            if not parent.records and parent not in self._known:
                self._known.add(parent)
                self.parents.append(parent)
                if parent.person is not None:
                    self._of_person[parent.person.pk] = parent
            self._index(parent)

    def _index(self, subject: Subject) -> None:
        phone, email = subject.values.get("phone"), subject.values.get("email")
        if phone and subject not in self._by_phone[phone]:
            self._by_phone[phone].append(subject)
        if email and subject not in self._by_email[email.casefold()]:
            self._by_email[email.casefold()].append(subject)

    def _is_tied(self, child: Subject, parent: Subject) -> bool:
        if child.person is None or parent.person is None:
            return False
        return parent.person.pk in self._roster.parents_of.get(child.person.pk, ())

    def _among_own(self, child: Subject, named: list[ParentRecord], found: dict[int, Subject]) -> None:
        """Recognise the child's own parents: the surest first, each once."""
        if child.person is None:
            return
        own = [self._roster.people[pk] for pk in self._roster.parents_of.get(child.person.pk, ())]
        free = [person for person in own if person.pk in self._roster.people]
        for is_meant in (self._by_phone_and_name, self._by_name, self._by_phone_and_first_name, self._by_name_only):
            for place, record in enumerate(named):
                if place in found:
                    continue
                meant = [person for person in free if is_meant(record, person)]
                if meant:
                    best = max(meant, key=lambda person, record=record: self._closeness(record, person))  # type: ignore[misc]
                    free.remove(best)
                    found[place] = self._subject_of(best, record)

    def _closeness(self, record: ParentRecord, person: Person) -> tuple[bool, bool, bool]:
        key = self._roster.keys.of
        return (
            record.phone == person.phone,
            record.email.casefold() == person.email.casefold(),
            key(record.name.patronymic) == key(person.patronymic),
        )

    def _by_phone_and_name(self, record: ParentRecord, person: Person) -> bool:
        return bool(record.phone) and record.phone == person.phone and self._by_name_only(record, person)

    def _by_name(self, record: ParentRecord, person: Person) -> bool:
        differ = record.phone and person.phone and record.phone != person.phone
        return not differ and self._by_name_only(record, person)

    def _by_phone_and_first_name(self, record: ParentRecord, person: Person) -> bool:
        key = self._roster.keys.of
        same = key(record.name.first_name) == key(person.first_name)
        return bool(record.phone) and record.phone == person.phone and same

    def _by_name_only(self, record: ParentRecord, person: Person) -> bool:
        return self._is_called(record.name, person)

    def _is_called(self, name: NameParts, other: Person | NameParts) -> bool:
        keys = self._roster.keys
        if self._same_words(name, other):
            return True
        if keys.name(name.last_name, name.first_name) != keys.name(other.last_name, other.first_name):
            return False
        return not (name.patronymic and other.patronymic and keys.of(name.patronymic) != keys.of(other.patronymic))

    def _same_words(self, name: NameParts, other: Person | NameParts) -> bool:
        """One cell holds the whole name: «Де Ля Круа Иван» may have been divided otherwise, or turned round."""
        key = self._roster.keys.of
        full = other.full if isinstance(other, NameParts) else other.full_name
        return sorted(key(name.full).split()) == sorted(key(full).split())

    def _subject_of(self, person: Person, record: ParentRecord) -> Subject:
        known = self._of_person.get(person.pk)
        if known is not None:
            return known
        own = NameParts(person.last_name, person.first_name, person.patronymic)
        return Subject(own if self._same_words(record.name, person) else record.name, person=person)

    def _of_another_row(self, mentions: list[Mention], record: ParentRecord, number: int) -> Subject | None:
        """Every row of a child (the class, the circles) may name the same parents."""
        for mention in mentions:
            said = mention.record
            differ = said.phone and record.phone and said.phone != record.phone
            if mention.number != number and not differ and self._is_called(record.name, said.name):
                return mention.parent
        return None

    def _elsewhere(self, child: Subject, record: ParentRecord, new: list[Subject]) -> Subject | Problem:
        """Find a parent by phone or e-mail and name, on the roster, in other rows, at other children; else a new one.

        Two columns may name one parent: `new` are those of this child.
        """
        if record.phone and record.phone == child.values.get("phone") and self._is_called(record.name, child.name):
            return problems.own_parent()
        sources: list[tuple[str, dict[str, list[Person]], dict[str, list[Subject]]]] = [
            (record.phone, self._roster.by_phone, self._by_phone),
            (record.email.casefold(), self._roster.by_email, self._by_email),
        ]
        for value, people, subjects in sources:
            if not value:
                continue
            found = self._candidates(child, record, people.get(value, ()), subjects.get(value, ()))
            if len(found) > 1:
                return problems.parent_ambiguous(record.name.full)
            if found:
                return found[0]
        for parent in new:
            if self._is_called(record.name, parent.name) and record.phone in ("", parent.values.get("phone", "")):
                return parent
        parent = Subject(record.name, values={"phone": record.phone} if record.phone else {})
        new.append(parent)
        return parent

    def _candidates(
        self, child: Subject, record: ParentRecord, people: Iterable[Person], subjects: Iterable[Subject]
    ) -> list[Subject]:
        found: list[Subject] = []
        for person in people:
            if self._roster.roles_of(person) != {Role.STUDENT} and self._is_called(record.name, person):
                subject = self._subject_of(person, record)
                # Whoever gets another phone by the file is known by that one only.
                if subject is not child and subject not in found:
                    found.append(subject)
        for subject in subjects:
            if subject is not child and subject not in found and self._is_called(record.name, subject.name):
                found.append(subject)
        parents = [one for one in found if one.person and Role.PARENT in self._roster.roles_of(one.person)]
        return parents if len(found) > 1 and len(parents) == 1 else found

    def _contradictions(self, parent: Subject, record: ParentRecord) -> list[Problem]:
        found = []
        for name, value in (("phone", record.phone), ("email", record.email)):
            known = parent.values.get(name)
            if value and known and value != known:
                label = str(Person._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
                found.append(problems.parent_contradicts(record.name.full, label))
        return found
