"""OneRoster 1.2 CSV (and 1.1), as electronic journals exchange rosters: the ZIP becomes people (INT-3)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date

from orgs.models import Part, Role
from roster.oneroster.files import Files, Line
from roster.oneroster.format import PERSON, ROLES_READ, UNIT
from roster.reading.notes import Notes
from roster.reading.values.contacts import email_of, phone_of
from roster.reading.values.names import MOST_LETTERS, name_of_parts
from roster.records import BadRow, NameParts, ParentRecord, RosterRecord

_MOST_RECORD_NUMBER, _MOST_POSITION, _MOST_UNIT = 40, 150, 100
_NAMES = ("familyName", "givenName", "middleName")
_LAST_ID = 2**63 - 1


def records_of(content: bytes, *, today: date) -> list[RosterRecord | BadRow]:
    """Return the people of a OneRoster ZIP: a record per user, and one more for each further class of the user.

    The number of a record is the row of users.csv; further classes are counted on after its last row. What the file
    marks as deleted, what has ended before `today` and, where there are classes proper (homerooms), the lessons of
    single subjects are passed over. Raises `DomainError`: `file_empty`, `file_too_large`, `file_wrong_type`,
    `file_broken`.
    """
    return _Reading(Files(content), today).records()


class _Reading:
    def __init__(self, files: Files, today: date) -> None:
        self._today = today
        self._users = {line["sourcedId"]: line for line in files.lines("users", required=True) if not line.is_deleted}
        self._columns = files.columns
        self._roles: dict[str, list[str]] = defaultdict(list)
        for line in files.lines("roles"):
            if self._is_current(line):
                self._roles[line["userSourcedId"]].append(line["role"])
        self._titles = _titles(files.lines("classes"))
        self._places: dict[str, list[tuple[str, Part]]] = defaultdict(list)
        for line in files.lines("enrollments"):
            self._enter(line)
        self._agents = self._all_agents()
        self._next = max((line.number for line in self._users.values()), default=1) + 1

    def records(self) -> list[RosterRecord | BadRow]:
        records = [record for line in self._users.values() for record in self._of_user(line)]
        return sorted(records, key=lambda record: record.number)

    def _is_current(self, line: Line) -> bool:
        return not line.is_deleted and not ("" < line["endDate"][:10] < self._today.isoformat())

    def _enter(self, line: Line) -> None:
        title = self._titles.get(line["classSourcedId"])
        if title is None or not self._is_current(line):
            return
        is_student = line["role"].casefold() == "student"
        is_leader = line["primary"].casefold() == "true"
        part = Part.STUDENT if is_student else Part.LEADER if is_leader else Part.TEACHER
        self._places[line["userSourcedId"]].append((title, part))

    def _all_agents(self) -> dict[str, list[str]]:
        """The parents of each student, whichever of the two names the other."""
        agents: dict[str, dict[str, None]] = defaultdict(dict)
        for key, line in self._users.items():
            for other in line.list_of("agentSourcedIds"):
                child, parent = (key, other) if self._is_parent(other) else (other, key)
                if self._is_parent(parent) and Role.STUDENT in self._known_roles(child):
                    agents[child][parent] = None
        return {child: list(parents) for child, parents in agents.items()}

    def _is_parent(self, key: str) -> bool:
        return Role.PARENT in self._known_roles(key)

    def _known_roles(self, key: str) -> set[str]:
        line = self._users.get(key)
        said = self._roles.get(key) or ([line["role"]] if line else [])
        return {ROLES_READ[role.casefold()] for role in said if role.casefold() in ROLES_READ} if line else set()

    # --- One user -----------------------------------------------------------------------------------------------------
    def _of_user(self, line: Line) -> list[RosterRecord | BadRow]:
        key = line["sourcedId"]
        notes = Notes(line.number)
        name, platform_id = self._name(line, notes), _own_id(key)
        roles = self._read_roles(key, platform_id, notes)
        phone, email = self._phone(line, notes), self._email(line, notes)
        parents = self._parents(key, notes)
        if name is None or notes.problems:
            shown = " ".join(part for part in (line[one] for one in _NAMES) if part)
            return [BadRow(line.number, tuple(notes.problems), shown, self._unit(key), tuple(notes.remarks))]
        if roles == {Role.PARENT} and platform_id is None and not (phone or email) and self._is_agent(key):
            return []  # a name alone: the child's row brings the parent in, and a row of the own would do it twice
        record = RosterRecord(
            number=line.number, name=name, roles=frozenset(roles), phone=phone, email=email,
            position=line["metadata.position"][:_MOST_POSITION], record_number=_record_number(line, platform_id),
            platform_id=platform_id, parents=parents, remarks=tuple(notes.remarks),
        )  # fmt: skip
        return list(self._in_units(record, self._places.get(key, [])))

    def _in_units(self, record: RosterRecord, places: list[tuple[str, Part]]) -> list[RosterRecord]:
        fitting = [(unit, part) for unit, part in dict.fromkeys(places) if _role_of(part) in record.roles]
        if not fitting:
            return [record]
        records = [replace(record, unit=fitting[0][0], part=str(fitting[0][1]))]
        for unit, part in fitting[1:]:
            records.append(replace(record, number=self._next, unit=unit, part=str(part), parents=(), remarks=()))
            self._next += 1
        return records

    def _unit(self, key: str) -> str:
        places = self._places.get(key)
        return places[0][0] if places else ""

    def _is_agent(self, key: str) -> bool:
        return any(key in parents for parents in self._agents.values())

    def _column(self, heading: str) -> int:
        return self._columns.get(heading.casefold(), -1)

    def _name(self, line: Line, notes: Notes) -> NameParts | None:
        last, first, middle = (line[heading] for heading in _NAMES)
        if not (last or first):
            notes.problem("user_without_name", self._column("familyName"), line["sourcedId"])
            return None
        if (
            _own_id(line["sourcedId"]) is not None
            and last
            and first
            and max(map(len, (last, first, middle))) <= MOST_LETTERS
        ):
            return NameParts(last, first, middle)
        columns = (self._column("familyName"), self._column("givenName"), self._column("middleName"))
        return name_of_parts((last, first, middle), notes, columns)

    def _read_roles(self, key: str, platform_id: int | None, notes: Notes) -> set[str]:
        said = self._roles.get(key) or [self._users[key]["role"]]
        for role in said:
            if role.casefold() not in ROLES_READ:
                notes.problem("role_unknown", self._column("role"), role)
        roles = self._known_roles(key)
        if Role.ADMINISTRATOR in roles:
            notes.remark("role_administrator", self._column("role"))
            roles.discard(Role.ADMINISTRATOR)
            if not roles and platform_id is None:
                roles = {Role.TEACHER}
        return roles

    def _phone(self, line: Line, notes: Notes) -> str:
        heading = "phone" if line["phone"] else "sms"
        is_ours = _own_id(line["sourcedId"]) is not None
        return phone_of(line[heading], notes, self._column(heading), is_ours=is_ours) if line[heading] else ""

    def _email(self, line: Line, notes: Notes) -> str:
        return email_of(line["email"], notes, self._column("email")) if line["email"] else ""

    def _parents(self, key: str, notes: Notes) -> tuple[ParentRecord, ...]:
        """The parents; what is wrong about one of them stands in that user's own row."""
        parents = []
        for agent in self._agents.get(key, []):
            line, own = self._users[agent], Notes(notes.number)
            name = self._name(line, own)
            if name is not None:
                parent = ParentRecord(name, self._phone(line, own), self._email(line, own))
                parents.append(parent)
        return tuple(dict.fromkeys(parents))


def _titles(lines: list[Line]) -> dict[str, str]:
    """The names of the classes by their ids; lessons of single subjects only where there is nothing else."""
    classes = [line for line in lines if not line.is_deleted and line["title"]]
    proper = {line["sourcedId"] for line in classes if line["classType"].casefold() == "homeroom"}
    return {
        line["sourcedId"]: line["title"][:_MOST_UNIT]
        for line in classes
        if not proper or line["sourcedId"] in proper or line["sourcedId"].startswith(UNIT)
    }


def _own_id(key: str) -> int | None:
    """The number on this platform of somebody we once wrote."""
    digits = key.removeprefix(PERSON)
    is_ours = digits != key and digits.isascii() and digits.isdigit() and len(digits) < 20
    return int(digits) if is_ours and 0 < int(digits) <= _LAST_ID else None


def _record_number(line: Line, platform_id: int | None) -> str:
    """What the other system knows the user by: the next file of it is about the same people."""
    number = line["identifier"] or ("" if platform_id is not None else line["sourcedId"])
    return number if len(number) <= _MOST_RECORD_NUMBER else ""


def _role_of(part: Part) -> str:
    return Role.STUDENT if part == Part.STUDENT else Role.TEACHER
