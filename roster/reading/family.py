"""The parents whom a child's row names: in columns of their own, or several in one cell (ORG-8, ORG-10)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from roster.fields import MOST_PARENTS
from roster.reading.cells import Cell
from roster.reading.notes import Notes
from roster.reading.values.contacts import email_of, phone_of, phones_in, without_phones
from roster.reading.values.names import MOST_LETTERS, name_of
from roster.records import NameParts, ParentRecord

# One name and nothing else.
_USUAL = re.compile(r"[А-Яа-яЁё]+(?:-[А-Яа-яЁё]+)?(?: [А-Яа-яЁё]{3,}){1,2}")
_BETWEEN = re.compile(r"\s*[\n;/]+\s*|\s*,\s*(?=\w+\s+\w)")
_RELATION = re.compile(
    r"(?i)^(?:(?:мать|мама|отец|папа|родитель|опекун|законный представитель|бабушка|дедушка)\b\s*[:—–-]?\s+)"
    r"|\s*[(—–-]\s*(?:мать|мама|отец|папа|опекун|бабушка|дедушка)\s*\)?$"
)


def parents_of(cells: Mapping[str, Cell], notes: Notes, *, are_ours: bool = False) -> tuple[ParentRecord, ...]:
    """Return the parents of a row; problems and remarks go into `notes`.

    `are_ours`: we wrote the row, so the words of a name stand in their order and need no mending.
    """
    found: list[ParentRecord] = []
    for number in range(1, MOST_PARENTS + 1):
        name, phone, email = (cells.get(f"parent{number}_{what}") for what in ("name", "phone", "email"))
        if name is not None:
            found += _of_cell(name, phone, email, notes, are_ours=are_ours)
        elif phone is not None or email is not None:
            notes.problem("parent_without_name", (phone or email or _NOWHERE).column)
    parents = tuple(dict.fromkeys(found))
    if len(parents) > MOST_PARENTS:
        notes.problem("too_many_parents", text=", ".join(parent.name.full for parent in parents))
    return parents


_NOWHERE = Cell("", -1)


def _of_cell(name: Cell, phone: Cell | None, email: Cell | None, notes: Notes, *, are_ours: bool) -> list[ParentRecord]:
    own = name.text.split(" ")
    if are_ours and len(own) in (2, 3) and max(map(len, own)) <= MOST_LETTERS:
        number = phone_of(phone.text, notes, phone.column, is_ours=True) if phone is not None else ""
        address = email_of(email.text, notes, email.column) if email is not None else ""
        return [ParentRecord(NameParts(*own), number, address)]
    if _USUAL.fullmatch(name.text):
        pieces, phones = [name.text], list[str]()
    else:
        pieces, phones = _pieces(name, notes)
    numbers = _numbers(len(pieces), phones, phone, notes)
    address = email_of(email.text, notes, email.column) if email is not None else ""
    parents = []
    for place, piece in enumerate(pieces):
        read = name_of(piece, notes, name.column)
        if read is not None:
            parents.append(ParentRecord(read, numbers[place], "" if place else address))
    return parents


def _pieces(name: Cell, notes: Notes) -> tuple[list[str], list[str]]:
    """The names in a cell and the phones beside them."""
    text, phones = without_phones(name.text)
    pieces = [piece for piece in (_RELATION.sub("", one.strip(" .,;:-")) for one in _BETWEEN.split(text)) if piece]
    if phones:
        notes.remark("phone_in_name", name.column, ", ".join(phones))
    if len(pieces) > 1:
        notes.remark("several_parents", name.column, ", ".join(pieces))
    if not pieces:
        notes.problem("name_missing", name.column)
    return pieces, phones


def _numbers(count: int, inside: list[str], phone: Cell | None, notes: Notes) -> list[str]:
    """The phone of each of `count` parents: as many phones as parents belong to them in turn."""
    if not count:
        return []
    given = phones_in(phone.text) if phone is not None and count > 1 else []
    for numbers in (given, inside):
        if count > 1 and len(numbers) == count:
            return numbers
    first = phone_of(phone.text, notes, phone.column) if phone is not None else next(iter(inside), "")
    return [first, *[""] * (count - 1)]
