"""Who stands at the door: somebody of the roster, a member, or somebody nobody knows."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.db.models import Q, QuerySet

from accounts.models import User
from common.prepared import Prepared
from common.text import normalise
from invitations.models import Invitation, InvitationUse
from invitations.selectors.requests import member_of
from orgs.models import STAFF_ROLES, Enrolment, Guardianship, Part, Person, Role, RoleAssignment, Unit


def students_named(unit: Unit, text: str) -> list[Person]:
    """Return the unit's students whose name has every word of `text` (two words at least), case and ё/е aside."""
    words = set(normalise(text).split())
    if len(words) < 2:
        return []
    enrolments = Enrolment.objects.filter(unit=unit, part=Part.STUDENT, until=None).select_related("person")
    return [row.person for row in enrolments if words <= set(row.person.search_name.split())]


def recognised(invitation: Invitation, *, phone: str) -> Person | None:
    """Return the roster person (without an account) that the newcomer is: by personal code, else by phone.

    A student's row often holds a parent's number, so it is matched by student links only. Pupils who sign in with a
    parent's e-mail have no number to be recognised by.
    """
    if invitation.person is not None:
        return invitation.person if not invitation.person.has_joined else None
    if not phone:
        return None
    by_phone = _by_phone(is_student=invitation.role == Role.STUDENT)
    return _single(by_phone(organization=invitation.organization_id, phone=phone))


@cache
def _by_phone(*, is_student: bool) -> Prepared[Person]:
    roles = [role for role in Role if (role == Role.STUDENT) == is_student]
    return Prepared(
        lambda organization, phone: _unclaimed(organization, roles).filter(phone=phone)[:2],
        organization=-1,
        phone="~phone~",
    )


def recognised_by_name(invitation: Invitation, full_name: str, *, has_patronymic: bool, phone: str) -> Person | None:
    """Return the one roster person of the link's role with this name and without an account.

    A row that holds another phone belongs to somebody else of the same name.
    """
    name = normalise(full_name)
    same = Q(search_name=name) if has_patronymic else Q(search_name=name) | Q(search_name__startswith=f"{name} ")
    people = _unclaimed(invitation.organization_id, [Role(invitation.role)]).filter(same, phone__in=["", phone])
    if invitation.role == Role.STUDENT:
        people = people.filter(enrolments__unit=invitation.unit, enrolments__until=None)
    if invitation.role == Role.PARENT:
        children = Enrolment.objects.filter(unit=invitation.unit, part=Part.STUDENT, until=None)
        people = people.filter(child_links__child__in=children.values("person_id"), child_links__until=None)
    return _single(people.distinct()[:2])


def is_known_staff(person: Person | None, role: str) -> bool:
    """Tell whether `person` is on the roster today as what a link for staff gives (INV-9).

    Whoever leads the organization or its platform may also be a teacher; only a head is a head.
    """
    enough = [Role.HEAD, Role.ADMINISTRATOR] if role == Role.HEAD else list(STAFF_ROLES)
    if person is None:
        return False
    return RoleAssignment.objects.filter(person=person, role__in=enough, until=None).exists()


def is_same_human(one: Person, other: Person) -> bool:
    """Tell whether two rows bear the name of one human; a surname may have changed, a patronymic be missing."""
    if normalise(one.first_name) != normalise(other.first_name):
        return False
    one_patronymic, other_patronymic = normalise(one.patronymic), normalise(other.patronymic)
    same_patronymic = one_patronymic == other_patronymic
    if normalise(one.last_name) == normalise(other.last_name):
        return same_patronymic or not (one_patronymic and other_patronymic)
    return same_patronymic and bool(one_patronymic)


def _unclaimed(organization_id: int, roles: list[Role]) -> QuerySet[Person]:
    return Person.objects.filter(
        organization_id=organization_id,
        user=None,
        merged_into=None,
        roles__until=None,
        roles__role__in=roles,
    ).distinct()


def _single(people: Iterable[Person]) -> Person | None:
    found = list(people)
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class Newcomer:
    """What is known of whoever stands at the door with an open link."""

    member: Person | None
    roster: Person | None
    has_child: bool

    @property
    def person(self) -> Person | None:
        return self.member or self.roster


def who_comes(invitation: Invitation, user: User) -> Newcomer:
    """Find out whether the user is a member, or somebody of the roster, and whether a parent's child is known."""
    member = member_of(user, invitation.organization_id)
    roster = recognised(invitation, phone=user.phone or "")
    person = member or roster
    has_child = invitation.student is not None
    if person is not None and invitation.role == Role.PARENT and not has_child:
        has_child = Person.objects.filter(
            parent_links__parent=person,
            parent_links__until=None,
            enrolments__unit=invitation.unit_id,
            enrolments__until=None,
        ).exists()
    return Newcomer(member, roster, has_child)


def is_parent_of(person: Person, child: Person | None) -> bool:
    """Tell whether `person` is tied to `child` already."""
    return child is not None and Guardianship.objects.filter(parent=person, child=child, until=None).exists()


def names_of(user: User) -> Person | None:
    """Return how the user is called in another organization, to fill the form in."""
    found = _elsewhere(user=user.pk)
    return found[0] if found else None


_elsewhere: Prepared[Person] = Prepared(
    lambda user: Person.objects.filter(user=user, merged_into=None).order_by("-joined_at")[:1], user=-1
)


def use_by(invitation: Invitation, user: User) -> InvitationUse | None:
    """Return how the user joined by this link before, the person loaded."""
    found = _uses(invitation=invitation.pk, user=user.pk)
    return found[0] if found else None


_uses: Prepared[InvitationUse] = Prepared(
    lambda invitation, user: (
        InvitationUse.objects.filter(invitation=invitation, person__user=user)
        .select_related("person")
        .order_by("pk")[:1]
    ),
    invitation=-1,
    user=-2,
)
