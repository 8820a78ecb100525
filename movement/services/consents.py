"""Recording what families have decided (ORG-11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.text import clean
from movement.models import Consent, Decision
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import Guardianship, Part, Person, Unit
from orgs.selectors.organizations import today_in

CHANNEL_LENGTH = 200
NUMBER_LENGTH = 40


@dataclass(frozen=True)
class ConsentData:
    """A decision as the paper (or the parent) says it; no day means the organization's today."""

    decision: str
    channel: str = ""
    signed_on: date | None = None
    document_number: str = ""
    remark: str = ""


@transaction.atomic
def record_consent(*, actor: Actor, child: Person, parent: Person | None, data: ConsentData) -> Consent:
    """Record the decision of `parent` (None: of a family known from paper only) about `child` and return it.

    The decision before it is superseded, never deleted. Raises `DomainError`: `wrong_family`, `channel_required`,
    `text_too_long`, `day_ahead` (400), `recorded_meanwhile`.
    """
    if parent is not None:
        _check_family(child, parent)
    row = _row(actor, child, parent, data)
    _replace(actor, [row])
    details = {"decision": str(row.get_decision_display())}
    record(actor.organization, actor, [Deed(Action.CONSENT_RECORDED, child, details=details)])
    return row


@transaction.atomic
def give_consent(*, actor: Actor, child: Person, data: ConsentData) -> Consent:
    """A parent decides about the own child, electronically; return the decision. Raises `DomainError` like
    `record_consent`."""
    _check_family(child, actor.person)
    row = _row(actor, child, actor.person, data)
    row.is_electronic, row.document_number, row.signed_on = True, "", today_in(actor.organization)
    _replace(actor, [row])
    details = {"decision": str(row.get_decision_display())}
    record(actor.organization, actor, [Deed(Action.CONSENT_GIVEN, child, details=details)])
    return row


@transaction.atomic
def record_for_unit(*, actor: Actor, unit: Unit, children: Sequence[int] | None, data: ConsentData) -> int:
    """Record the same decision for the families of a unit that have not decided yet; return how many decisions.

    «Получены согласия от всех на собрании»: for each parent of each child, and for children without a parent on the
    roster once. What somebody has decided before stays. `children` narrows it to some of them.
    """
    students = Person.objects.filter(enrolments__unit=unit, enrolments__part=Part.STUDENT, enrolments__until=None)
    if children is not None:
        students = students.filter(pk__in=children)
    found = {person.pk: person for person in students.distinct()}
    ties = list(Guardianship.objects.filter(child__in=found, until=None).select_related("parent"))
    known = set(Consent.objects.filter(child__in=found, until=None).values_list("child_id", "parent_id"))
    decided = {child for child, parent in known if parent is None}
    pairs: list[tuple[Person, Person | None]] = [(found[tie.child_id], tie.parent) for tie in ties]
    with_parents = {tie.child_id for tie in ties}
    pairs += [(child, None) for pk, child in found.items() if pk not in with_parents]
    rows = [
        _row(actor, child, parent, data)
        for child, parent in pairs
        if (child.pk, parent.pk if parent else None) not in known and child.pk not in decided
    ]
    _replace(actor, rows)
    if rows:
        deed = Deed(Action.CONSENTS_RECORDED, unit=unit, details={"count": len(rows)})
        record(actor.organization, actor, [deed])
    return len(rows)


@transaction.atomic
def take_back(*, actor: Actor, consent: Consent) -> None:
    """End a decision that was recorded by mistake; it stays in the history. Twice is once."""
    ended = Consent.objects.filter(pk=consent.pk, until=None).update(until=timezone.now())
    if ended:
        record(actor.organization, actor, [Deed(Action.CONSENT_WITHDRAWN, consent.child)])


def _check_family(child: Person, parent: Person) -> None:
    if not Guardianship.objects.filter(child=child, parent=parent, until=None).exists():
        message = _("This is no parent of the child. Tie them on the child's page first.")
        raise DomainError("wrong_family", message, fields={"parent": message}, status=400)


def _row(actor: Actor, child: Person, parent: Person | None, data: ConsentData) -> Consent:
    today = today_in(actor.organization)
    row = Consent(
        organization=actor.organization,
        child=child,
        parent=parent,
        decision=data.decision,
        channel=_checked(data.channel, "channel", CHANNEL_LENGTH),
        signed_on=data.signed_on or today,
        document_number=_checked(data.document_number, "document_number", NUMBER_LENGTH),
        remark=_checked(data.remark, "remark", CHANNEL_LENGTH),
        recorded_by=actor.person,
    )
    if row.decision == Decision.OTHER_CHANNEL and not row.channel:
        raise _at("channel", "channel_required", _("Write how to reach the family."))
    if row.signed_on > today:
        raise _at("signed_on", "day_ahead", _("This day has not come yet."))
    return row


def _checked(text: str, name: str, most: int) -> str:
    words = clean(text)
    if len(words) > most:
        raise _at(name, "text_too_long", _("At most %(count)s characters.") % {"count": most})
    return words


def _at(name: str, code: str, message: str) -> DomainError:
    return DomainError(code, message, fields={name: message}, status=400)


def _replace(actor: Actor, rows: list[Consent]) -> None:
    """Supersede what the same parents have decided about the same children, and write `rows`."""
    children = {row.child_id for row in rows}
    wanted = {(row.child_id, row.parent_id) for row in rows}
    current = Consent.objects.filter(organization=actor.organization, child__in=children, until=None)
    old = [row.pk for row in current if (row.child_id, row.parent_id) in wanted]
    if old:
        Consent.objects.filter(pk__in=old, until=None).update(until=timezone.now())
    try:
        with transaction.atomic():
            Consent.objects.bulk_create(rows)
    except IntegrityError as error:  # consent_one_current
        message = _("Somebody else has just recorded a decision of this family. Look again.")
        raise DomainError("recorded_meanwhile", message) from error
