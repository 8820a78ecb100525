"""The dry run: what each row of a file would do (ORG-8)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils import timezone

from roster.models import Load, LoadRow, Outcome
from roster.reckoning.leaving import is_over_threshold
from roster.reckoning.plan import Plan, RowResult
from roster.reckoning.reckon import reckon
from roster.reckoning.snapshot import Roster
from roster.services.understanding import rows_of_file
from works.models import Work
from works.services.ledger import Ledger
from works.services.progress import Progress

BATCH = 2000
LEAVING_SHOWN = 500


def prepare(work: Work, progress: Progress) -> tuple[Plan, Roster]:
    """Read the file and compare it with the roster; writes nothing. Raises the `DomainError`s of reading."""
    progress.step("reading")
    load = Load.objects.select_related("organization").get(pk=work.parameters["load"])
    rows = rows_of_file(load)
    progress.step("comparing", len(rows))
    roster = Roster(load.organization)
    plan = reckon(roster, rows, removes_missing=load.removes_missing)
    progress.advance(len(rows))
    return plan, roster


def write(work: Work, prepared: tuple[Plan, Roster], progress: Progress, ledger: Ledger) -> dict[str, Any]:
    """Keep what was found out about each row instead of what an earlier check has found; returns the summary."""
    plan, roster = prepared
    load_id = work.parameters["load"]
    LoadRow.objects.filter(load_id=load_id).delete()
    kept = (_row(work.organization_id, load_id, row) for row in plan.rows)
    LoadRow.objects.bulk_create(kept, batch_size=BATCH)
    summary = summary_of(plan, roster)
    Load.objects.filter(pk=load_id).update(summary=summary, checked_at=timezone.now(), removal_confirmed=False)
    return {name: summary[name] for name in ("rows", *Outcome.values, "leaving")}


def _row(organization_id: int, load_id: int, row: RowResult) -> LoadRow:
    return LoadRow(
        organization_id=organization_id,
        load_id=load_id,
        number=row.number,
        outcome=row.outcome,
        name=row.name[:250],
        unit_name=row.unit_name[:100],
        person_id=row.person_id,
        changes=row.changes,
        problems=[asdict(problem) for problem in row.problems],
        remarks=[asdict(remark) for remark in row.remarks],
    )


def summary_of(plan: Plan, roster: Roster) -> dict[str, Any]:
    """Return what `Load.summary` says about a plan."""
    leaving = [
        {"person": one.person.pk, "name": one.person.full_name, "unit": roster.where(one.person)}
        for one in sorted(plan.leaving, key=lambda one: one.person.search_name)[:LEAVING_SHOWN]
    ]
    new = [subject for subject in plan.subjects if subject.is_new]
    return {
        "rows": len(plan.rows),
        **{outcome.value: plan.counted(outcome) for outcome in Outcome},
        "remarks": sum(bool(row.remarks) for row in plan.rows),
        "people_new": sum(bool(subject.records) for subject in new),
        "parents_new": sum(not subject.records for subject in new),
        "units": [unit.name for unit in plan.units],
        "leaving": len(plan.leaving),
        "leaving_of": plan.leaving_of,
        "leaving_people": leaving,
        "removal_over_threshold": is_over_threshold(len(plan.leaving), plan.leaving_of),
        "print": plan.print(),
    }
