"""Somebody the organization has never seen comes in: written straight away, for nothing can be there yet."""

from django.utils import timezone

from orgs.audit import Action, Deed
from orgs.models import (
    STAFF_ROLES,
    Enrolment,
    Guardianship,
    Part,
    Person,
    Role,
    RoleAssignment,
    Unit,
    Verification,
)
from orgs.selectors.organizations import today_in
from orgs.selectors.units import staff_unit_of


def admit(*, person: Person, role: str, unit: Unit, child: Person | None = None) -> list[Deed]:
    """Save a new `person` (see `build_person`) with `role`, the part in `unit` that goes with it, and the child.

    Returns what the journal has to hold; the caller owns the transaction and records it. Does what `add_person`,
    `enrol` and `tie_parent` do, without looking first: a class that joins in one minute costs half the statements.
    """
    if role in STAFF_ROLES and person.user_id is not None:
        # Whoever lets in staff confirms them (INV-9).
        person.verification, person.verified_at = Verification.CONFIRMED, timezone.now()
    person.save(force_insert=True)
    RoleAssignment.objects.create(organization_id=person.organization_id, person=person, role=role)
    deeds = [Deed(Action.ROLE_GRANTED, person, details={"role": str(role)})]
    deeds += _enrol(person, role, unit)
    if child is not None:
        Guardianship.objects.create(organization_id=person.organization_id, parent=person, child=child)
        deeds.append(Deed(Action.PARENT_TIED, person, details={"other": child.full_name}))
    return deeds


def _enrol(person: Person, role: str, unit: Unit) -> list[Deed]:
    parts: list[tuple[Unit, Part]] = []
    if role == Role.STUDENT:
        parts.append((unit, Part.STUDENT))
    if role in STAFF_ROLES:
        parts.append((unit if unit.is_staff_unit else staff_unit_of(person.organization), Part.TEACHER))
    if role == Role.TEACHER and not unit.is_staff_unit:
        parts.append((unit, Part.TEACHER))
    if parts:
        since = today_in(person.organization)
        Enrolment.objects.bulk_create(
            Enrolment(organization_id=person.organization_id, person=person, unit=where, part=part, since=since)
            for where, part in parts
        )
    return [
        Deed(Action.ENROLLED, person, where, details={"part": str(part)})
        for where, part in parts
        if not where.is_staff_unit
    ]
