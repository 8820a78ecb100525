"""The cast of one organization, gathered in memory and written with a few statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import make_password
from guardian.shortcuts import assign_perm

from accounts.models import User
from orgs.audit import Order
from orgs.models import (
    AcademicYear,
    Enrolment,
    Guardianship,
    HandoverOffer,
    Organization,
    Part,
    Person,
    Role,
    RoleAssignment,
    Unit,
    UnitKind,
)
from orgs.services.organization import make_default_structure
from orgs.services.people import PersonData, build_person
from orgs.services.structure import UnitData, class_from_name, sort_key_of
from sferum_admin.demo.known import Known
from sferum_admin.demo.names import Name, latin

# Days ago: when the organization came to the platform, when its first links were made and when they ended.
ROSTER_DAY = 365
LINKS_DAY = 363
FIRST_LINKS_END = 342
# Days ago from which everybody is in this year's units at the latest: in August the year has not begun yet.
ENROLLED_DAY = 45
SECOND_LINKS_DAY = 5
BATCH = 500


class Phones:
    """Numbers of the unassigned code 973 in an order of its own, each given once; the first hundred are fixed."""

    def __init__(self, draw: Random) -> None:
        numbers = list(range(100, 10000))
        draw.shuffle(numbers)
        self._numbers = iter(numbers)

    def next(self) -> str:
        """Return a number nobody has yet."""
        return f"+7973000{next(self._numbers):04}"


class Accounts:
    """Users by phone: the same human in two organizations is one user (ORG-4)."""

    def __init__(self) -> None:
        self._users: dict[str, User] = {}

    def of(self, phone: str, name: str, joined: datetime) -> User:
        """Return the confirmed user of `phone`, made on the first call."""
        if phone not in self._users:
            self._users[phone] = User(
                phone=phone,
                display_name=name,
                phone_verified_at=joined,
                rules_version=settings.RULES_VERSION,
                date_joined=joined,
                password=make_password(None),
            )
        return self._users[phone]

    def save(self) -> None:
        """Write the users that are not in the database yet."""
        User.objects.bulk_create([user for user in self._users.values() if user.pk is None], batch_size=BATCH)


@dataclass(frozen=True)
class Clock:
    """The past as an organization's own days."""

    now: datetime
    zone: ZoneInfo

    def day(self, ago: int) -> date:
        """Return the organization's date so many days ago."""
        return self.now.astimezone(self.zone).date() - timedelta(days=ago)

    def at(self, ago: int, minute: int) -> datetime:
        """Return a minute of a past day."""
        return datetime.combine(self.day(ago), time(tzinfo=self.zone)) + timedelta(minutes=minute)


@dataclass(frozen=True)
class Span:
    """From when to when somebody was in a unit, and by which order."""

    since: date | None = None
    until: date | None = None
    order_number: str = ""
    order_date: date | None = None


WHOLE_YEAR = Span()


@dataclass
class Cast:
    """Everybody of one organization with roles, places and families; `save` writes it."""

    organization: Organization
    draw: Random
    phones: Phones
    accounts: Accounts
    clock: Clock
    staff_unit: Unit
    year: AcademicYear
    people: list[Person] = field(default_factory=list)
    roles: list[RoleAssignment] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)
    ties: list[Guardianship] = field(default_factory=list)
    # Parts that ended, with the order by which they did: only the journal tells it.
    endings: list[tuple[Enrolment, Order]] = field(default_factory=list)
    handovers: list[HandoverOffer] = field(default_factory=list)
    all_units: list[Unit] = field(default_factory=list)
    claimed: list[tuple[Person, Unit, str]] = field(default_factory=list)
    # Rights beyond the roles: when, to whom, which, on which unit (None: on the organization).
    rights: list[tuple[datetime, Person, str, Unit | None]] = field(default_factory=list)

    @property
    def first_day(self) -> date:
        """The day from which people are enrolled this year."""
        return min(self.year.starts_on, self.clock.day(ENROLLED_DAY))

    def joining(self) -> datetime:
        """Return when somebody joined: mostly soon after the first links, a few by the second ones."""
        if self.draw.random() < 0.08:
            return self.clock.at(self.draw.randint(1, SECOND_LINKS_DAY - 1), self.draw.randint(8 * 60, 21 * 60))
        waited = min(int(self.draw.expovariate(1 / 5)), LINKS_DAY - FIRST_LINKS_END - 2)
        return self.clock.at(LINKS_DAY - 1 - waited, self.draw.randint(8 * 60, 21 * 60))

    def units(self, wanted: Iterable[UnitData], year: AcademicYear | None = None) -> dict[str, Unit]:
        """Make units (of another `year`: archived at its end) and return them by name."""
        created = self.clock.at(ROSTER_DAY, 9 * 60 + 40)
        archived = self.clock.at(ROSTER_DAY, 9 * 60 + 50) if year else None
        rows = Unit.objects.bulk_create(
            Unit(
                organization=self.organization,
                academic_year=year or self.year,
                kind=data.kind,
                name=data.name,
                sort_key=sort_key_of(data.name),
                parallel=data.parallel,
                letter=data.letter,
                age_group=data.age_group,
                direction=data.direction,
                created_at=created,
                archived_at=archived,
            )
            for data in wanted
        )
        self.all_units += rows
        return {unit.name: unit for unit in rows}

    def person(
        self,
        name: Name,
        *,
        phone: str = "",
        email: str = "",
        position: str = "",
        birth_date: date | None = None,
        joined: bool = False,
        joined_at: datetime | None = None,
    ) -> Person:
        """Put somebody on the roster; `joined` needs a phone."""
        data = PersonData(name.last, name.first, name.patronymic, phone, email, position, birth_date)
        person = build_person(self.organization, data)
        person.created_at = self.clock.at(ROSTER_DAY, 10 * 60)
        if joined:
            person.joined_at = joined_at or self.joining()
            person.user = self.accounts.of(phone, person.full_name, person.joined_at)
        self.people.append(person)
        return person

    def staff(
        self, name: Name, position: str, *, roles: Iterable[Role] = (Role.TEACHER,), joined: bool = True
    ) -> Person:
        """Put a member of staff on the roster, into the staff unit too (ORG-2)."""
        person = self.person(name, phone=self.phones.next(), email=self.email(name), position=position, joined=joined)
        return self._hire(person, roles)

    def known_staff(self, known: Known, position: str, *roles: Role) -> Person:
        """Put somebody with a fixed phone on the roster; the first administrator is there from the first minute."""
        first = Role.ADMINISTRATOR in roles
        person = self.person(
            known.name,
            phone=known.phone,
            email=self.email(known.name),
            position=position,
            joined=True,
            joined_at=self.organization.created_at
            if first
            else self.clock.at(LINKS_DAY - 1, 9 * 60 + len(self.people)),
        )
        if first:
            person.created_at = self.organization.created_at
        return self._hire(person, roles)

    def _hire(self, person: Person, roles: Iterable[Role]) -> Person:
        for role in roles:
            self.role(person, role)
        self.enrol(person, self.staff_unit, Part.TEACHER)
        return person

    def role(self, person: Person, role: Role, since: datetime | None = None) -> None:
        """Give a role, from the day of the roster on when nothing else is said."""
        since = since or person.created_at
        self.roles.append(RoleAssignment(organization=self.organization, person=person, role=role, since=since))

    def enrol(self, person: Person, unit: Unit, part: Part, span: Span = WHOLE_YEAR) -> None:
        """Give a part in a unit."""
        self.enrolments.append(
            Enrolment(
                organization=self.organization,
                person=person,
                unit=unit,
                part=part,
                since=span.since or self.first_day,
                until=span.until,
                order_number=span.order_number,
                order_date=span.order_date,
            )
        )

    def tie(self, parent: Person, child: Person) -> None:
        """Make somebody a parent of a student."""
        self.ties.append(
            Guardianship(organization=self.organization, parent=parent, child=child, since=child.created_at)
        )

    def email(self, name: Name) -> str:
        """Return an address that nobody has: example.org belongs to nobody by RFC 2606."""
        return f"{latin(name.first)}.{latin(name.last)}{len(self.people)}@example.org"

    def save(self) -> None:
        """Write everything; accounts first, for people point at them."""
        self.accounts.save()
        Person.objects.bulk_create(self.people, batch_size=BATCH)
        RoleAssignment.objects.bulk_create(self.roles, batch_size=BATCH)
        Enrolment.objects.bulk_create(self.enrolments, batch_size=BATCH)
        Guardianship.objects.bulk_create(self.ties, batch_size=BATCH)
        HandoverOffer.objects.bulk_create(self.handovers)

        for _at, person, codename, unit in self.rights:
            assign_perm(codename, person.user, unit or self.organization)

    def administrator_at(self, moment: datetime) -> Person:
        """Return who held the administrator's duty (longest) at that moment."""
        for held in self.roles:
            if held.role == Role.ADMINISTRATOR and held.since <= moment and (held.until is None or moment < held.until):
                return held.person
        raise LookupError(moment)

    @cached_property
    def claims(self) -> dict[Person, tuple[Unit, str]]:
        """Parents whose child the roster did not know: the unit and what they wrote; to be asked after `save`."""
        return {person: (unit, child) for person, unit, child in self.claimed}

    @cached_property
    def student_rows(self) -> dict[Person, list[Enrolment]]:
        """Each student's enrolments, in the order in which they were made; to be asked after `save`."""
        return _grouped((row.person, row) for row in self.enrolments if row.part == Part.STUDENT)

    @cached_property
    def students(self) -> dict[Unit, list[Person]]:
        """Each unit's students of today; to be asked after `save`."""
        rows = (row for row in self.enrolments if row.part == Part.STUDENT and row.until is None)
        return _grouped((row.unit, row.person) for row in rows)

    @cached_property
    def leaders(self) -> dict[Unit, list[Person]]:
        """Each unit's leaders of today; to be asked after `save`."""
        rows = (row for row in self.enrolments if row.part == Part.LEADER and row.until is None)
        return _grouped((row.unit, row.person) for row in rows)

    @cached_property
    def parents(self) -> dict[Person, list[Person]]:
        """Each child's parents; to be asked after `save`."""
        return _grouped((tie.child, tie.parent) for tie in self.ties)


K = TypeVar("K")
V = TypeVar("V")


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def found(organization: Organization, draw: Random, phones: Phones, accounts: Accounts, now: datetime) -> Cast:
    """Write an organization that came to the platform `ROSTER_DAY` days ago and return its empty cast."""
    clock = Clock(now, organization.zone)
    organization.created_at = clock.at(ROSTER_DAY, 9 * 60 + 15)
    organization.save(force_insert=True)
    year = make_default_structure(organization)
    staff_unit = Unit.objects.get(organization=organization, kind=UnitKind.STAFF)
    return Cast(organization, draw, phones, accounts, clock, staff_unit, year)


def classes(names: Iterable[str]) -> list[UnitData]:
    """Return the nomenclature of classes by their names."""
    return [class_from_name(name) for name in names]
