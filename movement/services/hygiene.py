"""Putting right what the check of the data has found, where one step does it (ORG-7)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import DomainError
from movement.models import Dismissal
from movement.selectors.hygiene import GROUPS
from movement.selectors.hygiene.data import NAMES, better_name
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import Enrolment, Part, Person, Unit, UnitKind
from orgs.services.people import PersonData, update_person
from orgs.services.structure import end_enrolment, enrol

KEY_LENGTH = 60


@transaction.atomic
def dismiss(*, actor: Actor, group: str, key: str) -> None:
    """Say that a finding is no problem: it is not shown until it is restored; twice is once.

    Raises `DomainError("unknown_finding")` (400) for a group that does not exist.
    """
    if group not in GROUPS or not key or len(key) > KEY_LENGTH:
        raise DomainError("unknown_finding", _("There is no such finding."), status=400)
    Dismissal.objects.get_or_create(
        organization=actor.organization, group=group, key=key, defaults={"dismissed_by": actor.person}
    )


@transaction.atomic
def restore(*, actor: Actor, group: str, key: str) -> None:
    """Show a finding again that was said to be no problem; nothing happens when it was not."""
    Dismissal.objects.filter(organization=actor.organization, group=group, key=key).delete()


@transaction.atomic
def keep_in(*, actor: Actor, person: Person, unit: Unit) -> int:
    """Leave a student in `unit` alone: the other classes and groups end today, circles stay. Return how many ended.

    Raises `DomainError("not_there")` when the student is not in that unit.
    """
    places = Enrolment.objects.filter(person=person, part=Part.STUDENT, until=None, unit__archived_at=None)
    rows = list(places.select_related("person__organization", "unit__organization"))
    if unit.pk not in {row.unit_id for row in rows}:
        raise DomainError("not_there", _("This student is no longer there."))
    ending = [row for row in rows if row.unit_id != unit.pk and row.unit.kind in (UnitKind.CLASS, UnitKind.GROUP)]
    for row in ending:
        end_enrolment(actor=actor, enrolment=row)
    return len(ending)


@transaction.atomic
def put_into(*, actor: Actor, person: Person, unit: Unit) -> None:
    """Enrol a student who is nowhere. Raises what `enrol` raises."""
    enrol(actor=actor, people=[person], unit=unit, part=Part.STUDENT)


@transaction.atomic
def settle(*, actor: Actor, enrolment: Enrolment) -> None:
    """A student who passed on conditionally has settled the debts; twice is once."""
    if Enrolment.objects.filter(pk=enrolment.pk, is_conditional=True).update(is_conditional=False):
        record(actor.organization, actor, [Deed(Action.DEBTS_SETTLED, enrolment.person, enrolment.unit)])


def write_name_properly(*, actor: Actor, person: Person) -> Person:
    """Write a name as names are written: one capital letter, the letters of one alphabet."""
    return _changed(actor, person, **{name: better_name(getattr(person, name)) for name in NAMES})


def set_birth_date(*, actor: Actor, person: Person, day: date) -> Person:
    """Correct a birth date. Raises `DomainError("wrong_day")` (400) for a day that has not come."""
    if day > date.today() or day.year < 1900:
        message = _("This day cannot be right.")
        raise DomainError("wrong_day", message, fields={"birth_date": message}, status=400)
    return _changed(actor, person, birth_date=day)


def _changed(actor: Actor, person: Person, **values: object) -> Person:
    # Read anew: the check reads but a part of the columns.
    whole = Person.objects.select_related("organization").get(pk=person.pk)
    fields = {name: getattr(whole, name) for name in PersonData.__dataclass_fields__}
    return update_person(actor=actor, person=whole, data=PersonData(**{**fields, **values}))
