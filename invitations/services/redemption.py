"""Joining by a link: one conditional UPDATE in the transaction that makes the person, the role and the enrolment."""

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import DomainError
from common.prepared import Prepared
from common.text import clean
from invitations.models import Invitation, InvitationUse, JoinRequest, RequestState, StaffReview, State
from invitations.permissions import can_give
from invitations.selectors import is_known_staff, is_same_human, recognised, recognised_by_name, students_named
from invitations.selectors.requests import member_of, requests_of, rules_of
from invitations.services.answers import answer_by_link
from invitations.services.applying import Application, send_request
from invitations.services.pupils import joined_deed, refuse_without_phone
from orgs.actor import actor_of
from orgs.audit import Deed, record
from orgs.models import STAFF_ROLES, Part, Person, Role, RoleAssignment, Unit
from orgs.services.newcomers import admit
from orgs.services.people import PersonData, absorb_roster_row, build_person, grant_role, link_account, tie_parent
from orgs.services.structure import enrol


@dataclass(frozen=True)
class JoinAnswers:
    """What the newcomer typed: the own name, and for a parent by a unit's link the child's."""

    last_name: str = ""
    first_name: str = ""
    patronymic: str = ""
    child_name: str = ""
    # The parent insists on the child's name although the roster does not know it.
    child_unknown_is_fine: bool = False


@dataclass(frozen=True)
class Joined:
    """What came of it: who one is now, where, and whether it was so before."""

    person: Person
    unit: Unit
    role: str
    already: bool = False
    children: tuple[Person, ...] = ()


def come_in(*, user: User, invitation: Invitation, generation: int, answers: JoinAnswers) -> Joined | JoinRequest:
    """Let `user` in like `redeem`, or, where staff have to be confirmed first, send the request that asks for it.

    The request keeps the link, whose end does not matter from then on; the link is used up by one when the request is
    accepted (INV-3, INV-9). Raises what `redeem` and `send_request` raise, `confirmation_needed` apart.
    """
    try:
        return redeem(user=user, invitation=invitation, generation=generation, answers=answers)
    except DomainError as error:
        if error.code != "confirmation_needed":
            raise
    waiting = requests_of(user, invitation.organization_id).filter(role=invitation.role, state=RequestState.PENDING)
    if found := waiting.first():
        return found
    unit = None if invitation.unit.is_staff_unit else invitation.unit
    names = (answers.last_name, answers.first_name, answers.patronymic)
    row = recognised(invitation, phone=user.phone or "")
    if row is not None and not answers.last_name:  # the page asks nobody for a name that the roster knows
        names = (row.last_name, row.first_name, row.patronymic)
    application = Application(invitation.role, *names, unit=unit)
    return send_request(user=user, organization=invitation.organization, application=application, invitation=invitation)


class _AlreadyJoined(Exception):
    """Rolls the transaction back: a second click must not use the link up."""


def redeem(*, user: User, invitation: Invitation, generation: int, answers: JoinAnswers) -> Joined:
    """Let `user` in by `invitation` (INV-1, INV-3, INV-11) and return what the user is now.

    Whoever joined by this link before is simply told so and uses nothing up. Raises `DomainError`: `link_expired`,
    `link_used_up`, `link_revoked`, `link_renewed`, `name_required`, `child_required`, `child_unknown`,
    `child_ambiguous`, `already_claimed`, `code_of_another`, `phone_not_confirmed`, `phone_needed`,
    and `confirmation_needed` for staff whom nobody has confirmed (INV-9): they ask first, see `come_in`. Correctness
    never waits for a job: an expired or used up link fails in the first statement and writes nothing.
    """
    if not user.is_confirmed:
        raise DomainError("phone_not_confirmed", _("Confirm your phone first."), status=403)
    refuse_without_phone(user, invitation)
    try:
        return _redeem(user, invitation, generation, answers)
    except _AlreadyJoined:
        person = Person.objects.get(organization_id=invitation.organization_id, user=user)
        return Joined(person, invitation.unit, invitation.role, already=True)
    except IntegrityError:
        # The same human used two links of one organization at once (person_once_per_organization): by now the other
        # one is through, so the second look finds a member.
        return _redeem(user, invitation, generation, answers)


@transaction.atomic
def _redeem(user: User, invitation: Invitation, generation: int, answers: JoinAnswers) -> Joined:
    now = timezone.now()
    # Who joins without the page (through the API) has opened the link all the same.
    taken = (
        Invitation.objects.redeemable(now)
        .filter(pk=invitation.pk, generation=generation)
        .update(uses=F("uses") + 1, opened_at=Coalesce("opened_at", now))
    )
    unit, earlier = _unit_and_earlier_use(user, invitation)
    if earlier is not None and (earlier.generation == generation or _still_holds(earlier, invitation)):
        raise _AlreadyJoined
    if not taken:
        raise _refusal(invitation, generation)
    invitation.unit = unit
    invitation.owner.organization = invitation.unit.organization = invitation.organization
    if not can_give(actor_of(invitation.owner), invitation):
        raise _error("link_revoked")
    if _needs_confirmation(user, invitation, answers):
        raise DomainError("confirmation_needed", _("The administrator confirms the staff first."))
    answer_by_link(user=user, invitation=invitation, now=now)
    person, children, deeds = _let_in(user, invitation, answers)
    use = earlier or InvitationUse(organization_id=invitation.organization_id, invitation=invitation, person=person)
    use.generation, use.at = generation, now
    use.claimed_child = "" if children else clean(answers.child_name)
    use.save()
    deeds.append(joined_deed(user, invitation, person))
    record(invitation.organization, person, deeds)
    return Joined(person, invitation.unit, invitation.role, children=children)


def _unit_and_earlier_use(user: User, invitation: Invitation) -> tuple[Unit, InvitationUse | None]:
    """Return where the link leads now, locked, and how the user has used it before; one statement for newcomers.

    The school year may have changed since the page was opened (ORG-9): nobody lands in a unit of the past.
    """
    unit: Any = _unit_of(same=invitation.pk, invitation=invitation.pk, user=user.pk)[0]
    if unit.use_id is None:
        return unit, None
    return unit, InvitationUse.objects.filter(invitation=invitation, person__user=user).first()


def _locked_unit(same: int, invitation: int, user: int) -> QuerySet[Unit]:
    uses = InvitationUse.objects.filter(invitation=invitation, person__user=user)
    units = Unit.objects.select_for_update(no_key=True, of=("self",)).annotate(use_id=Subquery(uses.values("pk")[:1]))
    return units.filter(invitations=same)


_unit_of: Prepared[Unit] = Prepared(_locked_unit, same=-1, invitation=-2, user=-3)


def _needs_confirmation(user: User, invitation: Invitation, answers: JoinAnswers) -> bool:
    """Whether a link for the staff is presented by somebody nobody has confirmed: a link goes from hand to hand.

    A personal code was given to one person, who stands on the roster: that is a confirmation.
    """
    if invitation.role not in STAFF_ROLES or invitation.person is not None:
        return False
    member = member_of(user, invitation.organization_id)
    if is_known_staff(member, invitation.role):
        return False
    if rules_of(invitation.organization_id).staff_review == StaffReview.EVERYONE:
        return True
    row = _roster_person(user, invitation, answers)
    if member is not None and row is not None and not is_same_human(member, row):
        return True  # two people with one phone
    return not is_known_staff(row, invitation.role)


def _still_holds(earlier: InvitationUse, invitation: Invitation) -> bool:
    """Whoever left and is given the renewed link comes back by it; whoever stayed uses nothing up."""
    return RoleAssignment.objects.filter(person_id=earlier.person_id, role=invitation.role, until=None).exists()


def _refusal(invitation: Invitation, generation: int) -> DomainError:
    invitation.refresh_from_db(fields=["generation", "revoked_at", "uses", "max_uses", "expires_at"])
    if invitation.generation != generation:
        return _error("link_renewed")
    codes = {State.REVOKED: "link_revoked", State.USED_UP: "link_used_up"}
    return _error(codes.get(invitation.state, "link_expired"))


def _error(code: str) -> DomainError:
    messages = {
        "link_renewed": _("This link was replaced by a new one."),
        "link_revoked": _("This link was annulled."),
        "link_used_up": _("Everybody this link was meant for has already joined."),
        "link_expired": _("This link has expired."),
    }
    return DomainError(code, messages[code])


def _let_in(user: User, invitation: Invitation, answers: JoinAnswers) -> tuple[Person, tuple[Person, ...], list[Deed]]:
    """Find the member or the roster person that `user` is, else make a new one; nobody is doubled.

    Returns the person, the children a parent was tied to, and what the journal still has to hold.
    """
    person = _known(user, invitation, answers)
    if person is not None:
        person.organization = invitation.organization
        return person, _enter(person, invitation, answers), []
    person = build_person(
        invitation.organization,
        PersonData(answers.last_name, answers.first_name, answers.patronymic, phone=user.phone or ""),
    )
    person.user, person.joined_at = user, timezone.now()
    child = invitation.student
    if invitation.role == Role.PARENT and child is None:
        child = _child_by_name(person, invitation.unit, answers)
    deeds = admit(person=person, role=invitation.role, unit=invitation.unit, child=child)
    return person, (child,) if child else (), deeds


def _known(user: User, invitation: Invitation, answers: JoinAnswers) -> Person | None:
    member = member_of(user, invitation.organization_id)
    roster = _roster_person(user, invitation, answers)
    if member is not None:
        member.organization = invitation.organization
        if roster is not None and roster.pk != member.pk:
            _absorb(roster, member, invitation)
    elif roster is not None and not link_account(person=roster, user_id=user.pk):
        raise DomainError("already_claimed", _("Somebody else has already joined by this code."))
    return member or roster


def _absorb(row: Person, member: Person, invitation: Invitation) -> None:
    """Two rows of one human become one. A row of another name stays: mother and child often share a phone."""
    if is_same_human(member, row):
        absorb_roster_row(actor=member, row=row, into=member)
    elif invitation.person is not None:
        message = _("This code is for %(name)s, and you have signed in as %(you)s.")
        values = {"name": row.full_name, "you": member.full_name}
        raise DomainError("code_of_another", message % values)


def _roster_person(user: User, invitation: Invitation, answers: JoinAnswers) -> Person | None:
    if invitation.person is not None and invitation.person.user_id not in (None, user.pk):
        raise DomainError("already_claimed", _("Somebody else has already joined by this code."))
    known = recognised(invitation, phone=user.phone or "")
    if known is not None or not answers.last_name or not answers.first_name:
        return known
    full_name = clean(f"{answers.last_name} {answers.first_name} {answers.patronymic}")
    has_patronymic = bool(answers.patronymic.strip())
    return recognised_by_name(invitation, full_name, has_patronymic=has_patronymic, phone=user.phone or "")


def _enter(person: Person, invitation: Invitation, answers: JoinAnswers) -> tuple[Person, ...]:
    """Give the role and the place the link promises (INV-1); return the children a parent was tied to."""
    unit, role = invitation.unit, invitation.role
    if role == Role.PARENT:
        return _enter_as_parent(person, invitation, answers)
    grant_role(actor=person, person=person, role=role)
    if role == Role.STUDENT:
        enrol(actor=person, people=[person], unit=unit, part=Part.STUDENT)
    elif not unit.is_staff_unit and role == Role.TEACHER and invitation.person is None:
        enrol(actor=person, people=[person], unit=unit, part=Part.TEACHER)
    return ()


def _enter_as_parent(person: Person, invitation: Invitation, answers: JoinAnswers) -> tuple[Person, ...]:
    grant_role(actor=person, person=person, role=Role.PARENT)
    child = invitation.student or _tied_child(person, invitation.unit)
    child = child or _child_by_name(person, invitation.unit, answers)
    if child is None:
        return ()
    child.organization = invitation.organization
    tie_parent(actor=person, parent=person, child=child)
    return (child,)


def _tied_child(person: Person, unit: Unit) -> Person | None:
    return Person.objects.filter(
        parent_links__parent=person, parent_links__until=None, enrolments__unit=unit, enrolments__until=None
    ).first()


def _child_by_name(person: Person, unit: Unit, answers: JoinAnswers) -> Person | None:
    if not answers.child_name.strip():
        message = _("Please write your child's last and first name.")
        raise DomainError("child_required", message, fields={"child_name": message}, status=400)
    found = [child for child in students_named(unit, answers.child_name) if child.pk != person.pk]
    if len(found) == 1:
        return found[0]
    if answers.child_unknown_is_fine:
        return None
    code, message = (
        ("child_ambiguous", _("There are several children with this name. Please add the patronymic."))
        if found
        else ("child_unknown", _("We have not found this child here. Please check the spelling."))
    )
    raise DomainError(code, message, fields={"child_name": message}, status=400)
