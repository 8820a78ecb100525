"""Organizations that are to be deleted (REG-5)."""

from datetime import datetime

from django.db.models import QuerySet

from registration.models import Deletion


def pending_of(organization_id: int) -> Deletion | None:
    """Return the deletion that waits for its day, or None."""
    return Deletion.objects.filter(organization_id=organization_id, cancelled_at=None, done_at=None).first()


def due(now: datetime) -> QuerySet[Deletion]:
    """Return the deletions whose day has come, the oldest first."""
    waiting = Deletion.objects.filter(cancelled_at=None, done_at=None, organization__isnull=False, due_at__lte=now)
    return waiting.order_by("due_at", "id")
