"""What is to be read, from the reader's side: who is meant, who has confirmed."""

from dataclasses import replace
from functools import reduce
from operator import and_, or_

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery

from orgs.actor import Actor, Child
from orgs.capabilities import Capability
from orgs.models import Audience, Role, RoleAssignment
from orgs.selectors.audiences import rules_matching
from readings.models import Confirmation, ParentsConfirm, Reading, ReadingAudience

# Whom a circle means through a child.
THROUGH_CHILD = (Audience.PARENTS, Audience.EVERYONE)


def readings_visible_to(actor: Actor) -> QuerySet[Reading]:
    """Return the readings whose progress the actor follows (CHAN-4): what the actor gave out; the administration
    follows all of them."""
    readings = Reading.objects.filter(organization=actor.organization.pk)
    return readings if actor.may(Capability.SEE_ALL_READINGS) else readings.filter(created_by=actor.person.pk)


def asked_of(actor: Actor) -> QuerySet[Reading]:
    """Return the open readings that mean the actor, each with `confirmed_at` (the actor's own) and `is_done`."""
    readings = Reading.objects.filter(
        organization=actor.organization.pk, opened_at__isnull=False, closed_at__isnull=True
    )
    return with_state(actor, readings).filter(asks(actor, "pk"))


def waiting_for(actor: Actor) -> QuerySet[Reading]:
    """Return what the actor still has to confirm, the earliest deadline first."""
    return (
        asked_of(actor).filter(~Q(done_by(actor, "pk"))).order_by(F("due_on").asc(nulls_last=True), "opened_at", "pk")
    )


def confirmed_by(actor: Actor) -> QuerySet[Reading]:
    """Return what the actor has confirmed, the latest first; also what nobody is asked for any more."""
    readings = Reading.objects.filter(organization=actor.organization.pk, confirmations__person=actor.person.pk)
    return with_state(actor, readings).order_by(F("confirmed_at").desc(), "-pk")


def find_asked(actor: Actor, pk: int) -> Reading | None:
    """Return an open reading that means the actor, as `asked_of` does, or None."""
    return asked_of(actor).filter(pk=pk).first()


def find_to_confirm(actor: Actor, pk: int) -> Reading | None:
    """Return a reading on which the actor may have pressed the button, with its state, or None.

    Also one that was closed meanwhile: whoever has its page open is told so.
    """
    opened = Reading.objects.filter(organization=actor.organization.pk, pk=pk, opened_at__isnull=False)
    reading = with_state(actor, opened).first()
    if reading is None:
        return None
    is_own = reading.is_asked or reading.confirmed_at or reading.closed_at  # type: ignore[attr-defined]
    return reading if is_own or readings_visible_to(actor).filter(pk=pk).exists() else None


def with_state(actor: Actor, readings: QuerySet[Reading]) -> QuerySet[Reading]:
    """Add to `readings` what `readings/_confirm.html` shows: `is_asked`, `confirmed_at`, `is_done`. No query."""
    return readings.annotate(
        is_asked=asks(actor, "pk"), confirmed_at=confirmed_at_by(actor, "pk"), is_done=done_by(actor, "pk")
    )


def states_of(actor: Actor, reading_ids: set[int]) -> dict[int, Reading]:
    """Return the readings by id as `with_state` does: for a page of things with required reading; one query."""
    if not reading_ids:
        return {}
    found = Reading.objects.filter(organization=actor.organization.pk, pk__in=reading_ids)
    return {reading.pk: reading for reading in with_state(actor, found)}


def asks(actor: Actor, ref: str = "reading_id") -> Exists:
    """Return whether the reading that the column `ref` names is open and means the actor."""
    return Exists(
        ReadingAudience.objects.filter(
            rules_matching(actor),
            reading=OuterRef(ref),
            reading__opened_at__isnull=False,
            reading__closed_at__isnull=True,
        )
    )


def confirmed_at_by(actor: Actor, ref: str = "reading_id") -> Subquery:
    """Return when the actor confirmed the reading that the column `ref` names."""
    return Subquery(_own(actor, ref).values("confirmed_at")[:1])


def done_by(actor: Actor, ref: str = "reading_id") -> ExpressionWrapper:
    """Return whether nothing is left to the actor in the reading that the column `ref` names.

    The actor has confirmed; or one parent of a child suffices, the actor is meant as a parent only, and for each child
    the audience means another parent has confirmed.
    """
    done = Q(Exists(_own(actor, ref)))
    if actor.children:
        done |= _done_by_family(actor, ref)
    return ExpressionWrapper(done, output_field=BooleanField())


def _own(actor: Actor, ref: str) -> QuerySet[Confirmation]:
    return Confirmation.objects.filter(reading=OuterRef(ref), person=actor.person.pk)


def _done_by_family(actor: Actor, ref: str) -> Q:
    is_family = Reading.objects.filter(pk=OuterRef(ref), parents_confirm=ParentsConfirm.FAMILY)
    itself = replace(actor, roles=actor.roles - {Role.PARENT}, children=())
    by_itself = ReadingAudience.objects.filter(rules_matching(itself), reading=OuterRef(ref))
    meant = [_means(child, ref) for child in actor.children]
    covered = [_is_covered(child, ref) for child in actor.children]
    each = (~through | answered for through, answered in zip(meant, covered, strict=True))
    return Q(Exists(is_family)) & ~Q(Exists(by_itself)) & reduce(or_, meant) & reduce(and_, each)


def _means(child: Child, ref: str) -> Q:
    """Whether the audience means the parents of `child`."""
    rules = ReadingAudience.objects.filter(reading=OuterRef(ref), audience__in=THROUGH_CHILD)
    is_student = RoleAssignment.objects.filter(person=child.id, role=Role.STUDENT, until=None)
    found = Q(Exists(rules.filter(unit__isnull=True))) & Q(Exists(is_student))
    return found | Q(Exists(rules.filter(unit__in=child.unit_ids))) if child.unit_ids else found


def _is_covered(child: Child, ref: str) -> Q:
    return Q(
        Exists(
            Confirmation.objects.filter(
                reading=OuterRef(ref), person__child_links__child=child.id, person__child_links__until=None
            )
        )
    )
