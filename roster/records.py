"""What stands in one row of a file, once it is understood: the seam between reading files and comparing them with the
roster (ORG-8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Problem:
    """Why a row, or one cell of it, cannot be taken; or, as a remark, what was mended on the way.

    `code` is stable; `cell` is the place as spreadsheets name it («C17»), empty for the row as a whole; `message` is a
    sentence in the language of the interface.
    """

    code: str
    message: str
    cell: str = ""


@dataclass(frozen=True)
class NameParts:
    """A name in its parts, cleaned, as the file writes it."""

    last_name: str
    first_name: str
    patronymic: str = ""

    @property
    def full(self) -> str:
        """«Фамилия Имя Отчество»."""
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)


@dataclass(frozen=True)
class ParentRecord:
    """A parent as a child's row names them; a phone in E.164 or empty."""

    name: NameParts
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class RosterRecord:
    """One row that was understood. What the file leaves empty stays as it is on the roster: nothing is ever erased.

    `roles` are values of `orgs.models.Role`; `unit` is a name as `class_from_name` writes it («5А»), with `part` one
    of `Part` ("" without a unit). Several rows may be about one person (two circles): whoever compares joins them.
    `platform_id` is the number of the person on this platform, which exports write: it settles who is meant.
    """

    number: int
    name: NameParts
    roles: frozenset[str]
    unit: str = ""
    part: str = ""
    birth_date: date | None = None
    phone: str = ""
    email: str = ""
    position: str = ""
    record_number: str = ""
    platform_id: int | None = None
    parents: tuple[ParentRecord, ...] = ()
    remarks: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be taken, with all that is wrong about it; `name` and `unit` as far as they are known."""

    number: int
    problems: tuple[Problem, ...]
    name: str = ""
    unit: str = ""
    remarks: tuple[Problem, ...] = field(default=())
