"""Taking the confirmation of a member of staff back, and giving it again with everything that was held (INV-9)."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.text import clean
from invitations.models import WithdrawnConfirmation
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import STAFF_ROLES, Enrolment, Organization, Part, Person, Role, RoleAssignment, Unit, Verification
from orgs.services.people import end_role, grant_role
from orgs.services.structure import enrol
from orgs.services.verification import confirm_joined, move


@transaction.atomic
def withdraw_confirmation(*, actor: Actor, person: Person, reason: str) -> None:
    """Take every role of staff from `person` and say why; what was held is remembered (INV-9).

    Whoever is also a parent or a student stays that. Raises `DomainError`: `reason_required`, `not_staff` (nothing to
    take), `own_confirmation`, `last_administrator`.
    """
    reason = clean(reason)[:300]
    if not reason:
        text = _("Please give a reason.")
        raise DomainError("reason_required", text, fields={"reason": text}, status=400)
    if person.pk == actor.person.pk:
        raise DomainError("own_confirmation", _("Nobody takes the own confirmation back. Hand your duty over instead."))
    # Two administrators at once are put in a row, as `protect_last_administrator` does.
    Organization.objects.select_for_update().get(pk=person.organization_id)
    held = RoleAssignment.objects.filter(person=person, role__in=STAFF_ROLES, until=None)
    roles = sorted(held.values_list("role", flat=True))
    if not roles or not person.has_joined:
        raise DomainError("not_staff", _("This person holds no role of staff."))
    _remember(person, roles)
    # First, with the reason: ending the last role would take the confirmation off without one.
    confirm_joined([person])
    move(person=person, to=Verification.WITHDRAWN, reason=reason)
    for role in roles:
        end_role(actor=actor, person=person, role=role)
    record(person.organization, actor, [Deed(Action.CONFIRMATION_WITHDRAWN, person, details={"reason": reason})])


def _remember(person: Person, roles: list[str]) -> None:
    parts = Enrolment.objects.filter(person=person, until=None, part__in=[Part.TEACHER, Part.LEADER])
    kept = [[unit, part] for unit, part in parts.exclude(unit__kind="staff").values_list("unit_id", "part")]
    # What an earlier withdrawal remembered is out of date: the roles were given anew since, by hand.
    WithdrawnConfirmation.objects.filter(person=person, given_back_at=None).update(given_back_at=timezone.now())
    try:
        with transaction.atomic():
            WithdrawnConfirmation.objects.create(
                organization_id=person.organization_id, person=person, roles=roles, parts=kept
            )
    except IntegrityError as error:
        raise DomainError("not_staff", _("This person holds no role of staff.")) from error


@transaction.atomic
def confirm_again(*, actor: Actor, person: Person) -> list[str]:
    """Give back what the withdrawal took: roles, and parts in units that are still there; return the roles (INV-9).

    Raises `DomainError("nothing_to_give_back")`.
    """
    open_one = WithdrawnConfirmation.objects.select_for_update().filter(person=person, given_back_at=None).first()
    current = Person.objects.get(pk=person.pk)
    if open_one is None or current.verification != Verification.WITHDRAWN:
        raise DomainError(
            "nothing_to_give_back", _("There is nothing to give back. Give the roles on the person's page.")
        )
    WithdrawnConfirmation.objects.filter(pk=open_one.pk).update(given_back_at=timezone.now())
    for role in open_one.roles:
        grant_role(actor=actor, person=person, role=role)
    units = {unit.pk: unit for unit in Unit.objects.active().filter(organization_id=person.organization_id)}
    for unit_id, part in open_one.parts:
        if unit_id in units and Role.TEACHER in open_one.roles:
            units[unit_id].organization = person.organization
            enrol(actor=actor, people=[person], unit=units[unit_id], part=part)
    record(person.organization, actor, [Deed(Action.CONFIRMATION_GIVEN_AGAIN, person)])
    return list(open_one.roles)
