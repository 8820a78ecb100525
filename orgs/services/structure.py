"""Units: create, rename, archive, restore; who is in them and in what part."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.events import publish
from common.text import clean, normalise
from orgs.actor import Actor
from orgs.audit import Action, Deed, Order, record
from orgs.models import Enrolment, Organization, Part, Person, Role, Unit, UnitKind
from orgs.selectors.organizations import today_in
from orgs.selectors.units import current_year_of
from orgs.services.people import grant_role

_CLASS_NAME = re.compile(r"^(\d{1,2})\s*[«\"-]?\s*([А-ЯЁа-яёA-Za-z]{0,3})[»\"]?$")
MAX_UNITS_AT_ONCE = 200
SORT_KEY_LENGTH = 160


@dataclass(frozen=True)
class UnitData:
    """What a unit is called and where it stands in the nomenclature (ORG-1)."""

    kind: str
    name: str
    parallel: int | None = None
    letter: str = ""
    age_group: str = ""
    direction: str = ""


def class_from_name(name: str) -> UnitData:
    """Read «5А», «5 «А»», «5-а» as parallel 5, letter А; another name stands as it is."""
    found = _CLASS_NAME.match(clean(name))
    if not found or not 1 <= int(found[1]) <= 12:
        return UnitData(UnitKind.CLASS, clean(name))
    parallel, letter = int(found[1]), found[2].upper()
    return UnitData(UnitKind.CLASS, f"{parallel}{letter}", parallel=parallel, letter=letter)


def sort_key_of(name: str) -> str:
    """Return the key by which 2А stands before 10А, case and ё/е do not matter."""
    # A name of many short numbers grows beyond its column.
    return re.sub(r"\d+", lambda number: number[0].zfill(4), normalise(name))[:SORT_KEY_LENGTH]


@transaction.atomic
def create_units(*, organization: Organization, actor: Actor | Person | None, units: Sequence[UnitData]) -> list[Unit]:
    """Create units in the current academic year and return them in the given order.

    Raises `DomainError`: `unit_name_required`, `too_many_units`, `unit_exists` (with the names that are taken).
    """
    if len(units) > MAX_UNITS_AT_ONCE:
        raise DomainError(
            "too_many_units", _("At most %(count)s at a time.") % {"count": MAX_UNITS_AT_ONCE}, status=400
        )
    year = current_year_of(organization)
    rows = [_fill(Unit(organization=organization, academic_year=year), data) for data in units]
    _refuse_taken_names(rows)
    try:
        with transaction.atomic():
            created = Unit.objects.bulk_create(rows)
    except IntegrityError as error:  # unit_name_once_per_year: somebody was quicker
        raise _taken([row.name for row in rows]) from error
    record(organization, actor, [Deed(Action.UNIT_CREATED, unit=unit) for unit in created])
    publish("orgs.units_created", organization=organization, units=created)
    return created


def _fill(unit: Unit, data: UnitData) -> Unit:
    unit.kind, unit.name = data.kind, clean(data.name)
    unit.parallel, unit.letter = data.parallel, clean(data.letter)
    unit.age_group, unit.direction = clean(data.age_group), clean(data.direction)
    if not unit.name:
        message = _("Please give it a name.")
        raise DomainError("unit_name_required", message, fields={"name": message}, status=400)
    unit.sort_key = sort_key_of(unit.name)
    return unit


def _refuse_taken_names(rows: list[Unit]) -> None:
    keys = [(row.kind, row.sort_key) for row in rows]
    existing = set(
        Unit.objects.active()
        .filter(
            organization=rows[0].organization if rows else None,
            academic_year=rows[0].academic_year if rows else None,
            sort_key__in=[key for _kind, key in keys],
        )
        .values_list("kind", "sort_key")
    )
    taken = [row.name for place, row in enumerate(rows) if keys[place] in existing or keys[place] in keys[:place]]
    if taken:
        raise _taken(taken)


def _taken(names: list[str]) -> DomainError:
    message = _("Already there this year: %(names)s.") % {"names": ", ".join(names)}
    return DomainError("unit_exists", message, fields={"name": message})


@transaction.atomic
def update_unit(*, actor: Actor, unit: Unit, data: UnitData) -> Unit:
    """Rename a unit or correct its place in the nomenclature; its people and links stay.

    Raises `DomainError("unit_exists")` when the name is taken this year.
    """
    fields = ("name", "parallel", "letter", "age_group", "direction")
    before = [getattr(unit, name) for name in fields]
    _fill(unit, data)
    changed = [name for name, old in zip(fields, before, strict=True) if getattr(unit, name) != old]
    if not changed:
        return unit
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError as error:
        raise _taken([unit.name]) from error
    record(unit.organization, actor, [Deed(Action.UNIT_CHANGED, unit=unit, details={"fields": changed})])
    return unit


@transaction.atomic
def archive_unit(*, actor: Actor, unit: Unit) -> None:
    """Put a unit out of sight; its people and their history stay, its links stop.

    Raises `DomainError("staff_unit")` for the system staff unit.
    """
    if unit.is_staff_unit:
        raise DomainError("staff_unit", _("The system unit cannot be archived: it holds all staff."))
    if Unit.objects.active().filter(pk=unit.pk).update(archived_at=timezone.now()):
        record(unit.organization, actor, [Deed(Action.UNIT_ARCHIVED, unit=unit)])
        publish("orgs.unit_archived", actor=actor, unit=unit)


@transaction.atomic
def restore_unit(*, actor: Actor, unit: Unit) -> None:
    """Bring an archived unit back with its people.

    Raises `DomainError("unit_exists")` when its name was given to another unit of that year meanwhile.
    """
    try:
        with transaction.atomic():
            restored = Unit.objects.filter(pk=unit.pk, archived_at__isnull=False).update(archived_at=None)
    except IntegrityError as error:
        raise _taken([unit.name]) from error
    if restored:
        record(unit.organization, actor, [Deed(Action.UNIT_RESTORED, unit=unit)])
        publish("orgs.unit_restored", unit=unit)


NO_ORDER = Order()


@dataclass(frozen=True)
class Movement:
    """From which day and by which order somebody is enrolled; no day means the organization's today."""

    day: date | None = None
    order: Order = NO_ORDER


TODAY = Movement()


@transaction.atomic
def enrol(
    *, actor: Actor | Person | None, people: Iterable[Person], unit: Unit, part: str, movement: Movement = TODAY
) -> int:
    """Enrol `people` into `unit` as `part` and give them the role it needs; return how many were not there yet.

    Raises `DomainError("unit_archived")` for an archived unit and `DomainError("staff_unit")` for students in the
    staff unit.
    """
    if unit.archived_at is not None or _held(unit).archived_at is not None:
        raise DomainError("unit_archived", _("This unit is in the archive. Restore it first."))
    if unit.is_staff_unit and part != Part.TEACHER:
        raise DomainError("staff_unit", _("Only staff belong to this unit."))
    added = 0
    for person in people:
        grant_role(actor=actor, person=person, role=Role.STUDENT if part == Part.STUDENT else Role.TEACHER)
        _row, is_new = Enrolment.objects.get_or_create(
            organization_id=unit.organization_id,
            person=person,
            unit=unit,
            part=part,
            until=None,
            defaults={
                "since": movement.day or today_in(unit.organization),
                "order_number": movement.order.number,
                "order_date": movement.order.day,
            },
        )
        if is_new:
            added += 1
            deed = Deed(Action.ENROLLED, person, unit, movement.order, {"part": str(part)})
            record(unit.organization, actor, [deed])
            publish("orgs.membership_changed", person=person)
    return added


def _held(unit: Unit) -> Unit:
    """Return the unit as it is now, locked: whoever passes to the next school year (ORG-9) waits, or was quicker."""
    return Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)


@transaction.atomic
def end_enrolment(*, actor: Actor, enrolment: Enrolment, movement: Movement = TODAY) -> None:
    """Close a person's part in a unit; it stays visible as the past (ORG-5).

    Raises `DomainError("staff_unit")` for the staff unit, which follows the roles, and
    `DomainError("ends_before_start")` for a day before the enrolment began.
    """
    if enrolment.unit.is_staff_unit:
        raise DomainError("staff_unit", _("The system unit follows the roles: take the role away instead."))
    day = movement.day or today_in(enrolment.unit.organization)
    if day < enrolment.since:
        raise DomainError("ends_before_start", _("The day is before the enrolment began."), status=400)
    closed = Enrolment.objects.filter(pk=enrolment.pk, until=None).update(until=day)
    if not closed:
        return
    deed = Deed(Action.ENROLMENT_ENDED, enrolment.person, enrolment.unit, movement.order, {"part": str(enrolment.part)})
    record(enrolment.unit.organization, actor, [deed])
    publish("orgs.enrolment_ended", person=enrolment.person)
    publish("orgs.membership_changed", person=enrolment.person)
