"""Mergings that were done, and who a merged person is now (ORG-7)."""

from django.db.models import QuerySet

from orgs.actor import Actor
from orgs.permissions import can_manage_people
from works.models import OVER, Work


def merges_visible_to(actor: Actor) -> QuerySet[Work]:
    """Return the mergings of the organization, the newest first, for those who may merge; nothing for others."""
    if not can_manage_people(actor):
        return Work.objects.none()
    works = Work.objects.filter(organization_id=actor.organization.pk, kind="merge", state__in=OVER)
    return works.select_related("started_by", "undone_by", "organization").order_by("-id")
