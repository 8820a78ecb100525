"""The answer to a request: accepted in one transaction with everything it gives, or refused with a reason (INV-6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError, require
from common.text import clean
from invitations.models import Invitation, InvitationUse, JoinRequest, RequestState
from invitations.permissions import can_decide
from invitations.selectors.matching import Match, matches_of
from invitations.selectors.requests import member_of, with_queue_columns
from invitations.services.applying import decided_meanwhile, refuse_on_review, refuse_role_without_phone
from invitations.services.telling import tell_applicant
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import Part, Person, Role, Unit
from orgs.selectors.units import staff_unit_of
from orgs.services.newcomers import admit
from orgs.services.people import PersonData, absorb_roster_row, build_person, grant_role, link_account, tie_parent
from orgs.services.structure import enrol

REASON_LENGTH = 300


@dataclass(frozen=True)
class Decision:
    """As what a request is accepted.

    `person`: the row of the roster the applicant is; None makes a new person. `child`: whose parent. `unit`: where.
    """

    role: str
    unit: Unit | None = None
    person: Person | None = None
    child: Person | None = None


def decision_of(match: Match) -> Decision:
    """Return the decision that the roster suggests."""
    request = match.request
    person = None if match.member is not None else match.person
    return Decision(request.role, request.unit, person, match.child if request.role == Role.PARENT else None)


def accept(*, actor: Actor, request: JoinRequest, decision: Decision) -> JoinRequest:
    """Let the applicant in as `decision` says, with role, place, child and account at once (INV-6, INV-9).

    Of two answers given at the same moment exactly one counts. Raises `DomainError`: `request_decided`,
    `unit_required`, `child_required`, `child_elsewhere`, `already_claimed` (somebody else joined as this person),
    `wrong_family`, `unit_archived`, `phone_needed`; `PermissionDenied` for a place or a role the actor may not give.
    """
    require(can_decide(actor, decision.role, decision.unit))
    refuse_role_without_phone(request.user, decision.role)
    _check(decision)
    try:
        return _accept(actor, request, decision)
    except IntegrityError:
        # The applicant came in another way at this very moment (person_once_per_organization): by now that one is
        # through, so the second look finds a member.
        return _accept(actor, request, decision)


def _check(decision: Decision) -> None:
    if decision.role in (Role.STUDENT, Role.PARENT) and decision.unit is None:
        text = _("Choose where.")
        raise DomainError("unit_required", text, fields={"unit": text}, status=400)
    if decision.role != Role.PARENT:
        return
    if decision.child is None:
        text = _("Choose the child. A child who is not on the roster yet is added first.")
        raise DomainError("child_required", text, fields={"child": text}, status=400)
    studies = decision.child.enrolments.filter(unit=decision.unit, part=Part.STUDENT, until=None)
    if not studies.exists():
        text = _("This child does not learn there.")
        raise DomainError("child_elsewhere", text, fields={"child": text}, status=400)


@transaction.atomic
def _accept(actor: Actor, request: JoinRequest, decision: Decision) -> JoinRequest:
    if request.invitation_id is not None:  # first, as whoever joins by the link does
        Invitation.objects.select_for_update().filter(pk=request.invitation_id).first()
    now = timezone.now()
    taken = JoinRequest.objects.filter(pk=request.pk, state=RequestState.PENDING).update(
        state=RequestState.ACCEPTED, decided_at=now, decided_by=actor.person, reason=""
    )
    if not taken:
        raise decided_meanwhile()
    person = _let_in(actor, request, decision)
    JoinRequest.objects.filter(pk=request.pk).update(person=person)
    _count_use(request, person)
    details = {"name": request.full_name, "role": decision.role}
    record(actor.organization, actor, [Deed(Action.REQUEST_ACCEPTED, person, decision.unit, details=details)])
    request.state, request.decided_at, request.decided_by, request.person = (
        RequestState.ACCEPTED,
        now,
        actor.person,
        person,
    )
    tell_applicant("request_accepted", request)
    return request


def _let_in(actor: Actor, request: JoinRequest, decision: Decision) -> Person:
    organization = actor.organization
    member = member_of(request.user, organization.pk)
    row = decision.person
    if member is None and row is not None:
        if link_account(person=row, user_id=request.user_id):
            member = row
        else:  # somebody else claimed the row; perhaps the applicant, by a personal code
            member = member_of(request.user, organization.pk)
            if member is None:
                raise DomainError("already_claimed", _("Somebody else has already joined as this person."))
    elif member is not None and row is not None and row.pk != member.pk:
        absorb_roster_row(actor=actor, row=row, into=member)
    if member is None:
        return _admit(actor, request, decision)
    member.organization = organization
    _give(actor, member, decision)
    return member


def _admit(actor: Actor, request: JoinRequest, decision: Decision) -> Person:
    names = PersonData(request.last_name, request.first_name, request.patronymic, phone=request.user.phone or "")
    person = build_person(actor.organization, names)
    person.user, person.joined_at = request.user, timezone.now()
    unit = decision.unit or staff_unit_of(actor.organization)
    deeds = admit(person=person, role=decision.role, unit=unit, child=decision.child)
    record(actor.organization, actor, deeds)
    return person


def _give(actor: Actor, person: Person, decision: Decision) -> None:
    grant_role(actor=actor, person=person, role=decision.role)
    unit = decision.unit
    if decision.role == Role.STUDENT and unit is not None:
        enrol(actor=actor, people=[person], unit=unit, part=Part.STUDENT)
    elif decision.role == Role.TEACHER and unit is not None and not unit.is_staff_unit:
        enrol(actor=actor, people=[person], unit=unit, part=Part.TEACHER)
    elif decision.role == Role.PARENT and decision.child is not None:
        decision.child.organization = person.organization
        tie_parent(actor=actor, parent=person, child=decision.child)


def _count_use(request: JoinRequest, person: Person) -> None:
    """The link is used up by one now, and never beyond its limit: for whom no place is left the administrator's word
    is enough, and the link does not count them."""
    if request.invitation_id is None:
        return
    links = Invitation.objects.filter(pk=request.invitation_id, uses__lt=F("max_uses"))
    if not links.update(uses=F("uses") + 1):
        return
    InvitationUse.objects.get_or_create(
        organization_id=request.organization_id,
        invitation_id=request.invitation_id,
        person=person,
        defaults={"generation": Invitation.objects.values_list("generation", flat=True).get(pk=request.invitation_id)},
    )


@transaction.atomic
def reject(*, actor: Actor, request: JoinRequest, reason: str) -> JoinRequest:
    """Refuse a request with the reason that the applicant reads (INV-6).

    Raises `DomainError`: `reason_required`, `request_decided`; `PermissionDenied`.
    """
    require(can_decide(actor, request.role, request.unit))
    reason = _checked_reason(reason)
    now = timezone.now()
    taken = JoinRequest.objects.filter(pk=request.pk, state=RequestState.PENDING).update(
        state=RequestState.REJECTED, decided_at=now, decided_by=actor.person, reason=reason
    )
    if not taken:
        raise decided_meanwhile()
    request.state, request.decided_at, request.reason = RequestState.REJECTED, now, reason
    refuse_on_review(request, reason)
    details = {"name": request.full_name, "role": request.role, "reason": reason}
    record(actor.organization, actor, [Deed(Action.REQUEST_REJECTED, request.person, request.unit, details=details)])
    tell_applicant("request_rejected", request)
    return request


def _checked_reason(reason: str) -> str:
    reason = clean(reason)[:REASON_LENGTH]
    if not reason:
        text = _("Please give a reason: the applicant reads it.")
        raise DomainError("reason_required", text, fields={"reason": text}, status=400)
    return reason


def accept_certain(*, actor: Actor, requests: Iterable[JoinRequest]) -> tuple[list[JoinRequest], list[JoinRequest]]:
    """Accept those of `requests` whose match leaves nothing to think over; return them and those left (INV-6).

    Each is accepted whole or not at all; one answered by somebody else meanwhile is left.
    """
    accepted, left = [], []
    for match in matches_of(actor.organization.pk, _loaded(requests)):
        if not match.is_certain or not match.request.is_pending:
            left.append(match.request)
            continue
        try:
            with transaction.atomic():
                accepted.append(accept(actor=actor, request=match.request, decision=decision_of(match)))
        except DomainError:
            left.append(match.request)
    return accepted, left


def reject_many(*, actor: Actor, requests: Iterable[JoinRequest], reason: str) -> list[JoinRequest]:
    """Refuse those of `requests` that still wait, all for one reason; return them.

    Raises `DomainError("reason_required")`.
    """
    reason = _checked_reason(reason)
    rejected = []
    for request in _loaded(requests):
        try:
            rejected.append(reject(actor=actor, request=request, reason=reason))
        except DomainError:
            continue  # answered meanwhile
    return rejected


def _loaded(requests: Iterable[JoinRequest]) -> Sequence[JoinRequest]:
    wanted = [request.pk for request in requests]
    return list(with_queue_columns(JoinRequest.objects.filter(pk__in=wanted)).order_by("created_at", "id"))
