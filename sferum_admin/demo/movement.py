"""Movement of people: moved to another class, left, came back — each by an order (ORG-5)."""

from __future__ import annotations

from collections.abc import Iterable

from orgs.audit import Order
from orgs.models import Enrolment, Part, Role, Unit
from sferum_admin.demo.people import Cast, Span


def students_in(cast: Cast, unit: Unit) -> list[Enrolment]:
    """Return the open enrolments of a unit's students."""
    return [row for row in cast.enrolments if row.unit is unit and row.part == Part.STUDENT and row.until is None]


def move(cast: Cast, enrolment: Enrolment, unit: Unit, ago: int, number: str) -> None:
    """Move a student to another unit so many days ago."""
    day = cast.clock.day(ago)
    order = Order(number, cast.clock.day(ago + 1))
    end(cast, enrolment, ago, order)
    cast.enrol(enrolment.person, unit, Part.STUDENT, Span(since=day, order_number=number, order_date=order.day))


def leave(cast: Cast, enrolment: Enrolment, ago: int, number: str) -> None:
    """Let a student leave the organization so many days ago."""
    end(cast, enrolment, ago, Order(number, cast.clock.day(ago + 1)))
    for held in cast.roles:
        if held.person is enrolment.person and held.role == Role.STUDENT:
            held.until = cast.clock.at(ago, 11 * 60)


def come_back(cast: Cast, enrolment: Enrolment, left_ago: int, back_ago: int, numbers: tuple[str, str]) -> None:
    """Let a student leave and return to the same unit."""
    leave(cast, enrolment, left_ago, numbers[0])
    returned = Span(cast.clock.day(back_ago), None, numbers[1], cast.clock.day(back_ago + 1))
    cast.role(enrolment.person, Role.STUDENT, since=cast.clock.at(back_ago, 11 * 60))
    cast.enrol(enrolment.person, enrolment.unit, Part.STUDENT, returned)


def disband(cast: Cast, unit: Unit, into: list[Unit], ago: int, number: str) -> None:
    """Archive a unit; its students are moved to others in turn, its leader's part ends."""
    students = students_in(cast, unit)
    for place, enrolment in enumerate(students):
        move(cast, enrolment, into[place % len(into)], ago, number)
    order = Order(number, cast.clock.day(ago + 1))
    for enrolment in [row for row in cast.enrolments if row.unit is unit and row.until is None]:
        end(cast, enrolment, ago, order)
    unit.archived_at = cast.clock.at(ago, 12 * 60)
    unit.save(update_fields=["archived_at"])


def end(cast: Cast, enrolment: Enrolment, ago: int, order: Order) -> None:
    """Close a part in a unit; the order stands in the journal."""
    enrolment.until = cast.clock.day(ago)
    cast.endings.append((enrolment, order))


def joined_before(cast: Cast, rows: Iterable[Enrolment], ago: int) -> list[Enrolment]:
    """Return those who joined before that day, or not at all: nobody joins a unit already left."""
    limit = cast.clock.at(ago, 0)
    return [row for row in rows if row.person.joined_at is None or row.person.joined_at < limit]
