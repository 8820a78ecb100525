"""The administrator's duty: appointed, handed over, never lost (REG-6); rights beyond the roles."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm, remove_perm

from accounts.selectors import address_of
from common.errors import DomainError
from common.events import publish
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.capabilities import GRANTABLE_RIGHTS, RIGHTS_OF_STAFF
from orgs.models import STAFF_ROLES, HandoverOffer, Organization, Person, Role, RoleAssignment, Unit
from orgs.services.people import end_role, grant_role
from outbox.services import queue


@transaction.atomic
def appoint_administrator(*, actor: Actor, person: Person) -> None:
    """Make somebody of the staff who has joined an additional administrator.

    Raises `DomainError("appoint_after_joining")` for anybody else.
    """
    _require_joined_staff(person)
    grant_role(actor=actor, person=person, role=Role.ADMINISTRATOR)


def _is_staff(person: Person) -> bool:
    return RoleAssignment.objects.filter(person=person, role__in=STAFF_ROLES, until=None).exists()


def _require_joined_staff(person: Person) -> None:
    if not (_is_staff(person) and person.has_joined):
        raise DomainError("appoint_after_joining", _("Only staff who have joined can become administrators."))


@transaction.atomic
def offer_handover(*, actor: Actor, person: Person, stays: bool) -> HandoverOffer:
    """Offer one's administrator's duty to `person`, who accepts or declines; `stays`: remain an additional one.

    Raises `DomainError`: `appoint_after_joining`, `handover_to_oneself`, `handover_open` (one offer at a time).
    """
    if person.pk == actor.person.pk:
        raise DomainError("handover_to_oneself", _("Choose somebody else: the duty is already yours."), status=400)
    _require_joined_staff(person)
    try:
        with transaction.atomic():
            offer = HandoverOffer.objects.create(
                organization=actor.organization, from_person=actor.person, to_person=person, stays=stays
            )
    except IntegrityError as error:
        raise DomainError(
            "handover_open", _("You have already offered the duty. Withdraw that offer first.")
        ) from error
    record(actor.organization, actor, [Deed(Action.HANDOVER_OFFERED, person)])
    _notify(offer)
    return offer


def _notify(offer: HandoverOffer) -> None:
    person = offer.to_person
    # Only who has joined is offered the duty.
    channel, recipient = ("email", person.email) if person.email else address_of(person.user)  # type: ignore[arg-type]
    queue(
        channel=channel,
        recipient=recipient,
        template="handover_offered",
        context={"offer": offer.pk},
        organization_id=offer.organization_id,
        reference=f"handover:{offer.pk}",
        dedupe_key=f"handover:{offer.pk}",
    )


@transaction.atomic
def accept_handover(*, actor: Actor, offer: HandoverOffer) -> None:
    """Accept the duty: the successor becomes administrator, the links go over, the predecessor leaves if so offered.

    Raises `DomainError("handover_closed")` when the offer was withdrawn or answered, or its giver has lost the duty.
    """
    Organization.objects.select_for_update().get(pk=offer.organization_id)
    giver_is_administrator = RoleAssignment.objects.filter(
        person_id=offer.from_person_id, role=Role.ADMINISTRATOR, until=None
    ).exists()
    if not giver_is_administrator or not _close(offer, "accepted_at"):
        raise DomainError("handover_closed", _("This offer is no longer open."))
    grant_role(actor=actor, person=offer.to_person, role=Role.ADMINISTRATOR)
    record(offer.organization, actor, [Deed(Action.HANDOVER_ACCEPTED, offer.to_person)])
    publish("orgs.handover_accepted", predecessor=offer.from_person, successor=offer.to_person)
    if not offer.stays:
        end_role(actor=actor, person=offer.from_person, role=Role.ADMINISTRATOR)


@transaction.atomic
def decline_handover(*, actor: Actor, offer: HandoverOffer) -> None:
    """Decline the duty; everything stays as it was. Raises `DomainError("handover_closed")`."""
    _close_or_refuse(offer, "declined_at")
    record(offer.organization, actor, [Deed(Action.HANDOVER_DECLINED, offer.to_person)])


@transaction.atomic
def withdraw_handover(*, actor: Actor, offer: HandoverOffer) -> None:
    """Take an offer back. Raises `DomainError("handover_closed")`."""
    _close_or_refuse(offer, "withdrawn_at")
    record(offer.organization, actor, [Deed(Action.HANDOVER_WITHDRAWN, offer.to_person)])


def _close_or_refuse(offer: HandoverOffer, stamp: str) -> None:
    if not _close(offer, stamp):
        raise DomainError("handover_closed", _("This offer is no longer open."))


def _close(offer: HandoverOffer, stamp: str) -> bool:
    still_open = HandoverOffer.objects.filter(pk=offer.pk, accepted_at=None, declined_at=None, withdrawn_at=None)
    return bool(still_open.update(**{stamp: timezone.now()}))


@transaction.atomic
def grant_right(*, actor: Actor | None, person: Person, codename: str, unit: Unit | None = None) -> None:
    """Grant `person` a right beyond the role on `unit`, or on the organization (ACC-4); no actor: the operator.

    Raises `DomainError`: `unknown_right`, `right_needs_unit`, `right_needs_account`, `right_for_staff` (STAT-1: the
    figures are for the staff alone).
    """
    target = _target(person.organization, codename, unit)
    if person.user is None:
        raise DomainError("right_needs_account", _("A right can be given to somebody who has joined."))
    require_rightful(person, codename)
    assign_perm(codename, person.user, target)
    record(person.organization, actor, [Deed(Action.RIGHT_GRANTED, person, unit, details={"right": codename})])


def require_rightful(person: Person, codename: str) -> None:
    """Raise `DomainError("right_for_staff")` unless somebody with the roles of `person` can hold the right."""
    if codename in RIGHTS_OF_STAFF and not _is_staff(person):
        raise DomainError("right_for_staff", _("Only staff can be given the right to see the statistics."))


@transaction.atomic
def revoke_right(*, actor: Actor | None, person: Person, codename: str, unit: Unit | None = None) -> None:
    """Take a granted right back; what was made by it stops working (links of that unit)."""
    target = _target(person.organization, codename, unit)
    if person.user is None:
        return
    remove_perm(codename, person.user, target)
    record(person.organization, actor, [Deed(Action.RIGHT_REVOKED, person, unit, details={"right": codename})])
    publish("orgs.right_revoked", person=person)


def _target(organization: Organization, codename: str, unit: Unit | None) -> Unit | Organization:
    if codename not in GRANTABLE_RIGHTS:
        raise DomainError("unknown_right", _("There is no such right."), status=400)
    if GRANTABLE_RIGHTS[codename] and unit is None:
        raise DomainError(
            "right_needs_unit", _("Choose for which unit."), fields={"unit": _("Choose one.")}, status=400
        )
    return unit if unit is not None and GRANTABLE_RIGHTS[codename] else organization
