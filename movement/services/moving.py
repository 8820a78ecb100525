"""Carrying a movement out: one transaction, one work, one step back (ORG-5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.events import publish
from movement.services.facts import Facts
from movement.services.plan import Plan, What
from movement.services.telling import outcome_of, sentence_of_work
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import STAFF_ROLES, Enrolment, Guardianship, Person, Role, RoleAssignment
from orgs.services.people import protect_last_administrator
from orgs.services.verification import as_confirmed, as_released, to_confirm, to_release
from works.models import Work
from works.services import running
from works.services.ledger import Ledger


@transaction.atomic
def move(*, actor: Actor, plan: Plan) -> Work:
    """Do what `plan` says at once and return the work, which can be undone for a month.

    Raises `DomainError`: whatever `facts_of` refuses, `last_administrator`, `moved_meanwhile`, `work_under_way`.
    """
    return running.begin_and_finish(actor=actor, kind="movement", parameters=plan.as_parameters())


def write(work: Work, facts: Facts, ledger: Ledger) -> dict[str, Any]:
    """Write what `facts` say through the ledger, with the journal and the events; return the outcome of the work.

    Raises `DomainError`: `last_administrator`, `moved_meanwhile` (somebody else was quicker at one of the rows).
    """
    # REG-6; of several administrators who leave together, none may rely on another of them.
    if leaving := [row.person for row in facts.roles_ended if row.role == Role.ADMINISTRATOR]:
        protect_last_administrator(*leaving)
    try:
        with transaction.atomic():
            _end_rows(facts, ledger)
            _begin_rows(facts, ledger)
            _follow_roles(facts, ledger)
    except IntegrityError as error:  # enrolment_once_at_a_time, role_once_at_a_time
        message = _("Somebody else has just moved one of these people. Look again.")
        raise DomainError("moved_meanwhile", message) from error
    record(facts.organization, work.started_by, _deeds(facts))
    _tell(facts)
    return outcome_of(facts)


def _end_rows(facts: Facts, ledger: Ledger) -> None:
    now = timezone.now()
    ledger.change(facts.closing, {row.pk: {"until": facts.day} for row in facts.closing})
    ledger.change(facts.roles_ended, {row.pk: {"until": max(now, row.since)} for row in facts.roles_ended})
    ledger.change(facts.ties_ended, {row.pk: {"until": max(now, row.since)} for row in facts.ties_ended})


def _begin_rows(facts: Facts, ledger: Ledger) -> None:
    organization, order, now = facts.organization, facts.plan.order, timezone.now()
    if facts.newcomer is not None:
        ledger.create([facts.newcomer])
    ledger.create(
        [
            RoleAssignment(organization=organization, person=person, role=role, since=now)
            for person, role in facts.roles_given
        ]
    )
    ledger.create(
        [
            Enrolment(
                organization=organization,
                person=opening.person,
                unit=opening.unit,
                part=opening.part,
                since=facts.day,
                order_number=order.number,
                order_date=order.day,
            )
            for opening in facts.opening
        ]
    )
    ledger.create(
        [
            Guardianship(organization=organization, parent_id=tie.parent_id, child_id=tie.child_id, since=now)
            for tie in facts.ties_given
        ]
    )


def _follow_roles(facts: Facts, ledger: Ledger) -> None:
    """The confirmation of staff follows their roles (INV-9); nothing is asked where only students move."""
    given = {person.pk for person, role in facts.roles_given if role in STAFF_ROLES}
    ids = given | {row.person_id for row in facts.roles_ended if row.role in STAFF_ROLES}
    if ids:
        ledger.update(to_release(ids), **as_released())
        ledger.update(to_confirm(ids), **as_confirmed())


# --- Journal ----------------------------------------------------------------------------------------------------------
def _deeds(facts: Facts) -> list[Deed]:
    """One deed per person, by the order; parents whose role began or ended, and leaders who step down, as well."""
    added = [Deed(Action.PERSON_ADDED, facts.newcomer)] if facts.newcomer is not None else []
    moved = [_deed(facts, person) for person in facts.everybody]
    return [*added, *moved, *_deeds_about_others(facts)]


def _deed(facts: Facts, person: Person) -> Deed:
    plan, day = facts.plan, {"day": facts.day.isoformat()}
    closed = [row for row in facts.closing if row.person_id == person.pk]
    units = [row.unit for row in closed]
    opened = [opening.unit for opening in facts.opening if opening.person is person]
    unit = facts.unit or next(iter(sorted(opened or units, key=lambda found: found.is_staff_unit)), None)
    if plan.what == What.ENROL:
        return Deed(Action.ENROLLED, person, unit, plan.order, {"part": str(plan.part), **day})
    if plan.what == What.TRANSFER:
        details = {"part": str(plan.part), "from": units[0].name, **day}
        return Deed(Action.TRANSFERRED, person, unit, plan.order, details)
    action = Action.LEFT if plan.what == What.LEAVE else Action.RETURNED
    names = ", ".join(found.name for found in (units if action == Action.LEFT else opened)) or "—"
    return Deed(action, person, unit, plan.order, {"units": names, **day})


def _deeds_about_others(facts: Facts) -> list[Deed]:
    moved = {person.pk for person in facts.people}
    order = facts.plan.order
    ended = [
        Deed(Action.ENROLMENT_ENDED, row.person, row.unit, order, {"part": str(row.part)})
        for row in facts.closing
        if row.person_id not in moved
    ]
    ended += [
        Deed(Action.ROLE_ENDED, row.person, None, order, {"role": str(row.role)})
        for row in facts.roles_ended
        if row.role == Role.PARENT
    ]
    parents = {tie.parent_id for tie in facts.ties_given}
    given = [
        Deed(Action.ROLE_GRANTED, person, None, order, {"role": role})
        for person, role in facts.roles_given
        if person.pk in parents and role == Role.PARENT
    ]
    return [*ended, *given]


# --- Events -----------------------------------------------------------------------------------------------------------
def _tell(facts: Facts) -> None:
    """Those with an account: links beyond their rights are annulled, chats and channels follow (S3 2.1)."""
    for person in _with_account(row.person for row in facts.roles_ended):
        publish("orgs.role_ended", person=person)
    for person in _with_account(row.person for row in facts.closing):
        publish("orgs.enrolment_ended", person=person)
    _tell_members(facts.touched)


def _with_account(people: Iterable[Person]) -> list[Person]:
    return list({person.pk: person for person in people if person.user_id is not None}.values())


def _tell_members(ids: set[int]) -> None:
    """Those of `ids` who have an account, and the parents who have one: the class of a child is theirs as well."""
    parents = Guardianship.objects.filter(child__in=ids, until=None).values_list("parent_id", flat=True)
    people = Person.objects.filter(pk__in=ids | set(parents), user__isnull=False).select_related("organization")
    for person in people:
        publish("orgs.membership_changed", person=person)


def told_undone(work: Work) -> None:
    """Write into the journal that a movement was undone, and let chats, channels and links follow."""
    work.refresh_from_db(fields=["undone_by"])
    details = {"movement": sentence_of_work(work)}
    record(work.organization, work.undone_by, [Deed(Action.MOVEMENT_UNDONE, details=details)])
    ids = set(work.outcome["touched"])
    for person in Person.objects.filter(pk__in=ids, user__isnull=False).select_related("organization"):
        publish("orgs.role_ended", person=person)
    _tell_members(ids)
