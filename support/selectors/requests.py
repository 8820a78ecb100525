"""Requests for help: one's own, the organization's for its administrators, those passed on for the operator (SUP-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, Max, Prefetch, Q, QuerySet, Value, When
from django.utils import timezone

from common.text import normalise
from files.models import StoredFile
from orgs.actor import Actor
from orgs.capabilities import Capability
from orgs.models import Person
from orgs.selectors.organizations import today_in
from orgs.selectors.people import administrators_of
from support.models import OWED, OWED_HERE, HelpEntry, HelpFile, HelpRequest, State, Step

# Chips of the list: name → states; «overdue» is asked apart.
GROUPS: dict[str, tuple[str, ...]] = {
    "waiting": OWED_HERE,
    "passed_on": (State.PASSED_ON,),
    "answered": (State.ANSWERED, State.WAITING),
    "closed": (State.CLOSED,),
}
OVERDUE = "overdue"


@dataclass(frozen=True)
class Counts:
    """How many requests wait here, how many of them are late, how many answers the actor has not seen."""

    waiting: int
    overdue: int
    news: int
    # One with news: when there are no others, the way leads straight to it.
    news_id: int | None


def requests_visible_to(actor: Actor) -> QuerySet[HelpRequest]:
    """Return one's own requests; of the whole organization for whoever answers them."""
    rows = HelpRequest.objects.filter(organization=actor.organization)
    if not actor.may(Capability.ANSWER_HELP):
        rows = rows.filter(person=actor.person)
    return rows.select_related("person__user", "assignee")


def find_request(actor: Actor, pk: int) -> HelpRequest | None:
    """Return a request the actor may read, or None."""
    return requests_visible_to(actor).filter(pk=pk).first() if 0 < pk < 2**63 else None


def filter_requests(
    rows: QuerySet[HelpRequest], *, group: str = "", text: str = "", today: date | None = None
) -> QuerySet[HelpRequest]:
    """Return `rows` of a group of states, with all words of `text`; «№ 12» or «12» is the number.

    Those an answer is owed to come first, the most urgent on top; then the latest.
    """
    if group in GROUPS:
        rows = rows.filter(state__in=GROUPS[group])
    elif group == OVERDUE:
        rows = rows.filter(due_on__lt=today or timezone.localdate())
    for word in normalise(text.replace("№", " ")).split():
        match = Q(search_text__contains=word)
        if word.isascii() and word.isdigit() and len(word) < 10:
            match |= Q(pk=int(word))
        rows = rows.filter(match)
    return by_urgency(rows)


def by_urgency(rows: QuerySet[HelpRequest]) -> QuerySet[HelpRequest]:
    """Return `rows`, the nearest deadline first, then the latest change."""
    return rows.order_by(F("due_on").asc(nulls_last=True), "-changed_at", "-id")


def counts_for(actor: Actor) -> Counts:
    """Return what waits for the actor and in the organization; one query."""
    found = HelpRequest.objects.filter(organization=actor.organization).filter(
        Q(state__in=OWED_HERE) | Q(person=actor.person, has_news=True)
    )
    here, mine = Q(state__in=OWED_HERE), Q(person=actor.person, has_news=True)
    numbers: dict[str, Any] = found.aggregate(
        waiting=Count("id", filter=here),
        overdue=Count("id", filter=here & Q(due_on__lt=today_in(actor.organization))),
        news=Count("id", filter=mine),
        news_id=Max("id", filter=mine),
    )
    return Counts(**numbers)


def count_waiting_of_operator() -> int:
    """Return how many requests wait for the platform's operator."""
    return HelpRequest.objects.filter(state=State.PASSED_ON).count()


def operators_requests() -> QuerySet[HelpRequest]:
    """Return what the platform's operator sees: what was passed on, and what came from nobody's school."""
    urgency = Case(When(state__in=OWED, then=Value(0)), default=Value(1), output_field=IntegerField())
    return (
        HelpRequest.objects.filter(passed_on_at__isnull=False)
        .select_related("organization", "person__user", "assignee")
        .annotate(urgency=urgency)
    )


def find_for_operator(pk: int) -> HelpRequest | None:
    """Return a request the operator may read, or None."""
    return operators_requests().filter(pk=pk).first() if 0 < pk < 2**63 else None


def entries_of(request: HelpRequest, *, for_asker: bool) -> list[HelpEntry]:
    """Return what was said and done, the oldest first, with files; three queries.

    The asker does not read the administrators' note to the platform's support, only that it was passed on.
    """
    files = Prefetch("files", HelpFile.objects.select_related("file"))
    entries = list(request.entries.select_related("author", "operator").prefetch_related(files))
    for entry in entries:
        if for_asker and entry.step in (Step.PASSED_ON, Step.GIVEN_BACK) and entry.author_id != request.person_id:
            entry.text = ""
    return entries


def find_file(request: HelpRequest, file_id: int) -> StoredFile | None:
    """Return a file of the request, or None."""
    held = HelpFile.objects.filter(entry__request=request, file_id=file_id) if 0 < file_id < 2**63 else None
    found = held.select_related("file").first() if held is not None else None
    return found.file if found is not None else None


def find_attempt(attempt: UUID) -> HelpRequest | None:
    """Return the request that was made by the form with this mark: a double click finds what the first one made."""
    return HelpRequest.objects.filter(attempt=attempt).first()


def who_answers(request: HelpRequest) -> list[Person]:
    """Return whom news of the request concern: whoever deals with it, else all administrators but the asker."""
    everybody = list(administrators_of(request.organization_id or 0).filter(user__isnull=False).select_related("user"))
    others = [person for person in everybody if person.pk != request.person_id]
    return [person for person in others if person.pk == request.assignee_id] or others
