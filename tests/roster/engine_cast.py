"""Records as a file would give them, brought into a school without a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any
from unittest.mock import patch

from django.utils import timezone

from orgs.models import Enrolment, Guardianship, Person, Role, RoleAssignment, Unit
from roster.models import Format, Load, LoadRow
from roster.records import BadRow, NameParts, ParentRecord, RosterRecord
from roster.services import loads
from tests.world import School
from works.models import State, Work
from works.services import running

Rows = Sequence[RosterRecord | BadRow]
READERS = ("roster.services.checking.rows_of_file", "roster.services.bringing_in.rows_of_file")


def named(text: str) -> NameParts:
    return NameParts(*text.split(" ", 2))


def student(number: int, name: str, unit: str = "", **more: Any) -> RosterRecord:
    part = "student" if unit else ""
    return RosterRecord(number, named(name), frozenset({Role.STUDENT}), unit=unit, part=part, **more)


def staff(number: int, name: str, unit: str = "", part: str = "teacher", **more: Any) -> RosterRecord:
    roles = more.pop("roles", frozenset({Role.TEACHER}))
    return RosterRecord(number, named(name), roles, unit=unit, part=part if unit else "", **more)


def parent(name: str, phone: str = "", email: str = "") -> ParentRecord:
    return ParentRecord(named(name), phone, email)


def born(text: str) -> date:
    return date.fromisoformat(text)


@contextmanager
def file_of(rows: Rows) -> Iterator[None]:
    """Whatever is read, these are its rows."""
    with patch(READERS[0], lambda _load: list(rows)), patch(READERS[1], lambda _load: list(rows)):
        yield


def load_of(school: School, **options: Any) -> Load:
    values = {"format": Format.ONEROSTER, "content": b"x", "file_name": "Список.xlsx", **options}
    return Load.objects.create(organization=school.organization, created_by=school.people["administrator"], **values)


def checked(school: School, rows: Rows, load: Load | None = None, **options: Any) -> Load:
    """The load after a check, which has to succeed."""
    load = load or load_of(school, **options)
    with file_of(rows):
        work = loads.check(actor=school.actor("administrator"), load=load)
        running.run(work.pk)
    work.refresh_from_db()
    assert work.state == State.DONE, (work.error_code, work.error_message)
    load.refresh_from_db()
    return load


def brought_in(school: School, rows: Rows, **options: Any) -> Work:
    """The work of bringing rows in, after a check; it may have failed."""
    load = checked(school, rows, **options)
    with file_of(rows):
        work = loads.bring_in(actor=school.actor("administrator"), load=load)
        running.run(work.pk)
    work.refresh_from_db()
    return work


def done(school: School, rows: Rows, **options: Any) -> Work:
    work = brought_in(school, rows, **options)
    assert work.state == State.DONE, (work.error_code, work.error_message)
    return work


def outcomes(load: Load) -> list[str]:
    return list(LoadRow.objects.filter(load=load).values_list("outcome", flat=True))


def row_of(load: Load, number: int) -> LoadRow:
    return LoadRow.objects.get(load=load, number=number)


def codes(load: Load, number: int) -> list[str]:
    return [problem["code"] for problem in row_of(load, number).problems]


def remarks(load: Load, number: int) -> list[str]:
    return [remark["code"] for remark in row_of(load, number).remarks]


def changes(load: Load, number: int) -> list[tuple[str, str, str]]:
    return [(change["what"], change["old"], change["new"]) for change in row_of(load, number).changes]


def person_of(school: School, name: str) -> Person:
    return Person.objects.get(organization=school.organization, search_name=" ".join(name.split()).casefold())


def units_of(person: Person, part: str = "student") -> list[str]:
    rows = Enrolment.objects.filter(person=person, until=None, part=part).exclude(unit__kind="staff")
    return sorted(rows.values_list("unit__name", flat=True))


def roles_of(person: Person) -> set[str]:
    return set(RoleAssignment.objects.filter(person=person, until=None).values_list("role", flat=True))


def parents_of(person: Person) -> list[str]:
    links = Guardianship.objects.filter(child=person, until=None).select_related("parent").order_by("pk")
    return [link.parent.full_name for link in links]


def circle(school: School, name: str) -> Unit:
    from orgs.services.structure import UnitData, create_units

    return create_units(organization=school.organization, actor=None, units=[UnitData("circle", name)])[0]


def now() -> Any:
    return timezone.now()
