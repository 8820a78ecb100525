"""How users are called, where they learn and belong, for those at the door (INV-7). See `accounts.places`."""

from collections.abc import Collection

from accounts.places import Place
from orgs.models import Enrolment, Part, Person, RoleAssignment


def places_of(user_ids: Collection[int]) -> dict[int, Place]:
    """Return {user: name and «organization, class»} for those of `user_ids` who are somebody somewhere; two queries.

    Only for whoever has shown by a code that these users are theirs: it looks across organizations.
    """
    people = list(
        Person.objects.filter(user_id__in=user_ids, merged_into=None, roles__until=None)
        .select_related("organization")
        .order_by("-joined_at", "pk")
        .distinct()
    )
    studied = Enrolment.objects.filter(person__in=people, part=Part.STUDENT, until=None, unit__archived_at=None)
    units: dict[int, list[str]] = {}
    for person_id, name in studied.order_by("unit__sort_key").values_list("person_id", "unit__name"):
        units.setdefault(person_id, []).append(name)
    names: dict[int, str] = {}
    where: dict[int, list[str]] = {}
    for person in people:
        user_id = person.user_id or 0
        names.setdefault(user_id, person.full_name)
        line = ", ".join([person.organization.short_name, *units.get(person.pk, [])])
        where.setdefault(user_id, []).append(line)
    return {user_id: Place(name, tuple(where[user_id])) for user_id, name in names.items()}


def organizations_of(user_id: int) -> list[int]:
    """Return the ids of the organizations in which a user has a role today; one query."""
    roles = RoleAssignment.objects.filter(person__user=user_id, person__merged_into=None, until=None)
    return list(roles.order_by("organization_id").values_list("organization_id", flat=True).distinct())
