"""The tables of the roster: their columns and rows; what an import understands comes first (ORG-8)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from orgs.models import STAFF_ROLES, Role
from orgs.models import Part as PartOf
from orgs.vocabulary import Vocabulary
from roster.export.source import Part, Row, Source
from roster.fields import MOST_PARENTS, heading_of

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise
else:
    StrOrPromise = str

Value = str | int | date | None
Values = list[Value]
YES = "да"

PERSON = (
    *("platform_id", "record_number", "last_name", "first_name", "patronymic", "birth_date"),
    *("role", "unit", "leads", "phone", "email", "position"),
)
STUDENT = tuple(name for name in PERSON if name not in ("leads", "position"))
STAFF = (*(name for name in PERSON if name != "record_number"), "record_number")
PARENT_NAMES = tuple(name for name in PERSON if name not in ("unit", "leads"))
PARENTS = tuple(
    f"parent{number}_{what}" for number in range(1, MOST_PARENTS + 1) for what in ("name", "phone", "email")
)
_SEPARATORS = re.compile(r"[,;/+&\n]|\sи\s|\s-\s")


@dataclass(frozen=True)
class TableKind:
    """One table: its title, the name of its file, its headings and rows; `is_importable` as it stands."""

    title: StrOrPromise
    file_name: str
    headings: Callable[[Vocabulary], list[str]]
    rows: Callable[[Source], Iterator[Values]]
    is_importable: bool = True
    with_past: bool = False


def _headings(names: Sequence[str], *more: str) -> Callable[[Vocabulary], list[str]]:
    return lambda words: [*(heading_of(name, words) for name in names), *more]


# --- People -----------------------------------------------------------------------------------------------------------
def _everybody(source: Source) -> Iterator[Values]:
    yield from _people(source, PERSON + PARENTS, frozenset(Role))


def _students(source: Source) -> Iterator[Values]:
    yield from _people(source, STUDENT + PARENTS, frozenset({Role.STUDENT}))


def _staff(source: Source) -> Iterator[Values]:
    yield from _people(source, STAFF, frozenset(STAFF_ROLES))


def _parents(source: Source) -> Iterator[Values]:
    for row in source.people:
        if Role.PARENT in source.roles[row.pk]:
            values = _values(source, row, {Role.PARENT}, None)
            children = ", ".join(dict.fromkeys(child.full_name for child in source.children.get(row.pk, ())))
            yield [*(values.get(name) for name in PARENT_NAMES), children]


def _people(source: Source, names: Sequence[str], wanted: frozenset[str]) -> Iterator[Values]:
    has_parents = PARENTS[0] in names
    for row in source.people:
        for roles, part in _lines(source, row, wanted):
            values = _values(source, row, roles, part)
            if has_parents and Role.STUDENT in roles:
                values |= _values_of_parents(source.parents.get(row.pk, ()))
            yield [values.get(name) for name in names]


def _lines(source: Source, row: Row, wanted: frozenset[str]) -> Iterator[tuple[set[str], Part | None]]:
    """Yield a line for each unit; studies stand in lines of their own, for they decide what the unit means."""
    held = source.roles[row.pk] & wanted
    parts = source.parts.get(row.pk, [])
    nowhere: list[Part | None] = [None]
    studies: list[Part | None] = [part for part in parts if part.part == PartOf.STUDENT]
    works: list[Part | None] = [part for part in parts if part.part != PartOf.STUDENT]
    if Role.STUDENT in held:
        yield from (({str(Role.STUDENT)}, part) for part in studies or nowhere)
    others = held - {Role.STUDENT}
    if others:
        shown = works if Role.TEACHER in others else nowhere
        yield from ((others, part) for part in shown or nowhere)


def _values(source: Source, row: Row, roles: set[str], part: Part | None) -> dict[str, Value]:
    return {
        "platform_id": row.pk,
        "record_number": row.record_number,
        "last_name": row.last_name,
        "first_name": row.first_name,
        "patronymic": row.patronymic,
        "birth_date": row.birth_date,
        "role": ", ".join(role_word(source.words, role) for role in sorted(roles)),
        "unit": source.units[part.unit_id].name if part is not None else "",
        "leads": YES if part is not None and part.part == PartOf.LEADER else "",
        "phone": row.phone,
        "email": row.email,
        "position": row.position,
    }


def _values_of_parents(parents: Sequence[Row]) -> Mapping[str, Value]:
    found: dict[str, Value] = {}
    for number, parent in enumerate(parents[:MOST_PARENTS], 1):
        found[f"parent{number}_name"] = parent.full_name
        found[f"parent{number}_phone"] = parent.phone
        found[f"parent{number}_email"] = parent.email
    return found


def role_word(words: Vocabulary, role: str) -> str:
    """Return the organization's word for a role; the usual one where its own would read as two."""
    own = str(words.role(role))
    return str(Role(role).label) if _SEPARATORS.search(own) else own


# --- Units, families, the past ----------------------------------------------------------------------------------------
def _units(source: Source) -> Iterator[Values]:
    counts: dict[int, int] = {}
    leaders: dict[int, list[str]] = {}
    for part in (part for parts in source.parts.values() for part in parts):
        if part.part == PartOf.STUDENT:
            counts[part.unit_id] = counts.get(part.unit_id, 0) + 1
        elif part.part == PartOf.LEADER:
            leaders.setdefault(part.unit_id, []).append(source.everybody[part.person_id].full_name)
    for unit in source.units.values():
        if unit.pk in source.current:
            yield [
                unit.name, str(unit.get_kind_display()), unit.parallel, unit.letter, unit.age_group, unit.direction,
                counts.get(unit.pk, 0), ", ".join(leaders.get(unit.pk, ())),
            ]  # fmt: skip


def _families(source: Source) -> Iterator[Values]:
    for child in source.people:
        places = [source.units[part.unit_id].name for part in source.parts.get(child.pk, ()) if part.part == "student"]
        for parent in source.parents.get(child.pk, ()):
            names: Values = [child.full_name, ", ".join(places), parent.full_name]
            yield [*names, parent.phone, parent.email]


def _enrolments(source: Source) -> Iterator[Values]:
    for part in source.past:
        person, unit = source.everybody.get(part.person_id), source.units[part.unit_id]
        if person is None:
            continue
        year = unit.academic_year.name if unit.academic_year is not None else ""
        yield [
            person.full_name, unit.name, year, str(source.words.part(part.part)), part.since, part.until,
            part.order_number, part.order_date,
        ]  # fmt: skip


TABLES: Mapping[str, TableKind] = {
    "roster": TableKind(_("Everybody"), "Список", _headings(PERSON + PARENTS), _everybody),
    "students": TableKind(_("Students with their parents"), "Ученики", _headings(STUDENT + PARENTS), _students),
    "staff": TableKind(_("Staff"), "Сотрудники", _headings(STAFF), _staff),
    "parents": TableKind(_("Parents"), "Родители", _headings(PARENT_NAMES, "Дети"), _parents),
    "units": TableKind(
        _("Units"),
        "Структура",
        lambda words: [
            *("Название", "Вид", "Параллель", "Литера", "Возраст", "Направление", "Учащихся", "Руководители"),
        ],
        _units,
        is_importable=False,
    ),
    "families": TableKind(
        _("Families"),
        "Семьи",
        lambda words: ["Ребёнок", heading_of("unit", words), "Родитель", "Телефон", "Электронная почта"],
        _families,
        is_importable=False,
    ),
    "enrolments": TableKind(
        _("Who was where and when"),
        "Зачисления",
        lambda words: [
            *("ФИО", heading_of("unit", words), "Учебный год", "Кем", "С", "По", "Номер приказа", "Дата приказа"),
        ],
        _enrolments,
        is_importable=False,
        with_past=True,
    ),
}
