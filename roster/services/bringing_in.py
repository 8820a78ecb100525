"""A checked file is brought into the roster: all of it or nothing, undone in one step (ORG-8)."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from common.events import publish
from orgs.audit import Action, Deed, Order, record
from orgs.models import Enrolment, Guardianship, Organization, Person, RoleAssignment
from roster.models import Load, Outcome
from roster.reckoning.reckon import reckon
from roster.reckoning.snapshot import Roster
from roster.records import BadRow, RosterRecord
from roster.services.understanding import rows_of_file
from roster.services.writing import Writer, roster_changed
from works.models import Work
from works.services.ledger import Ledger
from works.services.progress import Progress

Rows = list[RosterRecord | BadRow]


def prepare(work: Work, progress: Progress) -> Rows:
    """Read the file. Raises the `DomainError`s of reading."""
    progress.step("reading")
    load = Load.objects.select_related("organization").get(pk=work.parameters["load"])
    return rows_of_file(load)


def write(work: Work, prepared: Rows, progress: Progress, ledger: Ledger) -> dict[str, Any]:
    """Compare once more with the roster of this moment, and write what the check has shown; returns the counts.

    The organization's row is locked: whoever changes its administrators or rules waits, whoever joins or writes a
    message does not (`no_key`). What somebody changes beside us is found by the rows themselves: they are locked and
    compared, or their constraints refuse. Raises `DomainError("roster_changed")`, and then nothing is written.
    """
    organization = Organization.objects.select_for_update(no_key=True).get(pk=work.organization_id)
    load = Load.objects.defer("content").get(pk=work.parameters["load"])
    roster = Roster(organization)
    plan = reckon(roster, prepared, removes_missing=load.removes_missing)
    if plan.print() != load.summary.get("print"):
        raise roster_changed()
    writer = Writer(plan, roster, ledger, work.started_by, Order(load.order_number, load.order_date))
    try:
        with transaction.atomic():
            writer.write()
    except IntegrityError as error:  # …_once_at_a_time, unit_name_once_per_year: somebody was quicker
        raise roster_changed() from error
    counts = writer.counts
    details = {"file": load.file_name, "new": counts["people_new"] + counts["parents_new"]}
    details |= {"changed": counts["people_changed"], "left": counts["leaving"]}
    record(organization, work.started_by, [*writer.deeds, Deed(Action.ROSTER_BROUGHT_IN, details=details)])
    writer.tell()
    return {**counts, "rows": len(plan.rows), "left_out": plan.counted(Outcome.ERROR)}


def after_undo(work: Work) -> None:
    """Tell the journal that the file was undone, and the open pages of those whose access it changed."""
    work.refresh_from_db(fields=["undone_by"])
    load = Load.objects.defer("content").filter(pk=work.parameters["load"]).first()
    deed = Deed(Action.ROSTER_UNDONE, details={"file": load.file_name if load is not None else ""})
    record(work.organization, work.undone_by, [deed])
    for person in _joined_people_of(work):
        publish("orgs.membership_changed", person=person)


def _joined_people_of(work: Work) -> list[Person]:
    """Return those with an account whose roles, parts or ties came back; rows that were made are gone by now."""
    people: set[int] = set()
    columns = {RoleAssignment: ["person_id"], Enrolment: ["person_id"], Guardianship: ["parent_id", "child_id"]}
    for change in work.changes.filter(is_creation=False):
        for model, names in columns.items():
            if change.model == model._meta.label_lower:
                for row in model._default_manager.filter(pk__in=list(change.rows)).values_list(*names):
                    people.update(row)
    return list(Person.objects.filter(pk__in=people, user__isnull=False).select_related("organization"))
