"""Reads of the outbox."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

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


# A message that is due leaves within a minute, by its job or by the sweep; an urgent one within half of it.
LATE = timedelta(minutes=5)
LATE_URGENT = timedelta(minutes=2)
RECENT = timedelta(hours=1)


@dataclass(frozen=True)
class Backlog:
    """What waits in the outbox, of all organizations together."""

    waiting: int
    # Due for longer than `LATE` without anybody taking them up; an urgent one counts in both.
    late: int
    late_urgent: int
    # Tried in vain at least once, and to be tried again.
    retried: int
    # Given up within the last hour.
    failed: int


def backlog() -> Backlog:
    """Return how much waits in the outbox, and how much longer than it should; two queries."""
    now = timezone.now()
    overdue = Q(next_attempt_at__lt=now - LATE)
    urgent = Q(next_attempt_at__lt=now - LATE_URGENT, template__in=settings.OUTBOX_URGENT)
    found = Message.objects.filter(status=Status.QUEUED, next_attempt_at__lte=now + RECENT).aggregate(
        waiting=Count("pk"),
        late=Count("pk", filter=overdue | urgent),
        late_urgent=Count("pk", filter=urgent),
        retried=Count("pk", filter=Q(attempts__gt=0)),
    )
    # Tries end within twenty minutes; the older half of the condition lets the index on the day of writing be used.
    failed = Message.objects.filter(
        status=Status.FAILED, created_at__gte=now - timedelta(days=1), finished_at__gte=now - RECENT
    )
    return Backlog(failed=failed.count(), **found)


def is_late() -> bool:
    """Tell readiness whether messages wait longer than they should (`settings.READINESS_CHECKS`)."""
    return backlog().late > 0


def figures() -> list[tuple[str, float]]:
    """Return what `/metrics` says of the outbox (`settings.METRICS_SOURCES`)."""
    found = backlog()
    return [
        ("outbox_waiting", found.waiting),
        ("outbox_late", found.late),
        ("outbox_late_urgent", found.late_urgent),
        ("outbox_retried", found.retried),
        ("outbox_failed_last_hour", found.failed),
    ]
