"""What the next school year adds to the home page of whoever manages the structure (ORG-9)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from movement.selectors.years.usual import is_time, next_year_of
from orgs.actor import Actor
from orgs.home import Attention
from orgs.models import AcademicYear
from orgs.permissions import can_manage_structure
from orgs.selectors.organizations import today_in

# Only then it can be time, so only then anything is asked of the database.
MONTHS = range(6, 10)


def attention(actor: Actor) -> list[Attention]:
    """Offer the passing to the next school year from the first of June on; one query then, none before."""
    today = today_in(actor.organization)
    if not can_manage_structure(actor) or today.month not in MONTHS:
        return []
    year = AcademicYear.objects.filter(organization=actor.organization, is_current=True).first()
    if year is None or not is_time(year, today):
        return []
    title = _("Pass to the school year %(year)s") % {"year": next_year_of(year)[0]}
    text = _("Check what becomes of each unit and who stays for a second year; then everybody passes on at once.")
    return [Attention(title, text, reverse("movement:year", args=[actor.organization.slug]), icon="calendar-plus")]
