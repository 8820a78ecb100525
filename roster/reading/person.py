"""One row of a table becomes one person, or all that is wrong about it (ORG-8)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from orgs.models import Part, Role
from orgs.vocabulary import Vocabulary
from roster.reading.cells import Cell, Cells
from roster.reading.family import parents_of
from roster.reading.notes import Notes
from roster.reading.tables import Table
from roster.reading.texts import key_of
from roster.reading.values.contacts import email_of, phone_of
from roster.reading.values.dates import birth_date_of
from roster.reading.values.names import MOST_LETTERS, name_of, name_of_parts
from roster.reading.values.roles import RoleWords, Said
from roster.reading.values.units import MOST_LETTERS as MOST_OF_UNIT
from roster.reading.values.units import UnitNames
from roster.records import BadRow, NameParts, RosterRecord

_TOTAL = re.compile(r"(?i)\s*(итого|всего)\b")
# Who signs below the list is not on it.
_SIGNATURE = re.compile(r"(?i)\s*(итого|всего|классный руководитель|директор|зам\w*\.? ?директора|секретарь|подпись)\b")
_YES = frozenset({"да", "+", "1", "истина", "true", "yes", "v", "✓", "✔", "x", "х"})
_NO = frozenset({"нет", "-", "0", "ложь", "false", "no"})
_MOST_RECORD_NUMBER, _MOST_POSITION = 40, 150
_LAST_ID = 2**63 - 1
# «Итого | | 25 | человек»
_MOST_OF_A_TOTAL = 3
# Lists have numbered rows to be filled in later, with the class in them already.
_OF_NOBODY = frozenset({"unit", "parallel", "letter", "role"})
_NAMES = ("last_name", "first_name", "patronymic")


class RowReader:
    """Reads the rows of one table from the first to the last: the name of a class alone in a row holds for those
    below it when the file has no column for classes."""

    def __init__(
        self, table: Table, columns: Mapping[int, str], words: Vocabulary, today: date, default_role: str
    ) -> None:
        self._cells = Cells(columns)
        self._today, self._default_role = today, default_role
        self._roles, self._units = RoleWords(words), UnitNames.of(words.main_unit_kind)
        self._headings = [key_of(heading) for heading in table.headings]
        fields = set(columns.values())
        self._has_units = bool(fields & {"unit", "parallel", "leads"})
        self._unit_above = "" if self._has_units else self._units.of_titles((*table.titles, table.sheet))

    def read(self, number: int, texts: tuple[str, ...]) -> RosterRecord | BadRow | None:
        """Return the person of a row, its problems, or None for a row about nobody."""
        if self._is_about_nobody(texts):
            return None
        notes = Notes(number)
        cells = self._cells.of(texts, notes)
        if not cells.keys() - _OF_NOBODY and not notes.problems:
            return None
        row = _Row(self, cells, notes)
        if _SIGNATURE.match(row.shown_name):
            return None
        record = row.read(number)
        if notes.problems or record is None:
            return BadRow(number, tuple(notes.problems), row.shown_name, row.unit, tuple(notes.remarks))
        return record

    def _is_about_nobody(self, texts: tuple[str, ...]) -> bool:
        filled = [text for text in texts if text]
        if not filled:
            return True
        if filled[0] == filled[-1] and len(set(filled)) == 1:
            return self._is_title(filled[0])
        if _TOTAL.match(filled[0]):
            return len(filled) <= _MOST_OF_A_TOTAL
        return self._are_headings(texts)

    def _are_headings(self, texts: tuple[str, ...]) -> bool:
        """The headings once more, at the top of a printed page; of headings in two rows, the lower ones will do."""
        pairs = zip(texts, self._headings, strict=True)
        return all(heading.endswith(key_of(text)) for text, heading in pairs if text)

    def _is_title(self, text: str) -> bool:
        """A text alone in its row, or merged across it: the class of those below, a total, a signature."""
        unit = self._units.of_titles((text,))
        if unit and not self._has_units:
            self._unit_above = unit
        return bool(unit or _SIGNATURE.match(text) or text.isdigit())


class _Row:
    """The reading of one row."""

    def __init__(self, reader: RowReader, cells: dict[str, Cell], notes: Notes) -> None:
        self.reader, self.cells, self.notes = reader, cells, notes
        self.unit = ""
        self.name: NameParts | None = None
        # A row that we wrote: what stands in it is what the roster holds, unless somebody has changed it since.
        self.is_ours = False

    @property
    def shown_name(self) -> str:
        """The name as far as it is known, for a list of what went wrong."""
        if self.name is not None:
            return self.name.full
        texts = [self.cells[name].text for name in ("full_name", *_NAMES) if name in self.cells]
        return " ".join(texts)[: 3 * MOST_LETTERS]

    def read(self, number: int) -> RosterRecord | None:
        platform_id = self._platform_id()
        self.is_ours = platform_id is not None
        self.name = self._name()
        position = self._short("position", _MOST_POSITION, "position_too_long")
        said = self._said(position)
        self.unit = self._unit()
        unit, part = self._place(said)
        record_number = self._short("record_number", _MOST_RECORD_NUMBER, "record_number_too_long")
        birth_date, phone, email = self._birth_date(), self._phone(), self._email()
        parents = parents_of(self.cells, self.notes, are_ours=self.is_ours)
        if self.name is None:
            return None
        return RosterRecord(
            number, self.name, said.roles, unit, part, birth_date, phone, email, position, record_number,
            platform_id, parents, tuple(self.notes.remarks),
        )  # fmt: skip

    def _platform_id(self) -> int | None:
        cell = self.cells.get("platform_id")
        if cell is None:
            return None
        digits = cell.text.removeprefix("№").strip()
        if digits.isascii() and digits.isdigit() and 0 < len(digits) < 20 and 0 < int(digits) <= _LAST_ID:
            return int(digits)
        self.notes.problem("platform_id_invalid", cell.column, cell.text)
        return None

    def _name(self) -> NameParts | None:
        """The name; as it stands in its three columns when the row is one that we wrote."""
        texts = [self.cells.get(name, _EMPTY) for name in _NAMES]
        last, first, patronymic = texts
        if not (last.text or first.text):
            whole = self.cells.get("full_name")
            if whole is None:
                place = self.reader._cells.first_of("full_name", *_NAMES)
                if not self.notes.tells_about(place):
                    self.notes.problem("name_missing", place)
                return None
            return name_of(whole.text, self.notes, whole.column)
        if self.is_ours and last.text and first.text and max(len(one.text) for one in texts) <= MOST_LETTERS:
            return NameParts(last.text, first.text, patronymic.text)
        columns = self.reader._cells
        places = tuple(columns.first_of(name) for name in _NAMES)
        return name_of_parts((last.text, first.text, patronymic.text), self.notes, places)  # type: ignore[arg-type]

    def _said(self, position: str) -> Said:
        cell = self.cells.get("role")
        if cell is not None:
            said = self.reader._roles.read(cell.text, self.notes, cell.column)
            if said.roles or "platform_id" in self.cells or self.notes.problems:
                return said
            return Said(frozenset({Role.TEACHER}))  # an administrator is one of the staff
        if position:
            return self.reader._roles.of_position(position)
        is_teacher = "leads" in self.cells and self.cells["leads"].text.casefold() not in _NO
        return Said(frozenset({Role.TEACHER if is_teacher else self.reader._default_role}))

    def _unit(self) -> str:
        cells, units = self.cells, self.reader._units
        if "unit" in cells:
            text, column = cells["unit"].text, cells["unit"].column
            if self.is_ours and len(text) <= MOST_OF_UNIT:
                return text
            letter = cells.get("letter")
            if letter is not None and text.isdigit():
                text = f"{text}{letter.text}"
            return units.read(text, self.notes, column)
        if "parallel" in cells:
            letters = cells["letter"].text if "letter" in cells else ""
            return units.read(f"{cells['parallel'].text}{letters}", self.notes, cells["parallel"].column)
        if "letter" in cells:
            self.notes.problem("parallel_missing", cells["letter"].column, cells["letter"].text)
        return ""

    def _place(self, said: Said) -> tuple[str, str]:
        """The unit and the part in it."""
        unit, part = self.unit, Part.TEACHER
        leads = self.cells.get("leads")
        is_leader = said.leads
        if leads is not None and leads.text.casefold() not in _NO:
            is_leader = True
            if leads.text.casefold() not in _YES:
                unit = self.reader._units.read(leads.text, self.notes, leads.column)
        if not unit and self.reader._unit_above and Role.STUDENT in said.roles:
            unit = self.unit = self.reader._unit_above
            self.notes.remark("unit_of_title", text=unit)
        if not unit:
            return "", ""
        if Role.STUDENT in said.roles:
            return unit, Part.STUDENT
        if Role.TEACHER in said.roles:
            return unit, Part.LEADER if is_leader else part
        self.notes.remark("unit_left_out", self.reader._cells.first_of("unit"), unit)
        return "", ""

    def _short(self, field: str, most: int, code: str) -> str:
        cell = self.cells.get(field)
        if cell is None:
            return ""
        if len(cell.text) > most:
            self.notes.problem(code, cell.column, cell.text)
            return ""
        return cell.text

    def _birth_date(self) -> date | None:
        cell = self.cells.get("birth_date")
        return birth_date_of(cell.text, self.notes, cell.column, self.reader._today) if cell else None

    def _phone(self) -> str:
        cell = self.cells.get("phone")
        return phone_of(cell.text, self.notes, cell.column, is_ours=self.is_ours) if cell else ""

    def _email(self) -> str:
        cell = self.cells.get("email")
        return email_of(cell.text, self.notes, cell.column) if cell else ""


_EMPTY = Cell("", -1)
