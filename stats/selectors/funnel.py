"""The funnel of the invitations made in a period (STAT-3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from invitations.models import Invitation, State, state_conditions
from orgs.models import Organization
from outbox.models import Channel, Message, Status
from stats.periods import Days
from stats.selectors.facts import Numbers
from stats.selectors.values import Stage, Viewer

STAGES = ("made", "delivered", "opened", "joined", "expired", "annulled")

# What brings the link; letters to its owner about it are others.
LETTERS = ("invitation", "invitation_reminder")


def funnel(viewer: Viewer, days: Days) -> list[Stage]:
    """Return what became of the invitations made in the period, in the order of `STAGES`; one query."""
    return stages_of(read_invitations(viewer.organization, {"now": days})["now"])


def stages_of(found: Numbers) -> list[Stage]:
    """Return the numbers as steps, each with its share of those made. No query."""
    made = found["made"]
    return [Stage(key, found[key], found[key] / made if made else None) for key in STAGES]


def read_invitations(organization: Organization, periods: Mapping[str, Days]) -> dict[str, Numbers]:
    """Return for each label what became of the invitations made in that period, by stage; one query.

    Periods must not overlap. One that was sent twice and arrived once is delivered.
    """
    made = {
        label: Q(created_at__gte=start, created_at__lt=end) for label, (start, end) in _edges(organization, periods)
    }
    within = Q(pk=None)
    for condition in made.values():
        within |= condition
    label = Case(*(When(condition, then=Value(name)) for name, condition in made.items()), output_field=CharField())
    rows = (
        Invitation.objects.filter(within, organization=organization)
        .order_by()
        .annotate(label=label, is_delivered=_delivered(organization))
        .values("label")
        .annotate(**_counts())
    )
    found: dict[str, Numbers] = {name: dict.fromkeys(STAGES, 0) for name in periods}
    for name, *numbers in rows.values_list("label", *STAGES):
        found[name] = dict(zip(STAGES, numbers, strict=True))
    return found


def _counts() -> dict[str, Count]:
    now = timezone.now()
    conditions = {
        "made": Q(),
        "delivered": Q(is_delivered=True),
        "opened": Q(opened_at__isnull=False),
        "joined": Q(uses__gt=0),
        "expired": state_conditions(now)[State.EXPIRED],
        "annulled": state_conditions(now)[State.REVOKED],
    }
    return {stage: Count("pk", filter=condition) for stage, condition in conditions.items()}


def _delivered(organization: Organization) -> Exists:
    """Letters and SMS that left; where there is no gateway they are kept on the server, which is as far as they go."""
    reference = Concat(Value("invitation:"), Cast(OuterRef("pk"), CharField()), output_field=CharField())
    letters = Message.objects.filter(
        organization_id=organization.pk,
        template__in=LETTERS,
        channel__in=[Channel.EMAIL, Channel.SMS],
        status__in=[Status.SENT, Status.KEPT],
    )
    return Exists(letters.filter(reference=reference))


def _edges(organization: Organization, periods: Mapping[str, Days]) -> list[tuple[str, tuple[datetime, datetime]]]:
    return [(label, edges_of(organization, days)) for label, days in periods.items()]


def edges_of(organization: Organization, days: Days) -> tuple[datetime, datetime]:
    """Return the moments at which the period begins and ends by the organization's clock; the end is not in it."""
    return _midnight(organization, days.first), _midnight(organization, days.last + timedelta(days=1))


def _midnight(organization: Organization, day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=organization.zone)
