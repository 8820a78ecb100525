"""Links an actor sees, and what a presented token or code stands for."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from enum import Enum

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from common.prepared import Prepared
from common.text import normalise
from invitations import tokens
from invitations.models import Invitation, InvitationQuerySet, InvitationUse, State, state_conditions
from orgs.actor import Actor
from orgs.models import Enrolment, Guardianship, Part, Person, Role, RoleAssignment, Unit
from orgs.selectors.units import units_invitable_by
from outbox.selectors import failed_references


def invitations_visible_to(actor: Actor) -> InvitationQuerySet:
    """Links into the units the actor may invite into (INV-2), and the own ones; newest first.

    Expired and annulled links stay visible. Staff links are seen by those who may invite staff.
    """
    links = Invitation.objects.filter(organization_id=actor.organization.pk).order_by("-id")
    if actor.is_administrator:
        return links
    invitable = Q(unit__in=units_invitable_by(actor), role__in=[Role.STUDENT, Role.PARENT])
    return links.filter(invitable | Q(owner_id=actor.person.pk))


def common_first(links: QuerySet[Invitation]) -> QuerySet[Invitation]:
    """Order `links`: those for everybody before hundreds of personal codes, in each the newest first."""
    is_code = ExpressionWrapper(Q(person__isnull=False) | Q(student__isnull=False), output_field=BooleanField())
    return links.alias(is_code=is_code).order_by("is_code", "-id")


def with_list_columns(links: QuerySet[Invitation]) -> QuerySet[Invitation]:
    """Load what a line of the list shows, whatever the number of lines."""
    joined = InvitationUse.objects.select_related("person")
    return links.select_related("unit", "owner", "person", "student").prefetch_related(
        Prefetch("used_by", queryset=joined, to_attr="joined")
    )


# A link for whoever it was given to, for the family of one student, for one person of the roster.
KINDS: Mapping[str, Q] = {
    "unit": Q(person=None, student=None),
    "family": Q(student__isnull=False),
    "personal": Q(person__isnull=False),
}


def kind_counts(links: QuerySet[Invitation]) -> dict[str, int]:
    """Return how many of `links` are of each kind; one query."""
    counts = links.order_by().aggregate(**{kind: Count("pk", filter=rule) for kind, rule in KINDS.items()})
    return {kind: int(count) for kind, count in counts.items()}


def state_counts(links: QuerySet[Invitation], now: datetime | None = None) -> dict[str, int]:
    """Return how many of `links` are in each state; one query."""
    conditions = state_conditions(now or timezone.now())
    counts = links.order_by().aggregate(
        **{state.value: Count("pk", filter=condition) for state, condition in conditions.items()}
    )
    return {name: int(count) for name, count in counts.items()}


UNDELIVERED_FOR = timedelta(days=14)


def undelivered(links: InvitationQuerySet, organization_id: int) -> InvitationQuerySet:
    """Return those of the working `links` that did not reach somebody within the last two weeks (INV-5)."""
    now = timezone.now()
    references = failed_references(organization_id, "invitation:", since=now - UNDELIVERED_FOR)
    ids = [int(reference.partition(":")[2]) for reference in references]
    return links.redeemable(now).filter(pk__in=ids)


def counts_around_expiry(actor: Actor, *, soon: timedelta, recently: timedelta) -> tuple[int, int]:
    """Return how many links the actor sees that work and expire within `soon`, and how many of the actor's own
    expired within `recently` with places left (INV-4); one query."""
    now = timezone.now()
    conditions = state_conditions(now)
    expiring = conditions[State.ACTIVE] & Q(expires_at__lte=now + soon)
    expired = conditions[State.EXPIRED] & Q(expires_at__gt=now - recently, owner_id=actor.person.pk)
    counts = (
        invitations_visible_to(actor)
        .order_by()
        .aggregate(expiring=Count("pk", filter=expiring), expired=Count("pk", filter=expired))
    )
    return counts["expiring"], counts["expired"]


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


_presented: Prepared[Invitation] = Prepared(
    lambda pk: Invitation.objects.select_related("organization", "unit", "person", "student", "owner").filter(pk=pk),
    pk=-1,
)


def present(text: str, now: datetime | None = None) -> Presented:
    """Find what `text` (a token or a typed code) stands for (INV-11); one query at most.

    Only whoever holds a genuine token learns that a link expired, was used up, annulled or renewed; everybody else
    gets the same UNKNOWN whether the number exists or not.
    """
    claim = tokens.read(text)
    if claim is None:
        return Presented(Answer.UNKNOWN)
    found = _presented(pk=claim.invitation_id)
    if not found:
        return Presented(Answer.UNKNOWN)
    invitation = found[0]
    if claim.generation([invitation.generation]) is not None:
        return Presented(_ANSWERS[invitation.state_at(now or timezone.now())], invitation)
    # A copy from before the renewal is genuine too; look back a little, not for ever.
    older = range(max(1, invitation.generation - 20), invitation.generation)
    if claim.generation(older) is not None:
        return Presented(Answer.RENEWED, invitation)
    return Presented(Answer.UNKNOWN)


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


def pupils_of(unit_ids: Collection[int]) -> dict[int, list[Person]]:
    """Return the students of each of the units, by name; one query."""
    pupils: dict[int, list[Person]] = {unit_id: [] for unit_id in unit_ids}
    rows = Enrolment.objects.filter(unit_id__in=unit_ids, part=Part.STUDENT, until=None).select_related("person")
    for row in rows.order_by("person__search_name", "person_id"):
        pupils[row.unit_id].append(row.person)
    return pupils


def by_likeness(people: Iterable[Person], text: str) -> list[Person]:
    """Return `people` by how much their names look like `text`, the most alike first (ORG-10)."""
    wanted = normalise(text)
    return sorted(people, key=lambda person: -_likeness(wanted, person.search_name))


def _likeness(wanted: str, name: str) -> float:
    """Word by word, so that the order of the words and a missing patronymic do not matter."""
    words = wanted.split()
    if not words:
        return 0.0
    best = [max(SequenceMatcher(None, word, other).ratio() for other in name.split()) for word in words]
    return sum(best) / len(best)


@dataclass(frozen=True)
class CodeRow:
    """One student on the page of codes: the working code, and who has joined."""

    student: Person
    link: Invitation | None
    joined: tuple[Person, ...] = ()
    waiting: tuple[Person, ...] = ()

    @property
    def code(self) -> str:
        return tokens.make_code(self.link.pk, self.link.generation) if self.link else ""


def code_rows(unit: Unit, role: str) -> list[CodeRow]:
    """Return for each student of `unit`, by name, the working code for `role` and who has joined (INV-5).

    Role `student`: the students themselves; role `parent`: their parents. Three queries whatever their number.
    """
    enrolments = Enrolment.objects.filter(unit=unit, part=Part.STUDENT, until=None).select_related("person")
    students = [row.person for row in enrolments.order_by("person__search_name", "person_id")]
    links = _working_codes(unit, role)
    families: dict[int, list[Person]] = {}
    if role == Role.PARENT:
        ties = Guardianship.objects.filter(child__in=students, until=None, parent__merged_into=None)
        for tie in ties.select_related("parent").order_by("parent__search_name"):
            families.setdefault(tie.child_id, []).append(tie.parent)
    rows = []
    for student in students:
        people = families.get(student.pk, []) if role == Role.PARENT else [student]
        joined = tuple(person for person in people if person.has_joined)
        waiting = tuple(person for person in people if not person.has_joined)
        rows.append(CodeRow(student, links.get(student.pk), joined, waiting))
    return rows


def _working_codes(unit: Unit, role: str) -> dict[int, Invitation]:
    key = "student" if role == Role.PARENT else "person"
    links = Invitation.objects.redeemable(timezone.now()).filter(unit=unit, role=role, **{f"{key}__isnull": False})
    loaded = links.select_related("unit", "organization", "person", "student").order_by("-expires_at", "-id")
    return {getattr(link, f"{key}_id"): link for link in reversed(loaded)}


def family_link_of(child: Person) -> Invitation | None:
    """Return the working link by which parents of `child` join, if there is one (INV-8)."""
    links = Invitation.objects.redeemable(timezone.now()).filter(student=child)
    return links.select_related("unit", "organization", "student").order_by("-expires_at").first()
