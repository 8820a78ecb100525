"""Writes about several people or several things at once: each is one transaction."""

from collections.abc import Collection, Iterable, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.events import publish
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import Enrolment, Part, Person, Role, RoleAssignment, Unit
from orgs.services.people import PersonData, add_person, end_role, grant_role, tie_parent
from orgs.services.structure import TODAY, Movement, enrol


@transaction.atomic
def add_member(
    *, actor: Actor, data: PersonData, roles: Collection[str], unit: Unit | None = None, part: str | None = None
) -> Person:
    """Put a person on the roster with `roles`, and into `unit` as `part` when both are given (ORG-4)."""
    person = add_person(organization=actor.organization, actor=actor, data=data, roles=roles)
    if unit is not None and part is not None:
        enrol(actor=actor, people=[person], unit=unit, part=part)
    return person


@transaction.atomic
def add_new_people(
    *, actor: Actor, people: Sequence[PersonData], unit: Unit, part: str, movement: Movement = TODAY
) -> list[Person]:
    """Put new people on the roster and straight into `unit` as `part`; the role follows from the part."""
    created = [add_person(organization=actor.organization, actor=actor, data=data, roles=[]) for data in people]
    enrol(actor=actor, people=created, unit=unit, part=part, movement=movement)
    return created


@transaction.atomic
def take_role_from_many(*, actor: Actor, people: Iterable[Person], role: str) -> int:
    """Take `role` from each of `people` who holds it; return how many.

    Raises `DomainError("last_administrator")`, and then nobody loses the role.
    """
    holders = set(
        RoleAssignment.objects.filter(organization_id=actor.organization.pk, role=role, until=None).values_list(
            "person_id", flat=True
        )
    )
    losing = [person for person in people if person.pk in holders]
    for person in losing:
        end_role(actor=actor, person=person, role=role)
    return len(losing)


@transaction.atomic
def reopen_enrolment(*, actor: Actor, enrolment: Enrolment) -> None:
    """Take the end of an enrolment back: the person is in the unit again as if nothing had happened.

    Raises `DomainError`: `unit_archived`, `already_enrolled` (enrolled anew meanwhile).
    """
    if enrolment.unit.archived_at is not None:
        raise DomainError("unit_archived", _("This unit is in the archive. Restore it first."))
    try:
        with transaction.atomic():
            opened = Enrolment.objects.filter(pk=enrolment.pk, until__isnull=False).update(until=None)
    except IntegrityError as error:  # enrolment_once_at_a_time
        raise DomainError("already_enrolled", _("This person is already there again.")) from error
    if not opened:
        return
    grant_role(
        actor=actor,
        person=enrolment.person,
        role=Role.STUDENT if enrolment.part == Part.STUDENT else Role.TEACHER,
    )
    deed = Deed(Action.ENROLMENT_REOPENED, enrolment.person, enrolment.unit, details={"part": str(enrolment.part)})
    record(enrolment.unit.organization, actor, [deed])
    publish("orgs.membership_changed", person=enrolment.person)


@transaction.atomic
def add_parent(*, actor: Actor, data: PersonData, child: Person) -> Person:
    """Put a new parent on the roster and tie them to `child` (ORG-10)."""
    parent = add_person(organization=actor.organization, actor=actor, data=data, roles=[])
    tie_parent(actor=actor, parent=parent, child=child)
    return parent
