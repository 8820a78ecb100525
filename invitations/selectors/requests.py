"""Requests to join that an actor decides, those of a user, and the rules for them (INV-6, INV-9)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from accounts.models import User
from common.prepared import Prepared
from common.text import normalise
from invitations.models import JoinRequest, JoinRules, RequestState, WithdrawnConfirmation
from orgs.actor import Actor
from orgs.capabilities import Capability
from orgs.models import (
    STAFF_ROLES,
    Enrolment,
    Organization,
    Part,
    Person,
    RoleAssignment,
    Unit,
    UnitKind,
    Verification,
)
from orgs.permissions import UNIT_ROLES, can_invite_somebody
from orgs.selectors.units import units_invitable_by


def rules_of(organization_id: int) -> JoinRules:
    """Return how the organization takes people in; unsaved defaults when it never changed them. One query."""
    found = JoinRules.objects.filter(organization_id=organization_id).first()
    return found or JoinRules(organization_id=organization_id)


def open_organization(slug: str) -> Organization | None:
    """Return the organization whose page for joining is open; None for a closed and for an unknown one alike."""
    return Organization.objects.filter(slug=slug).exclude(join_rules__is_open=False).first()


def requests_visible_to(actor: Actor) -> QuerySet[JoinRequest]:
    """Return the requests that `actor` decides (INV-6).

    Administrators see all; others those of students and parents of the units into which they may invite.
    """
    requests = JoinRequest.objects.filter(organization_id=actor.organization.pk)
    if actor.may(Capability.HANDLE_REQUESTS):
        return requests
    if not can_invite_somebody(actor):
        return requests.none()
    return requests.filter(role__in=UNIT_ROLES, unit__in=units_invitable_by(actor))


@dataclass(frozen=True)
class RequestFilter:
    """What the queue can be narrowed by; empty means all."""

    text: str = ""
    state: str = ""
    role: str = ""
    unit_id: int | None = None
    by_link: bool | None = None


def filter_requests(requests: QuerySet[JoinRequest], wanted: RequestFilter) -> QuerySet[JoinRequest]:
    """Narrow `requests`: any part of the applicant's or the child's name, state, role, unit; the oldest first while
    they wait, the latest decision first otherwise."""
    for word in normalise(wanted.text).split():
        # The child's name is kept as it was typed: SQLite folds no Cyrillic case.
        in_child = Q(child_name__icontains=word) | Q(child_name__icontains=word.capitalize())
        requests = requests.filter(Q(search_name__contains=word) | in_child)
    if wanted.state:
        requests = requests.filter(state=wanted.state)
    if wanted.role:
        requests = requests.filter(role=wanted.role)
    if wanted.unit_id:
        requests = requests.filter(unit_id=wanted.unit_id)
    if wanted.by_link is not None:
        requests = requests.filter(invitation__isnull=not wanted.by_link)
    waits = wanted.state == RequestState.PENDING
    return requests.order_by("created_at", "id") if waits else requests.order_by("-created_at", "-id")


def with_queue_columns(requests: QuerySet[JoinRequest]) -> QuerySet[JoinRequest]:
    """Load what a card shows, whatever their number."""
    return requests.select_related("organization", "user", "unit", "person", "decided_by", "invitation__unit")


@dataclass(frozen=True)
class Waiting:
    """How many requests wait, and since when the oldest."""

    count: int
    since: datetime | None


def waiting(actor: Actor) -> Waiting:
    """Return how many requests wait for `actor` and since when; one query."""
    found = requests_visible_to(actor).filter(state=RequestState.PENDING)
    numbers = found.order_by().aggregate(count=Count("pk"), since=Min("created_at"))
    return Waiting(numbers["count"], numbers["since"])


def state_counts_of(requests: QuerySet[JoinRequest]) -> dict[str, int]:
    """Return how many of `requests` are in each state; one query."""
    rows = requests.order_by().values_list("state").annotate(Count("pk"))
    return {**dict.fromkeys(RequestState.values, 0), **dict(rows)}


# --- The applicant's side ---------------------------------------------------------------------------------------------
def requests_of(user: User, organization_id: int | None = None) -> QuerySet[JoinRequest]:
    """Return the user's own requests, the newest first; of one organization when it is named."""
    requests = JoinRequest.objects.filter(user=user).select_related("organization", "unit")
    if organization_id is not None:
        requests = requests.filter(organization_id=organization_id)
    return requests.order_by("-created_at", "-id")


def units_to_ask_for(organization: Organization) -> QuerySet[Unit]:
    """Return the units an applicant may name: where children learn, not in the archive."""
    units = Unit.objects.filter(organization=organization, archived_at=None).exclude(kind=UnitKind.STAFF)
    return units.order_by("sort_key", "id")


def member_of(user: User, organization_id: int) -> Person | None:
    """Return who the user is on the roster of the organization, with a role or without."""
    found = _members(organization=organization_id, user=user.pk)
    return found[0] if found else None


_members: Prepared[Person] = Prepared(
    lambda organization, user: Person.objects.filter(organization=organization, user=user, merged_into=None)[:1],
    organization=-1,
    user=-2,
)


def roles_held_by(user: User, organization_id: int) -> list[str]:
    """Return the roles the user holds in the organization today; one query."""
    held = RoleAssignment.objects.filter(
        organization_id=organization_id, person__user=user, person__merged_into=None, until=None
    )
    return list(held.values_list("role", flat=True))


# --- Confirmation of staff --------------------------------------------------------------------------------------------
def people_to_verify(actor: Actor) -> QuerySet[Person]:
    """Return members whose status as staff is confirmed, is on review, was refused or withdrawn (INV-9), by name.

    With `can_give_back`: whether it is known what was held before the withdrawal.
    """
    if not actor.may(Capability.HANDLE_REQUESTS):
        return Person.objects.none()
    withdrawn = WithdrawnConfirmation.objects.filter(person_id=OuterRef("pk"), given_back_at=None)
    return (
        Person.objects.filter(organization_id=actor.organization.pk, merged_into=None, user__isnull=False)
        .exclude(verification=Verification.NOT_CONFIRMED)
        .annotate(can_give_back=Exists(withdrawn))
        .order_by("search_name", "id")
    )


def verification_counts(people: QuerySet[Person]) -> dict[str, int]:
    """Return how many of `people` are in each state of the confirmation; one query."""
    return dict(people.order_by().values_list("verification").annotate(Count("pk")))


def deciders_of(organization_id: int, unit_ids: set[int]) -> list[Person]:
    """Return who decides requests and has an account: the administrators, and of `unit_ids` the staff."""
    administrators = RoleAssignment.objects.filter(organization_id=organization_id, role="administrator", until=None)
    of_units = Enrolment.objects.filter(unit_id__in=unit_ids, part__in=[Part.LEADER, Part.TEACHER], until=None)
    staff = RoleAssignment.objects.filter(organization_id=organization_id, role__in=STAFF_ROLES, until=None)
    people = Person.objects.filter(organization_id=organization_id, merged_into=None, user__isnull=False)
    wanted = Q(pk__in=administrators.values("person_id")) | Q(
        pk__in=of_units.filter(person__in=staff.values("person_id")).values("person_id")
    )
    return list(people.filter(wanted).select_related("user", "organization").order_by("pk"))
