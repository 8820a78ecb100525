"""The applicant's side of a request: sent, corrected, taken back (INV-6). Whoever waits has no role."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import DomainError
from common.text import clean, normalise
from invitations.models import ROLES_ASKED, Invitation, JoinRequest, RequestState
from invitations.selectors.requests import member_of, roles_held_by
from orgs.audit import Action, Deed, record
from orgs.models import STAFF_ROLES, Organization, Person, Role, Unit, Verification
from orgs.permissions import UNIT_ROLES
from orgs.services.verification import before, move


@dataclass(frozen=True)
class Application:
    """What the applicant typed."""

    role: str
    last_name: str = ""
    first_name: str = ""
    patronymic: str = ""
    unit: Unit | None = None
    child_name: str = ""
    child_birth_date: date | None = None
    message: str = ""


@transaction.atomic
def send_request(
    *, user: User, organization: Organization, application: Application, invitation: Invitation | None = None
) -> JoinRequest:
    """Ask the organization to let `user` in (INV-6) and return the request that waits; nothing is given by it.

    Raises `DomainError`: `phone_not_confirmed`, `request_waiting` (one for this role waits already), `already_member`,
    `role_not_asked`, `name_required`, `unit_required`, `child_required`.
    """
    if not user.is_confirmed:
        raise DomainError("phone_not_confirmed", _("Confirm your phone first."), status=403)
    refuse_role_without_phone(user, application.role)
    member = member_of(user, organization.pk)
    request = JoinRequest(organization=organization, user=user, person=member, invitation=invitation)
    _fill(request, application, member)
    if application.role in roles_held_by(user, organization.pk) and application.role != Role.PARENT:
        raise DomainError("already_member", _("You have this role here already."))
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError as error:  # join_request_one_waiting
        raise DomainError("request_waiting", _("Your request is waiting for an answer already.")) from error
    put_on_review(request)
    details = {"name": request.full_name, "role": request.role}
    record(organization, member, [Deed(Action.REQUEST_SENT, member, request.unit, details=details)])
    return request


@transaction.atomic
def correct_request(*, user: User, request: JoinRequest, application: Application) -> JoinRequest:
    """Correct a request that still waits; its age stays.

    Raises `DomainError`: `request_decided` when it was answered meanwhile, and those of `send_request`.
    """
    refuse_role_without_phone(user, application.role)
    asked_before = request.role
    _fill(request, application, request.person)
    if application.role != asked_before and application.role in roles_held_by(user, request.organization_id):
        raise DomainError("already_member", _("You have this role here already."))
    names = ("last_name", "first_name", "patronymic", "search_name", "role", "unit", "child_name", "child_birth_date")
    values = {name: getattr(request, name) for name in (*names, "message")}
    try:
        with transaction.atomic():
            changed = JoinRequest.objects.filter(pk=request.pk, user=user, state=RequestState.PENDING).update(**values)
    except IntegrityError as error:
        raise DomainError("request_waiting", _("Your request is waiting for an answer already.")) from error
    if not changed:
        raise decided_meanwhile()
    put_on_review(request)
    return request


@transaction.atomic
def withdraw_request(*, user: User, request: JoinRequest) -> None:
    """Take an own request back while it waits. Raises `DomainError("request_decided")`."""
    changed = JoinRequest.objects.filter(pk=request.pk, user=user, state=RequestState.PENDING).update(
        state=RequestState.WITHDRAWN, decided_at=timezone.now()
    )
    if not changed:
        raise decided_meanwhile()
    request.state = RequestState.WITHDRAWN
    take_off_review(request)
    details = {"name": request.full_name, "role": request.role}
    record(request.organization, request.person, [Deed(Action.REQUEST_WITHDRAWN, request.person, details=details)])


def refuse_role_without_phone(user: User, role: str) -> None:
    """Raise `DomainError("phone_needed")` when a child without a phone asks to be anything but a student (INV-7)."""
    if user.phone is None and role != Role.STUDENT:
        text = _("Only whoever signs in with a phone of their own can be this.")
        raise DomainError("phone_needed", text, fields={"role": text}, status=403)


def decided_meanwhile() -> DomainError:
    """Return the refusal for whoever comes second."""
    return DomainError("request_decided", _("This request has been answered already."))


def put_on_review(request: JoinRequest) -> None:
    """A member who asks for a role of staff is on review, unless confirmed already (INV-9)."""
    person = request.person
    if person is None or request.role not in STAFF_ROLES:
        return
    if person.verification in before(Verification.ON_REVIEW):
        move(person=person, to=Verification.ON_REVIEW)


def take_off_review(request: JoinRequest) -> None:
    """Nothing is asked any more: the status is what it was, not confirmed."""
    if not _is_on_review(request):
        return
    assert request.person is not None  # noqa: S101 - see the line above
    move(person=request.person, to=Verification.NOT_CONFIRMED)


def refuse_on_review(request: JoinRequest, reason: str) -> None:
    """A member whose request for a role of staff was refused is told why (INV-9)."""
    if not _is_on_review(request):
        return
    assert request.person is not None  # noqa: S101 - see the line above
    move(person=request.person, to=Verification.REJECTED, reason=reason)


def _is_on_review(request: JoinRequest) -> bool:
    """Another request for a role of staff may still wait: then the review goes on."""
    if request.person is None or request.role not in STAFF_ROLES:
        return False
    others = JoinRequest.objects.filter(person=request.person, role__in=STAFF_ROLES, state=RequestState.PENDING)
    if others.exclude(pk=request.pk).exists():
        return False
    # Locked: whoever accepts the other request of this person at this moment confirms first or afterwards.
    person = Person.objects.select_for_update().get(pk=request.person.pk)
    request.person.verification = person.verification
    return person.verification == Verification.ON_REVIEW


def _fill(request: JoinRequest, application: Application, member: Person | None) -> None:
    if application.role not in ROLES_ASKED:
        raise _wrong("role_not_asked", "role", _("Choose who you are."))
    if application.role in UNIT_ROLES and application.unit is None and request.invitation is None:
        raise _wrong("unit_required", "unit", _("Choose where."))
    if application.role == Role.PARENT and len(clean(application.child_name).split()) < 2:
        raise _wrong("child_required", "child_name", _("Please write your child's last and first name."))
    names = member or application
    for name in ("last_name", "first_name", "patronymic"):
        setattr(request, name, clean(getattr(names, name)))
    if not request.last_name or not request.first_name:
        text = _("A person needs a last name and a first name.")
        fields = {name: text for name in ("last_name", "first_name") if not getattr(request, name)}
        raise DomainError("name_required", text, fields=fields, status=400)
    request.search_name = normalise(request.full_name)[:250]
    request.role, request.unit = application.role, application.unit
    is_parent = application.role == Role.PARENT
    request.child_name = clean(application.child_name) if is_parent else ""
    request.child_birth_date = application.child_birth_date if is_parent else None
    request.message = clean(application.message)[:500]


def _wrong(code: str, field: str, text: str) -> DomainError:
    return DomainError(code, text, fields={field: text}, status=400)
