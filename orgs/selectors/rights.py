"""Who holds which right beyond the role («Права»)."""

from dataclasses import dataclass

from orgs.capabilities import GRANTABLE_RIGHTS
from orgs.models import OrganizationUserObjectPermission, Person, Unit, UnitUserObjectPermission


@dataclass(frozen=True)
class HeldRight:
    """One right of one person, on a unit or (None) on the organization."""

    person: Person
    codename: str
    unit: Unit | None


def held_rights(organization_id: int) -> list[HeldRight]:
    """Return all rights granted in the organization, by person; three queries whatever their number."""
    on_units = UnitUserObjectPermission.objects.filter(
        content_object__organization_id=organization_id, permission__codename__in=GRANTABLE_RIGHTS
    ).select_related("content_object", "permission")
    on_organization = OrganizationUserObjectPermission.objects.filter(
        content_object_id=organization_id, permission__codename__in=GRANTABLE_RIGHTS
    ).select_related("permission")
    rows: list[tuple[int, str, Unit | None]] = [
        (row.user_id, row.permission.codename, row.content_object) for row in on_units
    ]
    rows += [(row.user_id, row.permission.codename, None) for row in on_organization]
    users = {user_id for user_id, *_ in rows}
    people = {
        person.user_id: person for person in Person.objects.filter(organization_id=organization_id, user_id__in=users)
    }
    held = [HeldRight(people[user_id], codename, unit) for user_id, codename, unit in rows if user_id in people]
    return sorted(held, key=lambda right: (right.person.search_name, right.codename))
