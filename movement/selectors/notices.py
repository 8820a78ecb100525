"""Notices of movement an actor sees (ORG-6)."""

from __future__ import annotations

from django.db.models import Count, Prefetch, Q, QuerySet

from common.text import normalise
from movement.models import Notice, NoticePerson, NoticeState
from orgs.actor import Actor
from orgs.permissions import can_report_movement


def notices_visible_to(actor: Actor) -> QuerySet[Notice]:
    """Return the organization's notices, the newest first: those who report see all of them, nobody else any."""
    notices = Notice.objects.filter(organization_id=actor.organization.pk)
    if not can_report_movement(actor):
        return notices.none()
    return with_people(notices)


def with_people(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Load what a line of the list shows: the people (`people` with `person`), the unit, who reported and decided."""
    people = NoticePerson.objects.select_related("person").order_by("person__search_name", "person_id")
    return notices.select_related("organization", "unit", "reported_by", "decided_by", "work").prefetch_related(
        Prefetch("people", queryset=people)
    )


def filter_notices(notices: QuerySet[Notice], *, state: str = "", text: str = "") -> QuerySet[Notice]:
    """Narrow `notices` to a state, to words of the names of those they are about."""
    if state:
        notices = notices.filter(state=state)
    for word in normalise(text).split():
        notices = notices.filter(pk__in=_about(word))
    return notices


def _about(word: str) -> QuerySet[NoticePerson, int]:
    return NoticePerson.objects.filter(person__search_name__contains=word).values_list("notice_id", flat=True)


def count_waiting(actor: Actor) -> int:
    """Return how many notices wait for an administrator; one query."""
    return counts_for(actor)[0]


def counts_for(actor: Actor) -> tuple[int, int]:
    """Return how many notices wait for an administrator, and how many of the actor's own came back; one query."""
    found = Notice.objects.filter(
        organization_id=actor.organization.pk, state__in=[NoticeState.SENT, NoticeState.RETURNED]
    ).aggregate(
        waiting=Count("pk", filter=Q(state=NoticeState.SENT)),
        returned=Count("pk", filter=Q(state=NoticeState.RETURNED, reported_by=actor.person)),
    )
    return found["waiting"], found["returned"]
