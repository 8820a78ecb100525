"""The weekly letter to the head: on Monday morning, about the week that has ended (STAT-6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from orgs.models import Organization, Person, Role
from orgs.telling import BATCH, email_of, now_in
from outbox.models import Channel
from outbox.services import Draft, queue_many
from stats.models import RollupState
from stats.periods import WEEK, monday_of

FROM_HOUR = 8
# After a standstill the letter still comes until Tuesday evening; later the week is an old one.
TUESDAY_UNTIL_HOUR = 18
TEMPLATE = "stats_weekly"


def send_weekly_letters(now: datetime | None = None) -> int:
    """Queue the letter about the past week for each head with an account and an address; return how many.

    By each organization's own clock, as soon as all of the past week has been counted; once for a head and week,
    however often the job runs. Three statements, and two for each 500 letters.
    """
    moment = now or timezone.now()
    due = _due(moment)
    drafts = [_draft(head, due[head.organization_id]) for head in _heads_of(due) if email_of(head)]
    return sum(_queue(drafts[start : start + BATCH]) for start in range(0, len(drafts), BATCH))


def _due(moment: datetime) -> dict[int, date]:
    """{organization whose letter is due: the Monday of the week it is about}."""
    wanting = Organization.objects.filter(Q(stats_rules=None) | Q(stats_rules__weekly_letter=True))
    counted = dict(RollupState.objects.filter(counted_at__isnull=False).values_list("organization_id", "counted_at"))
    found = {}
    for organization in wanting.only("pk", "time_zone"):
        local = now_in(organization, moment)
        ended = datetime.combine(monday_of(local.date()), time.min, organization.zone)
        if _is_time(local) and (at := counted.get(organization.pk)) is not None and at >= ended:
            found[organization.pk] = ended.date() - WEEK
    return found


def _is_time(local: datetime) -> bool:
    if local.weekday() == 0:
        return local.hour >= FROM_HOUR
    return local.weekday() == 1 and local.hour < TUESDAY_UNTIL_HOUR


def _heads_of(organization_ids: Iterable[int]) -> list[Person]:
    heads = Person.objects.filter(organization__in=list(organization_ids), merged_into=None, user__isnull=False)
    return list(heads.filter(roles__role=Role.HEAD, roles__until=None).select_related("user").order_by("pk"))


def _draft(head: Person, monday: date) -> Draft:
    return Draft(
        channel=Channel.EMAIL,
        recipient=email_of(head),
        template=TEMPLATE,
        context={"person": head.pk, "monday": monday.isoformat()},
        organization_id=head.organization_id,
        reference=f"stats-week:{head.organization_id}:{monday:%Y%m%d}",
        dedupe_key=f"stats-week:{monday:%Y%m%d}:{head.pk}",
    )


@transaction.atomic
def _queue(drafts: Sequence[Draft]) -> int:
    return queue_many(drafts)
