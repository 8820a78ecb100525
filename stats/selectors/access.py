"""Who sees the statistics of an organization: by role, by a grant, and as a curator from outside (STAT-1, STAT-7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from orgs.actor import Actor
from orgs.audit import Action
from orgs.models import AuditEvent, Organization, OrganizationUserObjectPermission, Person, Role, RoleAssignment
from orgs.permissions import SEE_STATISTICS
from orgs.selectors.people import find_people, joined_staff_of
from stats.models import Curatorship

# Whose role alone lets them see, in the order of a page.
BY_ROLE = (Role.HEAD, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Holder:
    """Somebody of the staff to whom the right was granted; by whom and when, as the journal tells."""

    person: Person
    granted_at: datetime | None
    # Empty: the platform's operator, or granted before the journal told.
    granted_by: str


@dataclass(frozen=True)
class SeesByRole:
    """Somebody with an account who leads or administers the organization."""

    person: Person
    role: str


def sees_by_role(organization: Organization) -> list[SeesByRole]:
    """Return heads, and administrators while the organization lets them, each once, by role and name; one query."""
    roles = BY_ROLE if organization.administrators_see_statistics else BY_ROLE[:1]
    held = (
        RoleAssignment.objects.filter(organization_id=organization.pk, role__in=roles, until=None)
        .filter(person__user__isnull=False, person__merged_into=None)
        .select_related("person")
        .order_by("person__search_name", "person_id")
    )
    found: dict[int, SeesByRole] = {}
    for role in roles:
        for assignment in held:
            if assignment.role == role:
                found.setdefault(assignment.person_id, SeesByRole(assignment.person, role))
    return list(found.values())


def holders_of(organization: Organization) -> list[Holder]:
    """Return the staff to whom the right to see the statistics was granted, by name; two queries (STAT-1)."""
    people = list(joined_staff_of(organization.pk).filter(user_id__in=_granted_users(organization)))
    told = _grants_of(organization, [person.pk for person in people])
    return [_holder(person, told.get(person.pk)) for person in people]


def _granted_users(organization: Organization) -> QuerySet[OrganizationUserObjectPermission, int]:
    granted = OrganizationUserObjectPermission.objects.filter(
        content_object_id=organization.pk, permission__codename=SEE_STATISTICS
    )
    return granted.values_list("user_id", flat=True)


def _grants_of(organization: Organization, people: Iterable[int]) -> Mapping[int | None, AuditEvent]:
    """The latest line of the journal about the grant, by person."""
    lines = AuditEvent.objects.filter(
        organization_id=organization.pk,
        person_id__in=list(people),
        action=Action.RIGHT_GRANTED,
        details__right=SEE_STATISTICS,
    )
    return {line.person_id: line for line in lines.order_by("id")}


def _holder(person: Person, line: AuditEvent | None) -> Holder:
    return Holder(person, line.at, line.actor_name) if line is not None else Holder(person, None, "")


def holds_right(organization: Organization, person: Person) -> bool:
    """Tell whether the right is granted to `person`, whatever their roles are."""
    return person.user_id is not None and _granted_users(organization).filter(user_id=person.user_id).exists()


def candidates(actor: Actor, text: str) -> QuerySet[Person]:
    """Return the staff with an account whose name holds `text` and who neither lead nor hold the right already."""
    organization = actor.organization
    heads = RoleAssignment.objects.filter(organization_id=organization.pk, role=Role.HEAD, until=None)
    found = find_people(actor, text, joined=True).filter(
        pk__in=joined_staff_of(organization.pk).order_by().values("pk")
    )
    return found.exclude(pk__in=heads.values("person_id")).exclude(user_id__in=_granted_users(organization))


def curators_of(organization: Organization) -> list[Curatorship]:
    """Return who sees the organization's aggregates from outside today, the latest last; one query (STAT-7)."""
    present = Curatorship.objects.filter(organization_id=organization.pk, until=None)
    return list(present.select_related("user").order_by("since", "id"))
