"""Reads of the outbox."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from outbox.models import Message, Status


@dataclass(frozen=True)
class Delivery:
    """Where one message about something stands."""

    channel: str
    recipient: str
    template: str
    status: Status
    attempts: int
    last_error: str
    created_at: datetime
    finished_at: datetime | None

    @property
    def label(self) -> str:
        """The state in words."""
        return str(self.status.label)


def delivery_of(references: Iterable[str]) -> dict[str, list[Delivery]]:
    """Return for each of `references` the states of its messages, oldest first, with one query (INV-5).

    Every reference asked for stands in the answer, with an empty list when nothing was sent about it.
    """
    found: dict[str, list[Delivery]] = {reference: [] for reference in references}
    fields = ("channel", "recipient", "template", "status", "attempts", "last_error", "created_at", "finished_at")
    rows = Message.objects.filter(reference__in=found).order_by("created_at", "pk").values("reference", *fields)
    for row in rows:
        reference, status = row.pop("reference"), Status(row.pop("status"))
        found[reference].append(Delivery(status=status, **row))
    return found


def failed_references(organization_id: int, prefix: str, *, since: datetime) -> list[str]:
    """Return what the messages that failed since `since` were about, as far as it begins with `prefix`; one query."""
    failed = Message.objects.filter(
        organization_id=organization_id, status=Status.FAILED, finished_at__gte=since, reference__startswith=prefix
    )
    return list(failed.order_by().values_list("reference", flat=True).distinct())


def newest_messages() -> QuerySet[Message]:
    """Return all messages, newest first: for the developer's page and the operator only."""
    return Message.objects.order_by("-created_at", "-pk")
