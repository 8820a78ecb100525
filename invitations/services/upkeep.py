"""Requests nobody answers: those who decide are reminded once, then the request goes stale (INV-6)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from invitations.models import JoinRequest, JoinRules, RequestState
from invitations.selectors.requests import deciders_of
from invitations.services.applying import take_off_review
from invitations.services.telling import tell_applicant
from orgs.audit import Action, Deed, record
from orgs.telling import tell

REMIND_AFTER = timedelta(days=3)
USUAL_DAYS = JoinRules().days_until_stale
BATCH = 500


@transaction.atomic
def remind_deciders(now: datetime) -> int:
    """Remind those who decide of requests that have waited for three days, once for each request (INV-6).

    One message for each organization and run. Running twice, or twice at once, tells nothing more. Returns the number
    of requests.
    """
    due = JoinRequest.objects.filter(state=RequestState.PENDING, reminded_at=None, created_at__lte=now - REMIND_AFTER)
    found = list(
        due.select_for_update(skip_locked=True, of=("self",))
        .select_related("organization")
        .order_by("created_at")[:BATCH]
    )
    JoinRequest.objects.filter(pk__in=[request.pk for request in found]).update(reminded_at=now)
    for requests in _by_organization(found):
        organization = requests[0].organization
        units = {request.unit_id for request in requests if request.unit_id and request.role in ("student", "parent")}
        tell(
            organization=organization,
            people=deciders_of(organization.pk, units),
            template="requests_waiting",
            context={"organization": organization.pk},
            key=f"requests:{organization.pk}:{requests[-1].pk}",
        )
    return len(found)


def _by_organization(found: Iterable[JoinRequest]) -> list[list[JoinRequest]]:
    groups: dict[int, list[JoinRequest]] = {}
    for request in found:
        groups.setdefault(request.organization_id, []).append(request)
    return list(groups.values())


@transaction.atomic
def mark_stale(now: datetime) -> int:
    """Close requests that nobody answered for as many days as the organization allows, and tell the applicants (INV-6).

    They can send again. Running twice, or twice at once, closes each once. Returns how many were closed.
    """
    closing: list[JoinRequest] = []
    for days, of_rules in _terms():
        due = JoinRequest.objects.filter(
            of_rules, state=RequestState.PENDING, created_at__lte=now - timedelta(days=days)
        )
        closing += (
            due.select_for_update(skip_locked=True, of=("self",))
            .select_related("organization", "user", "person")
            .order_by("created_at")[:BATCH]
        )
    JoinRequest.objects.filter(pk__in=[request.pk for request in closing], state=RequestState.PENDING).update(
        state=RequestState.STALE, decided_at=now
    )
    for requests in _by_organization(closing):
        deeds = []
        for request in requests:
            request.state, request.decided_at = RequestState.STALE, now
            take_off_review(request)
            tell_applicant("request_stale", request)
            details = {"name": request.full_name, "role": request.role}
            deeds.append(Deed(Action.REQUEST_STALE, request.person, details=details))
        record(requests[0].organization, None, deeds)
    return len(closing)


def _terms() -> list[tuple[int, Q]]:
    """The terms in use, each with the requests it holds for."""
    used = JoinRules.objects.values_list("days_until_stale", flat=True).distinct()
    terms = [(days, Q(organization__join_rules__days_until_stale=days)) for days in sorted(set(used))]
    return [(USUAL_DAYS, Q(organization__join_rules=None)), *terms]
