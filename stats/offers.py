"""The curator's page at the entrance, beside the user's own organizations (STAT-7)."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orgs.choosing import Offer
from stats.selectors.curators import curated_count


def to_curate(user_id: int) -> list[Offer]:
    """Return the way to the curator's page, to those who curate something; one query."""
    count = curated_count(user_id)
    if not count:
        return []
    text = ngettext(
        "Aggregate figures of %(count)s organization",
        "Aggregate figures of %(count)s organizations",
        count,
    )
    return [Offer(_("Curator's statistics"), text % {"count": count}, reverse("stats:curator"), "chart-bar")]
