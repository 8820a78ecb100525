"""Who is asked today and who has not answered yet: followed by the roster, with or without an account (CHAN-4)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from orgs.models import (
    Audience,
    AudienceRule,
    Enrolment,
    Guardianship,
    Part,
    Person,
    Role,
    RoleAssignment,
    Unit,
)
from orgs.selectors.audiences import people_in
from readings.models import Confirmation, ParentsConfirm, Reading, ReadingAudience
from readings.selectors.readings import THROUGH_CHILD
from readings.selectors.roster import Entry, entries_of, load_roster


def people_asked(reading: Reading) -> QuerySet[Person]:
    """Return everybody whom `reading` asks today. One query of its own, for the audience."""
    return people_in(reading.organization_id, rules_of(reading))


def people_waiting(reading: Reading) -> QuerySet[Person]:
    """Return who of `people_asked` still has to confirm.

    Where one parent of a child suffices, whoever is asked as a parent only is done when for each of the children the
    audience means one of its parents has confirmed.
    """
    rules = rules_of(reading)
    confirmed = Confirmation.objects.filter(reading=reading, person=OuterRef("pk"))
    people = people_in(reading.organization_id, rules).filter(~Exists(confirmed))
    return people if reading.parents_confirm == ParentsConfirm.EACH else people.filter(_not_covered(reading, rules))


def _not_covered(reading: Reading, rules: list[ReadingAudience]) -> Q:
    by_themselves = people_in(reading.organization_id, _without_parents(rules))
    families = Guardianship.objects.filter(_meant_children(reading, rules), parent=OuterRef("pk"), until=None)
    answered = Confirmation.objects.filter(
        reading=reading, person__child_links__child=OuterRef("child"), person__child_links__until=None
    )
    return Q(pk__in=by_themselves.values("pk")) | ~Exists(families) | Exists(families.filter(~Exists(answered)))


def _without_parents(rules: Iterable[AudienceRule]) -> list[ReadingAudience]:
    """The rules by which people are asked for themselves: «everyone» are staff, students and parents."""
    found = []
    for rule in rules:
        if rule.audience == Audience.EVERYONE:
            both = (Audience.STAFF, Audience.STUDENTS)
            found += [ReadingAudience(audience=audience, unit_id=rule.unit_id) for audience in both]
        elif rule.audience != Audience.PARENTS:
            found.append(ReadingAudience(audience=rule.audience, unit_id=rule.unit_id))
    return found


def _meant_children(reading: Reading, rules: list[ReadingAudience]) -> Q:
    units = {rule.unit_id for rule in rules if rule.audience in THROUGH_CHILD}
    enrolled = Enrolment.objects.filter(unit__in=units - {None}, part=Part.STUDENT, until=None, unit__archived_at=None)
    found = Q(child__in=enrolled.values("person_id"))
    if None in units:
        students = RoleAssignment.objects.filter(organization=reading.organization_id, role=Role.STUDENT, until=None)
        found |= Q(child__in=students.values("person_id"))
    return found


def rules_of(reading: Reading) -> list[ReadingAudience]:
    """Return the circles `reading` asks."""
    return list(reading.audiences.order_by("pk"))


def rules_with_units(reading: Reading) -> QuerySet[ReadingAudience]:
    """Return the circles `reading` asks with their units, for saying them in words."""
    return reading.audiences.select_related("unit").order_by("pk")


# --- How far it has come ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Count:
    """Of the answers `asked` for, so many are there. An answer is a person's, or, where one parent of a child
    suffices, a family's."""

    asked: int
    confirmed: int

    @property
    def waiting(self) -> int:
        return self.asked - self.confirmed

    @property
    def percent(self) -> int:
        return self.confirmed * 100 // self.asked if self.asked else 0

    @property
    def is_complete(self) -> bool:
        return self.asked > 0 and self.confirmed == self.asked


@dataclass(frozen=True)
class Group:
    """The answers of one unit; without a unit «Сотрудники» (`key` "staff") or those who are in none ("none")."""

    unit: Unit | None
    name: str
    asked: int
    confirmed: int
    key: str

    @property
    def percent(self) -> int:
        return self.confirmed * 100 // self.asked if self.asked else 0


@dataclass(frozen=True)
class Progress(Count):
    """Who has read it: in all, and by unit. Whoever has children in two units counts in both, once in the total."""

    groups: list[Group] = field(default_factory=list)


STAFF_KEY, NO_UNIT_KEY = "staff", "none"


def progress_of(reading: Reading) -> Progress:
    """Return how far `reading` has come today; six queries, whatever the number of people."""
    entries = entries_of(load_roster(reading.organization_id), rules_of(reading), reading.parents_confirm)
    confirmed = confirmed_in(reading)
    return progress_of_entries(entries, confirmed, units_of(entries))


def confirmed_in(reading: Reading) -> set[int]:
    """Return the ids of who confirmed `reading`."""
    return set(Confirmation.objects.filter(reading=reading).values_list("person_id", flat=True))


def units_of(entries: Iterable[Entry]) -> dict[int, Unit]:
    """Return the units of `entries` by id, in their order."""
    ids = set().union(*(entry.units for entry in entries))
    return {unit.pk: unit for unit in Unit.objects.filter(pk__in=ids).order_by("sort_key", "pk")}


def progress_of_entries(entries: list[Entry], confirmed: set[int], units: dict[int, Unit]) -> Progress:
    """Count `entries` of which `confirmed` people have answered. No query."""
    found: dict[str, list[bool]] = defaultdict(list)
    for entry in entries:
        for key in keys_of(entry):
            found[key].append(is_answered(entry, confirmed))
    named = [(STAFF_KEY, _("Staff"), None), *((str(unit.pk), unit.name, unit) for unit in units.values())]
    groups = [
        Group(unit, str(name), len(found[key]), sum(found[key]), key)
        for key, name, unit in [*named, (NO_UNIT_KEY, _("Without a unit"), None)]
        if key in found
    ]
    return Progress(len(entries), sum(is_answered(entry, confirmed) for entry in entries), groups)


def keys_of(entry: Entry) -> list[str]:
    """Return the keys of the groups in which `entry` is counted."""
    keys = [STAFF_KEY] if entry.is_staff else []
    return [*keys, *map(str, sorted(entry.units))] or [NO_UNIT_KEY]


def is_answered(entry: Entry, confirmed: Collection[int]) -> bool:
    """Tell whether `entry` has its answer: any one of its people has confirmed."""
    return not entry.people.isdisjoint(confirmed)


def counts_of(readings: Collection[Reading]) -> dict[int, Count]:
    """Return how far each of `readings` of one organization has come, by id; five queries for a whole page."""
    if not readings:
        return {}
    roster = load_roster(next(iter(readings)).organization_id)
    rules: dict[int, list[ReadingAudience]] = defaultdict(list)
    for rule in ReadingAudience.objects.filter(reading__in=readings):
        rules[rule.reading_id].append(rule)
    confirmed: dict[int, set[int]] = defaultdict(set)
    for reading_id, person_id in Confirmation.objects.filter(reading__in=readings).values_list(
        "reading_id", "person_id"
    ):
        confirmed[reading_id].add(person_id)
    return {
        reading.pk: _count(entries_of(roster, rules[reading.pk], reading.parents_confirm), confirmed[reading.pk])
        for reading in readings
    }


def _answers(readings: Collection[Reading]) -> Iterable[tuple[int, int]]:
    return Confirmation.objects.filter(reading__in=readings).values_list("reading_id", "person_id")


def _count(entries: list[Entry], confirmed: set[int]) -> Count:
    return Count(len(entries), sum(is_answered(entry, confirmed) for entry in entries))
