"""What is told after a passing was undone (ORG-9)."""

from django.db import transaction

from common.events import publish
from orgs.audit import Action, Deed, record
from works.models import Work


@transaction.atomic
def tell_undone(work: Work) -> None:
    """After the undoing: one line of the journal, and all open pages look anew. Raises nothing."""
    undone = Work.objects.select_related("organization", "undone_by").get(pk=work.pk)
    details = {"year": undone.outcome.get("year", "")}
    record(undone.organization, undone.undone_by, [Deed(Action.YEAR_UNDONE, details=details)])
    publish("movement.year_passed", organization=undone.organization)
