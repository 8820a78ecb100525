"""Long work an actor sees."""

from django.conf import settings
from django.db.models import QuerySet

from orgs.actor import Actor
from works.kinds import kind_of
from works.models import OPEN, Work


def works_visible_to(actor: Actor) -> QuerySet[Work]:
    """Return the organization's works of the kinds the actor could begin, the newest first; nobody else sees any."""
    kinds = [name for name in settings.WORK_KINDS if kind_of(name).can_start(actor)]
    works = Work.objects.filter(organization_id=actor.organization.pk, kind__in=kinds)
    return works.select_related("started_by", "undone_by", "organization")


def open_work_of(actor: Actor) -> Work | None:
    """Return the work that is under way in the organization, if the actor sees it."""
    return works_visible_to(actor).filter(state__in=OPEN).first()
