"""In which units the staff work, for lists of them."""

from collections import defaultdict
from collections.abc import Collection

from orgs.models import Enrolment, Organization, Part, Unit


def staff_units_of(organization: Organization, person_ids: Collection[int]) -> dict[int, str]:
    """Return {person: «5А, 5Б»} of those who lead or teach units today, the staff unit left out; one query."""
    rows = Enrolment.objects.filter(
        organization=organization,
        person__in=person_ids,
        part__in=(Part.LEADER, Part.TEACHER),
        until=None,
        unit__in=Unit.objects.filter(organization=organization).active().teaching(),
    )
    names: dict[int, dict[str, None]] = defaultdict(dict)
    for person_id, name in rows.order_by("unit__sort_key", "pk").values_list("person_id", "unit__name"):
        names[person_id][name] = None
    return {person_id: ", ".join(found) for person_id, found in names.items()}
