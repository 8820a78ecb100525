"""Applications: the operator's queue, one by its address, what may be the same organization again (REG-2)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from common.text import normalise
from orgs.models import Organization
from registration.models import OPEN, Application, ApplicationEvent, OrderFile, State

# Waits for the operator.
WAITING = (State.SUBMITTED, State.ON_REVIEW)
_WORD = re.compile(r"[^\W\d_]+|\d+")
# Two names are alike when so much of their words is the same; numbers must agree: № 1 is not № 2.
_ALIKE = 0.6
MOST_DUPLICATES = 20


@dataclass(frozen=True)
class Duplicate:
    """An organization or another application that may be about the same; `same_inn`, else the names are alike."""

    name: str
    place: str
    same_inn: bool
    organization_id: int | None = None
    application_id: int | None = None
    state: str = ""


def queue() -> QuerySet[Application]:
    """Return all applications for the operator's list, each with `has_double`: its INN is known already; one query."""
    organizations = Organization.objects.filter(inn=OuterRef("inn")).exclude(application=OuterRef("pk"))
    others = Application.objects.filter(inn=OuterRef("inn"), state__in=OPEN).exclude(pk=OuterRef("pk"))
    return Application.objects.select_related("organization", "reviewer").annotate(
        has_double=Exists(organizations.exclude(inn="")) | Exists(others)
    )


def count_waiting() -> int:
    """Return how many applications wait for the operator."""
    return Application.objects.filter(state__in=WAITING).count()


def find_application(application_id: int | None) -> Application | None:
    """Return the application with what its page shows, or None."""
    if application_id is None or not 0 < application_id < 2**63:
        return None
    return Application.objects.select_related("order", "organization", "reviewer").filter(pk=application_id).first()


def history_of(application: Application) -> list[ApplicationEvent]:
    """Return the steps of the application, the oldest first."""
    return list(application.events.select_related("operator").order_by("id"))


def last_word(application: Application) -> ApplicationEvent | None:
    """Return the remarks or the reason that hold now: of the last step when it was a return or a rejection."""
    if application.state not in (State.RETURNED, State.REJECTED):
        return None
    return application.events.filter(state=application.state).order_by("-id").first()


def applications_like(search: str) -> QuerySet[Application]:
    """Return the queue narrowed to what was typed: words of the names, an INN, a number."""
    found = queue()
    for word in normalise(search).split():
        match = Q(search_name__contains=word)
        if word.isascii() and word.isdigit():
            match |= Q(inn__startswith=word)
            if len(word) < 10:
                match |= Q(pk=int(word))
        found = found.filter(match)
    return found


# --- The same organization again --------------------------------------------------------------------------------------
def duplicates_of(application: Application) -> list[Duplicate]:
    """Return organizations and open applications with the same INN or a name like this one's; two queries."""
    organizations = Organization.objects.exclude(pk=application.organization_id or 0).order_by("id")
    found = [
        Duplicate(row.short_name, _place(row.region, row.municipality), same, organization_id=row.pk)
        for row in organizations.only("id", "inn", "name", "short_name", "region", "municipality")
        if (same := _compare(application, row)) is not None
    ]
    others = Application.objects.filter(state__in=OPEN).exclude(pk=application.pk).order_by("id")
    found += [
        Duplicate(row.short_name, _place(row.region, row.municipality), same, application_id=row.pk, state=row.state)
        for row in others
        if (same := _compare(application, row)) is not None
    ]
    return sorted(found, key=lambda one: not one.same_inn)[:MOST_DUPLICATES]


def _compare(application: Application, other: Organization | Application) -> bool | None:
    """True: the same INN. False: names alike. None: somebody else."""
    if other.inn and other.inn == application.inn:
        return True
    if _differ(application.region, other.region) or _differ(application.municipality, other.municipality):
        return None
    names = [application.short_name, application.name]
    return False if any(are_alike(one, two) for one in names for two in (other.short_name, other.name)) else None


def _differ(one: str, two: str) -> bool:
    """Both are known and not the same: «Школа № 1» stands in every town."""
    return bool(one and two) and normalise(one) != normalise(two)


def are_alike(one: str, two: str) -> bool:
    """Tell whether two names are likely to be of one organization; № and words count, case, ё and quotes do not."""
    first, second = _words(one), _words(two)
    if not first or not second or _numbers(first) != _numbers(second):
        return False
    return len(first & second) / len(first | second) >= _ALIKE


def _words(name: str) -> set[str]:
    return set(_WORD.findall(normalise(name)))


def _numbers(words: Iterable[str]) -> set[str]:
    return {word for word in words if word.isdigit()}


def _place(region: str, municipality: str) -> str:
    return ", ".join(part for part in (municipality, region) if part)


# --- For the applicant ------------------------------------------------------------------------------------------------
def find_attempt(attempt: str) -> Application | None:
    """Return the application that was made by the form with this mark: a double click finds what the first one made."""
    try:
        return Application.objects.filter(attempt=UUID(attempt)).first()
    except ValueError:
        return None


def unused_order(order_id: object) -> OrderFile | None:
    """Return an order that no application names, or None."""
    if not isinstance(order_id, int):
        return None
    return OrderFile.objects.filter(pk=order_id, application=None).first()
