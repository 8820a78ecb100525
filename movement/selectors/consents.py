"""The register of consents as an actor sees it: children, their parents, what was decided (ORG-11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Prefetch, Q, QuerySet, Value, When

from common.text import normalise
from movement.models import Consent, Decision
from orgs.actor import Actor
from orgs.capabilities import Capability
from orgs.models import Enrolment, Guardianship, Part, Person, Unit
from orgs.permissions import can_see_consents, can_see_contacts
from orgs.selectors.units import units_visible_to

NONE = "none"
UNREACHED = "unreached"
STATES = (Decision.CONSENT, Decision.REFUSAL, Decision.OTHER_CHANNEL, NONE)


@dataclass(frozen=True)
class ConsentFilter:
    """What the register can be narrowed by; `unreached` leaves only those whom a message does not reach."""

    text: str = ""
    unit_id: int | None = None
    state: str = ""
    unreached: bool = False


@dataclass
class ParentLine:
    """A parent of a child with the decision of today."""

    parent: Person
    consent: Consent | None = None
    phone: str = ""
    email: str = ""


@dataclass
class Family:
    """A child with its units, parents and decisions. `paper`: a decision without a named parent.

    `state`: what holds for the family; `how`: how to reach it where a message does not.
    """

    child: Person
    state: str
    is_reached: bool
    units: list[Unit]
    parents: list[ParentLine] = field(default_factory=list)
    paper: Consent | None = None
    leaders: list[str] = field(default_factory=list)

    @property
    def consents(self) -> list[Consent]:
        """The decisions of today."""
        found = [line.consent for line in self.parents if line.consent is not None]
        return [*found, self.paper] if self.paper is not None else found

    @property
    def channels(self) -> list[str]:
        """Other ways to reach the family that somebody has named."""
        return list(dict.fromkeys(consent.channel for consent in self.consents if consent.channel))

    @property
    def phones(self) -> list[ParentLine]:
        """The parents whose phone the reader may see."""
        return [line for line in self.parents if line.phone]


def units_of_register(actor: Actor) -> QuerySet[Unit]:
    """Return the units whose consents the actor sees: all, or those the actor leads."""
    units = units_visible_to(actor).active().teaching()
    if actor.may(Capability.SEE_CONSENTS):
        return units
    return units.filter(pk__in=actor.led_unit_ids)


def children_visible_to(actor: Actor) -> QuerySet[Any]:
    """Return the students whose consents the actor sees, with `state` and `is_reached`, by name."""
    children = Person.objects.filter(organization_id=actor.organization.pk, merged_into=None)
    if not can_see_consents(actor):
        return children.none()
    studies = Enrolment.objects.filter(person=OuterRef("pk"), part=Part.STUDENT, until=None, unit__archived_at=None)
    if not actor.may(Capability.SEE_CONSENTS):
        studies = studies.filter(unit__in=actor.led_unit_ids)
    return with_state(children.filter(Exists(studies))).order_by("search_name", "id")


def with_state(children: QuerySet[Person]) -> QuerySet[Any]:
    """Add `state` (a refusal of one parent outweighs the consent of another) and `is_reached` (a message arrives)."""
    current = Consent.objects.filter(child=OuterRef("pk"), until=None)
    connected = Guardianship.objects.filter(child=OuterRef("pk"), until=None, parent__user__isnull=False)
    whens = [
        When(Exists(current.filter(decision=decision)), then=Value(decision.value))
        for decision in (Decision.REFUSAL, Decision.OTHER_CHANNEL, Decision.CONSENT)
    ]
    elsewhere = Q(Exists(current.exclude(decision=Decision.CONSENT)))
    return children.annotate(
        state=Case(*whens, default=Value(NONE), output_field=CharField()),
        is_reached=Case(
            When(elsewhere, then=Value(False)), When(Exists(connected), then=Value(True)), default=Value(False)
        ),
    )


def filter_children(children: QuerySet[Any], wanted: ConsentFilter) -> QuerySet[Any]:
    """Narrow children of `children_visible_to`."""
    for word in normalise(wanted.text).split():
        of_parent = Guardianship.objects.filter(child=OuterRef("pk"), until=None, parent__search_name__contains=word)
        children = children.filter(Q(search_name__contains=word) | Q(Exists(of_parent)))
    if wanted.unit_id is not None:
        studies = Enrolment.objects.filter(person=OuterRef("pk"), unit=wanted.unit_id, part=Part.STUDENT, until=None)
        children = children.filter(Exists(studies))
    if wanted.state:
        children = children.filter(state=wanted.state)
    if wanted.unreached:
        children = children.filter(is_reached=False)
    return children


def counts_of(children: QuerySet[Any]) -> dict[str, int]:
    """Return how many children there are of each state, of `unreached`, and in `all`; one query."""
    counted = {f"in_{state}": Count("pk", filter=Q(state=state)) for state in STATES}
    found = children.order_by().aggregate(
        total=Count("pk"), unreached=Count("pk", filter=Q(is_reached=False)), **counted
    )
    return {
        **{str(state): found[f"in_{state}"] for state in STATES},
        UNREACHED: found["unreached"],
        "all": found["total"],
    }


def families_of(actor: Actor, children: Iterable[Person]) -> list[Family]:
    """Return the families of `children` (with `state` and `is_reached`); four queries whatever their number."""
    rows = list(children)
    ids = [child.pk for child in rows]
    ties: dict[int, list[Person]] = defaultdict(list)
    for tie in (
        Guardianship.objects.filter(child__in=ids, until=None)
        .select_related("parent")
        .order_by("parent__search_name", "parent_id")
    ):
        ties[tie.child_id].append(tie.parent)
    decided = {
        (consent.child_id, consent.parent_id): consent
        for consent in Consent.objects.filter(child__in=ids, until=None).select_related("recorded_by")
    }
    units = _units_of(ids)
    return [_family(actor, child, ties[child.pk], decided, units[child.pk]) for child in rows]


def _units_of(ids: list[int]) -> dict[int, list[Unit]]:
    leaders = Enrolment.objects.filter(part=Part.LEADER, until=None).select_related("person")
    studies = (
        Enrolment.objects.filter(person__in=ids, part=Part.STUDENT, until=None, unit__archived_at=None)
        .select_related("unit")
        .prefetch_related(Prefetch("unit__enrolments", queryset=leaders, to_attr="leaders"))
        .order_by("unit__sort_key")
    )
    units: dict[int, list[Unit]] = defaultdict(list)
    for row in studies:
        units[row.person_id].append(row.unit)
    return units


def _family(
    actor: Actor,
    child: Person,
    parents: list[Person],
    decided: dict[tuple[int, int | None], Consent],
    units: list[Unit],
) -> Family:
    lines = []
    for parent in parents:
        line = ParentLine(parent, decided.get((child.pk, parent.pk)))
        if can_see_contacts(actor, parent):
            line.phone, line.email = parent.phone, parent.email
        lines.append(line)
    leaders = [row.person.full_name for unit in units for row in unit.leaders]  # type: ignore[attr-defined]
    return Family(
        child=child,
        state=child.state,  # type: ignore[attr-defined]
        is_reached=child.is_reached,  # type: ignore[attr-defined]
        units=units,
        parents=lines,
        paper=decided.get((child.pk, None)),
        leaders=list(dict.fromkeys(leaders)),
    )


def history_of(actor: Actor, child: Person) -> QuerySet[Consent]:
    """Return all decisions about a child, the latest first; the present ones among them."""
    decisions = Consent.objects.filter(organization_id=actor.organization.pk, child=child)
    return decisions.select_related("parent", "recorded_by").order_by("-id")


def consents_visible_to(actor: Actor) -> QuerySet[Consent]:
    """Return the decisions of today about the children whose consents the actor sees."""
    children = children_visible_to(actor).order_by().values("pk")
    return Consent.objects.filter(until=None, child__in=children).select_related("child", "parent")


def own_children(actor: Actor) -> list[Family]:
    """Return the actor's children with what the actor has decided, and the other parents did."""
    ids = [child.id for child in actor.children]
    children = Person.objects.filter(organization_id=actor.organization.pk, pk__in=ids)
    return families_of(actor, with_state(children).order_by("search_name", "id"))
