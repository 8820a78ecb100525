"""What an account is in each organization (ACC-2), for the page on which it is deleted."""

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string

from accounts.holdings import Held
from orgs.models import Person, Role, RoleAssignment


def places_held(user_id: int) -> list[Held]:
    """Return what the user is in each organization, with the numbers of what stays there (`settings.WRITTEN_BY`).

    Only for whoever has shown to be this user: it looks across organizations.
    """
    people = list(Person.objects.filter(user_id=user_id).select_related("organization").order_by("organization_id"))
    ids = [person.pk for person in people]
    administrators = RoleAssignment.objects.filter(
        organization__in=[person.organization_id for person in people],
        role=Role.ADMINISTRATOR,
        until=None,
        person__user__isnull=False,
    ).values_list("organization_id", "person_id")
    pairs = list(administrators)
    counts = [counter(ids) for counter in _counters()]
    return [
        Held(
            organization=person.organization.short_name,
            handover_url=reverse("orgs:administrators", args=[person.organization.slug]),
            is_last_administrator=[who for where, who in pairs if where == person.organization_id] == [person.pk],
            counts=tuple((label, by_person.get(person.pk, 0)) for label, by_person in counts),
        )
        for person in people
    ]


@cache
def _counters() -> list[Callable[[list[int]], tuple[str, dict[int, int]]]]:
    return [import_string(path) for path in settings.WRITTEN_BY]
