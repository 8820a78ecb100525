"""Roles in the words of journals, of orders and of the organization itself (ORG-8)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.utils import translation

from common.text import normalise
from orgs.models import Part, Role
from orgs.vocabulary import Vocabulary
from roster.reading.notes import Notes

_BETWEEN = re.compile(r"\s*(?:[,;/+&\n]|\bи\b|\s-\s)\s*")
_LEADER = "leader"
_LEFT = "left"
_LANGUAGES = ("ru", "en")
# The first that is found says what somebody is.
_STEMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), meaning)
    for pattern, meaning in (
        (r"выбыл|отчислен|уволен|выпущен|архив", _LEFT),
        (r"администратор|^админ$|^administrator", Role.ADMINISTRATOR),
        (r"замест|^зам\b|^зам\.|завуч", Role.TEACHER),
        (r"директор|заведующ|^ректор|начальник|руководитель (?:оо|организац|учрежд|школ|сад)|^principal", Role.HEAD),
        (r"клас\w*[ .-]*рук|^кл[ .]*рук|руководитель (?:класс|групп|кружк|объедин|секц)|^куратор", _LEADER),
        (r"родител|законн\w* представител|^мать|^мама|^отец|^папа|опекун|^parent|^guardian", Role.PARENT),
        (r"учени[кц]|учащ|обуча|школьни|воспитанни|студент|слушател|кружковец|ребен|зачислен", Role.STUDENT),
        (r"^pupil|^student", Role.STUDENT),
        (r"учител|педагог|преподават|воспитател|сотрудни|работни|тьютор|психолог|логопед|дефектол", Role.TEACHER),
        (r"методист|наставник|вожат|специалист|бухгалтер|вахт[её]р", Role.TEACHER),
        (r"библиотек|секретар|инструктор|тренер|концертмейстер|^няня|персонал|мастер|социальн|^teacher", Role.TEACHER),
    )
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What a cell says somebody is."""

    roles: frozenset[str]
    leads: bool = False


@dataclass
class RoleWords:
    """The words of one organization for its roles, in the languages of the interface and as files write them."""

    words: Vocabulary
    _own: dict[str, str] = field(default_factory=dict)
    _said: dict[str, tuple[Said, tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for language in _LANGUAGES:
            with translation.override(language):
                for role in Role:
                    self._own.setdefault(normalise(str(self.words.role(role))), role)
                    self._own.setdefault(normalise(str(role.label)), role)
                self._own.setdefault(normalise(str(self.words.part(Part.LEADER))), _LEADER)
                for many, role in (("students", Role.STUDENT), ("teachers", Role.TEACHER)):
                    self._own.setdefault(normalise(str(self.words[many])), role)

    def read(self, text: str, notes: Notes, column: int) -> Said:
        """Return the roles a cell names; what is unknown is a problem, an administrator a remark."""
        key = normalise(text)
        if key not in self._said:
            self._said[key] = self._read(key)
        said, problems, remarks = self._said[key]
        for code in problems:
            notes.problem(code, column, text)
        for code in remarks:
            notes.remark(code, column, text)
        return said

    def of_position(self, position: str) -> Said:
        """Return the roles that follow from a position: whoever has one is on the staff."""
        meaning = self._meaning(normalise(position))
        if meaning == _LEADER:
            return Said(frozenset({Role.TEACHER}), leads=True)
        return Said(frozenset({Role.HEAD if meaning == Role.HEAD else Role.TEACHER}))

    def _read(self, key: str) -> tuple[Said, tuple[str, ...], tuple[str, ...]]:
        whole = self._own.get(key)
        meanings = [whole] if whole else [self._meaning(piece) for piece in _BETWEEN.split(key) if piece]
        roles = {Role.TEACHER if meaning == _LEADER else meaning for meaning in meanings if meaning}
        if _LEFT in roles:
            return Said(frozenset()), ("has_left",), ()
        if not all(meanings) or not meanings:
            return Said(frozenset()), ("role_unknown",), ()
        remarks = ("role_administrator",) if Role.ADMINISTRATOR in roles else ()
        own = frozenset(str(role) for role in roles - {Role.ADMINISTRATOR})
        return Said(own, leads=_LEADER in meanings), (), remarks

    def _meaning(self, text: str) -> str:
        known = self._own.get(text)
        if known:
            return known
        return next((meaning for pattern, meaning in _STEMS if pattern.search(text)), "")
