"""What an organization wants of its statistics, and which norms it has switched on."""

from orgs.models import Organization
from stats.catalogue import NORM_TEMPLATES
from stats.models import Norm, StatsRules


def rules_of(organization: Organization) -> StatsRules:
    """Return the organization's choices; the defaults, unsaved, when it has made none. One query."""
    found = StatsRules.objects.filter(organization=organization).first()
    return found or StatsRules(organization=organization)


def norms_of(organization: Organization) -> dict[str, int]:
    """Return {key of the catalogue: at least so many per cent} of the norms that are switched on. One query."""
    rows = Norm.objects.filter(organization=organization, is_on=True, figure__in=NORM_TEMPLATES)
    return dict(rows.values_list("figure", "percent"))


def all_norms(organization: Organization) -> list[Norm]:
    """Return every norm there can be, in the order of the templates: the organization's, else the template, unsaved
    and off. One query."""
    saved = {norm.figure: norm for norm in Norm.objects.filter(organization=organization)}
    return [
        saved.get(key) or Norm(organization=organization, figure=key, percent=percent)
        for key, percent in NORM_TEMPLATES.items()
    ]
