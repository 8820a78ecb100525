"""Making links: for units, for one family, personal codes for printing."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError, require
from invitations.models import Invitation
from invitations.services.terms import CODE_DAYS, FAMILY_USES, LinkTerms, end_of_day
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import Enrolment, Part, Person, Role, Unit
from orgs.permissions import can_invite, can_invite_family


@transaction.atomic
def create_links(*, actor: Actor, units: Collection[Unit], role: str, terms: LinkTerms) -> list[Invitation]:
    """Make one link for each of `units` (INV-1); the number of statements does not grow with them.

    Raises `PermissionDenied` when the actor may not invite into one of them, `DomainError("bad_terms")`.
    """
    terms.check()
    for unit in units:
        require(can_invite(actor, unit, role))
    now = timezone.now()
    expires_at = end_of_day(actor.organization, now, terms.days)
    links = Invitation.objects.bulk_create(
        Invitation(
            organization=actor.organization,
            unit=unit,
            role=role,
            owner=actor.person,
            max_uses=terms.max_uses,
            created_at=now,
            expires_at=expires_at,
        )
        for unit in units
    )
    record(actor.organization, actor, [_created(link) for link in links])
    return links


def _created(link: Invitation) -> Deed:
    details = {"number": link.pk, "role": str(link.role)}
    return Deed(Action.INVITATION_CREATED, link.person or link.student, link.unit, details=details)


@transaction.atomic
def create_family_link(*, actor: Actor, child: Person) -> Invitation:
    """Return the working link by which parents of `child` join (INV-8); made once, then found again.

    Raises `PermissionDenied` for anybody but the child, its parents and those who may invite parents into the unit;
    `DomainError("child_without_unit")` when the child is in no unit.
    """
    units = Unit.objects.active().filter(
        enrolments__person=child, enrolments__part=Part.STUDENT, enrolments__until=None
    )
    places = list(units.order_by("kind", "id"))
    if not places:
        raise DomainError("child_without_unit", _("The child is in no class or group yet."))
    allowed = places if can_invite_family(actor, child) else [u for u in places if can_invite(actor, u, Role.PARENT)]
    require(bool(allowed))
    home = allowed[0]
    return _codes(actor, home, [child], for_families=True)[0]


@transaction.atomic
def ensure_codes(*, actor: Actor, unit: Unit, role: str, people: Sequence[Person] | None = None) -> list[Invitation]:
    """Return one working personal code for each student of `unit` (INV-5): role `student` for themselves (those who
    have not joined), role `parent` for their families. Codes that still work are found again, so printing twice
    gives the same strips.

    Raises `PermissionDenied`.
    """
    require(can_invite(actor, unit, role) and role in (Role.STUDENT, Role.PARENT))
    enrolments = Enrolment.objects.filter(unit=unit, part=Part.STUDENT, until=None).select_related("person")
    students = [row.person for row in enrolments.order_by("person__search_name", "person_id")]
    if people is not None:
        wanted = {person.pk for person in people}
        students = [student for student in students if student.pk in wanted]
    if role == Role.STUDENT:
        students = [student for student in students if not student.has_joined]
    return _codes(actor, unit, students, for_families=role == Role.PARENT)


def _codes(actor: Actor, unit: Unit, students: Sequence[Person], *, for_families: bool) -> list[Invitation]:
    key = "student" if for_families else "person"
    now = timezone.now()
    expires_at = end_of_day(actor.organization, now, CODE_DAYS)
    existing = (
        Invitation.objects.redeemable(now)
        .filter(**{f"{key}__in": students}, unit=unit, expires_at__gt=now + timedelta(days=1))
        .select_related("unit", "organization")
        .order_by("id")
    )
    found = {getattr(link, f"{key}_id"): link for link in existing}
    missing = [
        Invitation(
            organization=actor.organization,
            unit=unit,
            role=Role.PARENT if for_families else Role.STUDENT,
            owner=actor.person,
            max_uses=FAMILY_USES if for_families else 1,
            created_at=now,
            expires_at=expires_at,
            **{key: student},
        )
        for student in students
        if student.pk not in found
    ]
    created = Invitation.objects.bulk_create(missing)
    record(actor.organization, actor, [_created(link) for link in created])
    found |= {getattr(link, f"{key}_id"): link for link in created}
    for student in students:
        setattr(found[student.pk], key, student)  # loaded already: what is printed asks the database nothing more
    return [found[student.pk] for student in students]


@transaction.atomic
def create_staff_codes(*, actor: Actor, unit: Unit, people: Sequence[Person]) -> list[Invitation]:
    """Return a working personal code for each staff member of `people` who has not joined (INV-2, INV-5).

    Raises `PermissionDenied`.
    """
    require(can_invite(actor, unit, Role.TEACHER))
    now = timezone.now()
    expires_at = end_of_day(actor.organization, now, CODE_DAYS)
    waiting = [person for person in people if not person.has_joined]
    existing = Invitation.objects.redeemable(now).filter(person__in=waiting, role=Role.TEACHER)
    found = {link.person_id: link for link in existing.select_related("unit", "organization", "person")}
    created = Invitation.objects.bulk_create(
        Invitation(
            organization=actor.organization,
            unit=unit,
            role=Role.TEACHER,
            person=person,
            owner=actor.person,
            max_uses=1,
            created_at=now,
            expires_at=expires_at,
        )
        for person in waiting
        if person.pk not in found
    )
    record(actor.organization, actor, [_created(link) for link in created])
    found |= {link.person_id: link for link in created}
    return [found[person.pk] for person in waiting]
