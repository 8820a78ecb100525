"""The confirmation of the status of staff (INV-9): one table of what may follow what.

Rights never hang on it. It follows the rights: a person with an account and a role of staff is confirmed, and nobody
else is; whoever waits, was refused or had the confirmation withdrawn holds no role of staff.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Case, CharField, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from orgs.models import STAFF_ROLES, Person, RoleAssignment, Verification

NEXT: Mapping[Verification, frozenset[Verification]] = {
    Verification.NOT_CONFIRMED: frozenset({Verification.ON_REVIEW, Verification.CONFIRMED}),
    Verification.ON_REVIEW: frozenset({Verification.CONFIRMED, Verification.REJECTED, Verification.NOT_CONFIRMED}),
    Verification.REJECTED: frozenset({Verification.ON_REVIEW, Verification.CONFIRMED}),
    # A role that simply ended needs no reason: the status goes with it.
    Verification.CONFIRMED: frozenset({Verification.WITHDRAWN, Verification.NOT_CONFIRMED}),
    Verification.WITHDRAWN: frozenset({Verification.ON_REVIEW, Verification.CONFIRMED}),
}


def before(state: Verification) -> list[str]:
    """Return the states from which `state` may follow."""
    return [str(one) for one, following in NEXT.items() if state in following]


def holds_staff_role() -> Exists:
    """The condition, for a query of people: holds a role of staff today."""
    return Exists(RoleAssignment.objects.filter(person_id=OuterRef("pk"), role__in=STAFF_ROLES, until=None))


def move(*, person: Person, to: Verification, reason: str = "") -> None:
    """Write the next state of `person`'s confirmation, with the reason people read (INV-9).

    Raises `DomainError`: `verification_impossible` when `to` does not follow from what stands there now, and
    `reason_required` when a refusal or a withdrawal has none. The condition stands in the statement.
    """
    if to in (Verification.REJECTED, Verification.WITHDRAWN) and not reason:
        text = _("Please give a reason.")
        raise DomainError("reason_required", text, fields={"reason": text}, status=400)
    now = timezone.now() if to != Verification.NOT_CONFIRMED else None
    moved = Person.objects.filter(pk=person.pk, verification__in=before(to)).update(
        verification=to, verification_reason=reason, verified_at=now
    )
    if not moved:
        raise DomainError("verification_impossible", _("The status has changed meanwhile. Please look again."))
    person.verification, person.verification_reason, person.verified_at = to, reason, now


def confirmation_of(role_is_staff: Q | Exists) -> dict[str, Case]:
    """Return what to write beside the account (`Person.objects.update(**…)`) so that staff are confirmed with it."""
    now = timezone.now()
    return {
        "verification": Case(
            When(role_is_staff, then=Value(str(Verification.CONFIRMED))),
            default=F("verification"),
            output_field=CharField(),
        ),
        "verification_reason": Case(
            When(role_is_staff, then=Value("")), default=F("verification_reason"), output_field=CharField()
        ),
        "verified_at": Case(
            When(role_is_staff, then=Value(now)), default=F("verified_at"), output_field=DateTimeField()
        ),
    }


def to_confirm(person_ids: Iterable[int]) -> QuerySet[Person]:
    """Return those of the people who hold a role of staff and have an account, and are not confirmed."""
    people = Person.objects.filter(pk__in=list(person_ids), user__isnull=False, merged_into=None)
    return people.filter(holds_staff_role(), verification__in=before(Verification.CONFIRMED))


def to_release(person_ids: Iterable[int]) -> QuerySet[Person]:
    """Return those of the people who are confirmed and hold no role of staff any more, or have no account."""
    people = Person.objects.filter(pk__in=list(person_ids), verification=Verification.CONFIRMED)
    return people.filter(~holds_staff_role() | Q(user=None) | Q(merged_into__isnull=False))


def as_confirmed() -> dict[str, Any]:
    """Return what stands in the row of somebody who is confirmed now."""
    return {"verification": Verification.CONFIRMED, "verification_reason": "", "verified_at": timezone.now()}


def as_released() -> dict[str, Any]:
    """Return what stands in the row of somebody whose roles of staff have simply ended."""
    return {"verification": Verification.NOT_CONFIRMED, "verification_reason": "", "verified_at": None}


def confirm_joined(people: Iterable[Person]) -> None:
    """Confirm those of `people` who have an account and hold a role of staff; one statement, none without accounts."""
    if ids := [person.pk for person in people if person.user_id is not None]:
        to_confirm(ids).update(**as_confirmed())


def release(people: Iterable[Person]) -> None:
    """Take the confirmation from those of `people` who hold no role of staff any more; one statement."""
    to_release([person.pk for person in people]).update(**as_released())


def settle(people: Iterable[Person]) -> None:
    """Bring the confirmation in step with the roles after a bulk change of roles or accounts; two statements."""
    chosen = list(people)
    confirm_joined(chosen)
    release(chosen)
