"""One finding of the check of the data."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Finding:
    """What is not as it should be: whom and which units it is about, and why.

    `key` names it for ever: whoever says that it is no problem means just this. `sign` is a word of the group's own,
    `facts` what the page tells about it.
    """

    key: str
    people: tuple[int, ...] = ()
    units: tuple[int, ...] = ()
    sign: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def of_person(person_id: int, sign: str = "", **facts: Any) -> Finding:
    """Return a finding about one person."""
    return Finding(str(person_id), (person_id,), (), sign, facts)


def of_unit(unit_id: int) -> Finding:
    """Return a finding about one unit."""
    return Finding(str(unit_id), (), (unit_id,))
