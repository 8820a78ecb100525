"""Links an actor sees, and what a presented token or code stands for."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from common.text import normalise
from invitations import tokens
from invitations.models import Invitation, InvitationUse, State, state_conditions
from orgs.actor import Actor
from orgs.models import Enrolment, Guardianship, Part, Person, Role, RoleAssignment, Unit
from orgs.selectors.units import units_invitable_by


def invitations_visible_to(actor: Actor) -> QuerySet[Invitation]:
    """Links into the units the actor may invite into (INV-2), and the own ones; newest first.

    Expired and annulled links stay visible. Staff links are seen by those who may invite staff.
    """
    links = Invitation.objects.filter(organization_id=actor.organization.pk).order_by("-id")
    if actor.is_administrator:
        return links
    invitable = Q(unit__in=units_invitable_by(actor), role__in=[Role.STUDENT, Role.PARENT])
    return links.filter(invitable | Q(owner_id=actor.person.pk))


def with_list_columns(links: QuerySet[Invitation]) -> QuerySet[Invitation]:
    """Load what a line of the list shows, whatever the number of lines."""
    joined = InvitationUse.objects.select_related("person")
    return links.select_related("unit", "owner", "person", "student").prefetch_related(
        Prefetch("used_by", queryset=joined, to_attr="joined")
    )


def state_counts(links: QuerySet[Invitation], now: datetime | None = None) -> dict[str, int]:
    """Return how many of `links` are in each state; one query."""
    conditions = state_conditions(now or timezone.now())
    counts = links.order_by().aggregate(
        **{state.value: Count("pk", filter=condition) for state, condition in conditions.items()}
    )
    return {name: int(count) for name, count in counts.items()}


class Answer(Enum):
    """What is said to whoever presents a token or a code."""

    OPEN = "open"
    USED_UP = "used_up"
    EXPIRED = "expired"
    REVOKED = "revoked"
    RENEWED = "renewed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Presented:
    """A presented token: the link it belongs to (None for a forged or mistyped one) and the answer."""

    answer: Answer
    invitation: Invitation | None = None


_ANSWERS = {
    State.ACTIVE: Answer.OPEN,
    State.USED_UP: Answer.USED_UP,
    State.EXPIRED: Answer.EXPIRED,
    State.REVOKED: Answer.REVOKED,
}


def present(text: str, now: datetime | None = None) -> Presented:
    """Find what `text` (a token or a typed code) stands for (INV-11); one query at most.

    Only whoever holds a genuine token learns that a link expired, was used up, annulled or renewed; everybody else
    gets the same UNKNOWN whether the number exists or not.
    """
    claim = tokens.read(text)
    if claim is None:
        return Presented(Answer.UNKNOWN)
    invitation = (
        Invitation.objects.select_related("organization", "unit", "person", "student", "owner")
        .filter(pk=claim.invitation_id)
        .first()
    )
    if invitation is None:
        return Presented(Answer.UNKNOWN)
    if claim.generation([invitation.generation]) is not None:
        return Presented(_ANSWERS[invitation.state_at(now or timezone.now())], invitation)
    # A copy from before the renewal is genuine too; look back a little, not for ever.
    older = range(max(1, invitation.generation - 20), invitation.generation)
    if claim.generation(older) is not None:
        return Presented(Answer.RENEWED, invitation)
    return Presented(Answer.UNKNOWN)


def students_named(unit: Unit, text: str) -> list[Person]:
    """Return the unit's students whose name has every word of `text` (two words at least), case and ё/е aside."""
    words = set(normalise(text).split())
    if len(words) < 2:
        return []
    enrolments = Enrolment.objects.filter(unit=unit, part=Part.STUDENT, until=None).select_related("person")
    return [row.person for row in enrolments if words <= set(row.person.search_name.split())]


def recognised(invitation: Invitation, *, phone: str) -> Person | None:
    """Return the roster person (without an account) that the newcomer is: by personal code, else by phone.

    A student's row often holds a parent's number, so it is matched by student links only.
    """
    if invitation.person is not None:
        return invitation.person if not invitation.person.has_joined else None
    adults = [role for role in Role if role != Role.STUDENT]
    roles = [Role.STUDENT] if invitation.role == Role.STUDENT else adults
    return _only(_unclaimed(invitation, roles).filter(phone=phone))


def recognised_by_name(invitation: Invitation, full_name: str, *, has_patronymic: bool, phone: str) -> Person | None:
    """Return the one roster person of the link's role with this name and without an account.

    A row that holds another phone belongs to somebody else of the same name.
    """
    name = normalise(full_name)
    same = Q(search_name=name) if has_patronymic else Q(search_name=name) | Q(search_name__startswith=f"{name} ")
    people = _unclaimed(invitation, [Role(invitation.role)]).filter(same, phone__in=["", phone])
    if invitation.role == Role.STUDENT:
        people = people.filter(enrolments__unit=invitation.unit, enrolments__until=None)
    if invitation.role == Role.PARENT:
        children = Enrolment.objects.filter(unit=invitation.unit, part=Part.STUDENT, until=None)
        people = people.filter(child_links__child__in=children.values("person_id"), child_links__until=None)
    return _only(people.distinct())


def is_same_human(one: Person, other: Person) -> bool:
    """Tell whether two rows bear the name of one human; a surname may have changed, a patronymic be missing."""
    if normalise(one.first_name) != normalise(other.first_name):
        return False
    one_patronymic, other_patronymic = normalise(one.patronymic), normalise(other.patronymic)
    same_patronymic = one_patronymic == other_patronymic
    if normalise(one.last_name) == normalise(other.last_name):
        return same_patronymic or not (one_patronymic and other_patronymic)
    return same_patronymic and bool(one_patronymic)


def _unclaimed(invitation: Invitation, roles: list[Role]) -> QuerySet[Person]:
    return Person.objects.filter(
        organization_id=invitation.organization_id,
        user=None,
        merged_into=None,
        roles__until=None,
        roles__role__in=roles,
    ).distinct()


def _only(people: QuerySet[Person]) -> Person | None:
    found = list(people[:2])
    return found[0] if len(found) == 1 else None


def parents_waiting_for_child(actor: Actor) -> QuerySet[InvitationUse]:
    """Return joins of parents whose child the roster did not know and whom the actor may tie (ORG-10), oldest first.

    Administrators see all, the others those of the units into which they may invite.
    """
    is_parent = RoleAssignment.objects.filter(person_id=OuterRef("person_id"), role=Role.PARENT, until=None)
    has_child = Guardianship.objects.filter(parent_id=OuterRef("person_id"), until=None)
    waiting = (
        InvitationUse.objects.filter(
            Exists(is_parent),
            ~Exists(has_child),
            organization_id=actor.organization.pk,
            invitation__role=Role.PARENT,
            person__merged_into=None,
        )
        .exclude(claimed_child="")
        .select_related("person", "invitation__unit")
        .order_by("at", "id")
    )
    return waiting if actor.is_administrator else waiting.filter(invitation__unit__in=units_invitable_by(actor))
