"""What the columns of a file mean, by their headings (ORG-8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from common.text import normalise
from roster.reading.headings import EXACT, LEFT_OUT, PARENTS, PATTERNS, WHAT_OF_PARENTS
from roster.reading.texts import key_of

_MOST_PARENTS = 4
_LENGTH = 200
_CONTACTS = ("phone", "email")


def guess_columns(headings: Sequence[str], known: Mapping[str, str]) -> dict[int, str]:
    """Return the field (`roster.fields.FIELDS`) of every column, "" for one that is left out.

    `known` holds what the organization said the last time: `heading_key(heading)` → field.
    """
    guessing = _Guessing()
    for place, heading in enumerate(headings):
        remembered = known.get(heading_key(heading)) if heading else None
        if remembered is not None:
            guessing.take(place, remembered)
        else:
            guessing.guess(place, key_of(heading))
    return guessing.columns


def heading_key(heading: str) -> str:
    """Return the form in which headings are remembered and compared."""
    return normalise(heading)[:_LENGTH]


def missing_columns(columns: Mapping[int, str]) -> list[str]:
    """Return the names of the fields without which no row can be understood: somebody's name."""
    meant = set(columns.values())
    return [] if "full_name" in meant or {"last_name", "first_name"} <= meant else ["full_name"]


class _Guessing:
    """The columns from left to right: what a bare «Телефон» means hangs on what stands before it."""

    def __init__(self) -> None:
        self.columns: dict[int, str] = {}
        # Whose columns are being read: 0 = the person's own.
        self.parent = 0
        self.labels: dict[str, int] = {}

    def take(self, place: int, field: str) -> None:
        """Let the column mean `field`, "" for nothing."""
        self.columns[place] = field
        number = int(field[6]) if field.startswith("parent") else 0
        if field:
            self.parent = number

    def guess(self, place: int, key: str) -> None:
        """Let the column mean what its heading, squeezed to `key`, says."""
        self.columns[place] = ""
        if not key or LEFT_OUT.search(key):
            return
        who = PARENTS.search(key)
        if who:
            self.take(place, self._of_parent(who.lastgroup or "", key))
            return
        field = _plain(key)
        if field in _CONTACTS and self.parent:
            # «Родитель 1 | Телефон»: the phone is that parent's, unless the parent has one.
            of_parent = f"parent{self.parent}_{field}"
            if of_parent not in self.columns.values():
                self.columns[place] = of_parent
                return
        if field and field not in self.columns.values():
            self.take(place, field)

    def _of_parent(self, label: str, key: str) -> str:
        what = next((what for what, words in WHAT_OF_PARENTS.items() if words.search(key)), "name")
        digit = next((letter for letter in key if letter in "1234"), "")
        is_part = what == "name" and any(word in key for word in ("фамил", "имя", "отчест"))
        number = int(digit) if digit else self._number(label, what, is_part)
        if not 1 <= number <= _MOST_PARENTS:
            return ""
        field = f"parent{number}_{what}"
        return field if field not in self.columns.values() or is_part else ""

    def _number(self, label: str, what: str, is_part: bool) -> int:
        """Which parent a heading without a number is about: a label is one parent, until it comes again."""
        number = self.labels.get(label, 0)
        if number and (is_part or f"parent{number}_{what}" not in self.columns.values()):
            return number
        taken = [int(field[6]) for field in self.columns.values() if field.startswith("parent")]
        self.labels[label] = max(taken, default=0) + 1
        return self.labels[label]


def _plain(key: str) -> str:
    exact = EXACT.get(key)
    if exact is not None:
        return exact
    return next((field for pattern, field in PATTERNS if pattern.search(key)), "")
