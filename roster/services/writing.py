"""A plan is written: a constant number of statements for every thousand rows, everything through the ledger (ORG-8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.events import publish
from common.text import normalise
from orgs.audit import Action, Deed, Order
from orgs.models import STAFF_ROLES, Enrolment, Guardianship, Part, Person, RoleAssignment, Unit, UnitKind, Verification
from orgs.services.structure import MAX_UNITS_AT_ONCE, create_units
from orgs.services.verification import as_confirmed, as_released
from roster.reckoning.comparing import NAME_FIELDS
from roster.reckoning.plan import Leaving, Place, Plan, Subject
from roster.reckoning.snapshot import Roster
from works.services.ledger import BATCH, Ledger

# What somebody may change about a person while the file is compared without this mattering: joining.
_JOINING = ("user_id", "joined_at")


class Writer:
    """Writes one plan; `deeds` is what the journal has to hold, `counts` what came of it."""

    def __init__(self, plan: Plan, roster: Roster, ledger: Ledger, actor: Person | None, order: Order) -> None:
        self._plan = plan
        self._roster = roster
        self._ledger = ledger
        self._actor = actor
        self._order = order
        self._organization = roster.organization
        self._now = timezone.now()
        self._units: dict[tuple[str, str], Unit] = {}
        self._made: dict[Subject, Person] = {}
        self.deeds: list[Deed] = []
        self.counts: dict[str, int] = {}

    def write(self) -> None:
        """Write everything but the journal. Raises `DomainError("roster_changed")`, `IntegrityError`."""
        self._lock_people()
        self._make_units()
        self._change_people()
        self._make_people()
        self._give_roles()
        enrolled = self._enrol()
        self._tie_families()
        self._close_parts([pk for subject in self._plan.subjects for pk in subject.closing])
        self._let_leave()
        self._note()
        subjects = self._plan.subjects
        self.counts = {
            "people_new": sum(subject.is_new and bool(subject.records) for subject in subjects),
            "parents_new": sum(subject.is_new and not subject.records for subject in subjects),
            "people_changed": sum(not subject.is_new for subject in subjects),
            "enrolled": enrolled,
            "leaving": len(self._plan.leaving),
            "units": len(self._plan.units),
        }

    # --- People -------------------------------------------------------------------------------------------------------
    def _lock_people(self) -> None:
        """Hold those of the roster who are touched, and see that they are as the plan found them."""
        known = {subject.person.pk: subject.person for subject in self._plan.subjects if subject.person is not None}
        leaving = {one.person.pk: one.person for one in self._plan.leaving}
        ids = sorted(known | leaving)
        names = [field.attname for field in Person._meta.concrete_fields]
        for part in _parts(ids):
            rows = Person.objects.filter(pk__in=part).order_by("pk").select_for_update(no_key=True)
            now = {row.pk: row for row in rows}
            for pk in part:
                then, row = known.get(pk) or leaving[pk], now.get(pk)
                ignored = () if pk in leaving else _JOINING
                if row is None or any(getattr(row, n) != getattr(then, n) for n in names if n not in ignored):
                    raise roster_changed()

    def _change_people(self) -> None:
        rows: list[Person] = []
        columns: dict[int, dict[str, Any]] = {}
        for subject in self._plan.subjects:
            if subject.person is None:
                continue
            values = self._new_values(subject, subject.person)
            if values:
                rows.append(subject.person)
                columns[subject.person.pk] = values
        for one in self._plan.leaving:
            if self._leaves_the_staff(one):
                rows.append(one.person)
                columns[one.person.pk] = as_released()
        self._ledger.change(rows, columns)

    def _new_values(self, subject: Subject, person: Person) -> dict[str, Any]:
        values = {name: new for name, (_old, new) in subject.differing.items()}
        if any(name in values for name in NAME_FIELDS):
            parts = [values.get(name, getattr(person, name)) for name in NAME_FIELDS]
            values["search_name"] = _search_name(parts)
        is_confirmed = person.verification == Verification.CONFIRMED
        if person.user_id is not None and set(subject.new_roles) & set(STAFF_ROLES) and not is_confirmed:
            # Whoever has an account and a role of staff is confirmed; the rest of the staff will be by joining (INV-9).
            values |= as_confirmed()
        return values

    def _leaves_the_staff(self, one: Leaving) -> bool:
        kept = self._roster.roles_of(one.person) - one.roles.keys()
        return one.person.verification == Verification.CONFIRMED and kept.isdisjoint(STAFF_ROLES)

    def _make_people(self) -> None:
        subjects = [subject for subject in self._plan.subjects if subject.is_new]
        made = self._ledger.create([self._new_person(subject) for subject in subjects])
        self._made = dict(zip(subjects, made, strict=True))

    def _new_person(self, subject: Subject) -> Person:
        name = subject.name
        return Person(
            organization=self._organization,
            last_name=name.last_name,
            first_name=name.first_name,
            patronymic=name.patronymic,
            search_name=_search_name([name.last_name, name.first_name, name.patronymic]),
            created_at=self._now,
            **subject.values,
        )

    def _person(self, subject: Subject) -> Person:
        return subject.person or self._made[subject]

    # --- Roles, units, families ---------------------------------------------------------------------------------------
    def _give_roles(self) -> None:
        self._ledger.create(
            [
                RoleAssignment(
                    organization=self._organization, person=self._person(subject), role=role, since=self._now
                )
                for subject in self._plan.subjects
                for role in subject.new_roles
            ]
        )

    def _make_units(self) -> None:
        for unit in self._roster.units.values():
            self._units[unit.kind, unit.sort_key] = unit
        for start in range(0, len(self._plan.units), MAX_UNITS_AT_ONCE):
            data = self._plan.units[start : start + MAX_UNITS_AT_ONCE]
            made = create_units(organization=self._organization, actor=self._actor, units=data)
            self._ledger.made(made)
            self._units |= {(unit.kind, unit.sort_key): unit for unit in made}
            self._ledger.made_with_units(made)

    def _unit(self, place: Place) -> Unit:
        known = self._roster.units.get(place.spot.pk or 0)
        return known if known is not None else self._units[place.spot.kind, place.spot.key]

    def _enrol(self) -> int:
        rows = [
            self._enrolment(self._person(subject), self._unit(place), place.part)
            for subject in self._plan.subjects
            for place in subject.new_places
        ]
        staff = [self._enrolment(person, unit, Part.TEACHER) for person, unit in self._entering_the_staff()]
        self._ledger.create(rows + staff)
        return len(rows)

    def _enrolment(self, person: Person, unit: Unit, part: str) -> Enrolment:
        return Enrolment(
            organization=self._organization,
            person=person,
            unit=unit,
            part=part,
            since=self._plan.today,
            order_number=self._order.number,
            order_date=self._order.day,
        )

    def _entering_the_staff(self) -> Iterable[tuple[Person, Unit]]:
        """Whoever becomes staff also enters the unit of the staff (ORG-2)."""
        unit = next((unit for unit in self._roster.units.values() if unit.kind == UnitKind.STAFF), None)
        for subject in self._plan.subjects:
            if unit is None or not set(subject.new_roles) & set(STAFF_ROLES):
                continue
            person = self._person(subject)
            if subject.is_new or not self._roster.is_in(person, [unit.pk]):
                yield person, unit

    def _tie_families(self) -> None:
        self._ledger.create(
            [
                Guardianship(
                    organization=self._organization,
                    parent=self._person(parent),
                    child=self._person(child),
                    since=self._now,
                )
                for child in self._plan.subjects
                for parent in child.new_parents
            ]
        )

    # --- Leaving ------------------------------------------------------------------------------------------------------
    def _let_leave(self) -> None:
        leaving = self._plan.leaving
        self._close_parts([pk for one in leaving for pk in one.places])
        roles = [pk for one in leaving for pk in one.roles.values()]
        self._end(RoleAssignment, roles, self._now)
        self._end(Guardianship, [pk for one in leaving for pk in one.links], self._now)

    def _close_parts(self, ids: Sequence[int]) -> None:
        """Nothing ends before it begins: a part that would begin later ends on its first day."""
        today = self._plan.today
        starts = {held.pk: held.since for parts in self._roster.places.values() for held in parts} if ids else {}
        self._end(Enrolment, [pk for pk in ids if starts[pk] <= today], today)
        for day in sorted({starts[pk] for pk in ids if starts[pk] > today}):
            self._end(Enrolment, [pk for pk in ids if starts[pk] == day], day)

    def _end(self, model: type[Model], ids: Sequence[int], until: Any) -> None:
        for part in _parts(ids):
            rows = model._default_manager.filter(pk__in=part, until=None)
            if self._ledger.update(rows, until=until) != len(part):
                raise roster_changed()

    # --- Journal and events -------------------------------------------------------------------------------------------
    def _note(self) -> None:
        for subject in self._plan.subjects:
            self.deeds += self._deeds_of_new(subject) if subject.is_new else self._deeds_of_known(subject)
        for one in self._plan.leaving:
            self.deeds += self._deeds_of_leaving(one)

    def _deeds_of_new(self, subject: Subject) -> list[Deed]:
        unit = self._unit(subject.new_places[0]) if subject.new_places else None
        return [Deed(Action.PERSON_ADDED, self._person(subject), unit, self._order)]

    def _deeds_of_known(self, subject: Subject) -> list[Deed]:
        person, deeds = self._person(subject), []
        if subject.differing:
            deeds.append(Deed(Action.PERSON_CHANGED, person, details={"fields": sorted(subject.differing)}))
        deeds += [Deed(Action.ROLE_GRANTED, person, details={"role": role}) for role in subject.new_roles]
        deeds += self._deeds_of_closing(person, subject.closing)
        for place in subject.new_places:
            details = {"part": str(place.part)}
            deeds.append(Deed(Action.ENROLLED, person, self._unit(place), self._order, details))
        for parent in subject.new_parents:
            deeds.append(Deed(Action.PARENT_TIED, self._person(parent), details={"other": person.full_name}))
        return deeds

    def _deeds_of_closing(self, person: Person, ids: Iterable[int]) -> list[Deed]:
        closed, deeds = set(ids), []
        for held in self._roster.places_of(person):
            unit = self._roster.units.get(held.unit_id)
            if held.pk in closed and unit is not None and not unit.is_staff_unit:
                details = {"part": str(held.part)}
                deeds.append(Deed(Action.ENROLMENT_ENDED, person, unit, self._order, details))
        return deeds

    def _deeds_of_leaving(self, one: Leaving) -> list[Deed]:
        deeds = self._deeds_of_closing(one.person, one.places)
        return deeds + [
            Deed(Action.ROLE_ENDED, one.person, order=self._order, details={"role": role}) for role in sorted(one.roles)
        ]

    def tell(self) -> None:
        """Tell the upper floors whose access has changed: people with an account (nobody else has any)."""
        for one in self._plan.leaving:
            self._publish(one.person, "orgs.role_ended" if one.roles else "orgs.enrolment_ended")
        for subject in self._plan.subjects:
            if subject.person is not None and subject.closing:
                self._publish(subject.person, "orgs.enrolment_ended")
        moved = {subject.person for subject in self._plan.subjects if subject.new_roles or subject.new_places}
        tied = {parent.person for subject in self._plan.subjects for parent in subject.new_parents}
        left = {one.person for one in self._plan.leaving}
        for person in sorted({one for one in moved | tied | left if one is not None}, key=lambda one: one.pk):
            self._publish(person, "orgs.membership_changed")

    def _publish(self, person: Person, event: str) -> None:
        if person.user_id is not None:
            person.organization = self._organization
            publish(event, person=person)


def roster_changed() -> DomainError:
    """Return the refusal when the roster is no longer what the check has seen."""
    return DomainError("roster_changed", _("The roster has changed since the check. Please check the file again."))


def _search_name(parts: Iterable[str]) -> str:
    return normalise(" ".join(part for part in parts if part))[:250]


def _parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
