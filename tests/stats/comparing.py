"""What the roll-up keeps beside a recount of the source rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from orgs.models import Organization
from stats.models import OrgDay, Period, PersonDay, RollupState, StaffAnswer, UnitDay
from tests.stats.recount import COUNTERS, ROLES, Recount, Table


def kept(organization: Organization) -> dict[str, Table]:
    """What the roll-up keeps of an organization, without the roster's figures, zeros and empty rows."""
    found: dict[str, Table] = {"people": {}, "organization": {}, "units": {}, "answers": {}, "periods": {}}
    for row in PersonDay.objects.filter(organization=organization):
        found["people"][row.day, row.person_id] = {
            name: int(getattr(row, name)) for name in ("came", *ROLES, *COUNTERS)
        }
    for day in OrgDay.objects.filter(organization=organization):
        found["organization"][day.day] = _activity(day)
    for unit in UnitDay.objects.filter(organization=organization):
        found["units"][unit.day, unit.unit_id] = _activity(unit)
    for answer in StaffAnswer.objects.filter(organization=organization):
        found["answers"][answer.message_id] = (answer.day, answer.person_id, answer.seconds)  # type: ignore[assignment]
    for period in Period.objects.filter(organization=organization):
        found["periods"][period.span, period.starts_on, period.unit_id] = _activity(period)
    return {name: {key: row for key, row in table.items() if row} for name, table in found.items()}


def _activity(row: Any) -> dict[str, int]:
    fields = {name.attname for name in row._meta.concrete_fields if name.get_internal_type() == "PositiveIntegerField"}
    names = [name for name in fields if not name.endswith(("_total", "_joined"))]
    return {name: getattr(row, name) for name in names if getattr(row, name)}


def expected(organization: Organization, now: datetime) -> dict[str, Table]:
    """The same from the source rows."""
    count = Recount(organization, now)
    tables: dict[str, Any] = {
        "people": count.person_days(),
        "organization": count.org_days(),
        "units": count.unit_days(),
        "answers": count.answers(),
        "periods": count.periods(),
    }
    return {name: {key: row for key, row in table.items() if row} for name, table in tables.items()}


def differences(organization: Organization, now: datetime) -> list[str]:
    """Where the kept figures are not those of the source rows: nothing, when the roll-up is right."""
    is_state = dict(kept(organization))
    ought = expected(organization, now)
    frozen = RollupState.objects.filter(organization=organization).values_list("frozen_before", flat=True).first()
    assert frozen is None, "days that may not be recounted cannot be compared"
    return [
        f"{table} {key}: kept {is_state[table].get(key)}, counted {ought[table].get(key)}"
        for table in ought
        for key in sorted(is_state[table].keys() | ought[table].keys(), key=repr)
        if is_state[table].get(key) != ought[table].get(key)
    ]


def figures(organization: Organization) -> list[Any]:
    """Every row the roll-up has written of an organization, to see whether anything changed; with the roster's."""
    tables = (PersonDay, OrgDay, UnitDay, StaffAnswer, Period)
    return [list(table.objects.filter(organization=organization).order_by("pk").values_list()) for table in tables]
