"""The organization's draft, reckoned; five queries."""

from collections.abc import Mapping
from typing import Any

from movement.selectors.years.plan import stored_plan
from movement.selectors.years.reckoning import Reckoned, reckon
from movement.selectors.years.situation import situation_of
from movement.selectors.years.usual import next_year_of, plan_from
from orgs.actor import Actor
from orgs.models import AcademicYear, Organization
from works.models import State, Work


def reckoned_of(organization: Organization, content: Mapping[str, Any] | None = None) -> Reckoned:
    """Return what the stored draft (or `content`) would do today."""
    if content is None:
        content = stored_plan(organization)
    name = content.get("name")
    if not name:
        name = next_year_of(AcademicYear.objects.get(organization=organization, is_current=True))[0]
    situation = situation_of(organization, str(name))
    return reckon(situation, plan_from(content, situation))


def last_passing(actor: Actor) -> Work | None:
    """Return the latest passing that was begun, whatever came of it; None when there was none."""
    works = Work.objects.filter(organization_id=actor.organization.pk, kind="next_year")
    return works.exclude(state=State.CANCELLED).select_related("organization", "started_by").order_by("-id").first()
