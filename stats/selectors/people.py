"""The people behind a figure (STAT-5); for those who may see persons, checked by the page."""

from django.db.models import QuerySet

from orgs.models import Organization, Person, Unit
from stats.periods import Days


def people_behind(
    organization: Organization, figure: str, days: Days, unit: Unit | None = None, *, missing: bool
) -> QuerySet[Person]:
    """Return today's people of the roster behind `figure`, by name: those counted in it, or with `missing` those of
    the denominator who are not. Raise `DomainError` `figure_without_people` (404) for figures without people."""
    return Person.objects.filter(organization=organization, merged_into=None).order_by("search_name", "id")
