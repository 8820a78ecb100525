"""The roster: people, their roles, their families."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.events import publish
from common.text import clean, normalise
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import (
    STAFF_ROLES,
    Enrolment,
    Guardianship,
    Organization,
    Part,
    Person,
    Role,
    RoleAssignment,
    Verification,
)
from orgs.selectors.organizations import today_in
from orgs.selectors.units import staff_unit_of
from orgs.services.verification import confirm_joined, confirmation_of, holds_staff_role, release

PARTS_OF_ROLE = {Role.STUDENT: {Part.STUDENT}, Role.TEACHER: {Part.TEACHER, Part.LEADER}}


@dataclass(frozen=True)
class PersonData:
    """What the roster holds about a person; `phone` in E.164 or empty."""

    last_name: str
    first_name: str
    patronymic: str = ""
    phone: str = ""
    email: str = ""
    position: str = ""
    birth_date: date | None = None


@transaction.atomic
def add_person(
    *, organization: Organization, actor: Actor | Person | None, data: PersonData, roles: Collection[str]
) -> Person:
    """Put a person on the roster with `roles` (ORG-4) and return the person.

    Raises `DomainError` when the name is empty.
    """
    person = build_person(organization, data)
    person.save()
    record(organization, actor, [Deed(Action.PERSON_ADDED, person)])
    for role in roles:
        grant_role(actor=actor, person=person, role=role)
    return person


def build_person(organization: Organization, data: PersonData) -> Person:
    """Return an unsaved person with cleaned values and the search key in step with the name.

    Raises `DomainError("name_required")` when the last or the first name is empty.
    """
    person = Person(organization=organization)
    _fill(person, data)
    return person


def _fill(person: Person, data: PersonData) -> None:
    for name, value in asdict(data).items():
        setattr(person, name, clean(value) if isinstance(value, str) else value)
    if not person.last_name or not person.first_name:
        fields = {name: _("Please fill this in.") for name in ("last_name", "first_name") if not getattr(person, name)}
        raise DomainError("name_required", _("A person needs a last name and a first name."), fields=fields, status=400)
    # Folding can lengthen (ß → ss); the column has room for the longest Russian name.
    person.search_name = normalise(person.full_name)[:250]


@transaction.atomic
def update_person(*, actor: Actor, person: Person, data: PersonData) -> Person:
    """Correct a person's data (ORG-7); what did not change is not written into the journal."""
    before = {name: getattr(person, name) for name in asdict(data)}
    _fill(person, data)
    changed = [name for name, value in before.items() if getattr(person, name) != value]
    if changed:
        person.save()
        record(person.organization, actor, [Deed(Action.PERSON_CHANGED, person, details={"fields": changed})])
    return person


@transaction.atomic
def grant_role(*, actor: Actor | Person | None, person: Person, role: str) -> RoleAssignment:
    """Give a person a role from now on; a role already held stays as it is.

    Staff also enter the system staff unit (ORG-2).
    """
    assignment, is_new = RoleAssignment.objects.get_or_create(
        organization_id=person.organization_id, person=person, role=role, until=None
    )
    if is_new:
        record(person.organization, actor, [Deed(Action.ROLE_GRANTED, person, details={"role": str(role)})])
        if role in STAFF_ROLES:
            _enter_staff_unit(person)
            confirm_joined([person])
        publish("orgs.membership_changed", person=person)
    return assignment


@transaction.atomic
def end_role(*, actor: Actor | Person | None, person: Person, role: str) -> None:
    """Take a role away: what hangs on it (parts in units, children, links) ends with it; the past stays.

    Raises `DomainError("last_administrator")` for the last administrator (REG-6).
    """
    if role == Role.ADMINISTRATOR:
        protect_last_administrator(person)
    ended = RoleAssignment.objects.filter(person=person, role=role, until=None).update(until=timezone.now())
    if not ended:
        return
    record(person.organization, actor, [Deed(Action.ROLE_ENDED, person, details={"role": str(role)})])
    _end_what_hangs_on(role, person)
    publish("orgs.role_ended", person=person)
    publish("orgs.membership_changed", person=person)


def _end_what_hangs_on(role: str, person: Person) -> None:
    today = today_in(person.organization)
    open_parts = Enrolment.objects.filter(person=person, until=None)
    if parts := PARTS_OF_ROLE.get(Role(role)):
        _close(open_parts.filter(part__in=parts).exclude(unit__kind="staff"), today)
    if role == Role.PARENT:
        Guardianship.objects.filter(parent=person, until=None).update(until=timezone.now())
    still_staff = RoleAssignment.objects.filter(person=person, role__in=STAFF_ROLES, until=None).exists()
    if role in STAFF_ROLES and not still_staff:
        _close(open_parts.filter(unit__kind="staff"), today)
        release([person])
        if person.verification == Verification.CONFIRMED:
            person.verification, person.verified_at = Verification.NOT_CONFIRMED, None


def _close(enrolments: QuerySet[Enrolment], today: date) -> None:
    # One that would have begun later ends on its first day: no row may end before it starts.
    enrolments.update(until=Greatest("since", Value(today)))


def protect_last_administrator(*leaving: Person) -> None:
    """Raise `DomainError("last_administrator")` unless an administrator who has joined remains beside `leaving`, people
    of one organization.

    The organization's row is locked first: two administrators leaving at once are put in a row (REG-6).
    """
    organization_id = leaving[0].organization_id
    Organization.objects.select_for_update().get(pk=organization_id)
    others = RoleAssignment.objects.filter(
        organization_id=organization_id, role=Role.ADMINISTRATOR, until=None, person__user__isnull=False
    ).exclude(person__in=leaving)
    if not others.exists():
        raise DomainError(
            "last_administrator",
            _("This is the only administrator. Appoint another one or hand the duty over first."),
        )


@transaction.atomic
def set_roles(*, actor: Actor, person: Person, roles: Collection[str]) -> None:
    """Change a person's roles in place (ORG-4): nothing is deleted, nobody is invited again.

    Raises `DomainError("last_administrator")` when the last administrator would lose the role, and
    `DomainError("appoint_after_joining")` when somebody without an account would become an administrator.
    """
    now = set(RoleAssignment.objects.filter(person=person, until=None).values_list("role", flat=True))
    if Role.ADMINISTRATOR in set(roles) - now and not person.has_joined:
        raise DomainError("appoint_after_joining", _("Only somebody who has joined can become an administrator."))
    for role in sorted(set(roles) - now):
        grant_role(actor=actor, person=person, role=role)
    for role in sorted(now - set(roles)):
        end_role(actor=actor, person=person, role=role)


@transaction.atomic
def tie_parent(*, actor: Actor | Person | None, parent: Person, child: Person) -> Guardianship:
    """Make `parent` a legal representative of `child` (ORG-10) with the parent's role; already tied stays tied."""
    if parent.pk == child.pk or parent.organization_id != child.organization_id:
        raise DomainError("wrong_family", _("Choose another person: nobody is their own parent."), status=400)
    grant_role(actor=actor, person=parent, role=Role.PARENT)
    link, is_new = Guardianship.objects.get_or_create(
        organization_id=parent.organization_id, parent=parent, child=child, until=None
    )
    if is_new:
        record(parent.organization, actor, [Deed(Action.PARENT_TIED, parent, details={"other": child.full_name})])
        publish("orgs.membership_changed", person=parent)
    return link


@transaction.atomic
def untie_parent(*, actor: Actor, parent: Person, child: Person) -> None:
    """End the tie between a parent and a child; the parent's role stays."""
    ended = Guardianship.objects.filter(parent=parent, child=child, until=None).update(until=timezone.now())
    if ended:
        record(parent.organization, actor, [Deed(Action.PARENT_UNTIED, parent, details={"other": child.full_name})])
        publish("orgs.membership_changed", person=parent)


@transaction.atomic
def link_account(*, person: Person, user_id: int) -> bool:
    """Give a roster person the account `user_id`; False when somebody else claimed the person meanwhile.

    Staff of the roster are confirmed by it (INV-9). The condition stands in the statement, so two tries at once cannot
    both win.
    """
    try:
        with transaction.atomic():
            claimed = Person.objects.filter(pk=person.pk, user=None, merged_into=None).update(
                user_id=user_id,
                joined_at=timezone.now(),
                account_deleted_at=None,
                **confirmation_of(holds_staff_role()),
            )
    except IntegrityError:  # person_once_per_organization: the account already is somebody here
        return False
    if claimed:
        person.user_id = user_id
    return bool(claimed)


@transaction.atomic
def absorb_roster_row(*, actor: Actor | Person | None, row: Person, into: Person) -> None:
    """Move everything a not yet claimed roster row holds to `into`, the same human who joined under another row.

    Roles, parts and children are opened anew on `into` and ended on `row`, which stays with `merged_into` set.
    Raises `DomainError("already_claimed")` when the row has an account of its own.
    """
    claimed = Person.objects.filter(pk=row.pk, user=None, merged_into=None).update(merged_into=into)
    if not claimed:
        raise DomainError("already_claimed", _("Somebody else has already joined by this code."))
    for role in RoleAssignment.objects.filter(person=row, until=None).values_list("role", flat=True):
        grant_role(actor=actor, person=into, role=role)
    _move_enrolments(row, into)
    _move_children(row, into)
    RoleAssignment.objects.filter(person=row, until=None).update(until=timezone.now())
    deed = Deed(Action.PERSON_RECOGNISED, into, details={"other": row.full_name})
    record(into.organization, actor, [deed])
    publish("orgs.membership_changed", person=into)


def _move_enrolments(row: Person, into: Person) -> None:
    held = set(Enrolment.objects.filter(person=into, until=None).values_list("unit_id", "part"))
    moving = Enrolment.objects.filter(person=row, until=None)
    Enrolment.objects.bulk_create(
        Enrolment(
            organization_id=into.organization_id, person=into, unit_id=old.unit_id, part=old.part, since=old.since
        )
        for old in moving
        if (old.unit_id, old.part) not in held
    )
    _close(moving, today_in(into.organization))


def _move_children(row: Person, into: Person) -> None:
    for link in Guardianship.objects.filter(parent=row, until=None).exclude(child=into):
        Guardianship.objects.get_or_create(
            organization_id=into.organization_id, parent=into, child_id=link.child_id, until=None
        )
    Guardianship.objects.filter(parent=row, until=None).update(until=timezone.now())


def _enter_staff_unit(person: Person) -> None:
    Enrolment.objects.get_or_create(
        organization_id=person.organization_id,
        person=person,
        unit=staff_unit_of(person.organization),
        part=Part.TEACHER,
        until=None,
        defaults={"since": today_in(person.organization)},
    )


@transaction.atomic
def grant_role_to_many(*, actor: Actor, people: Iterable[Person], role: str) -> int:
    """Give `role` to each of `people`; return how many did not hold it before."""
    changed = 0
    for person in people:
        held = RoleAssignment.objects.filter(person=person, role=role, until=None).exists()
        if not held:
            grant_role(actor=actor, person=person, role=role)
            changed += 1
    return changed
