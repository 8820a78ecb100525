"""Which organizations a user belongs to."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from common.prepared import Prepared
from orgs.actor import Actor
from orgs.capabilities import Capability
from orgs.models import HandoverOffer, Organization, RoleAssignment
from orgs.vocabulary import vocabulary_of


@dataclass(frozen=True)
class Membership:
    """An organization and what the user is there."""

    organization: Organization
    person_id: int
    full_name: str
    roles: tuple[str, ...]

    @property
    def role_names(self) -> list[str]:
        """The roles in the organization's own words."""
        words = vocabulary_of(self.organization)
        return [str(words.role(role)) for role in self.roles]


def memberships_of(user_id: int) -> list[Membership]:
    """Return where the user has a role today, by the organization's name (ORG-4); one query."""
    assignments = (
        RoleAssignment.objects.filter(person__user_id=user_id, person__merged_into=None, until=None)
        .select_related("person__organization")
        .order_by("person__organization__short_name", "person_id", "role")
    )
    grouped: dict[int, list[RoleAssignment]] = {}
    for assignment in assignments:
        grouped.setdefault(assignment.person_id, []).append(assignment)
    return [
        Membership(rows[0].person.organization, person_id, rows[0].person.full_name, tuple(row.role for row in rows))
        for person_id, rows in grouped.items()
    ]


def today_in(organization: Organization) -> date:
    """Return the organization's own date: a school's day is its own time zone's day."""
    return timezone.localdate(timezone=organization.zone)


def open_handovers(organization_id: int) -> "list[HandoverOffer]":
    """Return the offers of the administrator's duty that wait for an answer."""
    return _open_handovers(organization=organization_id)


_open_handovers: Prepared[HandoverOffer] = Prepared(
    lambda organization: HandoverOffer.objects.filter(
        organization=organization, accepted_at=None, declined_at=None, withdrawn_at=None
    ).select_related("from_person", "to_person"),
    organization=-1,
)


def handovers_visible_to(actor: Actor) -> QuerySet[HandoverOffer]:
    """Return the offers, answered ones too, that concern the actor; administrators see all of the organization."""
    offers = HandoverOffer.objects.filter(organization_id=actor.organization.pk)
    if not actor.may(Capability.MANAGE_ADMINISTRATORS):
        offers = offers.filter(Q(from_person=actor.person) | Q(to_person=actor.person))
    return offers.select_related("organization", "from_person__organization", "to_person__organization")


def open_handovers_to(actor: Actor) -> list[HandoverOffer]:
    """Return the offers of the administrator's duty that wait for the actor's answer."""
    return [offer for offer in open_handovers(actor.organization.pk) if offer.to_person_id == actor.person.pk]
