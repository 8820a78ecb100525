"""Who holds which right beyond the role («Права»)."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from orgs.capabilities import GRANTABLE_RIGHTS
from orgs.models import OrganizationUserObjectPermission, Person, Unit, UnitUserObjectPermission
from orgs.vocabulary import Vocabulary


@dataclass(frozen=True)
class HeldRight:
    """One right of one person, on a unit or (None) on the organization."""

    person: Person
    codename: str
    unit: Unit | None


@dataclass(frozen=True)
class RightElsewhere:
    """A right on something an upper floor holds: what it is called, and its page as a route with an id."""

    person: Person
    codename: str
    thing: str
    page: tuple[str, int]


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


def rights_elsewhere(organization_id: int, words: Vocabulary) -> list[RightElsewhere]:
    """Return the rights granted on what upper floors hold (`settings.RIGHTS_ELSEWHERE`), by person."""
    held = [right for path in settings.RIGHTS_ELSEWHERE for right in import_string(path)(organization_id, words)]
    return sorted(held, key=lambda right: (right.person.search_name, right.thing))
